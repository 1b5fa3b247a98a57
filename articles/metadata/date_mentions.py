"""Date mentions: the dates that title and text of an article mention.

Relative dates ("last Friday") are resolved only if the publication day is known. Dates that a librarian
called wrong are left out (docs/decisions/0048-corrected-dates.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from arabic.dates.lexicon import WEEKDAY_NAMES
from arabic.dates.values import DateTag
from arabic.text.normalization import normalize
from articles.models import Article, DateMention, DateVerdict
from articles.text.document import Document, make_document, mask_low_confidence

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
    """Tag the dates of a saved article again, replace mentions that differ, and return how many it has.

    Those that a librarian called wrong are left out.
    """
    document = make_document(article.title, article.body)
    sure = mask_low_confidence(document, article.low_confidence_words.split())
    spans = find_date_spans(sure, article.date, article.date_precision)
    rows = build_date_mentions(article.pk, spans)
    with transaction.atomic():
        verdicts = list(article.date_verdicts.filter(undone_at__isnull=True))
        rows = [row for row in rows if not any(_excludes(each, row, article) for each in verdicts)]
        if list(map(_content, article.date_mentions.order_by("pk"))) != list(map(_content, rows)):
            article.date_mentions.all().delete()
            DateMention.objects.bulk_create(rows)
    return len(rows)


def _excludes(verdict: DateVerdict, row: DateMention, article: Article) -> bool:
    """Return True if the decision is about the date of this mention, and about its words if it names some."""
    if verdict.period != row.period:
        return False
    return not verdict.name or normalize(verdict.name) == normalize(" ".join(words_of(row, article).split()))


def words_of(mention: DateMention, article: Article) -> str:
    """Return the date as the text has it."""
    text = article.title if mention.field == "title" else article.body
    return text[mention.start : mention.end]


@transaction.atomic
def reject_date(
    mention: DateMention, article: Article, *, by: AbstractBaseUser | None, reason: str, name: str = ""
) -> DateVerdict:
    """Store that the article does not mention the date of this mention, and tag it again.

    With `name` the decision applies only to mentions in these words.
    """
    verdict = DateVerdict.objects.create(
        article=article, first_day=mention.first_day, last_day=mention.last_day,
        precision=mention.precision, name=" ".join(name.split())[:120], reason=reason[:300],
        made_by=by,  # type: ignore[misc]  # any user model
    )  # fmt: skip
    tag_dates(article)
    return verdict


@transaction.atomic
def accept_date_again(verdict: DateVerdict, *, by: AbstractBaseUser | None) -> bool:
    """Withdraw a decision, which stays on record, and tag again. Returns False if that was done already."""
    mine = DateVerdict.objects.filter(pk=verdict.pk, undone_at__isnull=True)
    if not mine.update(undone_at=timezone.now(), undone_by=by):
        return False
    tag_dates(verdict.article)
    return True


def _content(row: DateMention) -> tuple[object, ...]:
    return (
        row.field, row.start, row.end, row.evidence, row.first_day, row.last_day, row.precision, row.kind,
        row.note,
    )  # fmt: skip
