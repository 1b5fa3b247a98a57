"""Date mentions: the dates that title and text of an article mention.

Relative dates ("last Friday") are resolved only if the publication day is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arabic.dates.lexicon import WEEKDAY_NAMES
from arabic.dates.values import DateTag
from articles.models import Article, DateMention
from articles.text.document import Document, make_document

#: Labels of the codes that `DateTag.note` may have, for the list to choose from.
DATE_NOTE_LABELS: dict[str, Promise] = {
    "weekday": gettext_lazy("another day of the week"),
    "hijri": gettext_lazy("another Hijri date beside it"),
    "no-such-day": gettext_lazy("a day that its month does not have"),
    "published": gettext_lazy("another day by the day of publication"),
}
MAX_EVIDENCE_CHARACTERS = 500
MAX_NOTE_CHARACTERS = 100
#: Maximum number of mentions stored per date and field, and of distinct dates per field.
MAX_SPANS_PER_DATE, MAX_DATES_PER_FIELD = 20, 500


def describe_date_note(note: str, day_words: Callable[[str], str] = str) -> str:
    """Return the note as a sentence; `day_words` formats a day given as YYYY-MM-DD."""
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


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date, and the field (title or body) that mentions it."""

    field: str
    tag: DateTag


def find_date_spans(document: Document, published: date | None, precision: str) -> list[DateSpan]:
    """Return the dates in the order title, body."""
    day = published if precision == "day" else None
    return [
        DateSpan(name, tag) for name, field in document.items() for tag in _first_tags(field.dates.tags(day))
    ]


def _first_tags(tags: Iterable[DateTag]) -> Iterator[DateTag]:
    """Yield the first spans of each date."""
    seen: Counter[tuple[date, date]] = Counter()
    for tag in tags:
        period = tag.first, tag.last
        if len(seen) < MAX_DATES_PER_FIELD or period in seen:
            seen[period] += 1
            if seen[period] <= MAX_SPANS_PER_DATE:
                yield tag


def build_date_mentions(article_id: int, spans: Iterable[DateSpan]) -> list[DateMention]:
    """Build unsaved mentions."""
    return [
        DateMention(
            article_id=article_id, field=each.field, start=each.tag.start, end=each.tag.end,
            evidence=each.tag.evidence[:MAX_EVIDENCE_CHARACTERS], first_day=each.tag.first,
            last_day=each.tag.last, precision=each.tag.precision, kind=each.tag.kind,
            note=each.tag.note[:MAX_NOTE_CHARACTERS],
        )
        for each in spans
    ]  # fmt: skip


def tag_dates(article: Article) -> int:
    """Tag the dates of a saved article again, replace mentions that differ, and return how many it has."""
    spans = find_date_spans(make_document(article.title, article.body), article.date, article.date_precision)
    rows = build_date_mentions(article.pk, spans)
    with transaction.atomic():
        if list(map(_content, article.date_mentions.order_by("pk"))) != list(map(_content, rows)):
            article.date_mentions.all().delete()
            DateMention.objects.bulk_create(rows)
    return len(rows)


def _content(row: DateMention) -> tuple[object, ...]:
    return (
        row.field, row.start, row.end, row.evidence, row.first_day, row.last_day, row.precision, row.kind,
        row.note,
    )  # fmt: skip
