"""An index of the names of places and sources by prefix, for autocomplete: every spelling and alias."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from arabic.morphology.affixes import ARTICLE
from arabic.tables.gazetteer import name_key

_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class KnownName:
    """A place or source: its id, the name that a filter takes, and its other names."""

    id: int
    value: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A place or source with a name that begins with the typed prefix.

    `rank`: 0 the name itself, 1 after its article, 2 a later word of its own name. `alias`: the name that
    matched, or "" if it is its own.
    """

    known: KnownName
    rank: int
    alias: str = ""


class NameIndex:
    """Names by prefix; `known` must be in the order in which equal matches are returned."""

    def __init__(self, known: Iterable[KnownName]) -> None:
        self._known = list(known)
        rows = {
            (key, rank, at, name)
            for at, each in enumerate(self._known)
            for name in (each.value, *_distinct_aliases(each))
            for key, rank in _indexed_prefixes(name)
            if rank < 2 or name == each.value
        }
        self._rows = sorted(rows)
        self._keys = [row[0] for row in self._rows]

    def starting_with(self, prefix: str, limit: int) -> list[NameMatch]:
        """Return at most `limit` matches of a folded prefix, each place or source once, under its best name.

        Names that begin with the prefix precede those with such a word inside.
        """
        best: dict[int, tuple[int, bool, str]] = {}
        for _key, rank, at, name in self._rows[self._from(prefix) : self._from(prefix + _LAST)]:
            found = (rank, name != self._known[at].value, name)
            best[at] = min(best.get(at, found), found)
        ordered = sorted(best.items(), key=lambda item: (item[1][0], item[0]))[:limit]
        return [
            NameMatch(self._known[at], rank, name if other else "") for at, (rank, other, name) in ordered
        ]

    def _from(self, key: str) -> int:
        return bisect_left(self._keys, key)


def _distinct_aliases(known: KnownName) -> list[str]:
    """Return the aliases, without those that only put a word before the name (مدينة البتراء)."""
    name = name_key(known.value)
    return [alias for alias in known.aliases if not name_key(alias).endswith(f" {name}")]


@lru_cache(50_000)
def _indexed_prefixes(name: str) -> tuple[tuple[str, int], ...]:
    """Return (folded text that a reader may type, rank) of a name.

    From its start, after the article, and from every later word. A country in brackets after the name of a
    place is not a word of it.
    """
    whole = name_key(name)
    own = name_key(name.partition(" (")[0]).split()
    found = {whole: 0}
    if whole.startswith(ARTICLE):
        found[whole[len(ARTICLE) :]] = 1
    for first in range(1, len(own)):
        tail = " ".join(own[first:])
        found.setdefault(tail, 2)
        if tail.startswith(ARTICLE):
            found.setdefault(tail[len(ARTICLE) :], 2)
    return tuple(found.items())
