"""Application of boilerplate rules to stored articles, and restoring of what was cut.

Each is a change like any other: it has a Revision and updates places, dates, clusters and the index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from articles.batching import chunks
from articles.boilerplate.text_cuts import (
    POSITION_COLUMNS,
    build_cut_rows,
    drop_refused_cuts,
    restored_lines,
    text_fields,
    update_context,
)
from articles.geotagging.geotagger import PlaceResolver
from articles.history.revisions import apply_changes
from articles.models import Article, CleaningRule, ImportBatch, TextCut
from articles.outbox.bulk_mode import bulk_transaction
from articles.text.boilerplate_filter import FIELDS, Cut, RuleSet

#: Articles read at once, and articles changed in one transaction; a change takes about ten milliseconds.
READ_CHUNK, CHUNK = 500, 20


class CutNotInEffectError(Exception):
    """The cut is not in effect: it was restored, or the text around it was changed since."""


@dataclass(frozen=True, slots=True)
class ArticleCuts:
    """The cuts that rules would make in an article, and its texts without them."""

    article: Article
    texts: dict[str, str]
    cuts: tuple[Cut, ...]


def find_cuts(article: Article, rules: RuleSet, refused: Collection[str] = ()) -> ArticleCuts:
    """Return the cuts the rules would make, except lines that a librarian restored (`refused`)."""
    texts = text_fields(article)
    cuts: list[Cut] = []
    source = article.source.name if article.source else ""
    for field in FIELDS:
        cleaned = rules.clean(texts[field], field, source)
        texts[field], kept = drop_refused_cuts(cleaned.text, cleaned.cuts, refused)
        cuts += kept
    return ArticleCuts(article, texts, tuple(cuts))


def cleanable_articles(source_id: int | None = None) -> QuerySet[Article]:
    """Return the articles that rules may change: not those of an unfinished import, which applies them."""
    articles = Article.objects.filter(Q(batch__isnull=True) | Q(batch__state__in=ImportBatch.SHOWN))
    return articles.filter(source=source_id) if source_id else articles


def iter_article_cuts(articles: QuerySet[Article], rules: RuleSet) -> Iterator[list[ArticleCuts]]:
    """Yield the cuts for stored articles in chunks, including articles without any."""
    last = 0
    reading = articles.order_by("pk").select_related("source").defer("original")
    while chunk := list(reading.filter(pk__gt=last)[:READ_CHUNK]):
        refused = restored_lines(article.pk for article in chunk)
        yield [find_cuts(article, rules, refused.get(article.pk, ())) for article in chunk]
        last = chunk[-1].pk


def apply_rules(
    ids: Sequence[int], rules: RuleSet, *, by: AbstractBaseUser | None, resolver: PlaceResolver
) -> list[ArticleCuts]:
    """Apply rules to these articles in short transactions; return those that changed.

    The caller indexes them with `finish_indexing`.
    """
    done: list[ArticleCuts] = []
    for part in chunks(ids, CHUNK):
        with bulk_transaction(part):
            refused = restored_lines(part)
            for article in Article.objects.filter(pk__in=part).select_related("source").order_by("pk"):
                found = find_cuts(article, rules, refused.get(article.pk, ()))
                if found.cuts:
                    _apply(found, by, resolver)
                    done.append(found)
    return done


def _apply(found: ArticleCuts, by: AbstractBaseUser | None, resolver: PlaceResolver) -> None:
    article = found.article
    rows = list(article.cuts.filter(sha256=article.sha256, start__isnull=False))
    new = build_cut_rows(article, found.texts, found.cuts, by, timezone.now())
    for field in FIELDS:
        mine = [row for row in new if row.field == field]
        if mine:
            _shift_earlier_cuts([row for row in rows if row.field == field], mine, found.texts[field])
    TextCut.objects.bulk_update(rows, ["text", *POSITION_COLUMNS])
    TextCut.objects.bulk_create(new)
    rules = ", ".join(dict.fromkeys(f"#{cut.rule} {cut.said}" for cut in found.cuts))
    apply_changes(
        article, found.texts, original=None, cities=None, by=by, reason=f"page furniture cut: {rules}",
        resolver=resolver,
    )  # fmt: skip


def _shift_earlier_cuts(rows: list[TextCut], new: list[TextCut], text: str) -> None:
    """Move the earlier cuts of a field to their positions in the text without the new cuts, and renumber all.

    An earlier cut inside a span that is cut now has no position until that span is restored.
    """
    gone, spans = 0, []
    for row in new:
        begin = (row.start or 0) + gone
        spans.append((begin, begin + len(row.text), row))
        gone += len(row.text)
    order = [(begin, -1, row) for begin, _end, row in spans]
    for low, high, made in spans:
        inside = [row for row in rows if row.start is not None and _overlaps(row, low, high)]
        if inside and not _hand_over_blanks(inside, made, low):
            for row in inside:
                row.start = None
    for row in rows:
        if row.start is None:
            continue
        begin = row.start
        # A new cut right after the position of an earlier one comes after it.
        order.append((begin, -2 if any(low == begin for low, _high, _made in spans) else row.place, row))
        row.start = begin - sum(min(high, begin) - low for low, high, _made in spans if low < begin)
        update_context(row, text)
    for place, (_begin, _order, row) in enumerate(sorted(order, key=lambda each: each[:2])):
        row.place = place


def _overlaps(row: TextCut, low: int, high: int) -> bool:
    """Return True if the cut's position, or its restored text, lies in [low, high) of the earlier text."""
    begin = row.start or 0
    return low < begin + len(row.text) and begin < high if row.undone_at else low < begin < high


def _hand_over_blanks(inside: list[TextCut], made: TextCut, low: int) -> bool:
    """Redistribute white space between cuts at the end of a text; return True if that was possible.

    At the end of a text a line is cut with the white space before it, while earlier cuts took the white
    space after them. If only white space lies between, each cut takes the white space before it, and the
    order stays.
    """
    at = inside[0].start or 0
    blank = made.text[: at - low]
    cores = [row.text.rstrip() for row in inside]
    if not blank.isspace() or any(
        row.undone_at or row.start != at or core in ("", row.text)
        for row, core in zip(inside, cores, strict=True)
    ):
        return False
    rest = made.text[len(blank) :]
    for row, core in zip(inside, cores, strict=True):
        row.text, row.start, blank = blank + core, low, row.text[len(core) :]
    made.text = blank + rest
    return True


def restore_cut(cut: TextCut, *, by: AbstractBaseUser | None, reason: str) -> None:
    """Restore the text of a cut, with a Revision. Raises CutNotInEffectError if that is impossible."""
    with transaction.atomic():
        article = Article.objects.filter(pk=cut.article_id).first()
        if article is None:
            raise CutNotInEffectError
        rows = list(
            article.cuts.filter(field=cut.field, sha256=article.sha256).order_by("start", "place", "pk")
        )
        mine = next((row for row in rows if row.pk == cut.pk), None)
        text = text_fields(article)[cut.field]
        if mine is None or not mine.in_effect or not _context_matches(mine, text):
            raise CutNotInEffectError
        start = mine.start or 0
        text = text[:start] + mine.text + text[start:]
        behind = False
        for row in rows:
            if behind and row.start is not None:
                row.start += len(mine.text)
            behind = behind or row is mine
        mine.undone_by, mine.undone_at = by, timezone.now()
        for row in rows:
            update_context(row, text)
        TextCut.objects.bulk_update(rows, POSITION_COLUMNS)
        apply_changes(
            article, {cut.field: text}, original=None, cities=None, by=by,
            reason=f"put back ({mine.said}): {reason}", resolver=PlaceResolver(),
        )  # fmt: skip


def _context_matches(row: TextCut, text: str) -> bool:
    at = row.start or 0
    return text[:at].endswith(row.before) and text.startswith(row.after, at)


def restore_all_cuts(
    rule: CleaningRule, *, by: AbstractBaseUser | None, reason: str, most: int = 0
) -> tuple[int, int]:
    """Restore the cuts of a rule, at most `most` (0: all); return (restored, not restorable).

    The caller indexes the articles with `finish_indexing`.
    """
    cuts = rule.cuts.filter(undone_at__isnull=True, start__isnull=False).order_by("-pk")
    # Ids first: SQLite refuses a write while this connection reads rows that another one has changed since.
    numbers = list(cuts.values_list("pk", flat=True)[: most or None])
    done = left = 0
    for part in chunks(numbers, READ_CHUNK):
        for cut in TextCut.objects.filter(pk__in=part).order_by("-pk"):
            try:
                with bulk_transaction([cut.article_id]):
                    restore_cut(cut, by=by, reason=reason)
                done += 1
            except CutNotInEffectError:
                left += 1
    return done, left
