"""The store of a throw-away index: evaluation and cases read their records from memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from arabic.expansion.synonyms import SynonymMap, shipped_synonyms
from arabic.morphology.decompounding import Decompounder
from arabic.tables.gazetteer import gazetteer
from arabic.vocabulary.vocabulary import EMPTY_VOCABULARY, Vocabulary
from search.engines.region_values import GovernorateIndex, countries_named, country_label
from search.results import Record
from search.store.name_index import KnownName, NameIndex
from search.store.protocols import normalize_name


class MemoryStore:
    """The records of a throw-away index. No cities; sources by their name."""

    def __init__(self, records: Iterable[Record], vocabulary: Vocabulary = EMPTY_VOCABULARY) -> None:
        self._vocabulary = vocabulary
        self._splitter = Decompounder(vocabulary)
        self._records = {record.id: record for record in records}
        self._sources = {r.source_id: r.source for r in self._records.values() if r.source_id is not None}

    def records(self, ids: Sequence[int]) -> dict[int, Record]:
        """See `Store`."""
        return {key: self._records[key] for key in ids if key in self._records}

    def others_of(self, ids: Sequence[int]) -> dict[int, tuple[Record, ...]]:
        """None: nothing is compared in a throw-away index."""
        return {}

    def texts(self, ids: Sequence[int], characters: int) -> dict[int, tuple[str, str]]:
        """See `Store`."""
        return {key: (record.title, record.body[:characters]) for key, record in self.records(ids).items()}

    def country_values(self, numbers: Iterable[int]) -> dict[int, str]:
        """See `Store`."""
        return {number: country_label(number) for number in numbers}

    def governorate_values(self, numbers: Iterable[int]) -> dict[int, str]:
        """None: nothing is tagged in a throw-away index."""
        return {}

    def city_regions(self, ids: Iterable[int]) -> dict[int, tuple[int | None, int | None]]:
        """None: likewise."""
        return {}

    def countries_named(self, name: str) -> tuple[int, ...] | None:
        """See `Resolver`."""
        return countries_named(name)

    def governorates_named(self, name: str) -> tuple[int, ...] | None:
        """Those of the gazetteer are known, and in no article."""
        return GovernorateIndex.of(()).named(name)

    def city_values(self, ids: Iterable[int]) -> dict[int, str]:
        """None: nothing is tagged in a throw-away index."""
        return {}

    def source_values(self, ids: Iterable[int]) -> dict[int, str]:
        """See `Store`."""
        return {key: self._sources[key] for key in ids if key in self._sources}

    def vocabulary(self) -> Vocabulary:
        """See `Store`."""
        return self._vocabulary

    def splitter(self) -> Decompounder:
        """See `Store`; by the words of the vocabulary."""
        return self._splitter

    def aliases(self) -> SynonymMap:
        """The shipped ones."""
        return shipped_synonyms()

    def city_names(self) -> NameIndex:
        """None: nothing is tagged in a throw-away index."""
        return NameIndex(())

    def source_names(self) -> NameIndex:
        """See `Store`."""
        return NameIndex(KnownName(key, name) for key, name in self._sources.items())

    def cities_named(self, name: str) -> tuple[int, ...] | None:
        """Places of the gazetteer are known, and in no article."""
        return () if gazetteer().lookup(name) else None

    def sources_named(self, name: str) -> tuple[int, ...] | None:
        """See `Store`."""
        wanted = normalize_name(name)
        return (
            tuple(key for key, other in self._sources.items() if wanted and normalize_name(other) == wanted)
            or None
        )
