"""Countries and governorates: the integers that an engine stores, and the names that readers filter by.

An integer is derived from the code and the name alone, so that it is the same in every process and every
index without a table that assigns it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from arabic.tables.gazetteer import gazetteer, name_key

#: A governorate's number is its country's number, shifted by this many bits, and a hash of its name.
_NAME_BITS = 32
_CODE_LETTERS = 2
#: Words that may precede the name of a governorate.
_TITLES = frozenset(map(name_key, ("محافظة", "ولاية", "منطقة", "إقليم", "لواء", "إمارة", "مديرية")))


def country_number(code: str) -> int | None:
    """Return the number of a two-letter country code; None for anything else."""
    if len(code) != _CODE_LETTERS or not code.isascii() or not code.isalpha():
        return None
    first, second = code.upper().encode()
    return first << 8 | second


def country_code(number: int) -> str:
    """Return the country code of a number."""
    return bytes((number >> 8 & 0xFF, number & 0xFF)).decode("ascii", "replace")


def governorate_number(country: str, name: str) -> int | None:
    """Return the number of a governorate by its name in any spelling; None for an empty name.

    Two names within one country collide with a probability of one in four billion.
    """
    key = _unspaced_key(name)
    if not key:
        return None
    digest = int.from_bytes(hashlib.sha256(key.encode()).digest()[: _NAME_BITS // 8], "big")
    return (country_number(country) or 0) << _NAME_BITS | digest


def governorate_country(governorate: int) -> int:
    """Return the country number of a governorate number; 0 if it has none."""
    return governorate >> _NAME_BITS


@lru_cache(1_000)
def country_label(number: int) -> str:
    """Return the name that the facet shows and accepts: Arabic as newspapers print it, or else the code."""
    code = country_code(number)
    entry = gazetteer().by_key.get(f"country-{code}")
    return entry.name if entry else code


def countries_named(name: str) -> tuple[int, ...] | None:
    """Return the number of the country with this code or name, in any spelling; None if there is none."""
    code = name.strip().upper()
    if f"country-{code}" in gazetteer().by_key:
        number = country_number(code)
        return None if number is None else (number,)
    found = [entry.country for entry in gazetteer().lookup(name) if entry.kind == "country"]
    numbers = [number for code in found if (number := country_number(code)) is not None]
    return tuple(dict.fromkeys(numbers)) or None


@dataclass(frozen=True, slots=True)
class GovernorateIndex:
    """The governorates of an archive and of the gazetteer."""

    #: Number → label that the facet shows and accepts: the name, with the country where two countries share
    #: it.
    labels: Mapping[int, str]
    #: Name without spaces → numbers.
    by_name: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> GovernorateIndex:
        """Build the index from pairs of country code and name; the first spelling of a name is shown."""
        names: dict[int, str] = {}
        for country, name in (*pairs, *_gazetteer_governorates()):
            if (number := governorate_number(country, name)) is not None:
                names.setdefault(number, name)
        numbers: dict[str, list[int]] = defaultdict(list)
        for number, name in names.items():
            numbers[_unspaced_key(name)].append(number)
        labels = {
            number: name
            if len(numbers[_unspaced_key(name)]) == 1 or not governorate_country(number)
            else f"{name} ({country_label(governorate_country(number))})"
            for number, name in names.items()
        }
        for number, label in labels.items():
            if number not in numbers[_unspaced_key(label)]:
                numbers[_unspaced_key(label)].append(number)
        return cls(labels, {key: tuple(found) for key, found in numbers.items()})

    def named(self, name: str) -> tuple[int, ...] | None:
        """Return the governorates of this name in any spelling; None if there are none.

        A title such as محافظة may precede the name.
        """
        words = name_key(name).split()
        if found := self.by_name.get("".join(words)):
            return found
        if len(words) > 1 and words[0] in _TITLES:
            return self.by_name.get("".join(words[1:]))
        return None


@cache
def _gazetteer_governorates() -> tuple[tuple[str, str], ...]:
    rows = ((entry.country, entry.governorate) for entry in gazetteer().by_key.values() if entry.governorate)
    return tuple(dict.fromkeys(rows))


def _unspaced_key(name: str) -> str:
    return name_key(name).replace(" ", "")
