"""Cutting texts that are stored already, and putting back what was cut. Each is a change of the article like
any other: with a Revision, and with what follows from it for places, dates, stories and the index."""

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

#: Articles read at once, and changed in one transaction: a change takes some ten milliseconds.
READ, CHUNK = 500, 20


class CutNotInEffectError(Exception):
    """The cut is not in effect: it was put back, or the text around it was changed since."""


@dataclass(frozen=True, slots=True)
class ArticleCuts:
    """What rules would cut from an article."""

    article: Article
    texts: dict[str, str]
    cuts: tuple[Cut, ...]


def find_cuts(article: Article, rules: RuleSet, refused: Collection[str] = ()) -> ArticleCuts:
    """What the rules find in it now; what a person put back (`refused`) they leave."""
    texts = text_fields(article)
    cuts: list[Cut] = []
    source = article.source.name if article.source else ""
    for field in FIELDS:
        cleaned = rules.clean(texts[field], field, source)
        texts[field], kept = drop_refused_cuts(cleaned.text, cleaned.cuts, refused)
        cuts += kept
    return ArticleCuts(article, texts, tuple(cuts))


def cleanable_articles(source_id: int | None = None) -> QuerySet[Article]:
    """The articles that rules may go over: not those of an import under way, which is cut as it comes in."""
    articles = Article.objects.filter(Q(batch__isnull=True) | Q(batch__state__in=ImportBatch.SHOWN))
    return articles.filter(source=source_id) if source_id else articles


def iter_article_cuts(articles: QuerySet[Article], rules: RuleSet) -> Iterator[list[ArticleCuts]]:
    """What the rules find in stored articles, in chunks of all that were read."""
    last = 0
    reading = articles.order_by("pk").select_related("source").defer("original")
    while chunk := list(reading.filter(pk__gt=last)[:READ]):
        refused = restored_lines(article.pk for article in chunk)
        yield [find_cuts(article, rules, refused.get(article.pk, ())) for article in chunk]
        last = chunk[-1].pk


def apply_rules(
    ids: Sequence[int], rules: RuleSet, *, by: AbstractBaseUser | None, resolver: PlaceResolver
) -> list[ArticleCuts]:
    """Cut what the rules find in these articles, in short transactions. Returns those that changed. What the
    index has to hear waits in the outbox."""
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
    """Move the earlier cuts of a field to where the text without the new ones has them, and number all in
    their order. One that stood inside of what is cut now is nowhere until that is put back."""
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
        # What was cut just behind a place stands behind it: the earlier cut goes first.
        order.append((begin, -2 if any(low == begin for low, _high, _made in spans) else row.place, row))
        row.start = begin - sum(min(high, begin) - low for low, high, _made in spans if low < begin)
        update_context(row, text)
    for place, (_begin, _order, row) in enumerate(sorted(order, key=lambda each: each[:2])):
        row.place = place


def _overlaps(row: TextCut, low: int, high: int) -> bool:
    """Whether a cut's place, or its text if that was put back, lies in [low, high) of the text before."""
    begin = row.start or 0
    return low < begin + len(row.text) and begin < high if row.undone_at else low < begin < high


def _hand_over_blanks(inside: list[TextCut], made: TextCut, low: int) -> bool:
    """At the end of a text a line is cut with the blanks before it, while those that went earlier took the
    blanks behind them. Where only blanks stand between, each takes those before it, and the order is as it
    was. Returns whether it was so."""
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
    """Put what was cut back into the text, as a Revision. Raises NotThereError where that cannot be."""
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
    """Put back all that a rule cut (at most so many, 0: all). Returns (put back, not put back). What the
    index has to hear waits in the outbox."""
    cuts = rule.cuts.filter(undone_at__isnull=True, start__isnull=False).order_by("-pk")
    # Numbers first: SQLite refuses a write while this connection still reads what another has changed since.
    numbers = list(cuts.values_list("pk", flat=True)[: most or None])
    done = left = 0
    for part in chunks(numbers, READ):
        for cut in TextCut.objects.filter(pk__in=part).order_by("-pk"):
            try:
                with bulk_transaction([cut.article_id]):
                    restore_cut(cut, by=by, reason=reason)
                done += 1
            except CutNotInEffectError:
                left += 1
    return done, left
