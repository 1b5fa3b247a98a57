"""Suggests other queries for a search with few hits, and diagnoses a search without hits.

Everything offered was counted under the filters of the request, so every offer finds something.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from arabic.text.tokenizer import normalized_terms
from search.engines.contract import SearchView
from search.query.compiler import PreparedSearch
from search.results import PartDiagnosis, QueryRelaxation, Suggestion
from search.suggest.correction_candidates import (
    LOG10_FREQUENCY_BONUS,
    CorrectionCandidate,
    correction_candidates,
    has_unknown_word,
)
from search.suggest.hit_counter import CountTicket, HitCounter
from search.suggest.query_rewriter import EMPTY_QUERY, EditableQuery, make_editable
from search.suggest.zero_results import ZeroResultDiagnosis

#: Other words are suggested for a search with at most this many hits.
MAX_HITS_FOR_SUGGESTIONS = 5
#: A suggestion must find this many times as many articles.
MIN_GAIN_FACTOR = 5
MAX_SUGGESTIONS = 3
#: Longer queries are pasted texts: no single word is decisive there, and the close part helps.
MAX_QUERY_CHARACTERS = 300
#: A candidate that costs this much more than the best one is not shown.
MAX_COST_GAP = 0.7


@dataclass(frozen=True, slots=True)
class SearchSuggestions:
    """The suggestions of a page; for the fields see `results.ResultPage`."""

    suggestions: tuple[Suggestion, ...] = ()
    missing: tuple[PartDiagnosis, ...] = ()
    ways_out: tuple[QueryRelaxation, ...] = ()


@dataclass(frozen=True, slots=True)
class _CountedCandidate:
    """A candidate as a query, with tickets for its count and for that of each word taken from articles."""

    candidate: CorrectionCandidate
    text: str
    #: [start, end) of its changes in `text`.
    changed: tuple[tuple[int, int], ...]
    ticket: CountTicket
    words: tuple[CountTicket, ...]

    @property
    def places(self) -> tuple[tuple[int, int], ...]:
        """[start, end) of its changes in the typed query."""
        changes = (option.replacement for option in self.candidate.options)
        return tuple((change.start, change.end) for change in changes)

    def is_public(self, counter: HitCounter) -> bool:
        """Return True if published articles still have its words; the vocabulary may be older."""
        return all(counter[word] for word in self.words)

    def finds_more(self, counter: HitCounter, total: int) -> bool:
        """Return True if the suggestion finds many more articles than the query."""
        return counter[self.ticket] >= max(1, total * MIN_GAIN_FACTOR)

    def final_cost(self, counter: HitCounter) -> float:
        """Return the cost minus a bonus for the number of articles found; the lowest is the likeliest."""
        return self.candidate.cost - LOG10_FREQUENCY_BONUS * log10(counter[self.ticket])

    def suggestion(self, counter: HitCounter) -> Suggestion:
        """Return the suggestion for display."""
        return Suggestion(self.text, self.text, self.candidate.kind, counter[self.ticket], self.changed)


def build_suggestions(search: PreparedSearch, total: int, engine: SearchView) -> SearchSuggestions:
    """Return suggestions for a search with `total` strict hits.

    There are none if the hits are many and every word is known, nor after the first page. The engine is not
    asked if every word is fine and something was found; otherwise once, or twice if nothing helps. Raises the
    errors of `search/engines/contract.py`.
    """
    request, vocabulary = search.request, search.store.vocabulary()
    if request.page > 1 or len(request.q) > MAX_QUERY_CHARACTERS:
        return SearchSuggestions()
    counter = HitCounter(search, engine)
    query = _editable_query(search, counter) if request.q.strip() else EMPTY_QUERY
    if query is None or (total > MAX_HITS_FOR_SUGGESTIONS and not has_unknown_word(query, vocabulary)):
        return SearchSuggestions()
    candidates = [
        counted
        for each in correction_candidates(query, search.store)
        if (counted := _counted_candidate(each, query, counter))
    ]
    if not total:
        return _zero_result_suggestions(search, query, candidates, counter)
    counter.run()
    return SearchSuggestions(_suggestions(_acceptable_candidates(candidates, counter, total), counter))


def _editable_query(search: PreparedSearch, counter: HitCounter) -> EditableQuery | None:
    """Return the query in editable form; None if it cannot be edited.

    Uses the parse of the search, unless settings.QUERY_MAX_CHARACTERS has cut that: suggestions read up to
    MAX_QUERY_CHARACTERS whatever the setting.
    """
    parsed = search.parsed
    if any(complaint.code == "too_long" for complaint in parsed.complaints):
        parsed = counter.parse(search.request.q)
    query = make_editable(parsed)
    if query is not None:
        counter.add_parsed(query.text, query.parsed)
    return query


def _zero_result_suggestions(
    search: PreparedSearch,
    query: EditableQuery,
    candidates: Sequence[_CountedCandidate],
    counter: HitCounter,
) -> SearchSuggestions:
    diagnosis = ZeroResultDiagnosis(query, counter)
    diagnosis.request_counts(search.request, tuple(search.filters.nodes))
    # Each of the intended words may occur, and yet no article has all of them.
    corrected = make_editable(counter.parse(candidates[0].text)) if candidates else None
    of_corrected = ZeroResultDiagnosis(corrected, counter) if corrected else None
    counter.run()
    good = _acceptable_candidates(candidates, counter, total=0)
    relaxations = diagnosis.relaxations()
    if not (good or relaxations or diagnosis.one_part_blocks):
        is_sound = of_corrected is not None and candidates[0].is_public(counter)
        subset = (of_corrected if of_corrected and is_sound else diagnosis).best_subset()
        relaxations += [subset] if subset else []
    alternatives = [
        (each.suggestion(counter), changes[0].start, changes[0].end)
        for each in good
        if len(changes := [option.replacement for option in each.candidate.options]) == 1
    ]
    return SearchSuggestions(_suggestions(good, counter), diagnosis.missing(alternatives), tuple(relaxations))


def _acceptable_candidates(
    candidates: Sequence[_CountedCandidate], counter: HitCounter, total: int
) -> list[_CountedCandidate]:
    """Return the candidates that may be shown, likeliest first.

    If a candidate finds no more than the query, the analyzer has understood the query that way already
    (اللازقية as اللاذقية): costlier candidates for the same words are left out.
    """
    understood: dict[tuple[tuple[int, int], ...], float] = {}
    for each in candidates:
        if 0 < counter[each.ticket] <= total:
            known = understood.get(each.places, each.candidate.cost)
            understood[each.places] = min(known, each.candidate.cost)
    shown = [
        each
        for each in candidates
        if each.is_public(counter)
        and each.finds_more(counter, total)
        and each.candidate.cost <= understood.get(each.places, each.candidate.cost)
    ]
    return sorted(shown, key=lambda each: each.final_cost(counter))


def _suggestions(good: Sequence[_CountedCandidate], counter: HitCounter) -> tuple[Suggestion, ...]:
    dearest = good[0].final_cost(counter) + MAX_COST_GAP if good else 0.0
    likely = {each.text: each.suggestion(counter) for each in good if each.final_cost(counter) <= dearest}
    return tuple(likely.values())[:MAX_SUGGESTIONS]


def _counted_candidate(
    candidate: CorrectionCandidate, query: EditableQuery, counter: HitCounter
) -> _CountedCandidate | None:
    """Return the candidate with tickets; None if it reads like the query itself, or cannot be written."""
    changed = query.replace_words([option.replacement for option in candidate.options], counter.parse)
    if changed is None or normalized_terms(changed[0]) == normalized_terms(query.text):
        return None
    words = tuple(counter.request_word_count(word) for word in candidate.words)
    return _CountedCandidate(candidate, *changed, counter.request_count(changed[0]), words)
