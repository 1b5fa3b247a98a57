"""A handful of articles in the database and in an index, for the tests that search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from articles.models import Article, Place, PlaceMention, Source
from search.engines.contract import Put, SearchEngine
from search.indexing.index_documents import iter_documents


@dataclass(frozen=True)
class Told:
    """An article as a test tells it. `day` is YYYY, YYYY-MM or YYYY-MM-DD, "" = undated."""

    title: str
    body: str = ""
    day: str = ""
    source: str = ""
    cities: Sequence[str] = field(default_factory=tuple)


def publish(engine: SearchEngine, *told: Told) -> list[int]:
    """Store the articles, index everything visible, give back their ids in order."""
    ids = [_stored(each) for each in told]
    index_all(engine)
    return ids


def index_all(engine: SearchEngine, version: int = 1) -> None:
    """What the drainer would have written by now."""
    engine.apply([Put(document) for document in iter_documents()], version=version, interactive=True)


def place(name: str, *aliases: str, key: str = "") -> Place:
    """A place under its name, made once."""
    return Place.objects.get_or_create(
        slug=name, defaults={"key": key or f"test-{name}", "name": name, "aliases": list(aliases)}
    )[0]


def _stored(told: Told) -> int:
    parts = [int(part) for part in told.day.split("-")] if told.day else []
    article = Article.objects.create(
        title=told.title,
        body=told.body,
        date=date(*[*parts, 1, 1][:3]) if parts else None,
        date_precision=("", "year", "month", "day")[len(parts)],
        source=Source.objects.get_or_create(name=told.source)[0] if told.source else None,
    )
    for city in told.cities:
        PlaceMention.objects.create(article=article, place=place(city), field="metadata")
    return int(article.pk)
