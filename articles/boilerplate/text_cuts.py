"""What was cut out of stored texts: written, found again after the text changed, put back.

A cut belongs to the original it was made from (its SHA-256), and knows its place by what stood around it. So
whatever writes a text (an import, a hand, a step back in the history) only has to call `follow_text`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from articles.models import Article, TextCut
from articles.text.boilerplate_filter import Cut, filter_cuts
from articles.text.boilerplate_rules import line_key

#: So many characters on each side of a cut tell its place; after a change near it, so many must do.
CONTEXT_CHARACTERS, MIN_CONTEXT_CHARACTERS = 60, 25


def build_cut_rows(
    article: Article, texts: Mapping[str, str], cuts: Iterable[Cut], by: Any, at: datetime
) -> list[TextCut]:
    """Unsaved rows of the cuts of one article, whose texts (by field) are without them now."""
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
    """Unsaved rows of the cuts of articles that were just written."""
    now = timezone.now()
    return [
        row
        for article, cuts in new
        if cuts
        for row in build_cut_rows(article, text_fields(article), cuts, by, now)
    ]


def text_fields(article: Article) -> dict[str, str]:
    """Its texts by field."""
    return {"title": article.title, "body": article.body}


def restored_lines(ids: Iterable[int]) -> dict[int, set[str]]:
    """Article → what a person put back into it (`line_key`): no rule takes it out again."""
    found: dict[int, set[str]] = {}
    rows = TextCut.objects.filter(article__in=list(ids), undone_at__isnull=False)
    for article, text in rows.values_list("article_id", "text"):
        found.setdefault(article, set()).add(line_key(text))
    return found


def drop_refused_cuts(
    text: str, cuts: Iterable[Cut], refused: Collection[str]
) -> tuple[str, tuple[Cut, ...]]:
    """A cleaned text with what is `refused` (`line_key`) left in."""
    if not refused:
        return text, tuple(cuts)
    return filter_cuts(text, cuts, lambda each: line_key(each.text) not in refused)


def relocate_cuts(article: Article, cuts: Sequence[Cut] | None, by: AbstractBaseUser | None) -> None:
    """After title, text or original of a saved article changed: its cuts are found again, or known to be
    nowhere. `cuts` are those of an import that brought the text; None if something else changed it."""
    rows = list(article.cuts.order_by("field", "start", "place", "pk"))
    before = [_content(row) for row in rows]
    texts, now = text_fields(article), timezone.now()
    new = build_cut_rows(article, texts, cuts or (), by, now)
    for row in rows:
        if row.sha256 != article.sha256:
            row.start = None
            continue
        _locate(row, texts[row.field], by, now)
        same = next((each for each in new if _same(each, row)), None)
        if same is not None:  # an import came back to these very bytes
            new.remove(same)
    changed = [row for row, content in zip(rows, before, strict=True) if _content(row) != content]
    TextCut.objects.bulk_update(changed, POSITION_COLUMNS)
    TextCut.objects.bulk_create(new)


#: The columns of a cut that a change of the text moves.
POSITION_COLUMNS = ["start", "place", "before", "after", "made_by", "made_at", "undone_by", "undone_at"]


def _content(row: TextCut) -> tuple[object, ...]:
    return (row.start, row.place, row.before, row.after, row.undone_at)


def _same(one: TextCut, other: TextCut) -> bool:
    return (one.field, one.said, one.text) == (
        other.field,
        other.said,
        other.text,
    ) and other.start is not None


def _locate(row: TextCut, text: str, by: Any, now: datetime) -> None:
    """Where the row stands in the text now; whether its text is in there (again)."""
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
    row.start = _gap(row, text)
    if row.start is not None:
        if row.undone_at is not None:
            row.undone_at = row.undone_by = None
            row.made_at, row.made_by = now, by
        update_context(row, text)


def _is_unmoved(row: TextCut, text: str) -> bool:
    """Whether the text is at its place what it was."""
    start = row.start or 0
    inside = row.text if row.undone_at else ""
    whole = f"{row.before}{inside}{row.after}"
    low = start - len(row.before)
    return low >= 0 and text.startswith(whole, low) and _edge(row, text, low, low + len(whole))


def _edge(row: TextCut, text: str, low: int, high: int) -> bool:
    """Nothing stands on a side on which the text began or ended."""
    return (bool(row.before) or low == 0) and (bool(row.after) or high == len(text))


def _gap(row: TextCut, text: str) -> int | None:
    """Where a text without the row's own text would have it. One that was put back must leave its whole
    surroundings, for else somebody only wrote the passage anew."""
    found = find_gap_position(text, row.before, "", row.after)
    if found is not None or row.undone_at:
        return found
    lost = row.start is None
    found = find_gap_position(
        text, row.before[-MIN_CONTEXT_CHARACTERS:], "", row.after[:MIN_CONTEXT_CHARACTERS]
    )
    if found is not None or lost:
        return found
    if len(row.before) >= MIN_CONTEXT_CHARACTERS and (at := _only(text, row.before)) is not None:
        return at + len(row.before)
    return _only(text, row.after) if len(row.after) >= MIN_CONTEXT_CHARACTERS else None


def find_gap_position(text: str, before: str, inside: str, after: str) -> int | None:
    """Where `inside` begins (or would stand) between what surrounds it, if that is one place only. Without
    anything before (after) it stood at the beginning (the end)."""
    whole = f"{before}{inside}{after}"
    if not before:
        return 0 if whole and text.startswith(whole) else None
    if not after:
        return len(text) - len(inside) if text.endswith(whole) else None
    at = _only(text, whole)
    return None if at is None else at + len(before)


def _only(text: str, part: str) -> int | None:
    at = text.find(part)
    return at if at >= 0 and text.find(part, at + 1) < 0 else None


def update_context(row: TextCut, text: str) -> None:
    """Remember what stands around it in the text of now."""
    if row.start is None:
        return
    end = row.start + (len(row.text) if row.undone_at else 0)
    row.before, row.after = (
        text[max(0, row.start - CONTEXT_CHARACTERS) : row.start],
        text[end : end + CONTEXT_CHARACTERS],
    )
