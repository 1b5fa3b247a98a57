"""What does not fit about a date that a text names (a note of arabic/date_values.py), in words."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arabic.date_words import WEEKDAY_NAMES

#: The codes of notes, as a list to choose from names them.
KINDS: dict[str, Promise] = {
    "weekday": gettext_lazy("another day of the week"),
    "hijri": gettext_lazy("another Hijri date beside it"),
    "no-such-day": gettext_lazy("a day that its month does not have"),
    "published": gettext_lazy("another day by the day of publication"),
}


def note_words(note: str, day_words: Callable[[str], str] = str) -> str:
    """The note as a sentence; `day_words` says a day that is given as YYYY-MM-DD."""
    code, _colon, detail = note.partition(":")
    match code:
        case "weekday":
            text = _("The text names another day of the week; this one was %(day)s.")
            return text % {"day": WEEKDAYS[WEEKDAY_NAMES.index(detail)]}
        case "hijri":
            return _("The Hijri date beside it is %(day)s.") % {"day": day_words(detail)}
        case "no-such-day":
            return _("The text names day %(day)s, which this month does not have.") % {"day": detail}
        case "published":
            return _("By the day of publication it would be %(day)s.") % {"day": day_words(detail)}
    return note
