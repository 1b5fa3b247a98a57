"""Reads articles as rows, with all that a citation or an export says of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from articles.models import Article, Inference, StoryMember
from search.store.database import DatabaseStore

_COLUMNS = (
    *("pk", "title", "title_derived", "date", "date_precision", "source_id", "byline"),
    *("url", "external_id", "file_name", "sha256"),
)
#: The fields of an inference that are columns of a row.
_INFERRED_FIELDS = ("title", "byline", "source", "date")


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article that readers may see. Unknown values are ""."""

    id: int
    title: str
    #: YYYY, YYYY-MM or YYYY-MM-DD, as precise as it is known, and "year", "month" or "day".
    date: str
    precision: str
    source: str
    byline: str
    #: Names of the places that the article mentions, most mentioned first, and of those it is about.
    cities: tuple[str, ...]
    about: tuple[str, ...]
    url: str
    external_id: str
    file: str
    sha256: str
    #: The number that the versions of one report share, if readers see more than one of them.
    story: int | None
    #: The fields of this row that were read from the text and that no librarian confirmed, in order.
    derived: tuple[str, ...]
    body: str = ""


def article_rows(store: DatabaseStore, ids: Sequence[int], *, texts: bool = False) -> list[ArticleRow]:
    """Return the visible articles among `ids`, in that order; with their texts if wanted. Five queries."""
    columns = (*_COLUMNS, "body") if texts else _COLUMNS
    visible = Article.objects.visible().filter(pk__in=ids).order_by()
    found = {values[0]: values for values in visible.values_list(*columns)}
    places, stories, derived = (
        store.places_of(ids),
        _shared_stories(ids),
        _unconfirmed_fields(ids),
    )
    rows = []
    for id in ids:
        if id not in found:
            continue
        _pk, title, title_derived, date, precision, source, byline, *rest = found[id]
        url, external_id, file, sha256, *body = rest
        values = {
            "title": title,
            "byline": byline,
            "source": store.names.sources.get(source or 0, ""),
            "date": date.isoformat()[: {"year": 4, "month": 7}.get(precision, 10)] if date else "",
        }
        unsure = derived[id] | ({"title"} if title_derived else set())
        rows.append(
            ArticleRow(
                id=id,
                **values,
                precision=precision,
                cities=tuple(slug for _times, slug, _place, _about in places[id]),
                about=tuple(slug for _times, slug, _place, about in places[id] if about),
                url=url,
                external_id=external_id,
                file=file,
                sha256=sha256,
                story=stories.get(id),
                derived=tuple(name for name in _INFERRED_FIELDS if name in unsure and values[name]),
                body=body[0] if body else "",
            )
        )
    return rows


def _shared_stories(ids: Sequence[int]) -> dict[int, int]:
    """Return article → story, for stories of which the reader sees two versions or more.

    A draft or a hidden article may be the only other version, and nothing may tell that there is one.
    """
    stories = dict(StoryMember.objects.filter(article__in=ids).values_list("article", "story"))
    if not stories:
        return {}
    members = StoryMember.objects.filter(story__in=set(stories.values()))
    visible = Article.objects.visible().filter(pk__in=members.values("article")).order_by()
    seen = Counter(visible.values_list("membership__story", flat=True))
    return {article: story for article, story in stories.items() if seen[story] > 1}


def _unconfirmed_fields(ids: Sequence[int]) -> defaultdict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    open_ones = Inference.objects.filter(article__in=ids, state=Inference.State.PROPOSED, used=True)
    for article, field in open_ones.values_list("article", "field"):
        found[article].add(field)
    return found
