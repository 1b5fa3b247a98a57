"""Application of librarians' decisions about places to the mentions that the tagger found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from arabic.places.name_finder import NameFinder
from arabic.tables.gazetteer import gazetteer, name_key
from articles.geotagging.name_rules import matches_any_name
from articles.models import Article, Place, PlaceMention, PlaceVerdict

NOT_MEANT = PlaceVerdict.Kind.NOT_MEANT


def active_overrides(verdicts: Iterable[PlaceVerdict]) -> list[PlaceVerdict]:
    """Return the decisions that were not withdrawn, oldest first."""
    return sorted((each for each in verdicts if each.undone_at is None), key=lambda each: each.pk)


def apply_overrides(
    article: Article, found: Sequence[PlaceMention], verdicts: Iterable[PlaceVerdict]
) -> list[PlaceMention]:
    """Return the mentions after the decisions are applied; later ones override earlier ones."""
    rows = list(found)
    for verdict in active_overrides(verdicts):
        if verdict.kind == NOT_MEANT:
            rows = [row for row in rows if not _excludes(verdict, row, article)]
        elif verdict.name:
            named = _name_mentions(article, verdict.place_id, [verdict.name])
            rows = [row for row in rows if not any(_overlap(row, each) for each in named)] + named
        else:
            back = [row for row in found if row.place_id == verdict.place_id and row not in rows]
            rows += back or _added_mentions(article, verdict.place, rows)
    return rows


def hides_metadata(verdict: PlaceVerdict, given: Iterable[int]) -> bool:
    """Return True if the decision hides a place named by the file's metadata (`given`: ids of those)."""
    whole = verdict.kind == NOT_MEANT and not verdict.name and verdict.undone_at is None
    return whole and verdict.place_id in set(given)


def _excludes(verdict: PlaceVerdict, row: PlaceMention, article: Article) -> bool:
    if row.place_id != verdict.place_id:
        return False
    if not verdict.name:
        return True
    if row.start is None:
        return False
    return matches_any_name(_text(article, row.field)[row.start : row.end], [name_key(verdict.name)])


def _added_mentions(article: Article, place: Place, rows: Iterable[PlaceMention]) -> list[PlaceMention]:
    """Return mentions of an unmentioned place by any of its names; else one mention without a span."""
    if any(row.place_id == place.pk for row in rows):
        return []
    entry = gazetteer().by_key.get(place.key)
    names = [place.name, *place.aliases, *(entry.weak_aliases if entry else ())]
    desk = PlaceMention(article_id=article.pk, place_id=place.pk, field=PlaceMention.DESK)
    return _name_mentions(article, place.pk, names) or [desk]


def _name_mentions(article: Article, place: int, names: Iterable[str]) -> list[PlaceMention]:
    finder = NameFinder(map(name_key, names))
    return [
        PlaceMention(
            article_id=article.pk, place_id=place, field=field, start=span.start, end=span.end,
            evidence=span.evidence,
        )
        for field in ("title", "body")
        for span in finder.find(_text(article, field))
    ]  # fmt: skip


def _text(article: Article, field: str) -> str:
    return article.title if field == "title" else article.body


def _overlap(one: PlaceMention, other: PlaceMention) -> bool:
    if one.field != other.field or None in (one.start, one.end, other.start, other.end):
        return False
    return one.start < other.end and other.start < one.end  # type: ignore[operator]  # none is None
