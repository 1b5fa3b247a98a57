"""Labels of values: dates, levels, sort orders.

In Arabic a month has its Levantine and its Gregorian name, because half of the readers know only one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache, wraps
from typing import TypeVar

from django.utils.translation import get_language, gettext_lazy, override, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from search.web.digits import digits

Texts = TypeVar("Texts")

#: msgids are the English names; the Arabic catalogue has both names ("كانون الثاني/يناير").
_MONTHS = [
    pgettext_lazy("both month names", "January"),
    pgettext_lazy("both month names", "February"),
    pgettext_lazy("both month names", "March"),
    pgettext_lazy("both month names", "April"),
    pgettext_lazy("both month names", "May"),
    pgettext_lazy("both month names", "June"),
    pgettext_lazy("both month names", "July"),
    pgettext_lazy("both month names", "August"),
    pgettext_lazy("both month names", "September"),
    pgettext_lazy("both month names", "October"),
    pgettext_lazy("both month names", "November"),
    pgettext_lazy("both month names", "December"),
]


def kept_by_language(make: Callable[[], Texts]) -> Callable[[], Texts]:
    """Make texts once for each language: a page has fifty that no search changes."""
    kept = cache(lambda _language: make())
    return wraps(make)(lambda: kept(get_language()))


LEVEL_LABELS = {
    "exact": gettext_lazy("as written"),
    "light": gettext_lazy("close forms"),
    "all": gettext_lazy("all forms"),
}
SORT_LABELS = {
    "relevance": gettext_lazy("best match first"),
    "newest": gettext_lazy("newest first"),
    "oldest": gettext_lazy("oldest first"),
}
UNDATED = "undated"


@kept_by_language
def level_labels() -> Mapping[str, str]:
    """Return LEVEL_LABELS in the language in use."""
    return {level: str(label) for level, label in LEVEL_LABELS.items()}


@kept_by_language
def sort_labels() -> Mapping[str, str]:
    """Return SORT_LABELS in the language in use."""
    return {sort: str(label) for sort, label in SORT_LABELS.items()}


#: Dates whose labels a process keeps; a page of the API has hundreds of them.
_CACHED_DATES = 20_000


def month_name(month: int) -> str:
    """Return the name of month 1-12 in the reader's language."""
    return str(_MONTHS[month - 1])


def date_label(value: str, language: str | None = None) -> str:
    """Format `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `undated` in words; return anything else unchanged.

    The words are in `language`, by default the reader's; a caller with many dates looks that up once.
    """
    return digits(_date_label(value, language or get_language()))


@lru_cache(_CACHED_DATES)
def _date_label(value: str, language: str | None) -> str:
    """Return the label in `language`; None is the language of the messages themselves."""
    with override(language):  # whatever is in use here: the label is kept under this language
        return _written_date(value)


def _written_date(value: str) -> str:
    """Return the label in the language in use."""
    if value == UNDATED:
        return _("undated")
    try:
        numbers = [int(part) for part in value.split("-")]
        labels: dict[int, Callable[[], str]] = {
            1: lambda: str(numbers[0]),
            2: lambda: (
                pgettext("month of a year", "%(month)s %(year)s")
                % {"month": month_name(numbers[1]), "year": numbers[0]}
            ),
            3: lambda: (
                pgettext("a full date", "%(day)s %(month)s %(year)s")
                % {"day": numbers[2], "month": month_name(numbers[1]), "year": numbers[0]}
            ),
        }
        return labels[len(numbers)]()
    except (ValueError, KeyError, IndexError):
        return value


def day_label(first: date | None, precision: str, language: str | None = None) -> str:
    """Format the date of an article as precisely as it is known (`precision`: day, month, year or "")."""
    return date_label(date_value(first, precision), language)


def date_value(first: date | None, precision: str) -> str:
    """Return the date as a facet value: `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or `undated`."""
    if first is None or not precision:
        return UNDATED
    return first.isoformat()[: {"year": 4, "month": 7}.get(precision, 10)]
