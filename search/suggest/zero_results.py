"""Diagnoses a query without hits: how many articles have each part, and which changes find something."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from arabic.morphology.protected_words import find_multiword_names
from search.engines.contract import FilterName
from search.query.nodes import is_lone_letter
from search.query.request import SearchRequest
from search.results import PartDiagnosis, QueryRelaxation, RelaxationKind, Suggestion
from search.suggest.hit_counter import CountTicket, HitCounter
from search.suggest.query_rewriter import ClauseSpan, EditableQuery

#: Maximum number of parts of a query for leaving each out in turn, and for counting part by part.
MAX_PARTS_LEFT_OUT, MAX_PARTS_COUNTED = 5, 8


@dataclass(frozen=True, slots=True)
class QueryPart:
    """A word, a name of several words, a phrase or a group at [start, end) of the query, and its clauses.

    Without clauses it cannot be left out (next to an OR).
    """

    start: int
    end: int
    clauses: tuple[ClauseSpan, ...] = ()

    @property
    def excluded(self) -> bool:
        """True if a NOT precedes it."""
        return any(clause.excluded for clause in self.clauses)


class ZeroResultDiagnosis:
    """The diagnosis of one query.

    It requests counts when it is made and in `request_counts`; the other methods need the counter to have
    run.
    """

    def __init__(self, query: EditableQuery, counter: HitCounter) -> None:
        self.query = query
        self.counter = counter
        parts = _parts(query)
        self.parts = parts if len(parts) <= MAX_PARTS_COUNTED else []
        self.part_tickets = [counter.request_count(query.text[part.start : part.end]) for part in self.parts]
        self.left_out: list[tuple[str, CountTicket] | None] = [None] * len(self.parts)
        self.ways: list[tuple[RelaxationKind, str, CountTicket]] = []

    def request_counts(self, request: SearchRequest, facets: Collection[FilterName]) -> None:
        """Request counts for the query without each of its parts, and for each relaxation."""
        self.left_out = [self._request_without(part) for part in self.parts]
        self.ways = list(self._request_relaxations(request, facets))

    def _request_without(self, part: QueryPart) -> tuple[str, CountTicket] | None:
        rest = [other for other in self.parts if other is not part and not other.excluded]
        if not rest or not part.clauses or len(self.parts) > MAX_PARTS_LEFT_OUT:
            return None
        text = self.query.without_clauses(part.clauses)
        return text, self.counter.request_count(text)

    def _request_relaxations(
        self, request: SearchRequest, facets: Collection[FilterName]
    ) -> Iterator[tuple[RelaxationKind, str, CountTicket]]:
        text = self.query.text
        if request.level != "all" and text:
            yield "level", text, self.counter.request_count(text, level="all")
        for facet in facets:
            yield facet, text, self.counter.request_count(text, without=[facet])
        if len(facets) > 1:
            yield "filters", text, self.counter.request_count(text, without=facets)
        if (unquoted := self.query.unquoted_text(self.counter.parse)) != text:
            yield "unquoted", unquoted, self.counter.request_count(unquoted)

    def missing(self, alternatives: Sequence[tuple[Suggestion, int, int]]) -> tuple[PartDiagnosis, ...]:
        """Return for each part how many articles have it, and how many the query finds without it.

        `alternatives`: queries in which one word was replaced, and [start, end) of that word in this one.
        """
        return tuple(
            PartDiagnosis(
                word=self.query.text[part.start : part.end],
                count=self.counter[alone],
                dropped_count=self.counter[left_out[1]] if left_out else 0,
                dropped_query=left_out[0] if left_out else "",
                alternatives=tuple(
                    each for each, start, end in alternatives if part.start <= start and end <= part.end
                ),
            )
            for part, alone, left_out in zip(self.parts, self.part_tickets, self.left_out, strict=True)
        )

    def relaxations(self) -> list[QueryRelaxation]:
        """Return the relaxations that find something."""
        found = [QueryRelaxation(kind, text, self.counter[ticket]) for kind, text, ticket in self.ways]
        return [each for each in found if each.count]

    @property
    def one_part_blocks(self) -> bool:
        """True if the query finds something without one of its parts."""
        return any(left_out and self.counter[left_out[1]] for left_out in self.left_out)

    def best_subset(self) -> QueryRelaxation | None:
        """Return the query with only its most frequent parts.

        Takes the largest of a few subsets that finds something, which costs one more round trip; None if no
        part finds anything.
        """
        counted = zip(self.parts, self.part_tickets, strict=True)
        known = [(self.counter[alone], part) for part, alone in counted if part.clauses and not part.excluded]
        frequent = sorted((each for each in known if each[0]), key=lambda each: -each[0])
        largest = min(len(frequent), len(known) - 1)
        sizes = {largest, largest - 1, (largest + 1) // 2, 2, 1}
        tried = []
        for size in sorted((size for size in sizes if 0 < size <= largest), reverse=True):
            kept = [part for _count, part in frequent[:size]]
            gone = [clause for _count, part in known if part not in kept for clause in part.clauses]
            text = self.query.without_clauses(gone)
            tried.append((text, self.counter.request_count(text)))
        self.counter.run()
        counts = ((text, self.counter[ticket]) for text, ticket in tried)
        return next((QueryRelaxation("words", text, count) for text, count in counts if count), None)


def _parts(query: EditableQuery) -> list[QueryPart]:
    """Return the clauses of a query, the words of a name as one part; next to an OR, each word by itself."""
    if not query.clauses:
        return [QueryPart(span.start, span.end) for span in query.spans]
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
    letters = [len("".join(part[0].word)) == 1 for part in parts]
    needed = [
        part
        for at, part in enumerate(parts)
        if any(letters[max(at - 1, 0) : at] + letters[at + 1 : at + 2])
        or not _belongs_to_next(query, part[0])
    ]
    return [QueryPart(part[0].start, part[-1].end, tuple(part)) for part in needed or parts]


def _belongs_to_next(query: EditableQuery, clause: ClauseSpan) -> bool:
    """Return True if a clause is a letter that the search leaves out (`without_lone_letters`)."""
    if not is_lone_letter("".join(clause.word)):
        return False
    before = [token for token in query.tokens if token.end <= clause.start][-1:]
    after = [token for token in query.tokens if token.start >= clause.end][:1]
    return not any(token.kind == "and" for token in before) and any(
        token.kind not in ("and", "not") and token.name not in ("city", "source") for token in after
    )


def _in_a_row(query: EditableQuery, first: int, last: int) -> bool:
    """Return True if the clauses from `first` to `last` are plain words."""
    clauses = query.clauses[first : last + 1]
    return all(clause.word for clause in clauses)
