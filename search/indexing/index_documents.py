"""Articles as index documents with a fingerprint, one per article, built in bulk."""

from __future__ import annotations

import calendar
import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import IntegerField, Max
from django.db.models.functions import Cast

from arabic.dates.tagger import has_bare_year
from arabic.morphology.decompounding import Decompounder
from articles.models import Article, ArticleQuerySet, DateMention, PlaceMention, Precision, StoryMember
from search.engines.contract import IndexDocument
from search.engines.event_values import event_date_numbers, is_far_year
from search.engines.region_values import country_number, governorate_number
from search.vocabulary.vocabulary_store import archive_splitter

#: Articles read at once, by five queries.
CHUNK = 500

_Row = tuple[int, str, str, int | None, date | None, str, datetime, str]


class _Place(NamedTuple):
    """A place that an article mentions, and whether the article is about it."""

    id: int
    country: str
    governorate: str
    about: bool


class _PlaceNumbers(NamedTuple):
    """The numbers of some places and of their regions."""

    places: tuple[int, ...]
    governorates: tuple[int, ...]
    countries: tuple[int, ...]

    @classmethod
    def of(cls, named: Iterable[_Place]) -> _PlaceNumbers:
        """Return the numbers of these places."""
        named = list(named)
        return cls(
            tuple(place.id for place in named),
            _distinct(governorate_number(place.country, place.governorate) for place in named),
            _distinct(country_number(place.country) for place in named),
        )


def load_documents(article_ids: Collection[int]) -> dict[int, IndexDocument]:
    """Return {id: document} of those articles that are visible."""
    return _documents(Article.objects.visible().filter(pk__in=article_ids))


def load_documents_after(last_id: int, limit: int = CHUNK) -> dict[int, IndexDocument]:
    """Return the next `limit` visible articles after `last_id`, by ascending id; {} at the end."""
    return _documents(Article.objects.visible().filter(pk__gt=last_id).order_by("pk"), limit)


def iter_documents() -> Iterator[IndexDocument]:
    """Yield every visible article by ascending id, in bounded memory."""
    last_id = -1
    while chunk := load_documents_after(last_id):
        yield from chunk.values()
        last_id = max(chunk)


def _documents(articles: ArticleQuerySet, limit: int | None = None) -> dict[int, IndexDocument]:
    rows: list[_Row] = list(
        articles.order_by("pk").values_list(
            "pk", "title", "body", "source_id", "date", "date_precision", "created_at", "low_confidence_words"
        )[:limit]
    )
    places: dict[int, list[_Place]] = defaultdict(list)
    mentions = PlaceMention.objects.filter(article_id__in=[row[0] for row in rows])
    named = mentions.order_by("article_id", "place_id").values_list(
        "article_id", "place_id", "place__country", "place__governorate"
    )
    for article_id, place_id, country, governorate, about in named.annotate(
        is_about=Max(Cast("about", IntegerField()))
    ):
        places[article_id].append(_Place(place_id, country, governorate, bool(about)))
    events = _events(rows)
    members = StoryMember.objects.filter(article__in=[row[0] for row in rows])
    stories = dict(members.values_list("article", "story"))
    splitter = archive_splitter()
    return {
        row[0]: _document(
            row,
            places[row[0]],
            events.get(row[0], ()),
            story=stories.get(row[0]),
            splitter=splitter,
        )
        for row in rows
    }


def _events(rows: Sequence[_Row]) -> dict[int, tuple[int, ...]]:
    """Return article → the dates it mentions, as `IndexDocument.event`, without years that are only numbers.

    An undated article is as old as its record.
    """
    articles = {row[0]: row for row in rows}
    found: dict[int, set[int]] = defaultdict(set)
    mentions = DateMention.objects.filter(article_id__in=articles).values_list(
        "article_id", "first_day", "last_day", "precision", "field", "start", "end"
    )
    for article_id, first, last, precision, field, start, end in mentions:
        numbers = set(event_date_numbers(first, last, precision))
        _id, title, body, _source, day, _precision, added, _low_confidence_words = articles[article_id]
        published = (day or added).year
        far = {number for number in numbers if is_far_year(number // 10_000, published)}
        if (
            far
            and precision == Precision.YEAR
            and has_bare_year((title if field == "title" else body)[start:end])
        ):
            numbers -= far
        found[article_id] |= numbers
    return {article_id: tuple(sorted(numbers)) for article_id, numbers in found.items()}


def _document(
    row: _Row,
    named: Sequence[_Place],
    events: tuple[int, ...],
    *,
    story: int | None,
    splitter: Decompounder,
) -> IndexDocument:
    article_id, title, body, source, first, precision, _added, low_confidence_words = row
    first_day = _number(first) if first else None
    last_day = _number(_last_day(first, precision)) if first else None
    mentioned, about = _PlaceNumbers.of(named), _PlaceNumbers.of(each for each in named if each.about)
    content = [
        article_id, title, body, source, *mentioned, *about, first_day, last_day, precision, events, story,
    ]  # fmt: skip
    content += [low_confidence_words] if low_confidence_words else []
    # "surrogatepass": half a character, which SQLite may hold, must not stop the queue.
    encoded = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return IndexDocument(
        id=article_id,
        title=title,
        body=body,
        source=source,
        places=mentioned.places,
        governorates=mentioned.governorates,
        countries=mentioned.countries,
        about=about.places,
        about_governorates=about.governorates,
        about_countries=about.countries,
        first_day=first_day,
        last_day=last_day,
        precision=precision,
        event=events,
        story=story,
        low_confidence_words=low_confidence_words,
        fingerprint=hashlib.sha256(encoded).hexdigest(),
        splitter=splitter,
    )


def _distinct(numbers: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(sorted({number for number in numbers if number is not None}))


def _number(day: date) -> int:
    """Return YYYYMMDD."""
    return day.year * 10_000 + day.month * 100 + day.day


def _last_day(first: date, precision: str) -> date:
    """Return the end of the period that begins on `first`."""
    if precision == Precision.YEAR:
        return first.replace(month=12, day=31)
    if precision == Precision.MONTH:
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return first
