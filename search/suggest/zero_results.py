"""Why a query found nothing: how many articles have each of its parts, and what would find something."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from arabic.morphology.protected_words import find_multiword_names
from search.engines.contract import FacetName
from search.query.request import SearchRequest
from search.results import PartDiagnosis, QueryRelaxation, RelaxationKind, Suggestion
from search.suggest.hit_counter import CountTicket, HitCounter
from search.suggest.query_rewriter import ClauseSpan, EditableQuery

#: Leaving out each part of a query is tried for so many parts, counting each for so many: of a longer one no
#: single word decides.
MAX_PARTS_LEFT_OUT, MAX_PARTS_COUNTED = 5, 8


@dataclass(frozen=True, slots=True)
class QueryPart:
    """A word, a name of several, a phrase or a group at [start, end) of the query, and the clauses it is made
    of; none where it cannot be left out (beside an OR)."""

    start: int
    end: int
    clauses: tuple[ClauseSpan, ...] = ()

    @property
    def excluded(self) -> bool:
        """Whether it stands behind a NOT."""
        return any(clause.excluded for clause in self.clauses)


class ZeroResultDiagnosis:
    """Of one query. Asks the tally when it is made and by `ask_more`, answers when that has counted."""

    def __init__(self, query: EditableQuery, tally: HitCounter) -> None:
        self.query = query
        self.tally = tally
        parts = _parts(query)
        self.parts = parts if len(parts) <= MAX_PARTS_COUNTED else []
        self.alone = [tally.ask(query.text[part.start : part.end]) for part in self.parts]
        self.left_out: list[tuple[str, CountTicket] | None] = [None] * len(self.parts)
        self.ways: list[tuple[RelaxationKind, str, CountTicket]] = []

    def ask_more(self, request: SearchRequest, facets: Collection[FacetName]) -> None:
        """For the query without each of its parts, and for all that narrows it."""
        self.left_out = [self._ask_without(part) for part in self.parts]
        self.ways = list(self._ask_ways(request, facets))

    def _ask_without(self, part: QueryPart) -> tuple[str, CountTicket] | None:
        rest = [other for other in self.parts if other is not part and not other.excluded]
        if not rest or not part.clauses or len(self.parts) > MAX_PARTS_LEFT_OUT:
            return None
        text = self.query.without(part.clauses)
        return text, self.tally.ask(text)

    def _ask_ways(
        self, request: SearchRequest, facets: Collection[FacetName]
    ) -> Iterator[tuple[RelaxationKind, str, CountTicket]]:
        text = self.query.text
        if request.level != "all" and text:
            yield "level", text, self.tally.ask(text, level="all")
        for facet in facets:
            yield facet, text, self.tally.ask(text, without=[facet])
        if len(facets) > 1:
            yield "filters", text, self.tally.ask(text, without=facets)
        if (unquoted := self.query.unquoted()) != text:
            yield "unquoted", unquoted, self.tally.ask(unquoted)

    def missing(self, alternatives: Sequence[tuple[Suggestion, int, int]]) -> tuple[PartDiagnosis, ...]:
        """For each part what it finds and hinders. `alternatives`: queries in which one word was changed, and
        [start, end) of that in this one."""
        return tuple(
            PartDiagnosis(
                word=self.query.text[part.start : part.end],
                count=self.tally[alone],
                dropped_count=self.tally[left_out[1]] if left_out else 0,
                dropped_query=left_out[0] if left_out else "",
                alternatives=tuple(
                    each for each, start, end in alternatives if part.start <= start and end <= part.end
                ),
            )
            for part, alone, left_out in zip(self.parts, self.alone, self.left_out, strict=True)
        )

    def ways_out(self) -> list[QueryRelaxation]:
        """The other ways that find something."""
        found = [QueryRelaxation(kind, text, self.tally[ticket]) for kind, text, ticket in self.ways]
        return [way for way in found if way.count]

    @property
    def one_hinders(self) -> bool:
        """Whether the query finds something without one of its parts."""
        return any(left_out and self.tally[left_out[1]] for left_out in self.left_out)

    def fewer_words(self) -> QueryRelaxation | None:
        """The query with most of its parts, those that most articles have: as many as go together, by a few
        tries. Asks once more; None where no part finds anything."""
        counted = zip(self.parts, self.alone, strict=True)
        known = [(self.tally[alone], part) for part, alone in counted if part.clauses and not part.excluded]
        frequent = sorted((each for each in known if each[0]), key=lambda each: -each[0])
        largest = min(len(frequent), len(known) - 1)
        sizes = {largest, largest - 1, (largest + 1) // 2, 2, 1}
        tried = []
        for size in sorted((size for size in sizes if 0 < size <= largest), reverse=True):
            kept = [part for _count, part in frequent[:size]]
            gone = [clause for _count, part in known if part not in kept for clause in part.clauses]
            text = self.query.without(gone)
            tried.append((text, self.tally.ask(text)))
        self.tally.count()
        found = (
            QueryRelaxation("words", text, self.tally[ticket]) for text, ticket in tried if self.tally[ticket]
        )
        return next(found, None)


def _parts(query: EditableQuery) -> list[QueryPart]:
    """The clauses of a query, the words of a name taken together; beside an OR the words by themselves."""
    if not query.clauses:
        return [QueryPart(spot.start, spot.end) for spot in query.spots]
    words = [clause.word for clause in query.clauses]
    owner = [at for at, word in enumerate(words) for _token in word]
    with_next: set[int] = set()
    for run in find_multiword_names([token for word in words for token in word]):
        if _in_a_row(query, owner[run.start], owner[run.end - 1]):
            with_next.update(range(owner[run.start], owner[run.end - 1]))
    parts: list[list[ClauseSpan]] = []
    for at, clause in enumerate(query.clauses):
        if at - 1 in with_next:
            parts[-1].append(clause)
        else:
            parts.append([clause])
    return [QueryPart(part[0].start, part[-1].end, tuple(part)) for part in parts]


def _in_a_row(query: EditableQuery, first: int, last: int) -> bool:
    """Whether nothing but words stands from one clause to another."""
    clauses = query.clauses[first : last + 1]
    return all(clause.word for clause in clauses)
