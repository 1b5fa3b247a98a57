"""Dates, times and numbers of the administration in Arabic: the day first, then the month by name.

Numbers have the separators of the readers' pages (search/web/digits.py). Django groups none in Arabic.
"""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y، H:i"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
