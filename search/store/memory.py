"""The store of a temporary index: evaluation and match cases read their records from memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from arabic.expansion.synonyms import SynonymMap, shipped_synonyms
from arabic.morphology.decompounding import Decompounder
from arabic.tables.gazetteer import gazetteer
from arabic.vocabulary.vocabulary import EMPTY_VOCABULARY, Vocabulary
from search.engines.region_values import GovernorateIndex, countries_named, country_label
from search.results import Record
from search.store.name_index import KnownName, NameIndex
from search.store.protocols import PlaceLabels, normalize_name


class MemoryStore:
    """The records of a temporary index. It has no cities; sources are known by name."""

    def __init__(self, records: Iterable[Record], vocabulary: Vocabulary = EMPTY_VOCABULARY) -> None:
        self._vocabulary = vocabulary
        self._splitter = Decompounder(vocabulary)
        self._records = {record.id: record for record in records}
        self.has_ocr_texts = any(record.low_confidence_words for record in self._records.values())
        self._sources = {r.source_id: r.source for r in self._records.values() if r.source_id is not None}

    def records(self, ids: Sequence[int]) -> dict[int, Record]:
        """See `Store`."""
        return {key: self._records[key] for key in ids if key in self._records}

    def other_versions(self, ids: Sequence[int]) -> dict[int, tuple[Record, ...]]:
        """Return none: near-duplicates are not computed for a temporary index."""
        return {}

    def text_beginnings(self, ids: Sequence[int], characters: int) -> dict[int, tuple[str, str, str]]:
        """See `Store`."""
        return {
            key: (record.title, record.body[:characters], record.low_confidence_words)
            for key, record in self.records(ids).items()
        }

    def country_values(self, numbers: Iterable[int]) -> dict[int, str]:
        """See `Store`."""
        return {number: country_label(number) for number in numbers}

    def governorate_values(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return none: the articles of a temporary index have no places."""
        return {}

    def city_regions(self, ids: Iterable[int]) -> dict[int, tuple[int | None, int | None]]:
        """Return none: the articles of a temporary index have no places."""
        return {}

    def countries_named(self, name: str) -> tuple[int, ...] | None:
        """See `NameResolver`."""
        return countries_named(name)

    def governorates_named(self, name: str) -> tuple[int, ...] | None:
        """Return () for the governorates of the gazetteer, which are known but in no article."""
        return GovernorateIndex.of(()).named(name)

    def city_values(self, ids: Iterable[int]) -> dict[int, str]:
        """Return none: the articles of a temporary index have no places."""
        return {}

    def city_labels(self) -> PlaceLabels:
        """Return none: the articles of a temporary index have no places."""
        return {}

    def governorate_labels(self) -> PlaceLabels:
        """Return none: the articles of a temporary index have no places."""
        return {}

    def source_values(self, ids: Iterable[int]) -> dict[int, str]:
        """See `Store`."""
        return {key: self._sources[key] for key in ids if key in self._sources}

    def vocabulary(self) -> Vocabulary:
        """See `Store`."""
        return self._vocabulary

    def splitter(self) -> Decompounder:
        """See `Store`; splits by the words of the vocabulary."""
        return self._splitter

    def aliases(self) -> SynonymMap:
        """Return the shipped synonyms."""
        return shipped_synonyms()

    def city_names(self) -> NameIndex:
        """Return none: the articles of a temporary index have no places."""
        return NameIndex(())

    def source_names(self) -> NameIndex:
        """See `Store`."""
        return NameIndex(KnownName(key, name) for key, name in self._sources.items())

    def cities_named(self, name: str) -> tuple[int, ...] | None:
        """Return () for the places of the gazetteer, which are known but in no article."""
        return () if gazetteer().lookup(name) else None

    def sources_named(self, name: str) -> tuple[int, ...] | None:
        """See `Store`."""
        wanted = normalize_name(name)
        return (
            tuple(key for key, other in self._sources.items() if wanted and normalize_name(other) == wanted)
            or None
        )
