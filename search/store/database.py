"""The store of the archive: articles, their other versions, labels and names from the database."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, QuerySet
from django.db.models.functions import Cast, Left

from arabic.expansion.synonyms import SynonymMap
from arabic.morphology.decompounding import Decompounder
from arabic.vocabulary.vocabulary import Vocabulary
from articles.kept_queries import as_date, kept_rows
from articles.models import Article, Place, PlaceMention, StoryMember
from articles.near_duplicates.pairs import similarities
from articles.source_scope import hidden_sources
from search.engines.region_values import countries_named, country_label
from search.minute_cache import MinuteCache
from search.results import Record
from search.store.archive_names import ArchiveNames, StoreState, archive_names, ocr_texts
from search.store.display_names import display_name
from search.store.name_index import NameIndex
from search.store.protocols import PlaceLabels
from search.store.request_names import store_state
from search.vocabulary.visible_words import readers_vocabulary
from search.vocabulary.vocabulary_store import archive_splitter, current_vocabulary

_RECORD_COLUMNS = (
    "pk",
    "title",
    "title_derived",
    "body",
    "external_id",
    "file_name",
    "url",
    "date",
    "date_precision",
    "source_id",
    "ocr_confidence",
    "low_confidence_words",
)


def _records_of(ids: Sequence[int]) -> QuerySet[Article, Any]:
    return Article.objects.visible().filter(pk__in=ids).order_by().values_list(*_RECORD_COLUMNS)


def _places_named_by(ids: Sequence[int]) -> QuerySet[PlaceMention, Any]:
    mentions = (
        PlaceMention.objects.filter(article_id__in=ids).order_by().values_list("article_id", "place_id")
    )
    return mentions.annotate(times=Count("id"), is_about=Max(Cast("about", IntegerField())))


class _MentionedPlaces:
    """The places that an article mentions which the reader may see, as one request asks for them.

    The table of places has those of drafts and of hidden articles, too. One query for places that were not
    asked for before; those that are mentioned serve other requests of the same rights for a minute.
    """

    def __init__(self, names: Hashable) -> None:
        self._found = _mentioned_places.get((names, hidden_sources()))
        self._absent: set[int] = set()

    def among(self, ids: Iterable[int]) -> frozenset[int]:
        """Return those of some places that are mentioned."""
        asked = frozenset(ids)
        if new := sorted(asked - self._found - self._absent):
            self._found.update(pk for (pk,) in kept_rows(_mentioned_of, new))
            self._absent.update(new)
        return asked & self._found


#: By names and hidden sources.
_mentioned_places: MinuteCache[Hashable, set[int]] = MinuteCache(set, most_keys=16, most_items=1_000_000)


def _mentioned_of(ids: Sequence[int]) -> QuerySet[Place, Any]:
    mentions = PlaceMention.objects.filter(place=OuterRef("pk"))
    # An article of the mention must be visible; the database stops at the first one.
    visible = Article.objects.visible().filter(pk=OuterRef("article")).order_by()
    return (
        Place.objects.filter(Exists(mentions.filter(Exists(visible))), pk__in=ids)
        .order_by()
        .values_list("pk")
    )


def _members_of(ids: Sequence[int]) -> QuerySet[Article, Any]:
    """Return the visible articles of all stories that have one of the articles, oldest first."""
    stories = StoryMember.objects.filter(article__in=ids).values("story")
    # The members as a set of ids: SQLite would join them to every visible article of the archive.
    members = StoryMember.objects.filter(story__in=stories).values("article")
    shown = Article.objects.visible().filter(pk__in=members).order_by("date", "pk")
    return shown.values_list("pk", "title", "source_id", "date", "date_precision", "membership__story")


class DatabaseStore:
    """The archive as one request reads it.

    A page costs two queries for its records, and one for the state of names and vocabulary, which the process
    keeps and reads again only if they changed.
    """

    @cached_property
    def _state(self) -> StoreState | None:
        return store_state()

    @cached_property
    def names(self) -> ArchiveNames:
        """The names of places, sources and organisations as of this request."""
        return archive_names(self._state)

    @property
    def names_key(self) -> Hashable:
        """A key of the names as of this request: equal only if none of them changed."""
        return self._state.names if self._state else object()

    def records(self, ids: Sequence[int]) -> dict[int, Record]:
        """See `Store`; only visible articles, whatever an out-of-date index returned."""
        names, places = self.names, self.places_of(ids)
        slugs = {slug for found in places.values() for _times, slug, _place, _about in found}
        labels = {slug: display_name("city", slug, names) for slug in slugs}
        rows = kept_rows(_records_of, ids) if ids else []
        return {
            pk: Record(
                id=pk,
                title=title,
                body=body,
                external_id=external_id,
                file=file,
                source=names.sources.get(source or 0, ""),
                source_id=source,
                date=as_date(day),
                precision=precision,
                cities=tuple((slug, labels[slug]) for _times, slug, _place, _about in places[pk]),
                about=tuple((slug, labels[slug]) for _times, slug, _place, about in places[pk] if about),
                place_ids=tuple(place for _times, _slug, place, _about in places[pk]),
                url=url,
                title_derived=bool(derived),
                ocr_confidence=ocr_confidence,
                low_confidence_words=low_confidence_words,
            )
            for (
                pk,
                title,
                derived,
                body,
                external_id,
                file,
                url,
                day,
                precision,
                source,
                ocr_confidence,
                low_confidence_words,
            ) in rows
        }

    def places_of(self, ids: Sequence[int]) -> Mapping[int, list[tuple[int, str, int, bool]]]:
        """Return article -> its places (mentions as a negative number, slug, id, about), in order."""
        counted = kept_rows(_places_named_by, ids) if ids else []
        slugs = self.names.slugs
        found: dict[int, list[tuple[int, str, int, bool]]] = defaultdict(list)
        for article, place, times, about in counted:
            if place in slugs:
                insort(found[article], (-times, slugs[place], place, bool(about)))
        return found

    def other_versions(self, ids: Sequence[int]) -> dict[int, tuple[Record, ...]]:
        """See `Store`; oldest first, without their texts. One query."""
        sources = self.names.sources
        members: dict[int, list[Record]] = defaultdict(list)
        for pk, title, source, day, precision, story in kept_rows(_members_of, ids) if ids else ():
            members[story].append(
                Record(
                    pk,
                    title,
                    "",
                    source=sources.get(source or 0, ""),
                    source_id=source,
                    date=as_date(day),
                    precision=precision,
                )
            )
        return {
            own.id: others
            for records in members.values()
            for own in records
            if own.id in ids and (others := tuple(each for each in records if each.id != own.id))
        }

    def text_beginnings(self, ids: Sequence[int], characters: int) -> dict[int, tuple[str, str, str]]:
        """See `Store`; one query."""
        visible = Article.objects.visible().filter(pk__in=ids).order_by()
        rows = visible.annotate(beginning=Left("body", characters)).values_list(
            "pk", "title", "beginning", "low_confidence_words"
        )
        return {pk: (title, beginning, low_confidence) for pk, title, beginning, low_confidence in rows}

    def country_values(self, numbers: Iterable[int]) -> dict[int, str]:
        """See `Store`."""
        return {number: country_label(number) for number in numbers}

    def governorate_values(self, numbers: Iterable[int]) -> dict[int, str]:
        """See `Store`."""
        labels = self.names.governorates.labels
        return {number: labels[number] for number in numbers if number in labels}

    def city_regions(self, ids: Iterable[int]) -> dict[int, tuple[int | None, int | None]]:
        """See `Store`."""
        regions = self.names.regions
        return {pk: regions[pk] for pk in ids if pk in regions}

    def countries_named(self, name: str) -> tuple[int, ...] | None:
        """See `NameResolver`."""
        return countries_named(name)

    def governorates_named(self, name: str) -> tuple[int, ...] | None:
        """See `NameResolver`."""
        return self.names.governorates.named(name)

    def city_values(self, ids: Iterable[int]) -> dict[int, str]:
        """See `Store`."""
        slugs = self.names.slugs
        return {pk: slugs[pk] for pk in ids if pk in slugs}

    def city_labels(self) -> PlaceLabels:
        """See `Store`."""
        return self.names.city_labels

    def governorate_labels(self) -> PlaceLabels:
        """See `Store`."""
        return self.names.governorate_labels

    def source_values(self, ids: Iterable[int]) -> dict[int, str]:
        """See `Store`."""
        sources = self.names.sources
        return {pk: sources[pk] for pk in ids if pk in sources}

    @property
    def has_ocr_texts(self) -> bool:
        """See `Store`."""
        return self._state.has_ocr_texts if self._state else ocr_texts().exists()

    def vocabulary(self) -> Vocabulary:
        """See `Store`; read once."""
        return self._vocabulary

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return readers_vocabulary(current_vocabulary(self._state.vocabulary if self._state else None))

    def splitter(self) -> Decompounder:
        """See `Store`; read once."""
        return self._splitter

    @cached_property
    def _splitter(self) -> Decompounder:
        return archive_splitter(self._state.vocabulary if self._state else None)

    def aliases(self) -> SynonymMap:
        """See `Store`."""
        return self.names.aliases

    def city_names(self) -> NameIndex:
        """See `Store`."""
        return self.names.place_index

    def source_names(self) -> NameIndex:
        """See `Store`."""
        return self.names.source_index

    def cities_named(self, name: str) -> tuple[int, ...] | None:
        """See `NameResolver`; a place is known if an article mentions it that the reader may see."""
        return self.names.places_named(name, self.mentioned_among)

    def mentioned_among(self, ids: Iterable[int]) -> frozenset[int]:
        """Return those of some places that an article mentions which the reader may see."""
        return self._mentioned.among(ids)

    @cached_property
    def _mentioned(self) -> _MentionedPlaces:
        return _MentionedPlaces(self.names_key)

    def sources_named(self, name: str) -> tuple[int, ...] | None:
        """See `NameResolver`."""
        return self.names.sources_named(name)


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """Another version and its similarity: the percentage of the shorter text that is in the longer one.

    None if the two resemble only a third article, or a librarian put them into one cluster.
    """

    record: Record
    similarity: int | None


def versions_of(article: Article) -> list[ArticleVersion]:
    """Return the other visible versions of an article, the most similar first, then by date."""
    others = DatabaseStore().other_versions([article.pk]).get(article.pk, ())
    similar = similarities(article.pk, [record.id for record in others])
    found = [
        ArticleVersion(record, round(100 * similar[record.id]) if record.id in similar else None)
        for record in others
    ]
    return sorted(found, key=lambda version: -(version.similarity or 0))
