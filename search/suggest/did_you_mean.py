"""What a reader may have meant whose search found little, and why it found nothing. All that is said was
counted just now, under the filters of the request: nothing is offered that finds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from arabic.text.tokenizer import normalized_terms
from search.engines.contract import SearchEngine
from search.query.filters import ResolvedFilters
from search.query.request import SearchRequest
from search.results import PartDiagnosis, QueryRelaxation, Suggestion
from search.store.protocols import Store
from search.suggest.correction_candidates import (
    LOG10_FREQUENCY_BONUS,
    CorrectionCandidate,
    correction_candidates,
    has_unknown_word,
)
from search.suggest.hit_counter import CountTicket, HitCounter
from search.suggest.query_rewriter import EMPTY_QUERY, EditableQuery, parse_editable
from search.suggest.zero_results import ZeroResultDiagnosis

#: Other words are looked for where no more articles than this have the reader's.
MAX_HITS_FOR_SUGGESTIONS = 5
#: They are offered if they find this many times as many.
MIN_GAIN_FACTOR = 5
MAX_SUGGESTIONS = 3
#: Longer queries are pasted texts: no word of them decides, and the close hits serve them.
MAX_QUERY_CHARACTERS = 300
#: One that is dearer than the best by more than this is a guess too many.
MAX_COST_GAP = 0.7


@dataclass(frozen=True, slots=True)
class SearchSuggestions:
    """See `results.ResultPage`, whose fields these are."""

    suggestions: tuple[Suggestion, ...] = ()
    missing: tuple[PartDiagnosis, ...] = ()
    ways_out: tuple[QueryRelaxation, ...] = ()


@dataclass(frozen=True, slots=True)
class _CountedCandidate:
    """A candidate as a query; its tickets are for that and for each word that articles proposed."""

    candidate: CorrectionCandidate
    text: str
    spans: tuple[tuple[int, int], ...]
    ticket: CountTicket
    words: tuple[CountTicket, ...]

    @property
    def places(self) -> tuple[tuple[int, int], ...]:
        """Where in the typed query its changes are."""
        changes = (option.replacement for option in self.candidate.options)
        return tuple((change.start, change.end) for change in changes)

    def is_public(self, tally: HitCounter) -> bool:
        """Whether readers may still see its words: the vocabulary may be a little older than the articles."""
        return all(tally[word] for word in self.words)

    def finds_more(self, tally: HitCounter, total: int) -> bool:
        """Whether it finds much more than the query does."""
        return tally[self.ticket] >= max(1, total * MIN_GAIN_FACTOR)

    def price(self, tally: HitCounter) -> float:
        """Lower = likelier to be meant."""
        return self.candidate.cost - LOG10_FREQUENCY_BONUS * log10(tally[self.ticket])

    def suggestion(self, tally: HitCounter) -> Suggestion:
        return Suggestion(self.text, self.text, self.candidate.kind, tally[self.ticket], self.spans)


def build_suggestions(
    request: SearchRequest, filters: ResolvedFilters, total: int, engine: SearchEngine, store: Store
) -> SearchSuggestions:
    """Advice for a search with `total` strict hits; none where they are many and every word is known, or
    behind the first page. The engine is asked nothing where every word is fine and something was found, else
    once, or twice where nothing helps. Raises the errors of `engines.base`."""
    if request.page > 1 or len(request.q) > MAX_QUERY_CHARACTERS:
        return SearchSuggestions()
    query = parse_editable(request.q) if request.q.strip() else EMPTY_QUERY
    if query is None or (
        total > MAX_HITS_FOR_SUGGESTIONS and not has_unknown_word(query, store.vocabulary())
    ):
        return SearchSuggestions()
    tally = HitCounter(request, filters, engine, store)
    guesses = [
        guess
        for each in correction_candidates(query, store.vocabulary(), store.splitter())
        if (guess := _counted_candidate(each, query, tally))
    ]
    if not total:
        return _zero_result_suggestions(request, filters, query, guesses, tally)
    tally.count()
    return SearchSuggestions(_suggestions(_acceptable_candidates(guesses, tally, total), tally))


def _zero_result_suggestions(
    request: SearchRequest,
    filters: ResolvedFilters,
    query: EditableQuery,
    guesses: Sequence[_CountedCandidate],
    tally: HitCounter,
) -> SearchSuggestions:
    diagnosis = ZeroResultDiagnosis(query, tally)
    diagnosis.ask_more(request, tuple(filters.nodes))
    # The words that were meant may be there and yet not go together.
    corrected = parse_editable(guesses[0].text) if guesses else None
    of_corrected = ZeroResultDiagnosis(corrected, tally) if corrected else None
    tally.count()
    good = _acceptable_candidates(guesses, tally, total=0)
    ways_out = diagnosis.ways_out()
    if not (good or ways_out or diagnosis.one_hinders):
        sound = of_corrected is not None and guesses[0].is_public(tally)
        fewer = (of_corrected if of_corrected and sound else diagnosis).fewer_words()
        ways_out += [fewer] if fewer else []
    alternatives = [
        (guess.suggestion(tally), places[0].start, places[0].end)
        for guess in good
        if len(places := [option.replacement for option in guess.candidate.options]) == 1
    ]
    return SearchSuggestions(_suggestions(good, tally), diagnosis.missing(alternatives), tuple(ways_out))


def _acceptable_candidates(
    guesses: Sequence[_CountedCandidate], tally: HitCounter, total: int
) -> list[_CountedCandidate]:
    """Those that may be shown, likeliest first. Where a guess finds no more than the query, the archive has
    read the query so already (اللازقية as اللاذقية): dearer guesses for the same words are none."""
    understood: dict[tuple[tuple[int, int], ...], float] = {}
    for guess in guesses:
        if 0 < tally[guess.ticket] <= total:
            known = understood.get(guess.places, guess.candidate.cost)
            understood[guess.places] = min(known, guess.candidate.cost)
    shown = [
        guess
        for guess in guesses
        if guess.is_public(tally)
        and guess.finds_more(tally, total)
        and guess.candidate.cost <= understood.get(guess.places, guess.candidate.cost)
    ]
    return sorted(shown, key=lambda guess: guess.price(tally))


def _suggestions(good: Sequence[_CountedCandidate], tally: HitCounter) -> tuple[Suggestion, ...]:
    dearest = good[0].price(tally) + MAX_COST_GAP if good else 0.0
    likely = {guess.text: guess.suggestion(tally) for guess in good if guess.price(tally) <= dearest}
    return tuple(likely.values())[:MAX_SUGGESTIONS]


def _counted_candidate(
    candidate: CorrectionCandidate, query: EditableQuery, tally: HitCounter
) -> _CountedCandidate | None:
    """The candidate with tickets; None where it is read as the query itself, or cannot be written."""
    changed = query.changed([option.replacement for option in candidate.options])
    if changed is None or normalized_terms(changed[0]) == normalized_terms(query.text):
        return None
    words = tuple(tally.ask_word(word) for word in candidate.words)
    return _CountedCandidate(candidate, *changed, tally.ask(changed[0]), words)
