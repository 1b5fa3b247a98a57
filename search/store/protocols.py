"""The interface of a store: the data that a page of results needs but the index lacks.

These are articles, labels of facets and ids of names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from arabic.expansion.synonyms import SynonymMap
from arabic.morphology.decompounding import Decompounder
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import Vocabulary
from search.results import Record
from search.store.name_index import NameIndex

#: Number of a place → its facet value, and those of the regions around it ("" = unknown), the largest first.
PlaceLabels = Mapping[int, tuple[str, tuple[str, ...]]]


class NameResolver(Protocol):
    """Finds the ids of a name."""

    def countries_named(self, name: str) -> tuple[int, ...] | None:
        """Return the numbers of a country by name or code; None if unknown.

        For the numbers see search/engines/region_values.py.
        """
        ...

    def governorates_named(self, name: str) -> tuple[int, ...] | None:
        """Return the numbers of the governorates with that name; None if unknown."""
        ...

    def cities_named(self, name: str) -> tuple[int, ...] | None:
        """Return the ids of the places by name or alias; () if known but in no article, None if unknown."""
        ...

    def city_regions(self, ids: Iterable[int]) -> Mapping[int, tuple[int | None, int | None]]:
        """Return the numbers of country and governorate of each place id."""
        ...

    def sources_named(self, name: str) -> tuple[int, ...] | None:
        """Return the ids of the sources with that name; None if unknown."""
        ...


class Store(NameResolver, Protocol):
    """The database, or the records of a temporary index in memory."""

    def records(self, ids: Sequence[int]) -> Mapping[int, Record]:
        """Return the articles of a page by id, without those that a reader may not see."""
        ...

    def other_versions(self, ids: Sequence[int]) -> Mapping[int, tuple[Record, ...]]:
        """Return the other visible versions of the articles that have near-duplicates."""
        ...

    def text_beginnings(self, ids: Sequence[int], characters: int) -> Mapping[int, tuple[str, str, str]]:
        """Return title, the first `characters` of the body and the low-confidence words by id.

        Only of the articles that `records` returns.
        """
        ...

    def country_values(self, numbers: Iterable[int]) -> Mapping[int, str]:
        """Return the facet value of each country number (search/engines/region_values.py)."""
        ...

    def governorate_values(self, numbers: Iterable[int]) -> Mapping[int, str]:
        """Return the facet value of each governorate number."""
        ...

    def city_values(self, ids: Iterable[int]) -> Mapping[int, str]:
        """Return the facet value of each place id."""
        ...

    def city_labels(self) -> PlaceLabels:
        """Return the labels of all places, by their ids."""
        ...

    def governorate_labels(self) -> PlaceLabels:
        """Return the labels of all governorates."""
        ...

    def source_values(self, ids: Iterable[int]) -> Mapping[int, str]:
        """Return the facet value of each source id."""
        ...

    @property
    def has_ocr_texts(self) -> bool:
        """True if OCR read the text of an article; no other one has likely words."""
        ...

    def vocabulary(self) -> Vocabulary:
        """Return the words of the published articles, for corrections and completions."""
        ...

    def splitter(self) -> Decompounder:
        """Return the decompounder that split the run-together words of the indexed texts."""
        ...

    def aliases(self) -> SynonymMap:
        """Return other names of places and organisations, for the expansions of a query."""
        ...

    def city_names(self) -> NameIndex:
        """Return every name of the cities of this archive."""
        ...

    def source_names(self) -> NameIndex:
        """Return every name of the sources of this archive."""
        ...


def normalize_name(name: str) -> str:
    """Return the tokens of a name, so that vowel marks, hamza seats and punctuation do not matter."""
    return " ".join(normalized_terms(name))
