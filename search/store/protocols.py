"""Where a page of results reads what the index does not hold: articles, labels, the ids behind a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from arabic.expansion.synonyms import SynonymMap
from arabic.morphology.decompounding import Decompounder
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import Vocabulary
from search.results import Record
from search.store.name_index import NameIndex


class NameResolver(Protocol):
    """Finds the ids behind a name."""

    def countries_named(self, name: str) -> tuple[int, ...] | None:
        """Numbers (search/engines/region_values.py) of the country by that name or code; None = unknown."""
        ...

    def governorates_named(self, name: str) -> tuple[int, ...] | None:
        """Numbers of the governorates by that name; None = unknown."""
        ...

    def cities_named(self, name: str) -> tuple[int, ...] | None:
        """Ids of the places by that name or alias; () = known, but in no article; None = unknown."""
        ...

    def sources_named(self, name: str) -> tuple[int, ...] | None:
        """Ids of the sources by that name; None = unknown."""
        ...


class Store(NameResolver, Protocol):
    """The database, or a throw-away file in memory."""

    def records(self, ids: Sequence[int]) -> Mapping[int, Record]:
        """The articles of a page by id; one that a reader may not see (any more) is not there."""
        ...

    def others_of(self, ids: Sequence[int]) -> Mapping[int, tuple[Record, ...]]:
        """The other visible versions of the articles that are in a story."""
        ...

    def texts(self, ids: Sequence[int], characters: int) -> Mapping[int, tuple[str, str]]:
        """Title and the first `characters` of the body by id; as in `records`."""
        ...

    def country_values(self, numbers: Iterable[int]) -> Mapping[int, str]:
        """What the facet of countries shows and takes for each number (search/engines/region_values.py)."""
        ...

    def governorate_values(self, numbers: Iterable[int]) -> Mapping[int, str]:
        """What the facet of governorates shows and takes for each number."""
        ...

    def city_values(self, ids: Iterable[int]) -> Mapping[int, str]:
        """What the city facet shows and takes for each place id."""
        ...

    def city_regions(self, ids: Iterable[int]) -> Mapping[int, tuple[int | None, int | None]]:
        """The numbers of country and governorate of each place id."""
        ...

    def source_values(self, ids: Iterable[int]) -> Mapping[int, str]:
        """What the source facet shows and takes for each source id."""
        ...

    def vocabulary(self) -> Vocabulary:
        """The words of the published articles, for corrections and completions."""
        ...

    def splitter(self) -> Decompounder:
        """What cut the run-together words of the indexed texts."""
        ...

    def aliases(self) -> SynonymMap:
        """Other names of places and organisations, for the expansions of a query."""
        ...

    def city_names(self) -> NameIndex:
        """Every name that a city of this archive may be asked for by."""
        ...

    def source_names(self) -> NameIndex:
        """Every name that a source of this archive may be asked for by."""
        ...


def normalize_name(name: str) -> str:
    """A name as readers may write it: its tokens, so that marks, seats and punctuation do not matter."""
    return " ".join(normalized_terms(name))
