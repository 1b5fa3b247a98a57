"""Rows of the spans that boilerplate rules removed from stored texts (TextCut).

A cut belongs to the original it was made from (its SHA-256) and stores the text around it. After any change
of a text, whether by an import, a librarian or a restored revision, `relocate_cuts` finds the cuts again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from articles.models import Article, TextCut
from articles.text.boilerplate_filter import Cut, filter_cuts
from articles.text.boilerplate_rules import line_key

#: Characters stored on each side of a cut to find it again, and the fewest that suffice after a change
#: nearby.
CONTEXT_CHARACTERS, MIN_CONTEXT_CHARACTERS = 60, 25
#: The columns of a cut that change with the text.
POSITION_COLUMNS = ["start", "place", "before", "after", "made_by", "made_at", "undone_by", "undone_at"]


def build_cut_rows(
    article: Article, texts: Mapping[str, str], cuts: Iterable[Cut], by: Any, at: datetime
) -> list[TextCut]:
    """Build unsaved rows for the cuts of one article; `texts` are its texts by field, without the cuts."""
    rows = []
    for place, each in enumerate(cuts):
        text = texts[each.field]
        rows.append(
            TextCut(
                article_id=article.pk, field=each.field, start=each.start, place=place, text=each.text,
                before=text[max(0, each.start - CONTEXT_CHARACTERS) : each.start],
                after=text[each.start : each.start + CONTEXT_CHARACTERS],
                sha256=article.sha256, rule_id=each.rule, said=each.said[:300], made_by=by, made_at=at,
            )
        )  # fmt: skip
    return rows


def build_cut_rows_for_new(new: Iterable[tuple[Article, Sequence[Cut]]], by: Any) -> list[TextCut]:
    """Build unsaved rows for the cuts of articles that were just written."""
    now = timezone.now()
    return [
        row
        for article, cuts in new
        if cuts
        for row in build_cut_rows(article, text_fields(article), cuts, by, now)
    ]


def text_fields(article: Article) -> dict[str, str]:
    """Return the texts of an article by field."""
    return {"title": article.title, "body": article.body}


def restored_lines(ids: Iterable[int]) -> dict[int, set[str]]:
    """Return article → the lines (`line_key`) that a librarian restored; no rule removes them again."""
    found: dict[int, set[str]] = {}
    rows = TextCut.objects.filter(article__in=list(ids), undone_at__isnull=False)
    for article, text in rows.values_list("article_id", "text"):
        found.setdefault(article, set()).add(line_key(text))
    return found


def drop_refused_cuts(
    text: str, cuts: Iterable[Cut], refused: Collection[str]
) -> tuple[str, tuple[Cut, ...]]:
    """Return the text and its cuts, with the `refused` lines (`line_key`) left in the text."""
    if not refused:
        return text, tuple(cuts)
    return filter_cuts(text, cuts, lambda each: line_key(each.text) not in refused)


def relocate_cuts(article: Article, cuts: Sequence[Cut] | None, by: AbstractBaseUser | None) -> None:
    """Find the cuts of a saved article again after its title, text or original changed.

    A cut that cannot be found loses its position. `cuts` are those of an import that brought the text; None
    if something else changed it.
    """
    rows = list(article.cuts.order_by("field", "start", "place", "pk"))
    before = [_content(row) for row in rows]
    texts, now = text_fields(article), timezone.now()
    new = build_cut_rows(article, texts, cuts or (), by, now)
    for row in rows:
        if row.sha256 != article.sha256:
            row.start = None
            continue
        _locate(row, texts[row.field], by, now)
        same = next((each for each in new if _is_same_cut(each, row)), None)
        if same is not None:  # an import brought the same bytes again
            new.remove(same)
    changed = [row for row, content in zip(rows, before, strict=True) if _content(row) != content]
    TextCut.objects.bulk_update(changed, POSITION_COLUMNS)
    TextCut.objects.bulk_create(new)


def _content(row: TextCut) -> tuple[object, ...]:
    return (row.start, row.place, row.before, row.after, row.undone_at)


def _is_same_cut(one: TextCut, other: TextCut) -> bool:
    return (one.field, one.said, one.text) == (
        other.field,
        other.said,
        other.text,
    ) and other.start is not None


def _locate(row: TextCut, text: str, by: Any, now: datetime) -> None:
    """Set the position of a cut in the text, and whether the text contains it (again)."""
    if row.start is not None and _is_unmoved(row, text):
        return
    back = None
    for around in (CONTEXT_CHARACTERS, MIN_CONTEXT_CHARACTERS):
        back = find_gap_position(text, row.before[-around:], row.text, row.after[:around])
        if back is not None:
            break
    if back is not None:
        row.start = back
        if row.undone_at is None:
            row.undone_at, row.undone_by = now, by
        update_context(row, text)
        return
    row.start = _find_gap(row, text)
    if row.start is not None:
        if row.undone_at is not None:
            row.undone_at = row.undone_by = None
            row.made_at, row.made_by = now, by
        update_context(row, text)


def _is_unmoved(row: TextCut, text: str) -> bool:
    """Return True if the text around the position of the cut is unchanged."""
    start = row.start or 0
    inside = row.text if row.undone_at else ""
    whole = f"{row.before}{inside}{row.after}"
    low = start - len(row.before)
    return low >= 0 and text.startswith(whole, low) and _matches_edges(row, text, low, low + len(whole))


def _matches_edges(row: TextCut, text: str, low: int, high: int) -> bool:
    """Return True if a side without context is still the beginning or the end of the text."""
    return (bool(row.before) or low == 0) and (bool(row.after) or high == len(text))


def _find_gap(row: TextCut, text: str) -> int | None:
    """Return the position of the cut in a text that does not contain it.

    For a restored cut the whole context must match: otherwise the passage was only rewritten.
    """
    found = find_gap_position(text, row.before, "", row.after)
    if found is not None or row.undone_at:
        return found
    lost = row.start is None
    found = find_gap_position(
        text, row.before[-MIN_CONTEXT_CHARACTERS:], "", row.after[:MIN_CONTEXT_CHARACTERS]
    )
    if found is not None or lost:
        return found
    if len(row.before) >= MIN_CONTEXT_CHARACTERS and (at := _find_unique(text, row.before)) is not None:
        return at + len(row.before)
    return _find_unique(text, row.after) if len(row.after) >= MIN_CONTEXT_CHARACTERS else None


def find_gap_position(text: str, before: str, inside: str, after: str) -> int | None:
    """Return the offset between `before` and `after` where `inside` begins or would begin, if unambiguous.

    An empty `before` (`after`) means that the cut was at the beginning (end) of the text.
    """
    whole = f"{before}{inside}{after}"
    if not before:
        return 0 if whole and text.startswith(whole) else None
    if not after:
        return len(text) - len(inside) if text.endswith(whole) else None
    at = _find_unique(text, whole)
    return None if at is None else at + len(before)


def _find_unique(text: str, part: str) -> int | None:
    at = text.find(part)
    return at if at >= 0 and text.find(part, at + 1) < 0 else None


def update_context(row: TextCut, text: str) -> None:
    """Store the text around the cut, as the text is now."""
    if row.start is None:
        return
    end = row.start + (len(row.text) if row.undone_at else 0)
    row.before, row.after = (
        text[max(0, row.start - CONTEXT_CHARACTERS) : row.start],
        text[end : end + CONTEXT_CHARACTERS],
    )
