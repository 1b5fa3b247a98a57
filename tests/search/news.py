"""A few articles in the database and in an index, for the tests that search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from articles.models import Article, Place, PlaceMention, Source
from search.engines.contract import Put, SearchEngine
from search.indexing.index_documents import iter_documents


@dataclass(frozen=True)
class NewsItem:
    """An article to publish. `day` is YYYY, YYYY-MM or YYYY-MM-DD, "" = undated."""

    title: str
    body: str = ""
    day: str = ""
    source: str = ""
    cities: Sequence[str] = field(default_factory=tuple)


def publish(engine: SearchEngine, *items: NewsItem) -> list[int]:
    """Store the articles, index everything visible, return their ids in order."""
    ids = [_stored(each) for each in items]
    index_all(engine)
    return ids


def index_all(engine: SearchEngine, version: int = 1) -> None:
    """Index every visible article, as the outbox consumer would."""
    engine.apply([Put(document) for document in iter_documents()], version=version, interactive=True)


def place(name: str, *aliases: str, key: str = "") -> Place:
    """Return the place with this name, created if it is new."""
    return Place.objects.get_or_create(
        slug=name, defaults={"key": key or f"test-{name}", "name": name, "aliases": list(aliases)}
    )[0]


def _stored(item: NewsItem) -> int:
    parts = [int(part) for part in item.day.split("-")] if item.day else []
    article = Article.objects.create(
        title=item.title,
        body=item.body,
        date=date(*[*parts, 1, 1][:3]) if parts else None,
        date_precision=("", "year", "month", "day")[len(parts)],
        source=Source.objects.get_or_create(name=item.source)[0] if item.source else None,
    )
    for city in item.cities:
        PlaceMention.objects.create(article=article, place=place(city), field="metadata")
    return int(article.pk)
