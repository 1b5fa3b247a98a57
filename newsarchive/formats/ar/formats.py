"""Dates and times of the administration in Arabic: the day first, then the month by name."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y، H:i"
