"""Autocomplete: completions of a query while it is typed, from the contents of this archive.

The engine counts every candidate among the published articles that match the rest of the query. A candidate
that finds nothing is not shown, so no word of a draft or of a withdrawn article becomes visible here.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from weakref import WeakKeyDictionary

from arabic.spelling.keyboard import fix_keyboard_layout
from search.engines import get_engine
from search.engines.contract import EngineError, EngineUnavailable, SearchEngine
from search.store.database import DatabaseStore
from search.store.protocols import Store
from search.suggest.completion_candidates import (
    Completion,
    CompletionCandidate,
    CompletionFinder,
    CompletionKind,
)
from search.suggest.partial_query import parse_partial_query

#: The order of the kinds in the list, for a single word and for several words, which are more often a phrase.
_OF_ONE: tuple[CompletionKind, ...] = ("word", "phrase", "city", "source")
_OF_SEVERAL: tuple[CompletionKind, ...] = ("phrase", "word", "city", "source")
DEFAULT_LIMIT, MAX_LIMIT = 8, 20
#: Candidates of each kind for one place in the list, because the rest of the query may exclude the first
#: ones. With three, 3 more of 1,621 queries are completed (tools/research/measure_autocomplete.py), in 1.5
#: times the time.
_COUNTED = 2
#: Seconds for which an engine that did not answer is not asked again.
_PAUSE = 5.0


def autocomplete(
    text: str, limit: int = DEFAULT_LIMIT, *, engine: SearchEngine | None = None, store: Store | None = None
) -> list[Completion]:
    """Return completions of the last words, kind by kind, the most frequent first within each kind.

    If there are none, the text is read in the other keyboard layout. Never raises for any text; returns none
    while the engine cannot answer.
    """
    engine, store, limit = engine or get_engine(), store or DatabaseStore(), min(limit, MAX_LIMIT)
    if found := _completions(text, limit, engine, store):
        return found
    meant = fix_keyboard_layout(text)
    return _completions(meant, limit, engine, store) if meant else []


def _completions(text: str, limit: int, engine: SearchEngine, store: Store) -> list[Completion]:
    typed = parse_partial_query(text)
    if typed is None or limit < 1 or _pauses.holds(engine):
        return []
    candidates = CompletionFinder(typed, limit * _COUNTED, store).all()
    try:
        counts = engine.counts([each.node for each in candidates]) if candidates else ()
    except EngineUnavailable:
        _pauses.begin(engine)
        return []
    except EngineError:
        return []
    order = _OF_SEVERAL if len(typed.tokens) > 1 else _OF_ONE
    return _interleave(_found_by_kind(candidates, counts, order), limit)


class _EngineBackoff:
    """Remembers which engines did not answer a moment ago, as typing causes several requests a second."""

    def __init__(self) -> None:
        self._until: WeakKeyDictionary[SearchEngine, float] = WeakKeyDictionary()

    def begin(self, engine: SearchEngine) -> None:
        """Do not ask this engine for a while."""
        self._until[engine] = time.monotonic() + _PAUSE

    def holds(self, engine: SearchEngine) -> bool:
        """Return True while this engine must not be asked."""
        return time.monotonic() < self._until.get(engine, 0.0)


_pauses = _EngineBackoff()


def _found_by_kind(
    candidates: Sequence[CompletionCandidate], counts: Sequence[int], order: Sequence[CompletionKind]
) -> Mapping[CompletionKind, list[Completion]]:
    """Return the completions that find something, by kind in the order of the kinds, best first."""
    found = [(each, count) for each, count in zip(candidates, counts, strict=True) if count]
    found.sort(key=lambda pair: (pair[0].rank, -pair[1]))
    phrases = {each.completion.query for each, _count in found if each.completion.kind == "phrase"}
    by_kind: dict[CompletionKind, list[Completion]] = {kind: [] for kind in order}
    for candidate, count in found:
        completion = candidate.completion
        if completion.kind != "word" or completion.query not in phrases:
            by_kind[completion.kind].append(replace(completion, count=count))
    return by_kind


def _interleave(by_kind: Mapping[CompletionKind, list[Completion]], limit: int) -> list[Completion]:
    """Return at most `limit` completions, one of each kind in turn, listed kind by kind."""
    turns = chain.from_iterable(zip_longest(*by_kind.values()))
    chosen = [each for each in turns if each is not None][:limit]
    order = list(by_kind)
    return sorted(chosen, key=lambda each: order.index(each.kind))
