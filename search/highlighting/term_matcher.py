"""Matches the leaves of a tree with a text, by the analysis levels of `arabic` and without an engine.

The highlighter and the explanation of a hit both use it, so the marked and explained matches are the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER, Decompounder
from arabic.morphology.protected_words import NAME_MARKER
from search.engines.analyzed_article import (
    LEVEL_BITS,
    AnalyzedArticle,
    AnalyzedTokens,
    WantedTerms,
)
from search.engines.analyzed_text import analyze_article
from search.engines.packed_article import EXACT, FORMS
from search.query_tree import (
    MATCH_NONE,
    AllOf,
    AnyOf,
    Boosted,
    MatchAll,
    MustNot,
    Node,
    Number,
    Pattern,
    Phrase,
    Term,
)

Leaf = Term | Pattern | Phrase


@dataclass(frozen=True, slots=True)
class MatchableText:
    """An original text and its tokens."""

    text: str
    tokens: AnalyzedTokens

    @classmethod
    def analyze(cls, text: str, splitter: Decompounder = SHIPPED_DECOMPOUNDER) -> MatchableText:
        """Analyze a text that is in no index; `splitter` must be that of the index."""
        return cls(text, analyze_article("", text, splitter).body)

    def original_text(self, start: int, end: int) -> str:
        """Return the tokens [start, end) as written in the text."""
        return self.text[self.tokens.span(start)[0] : self.tokens.span(end - 1)[1]]

    def normalized(self, start: int, end: int) -> list[str]:
        """Return the tokens [start, end) normalized."""
        return [self.tokens.normalized(at) for at in range(start, end)]


def matchable_texts(
    title: str, body: str, stored: AnalyzedArticle | None, splitter: Decompounder
) -> tuple[MatchableText, MatchableText]:
    """Return title and body with their stored analysis.

    They are analyzed anew where there is none, or where a text has changed since.
    """
    if stored is None or not stored.is_of(title, body):
        stored = analyze_article(title, body, splitter)
    return MatchableText(title, stored.title), MatchableText(body, stored.body)


class LeafMatcher:
    """The leaves of one field, ready to be matched with many texts.

    Each match gives the number of its leaf.
    """

    def __init__(self, leaves: Sequence[tuple[int, Leaf]], wanted: WantedTerms | None = None) -> None:
        """`wanted`: the terms of at least these leaves, shared by the matchers of several fields."""
        #: Term → (level, number of the leaf).
        self._terms: dict[str, list[tuple[int, int]]] = {}
        self._patterns: list[tuple[int, Pattern]] = []
        self._phrases: list[tuple[int, Phrase, WantedTerms]] = []
        for number, leaf in leaves:
            match leaf:
                case Term(level=level, value=value):
                    self._terms.setdefault(value, []).append((LEVEL_BITS[level], number))
                case Pattern():
                    self._patterns.append((number, leaf))
                case Phrase():
                    self._phrases.append((number, leaf, WantedTerms(leaf.values)))
        self._wanted = wanted or WantedTerms(self._terms)

    def find(self, text: MatchableText) -> list[tuple[int, int, int]]:
        """Return (number of the leaf, first token, token after the last) of every match, sorted."""
        tokens = text.tokens
        found: list[tuple[int, int, int]] = []
        for term, line, entries in tokens.article.find(self._wanted):
            leaves = self._terms.get(term, ())
            for entry in entries:
                numbers = [(level, number) for level, number in leaves if entry & level]
                if not numbers:
                    continue
                positions = tokens.positions(entry)
                for level, number in numbers:
                    if level == FORMS and term.startswith(NAME_MARKER):
                        spans = ((at, tokens.name_at(at, line)) for at in positions)
                        found += [(number, *span) for at, span in spans if span[0] == at]
                    else:
                        found += [(number, at, at + 1) for at in positions]
        for number, pattern in self._patterns:
            found += [(number, at, at + 1) for at in _pattern_positions(pattern, tokens)]
        for number, phrase, words in self._phrases:
            of_words = tokens.term_positions(words, phrase.level)
            if len(of_words) == len(set(phrase.values)):
                found += [(number, *span) for span in _phrase_spans(phrase, of_words)]
        found.sort()
        return found


def _pattern_positions(pattern: Pattern, tokens: AnalyzedTokens) -> Iterator[int]:
    """Yield the tokens that a pattern matches."""
    article = tokens.article
    [value] = WantedTerms([pattern.value]).encoded(article.charset) or [None]
    if value is None:
        return
    for line, normalized in enumerate(article.normalized_lines):
        if matches_pattern(pattern, normalized, value):
            for entry in article.entries(line):
                if entry & EXACT:
                    yield from tokens.positions(entry)


def matches_pattern(pattern: Pattern, exact: bytes, value: bytes) -> bool:
    """Return True if the pattern matches this token, as in the engines; `value` is its encoded value."""
    if pattern.open_start and pattern.open_end:
        return value in exact
    return exact.endswith(value) if pattern.open_start else exact.startswith(value)


def _phrase_spans(phrase: Phrase, positions: Mapping[str, Sequence[int]]) -> list[tuple[int, int]]:
    """Return [start, end) in tokens of each occurrence, from the positions of each word.

    For a phrase with slop, each run of adjacent words of it is a span of its own.
    """
    found: list[tuple[int, int]] = []
    for index in sorted(phrase_token_indexes(phrase, positions)):
        start, end = found[-1] if found else (0, 0)
        if found and index == end and (phrase.slop or end - start < len(phrase.values)):
            found[-1] = (start, index + 1)
        else:
            found.append((index, index + 1))
    return found


def phrase_token_indexes(phrase: Phrase, positions: Mapping[str, Sequence[int]]) -> set[int]:
    """Return the indexes of the tokens in any occurrence of a phrase, from the positions of each word.

    As defined by `query_tree.Phrase`: a token for each word, none used twice, (position - place) spread over
    at most `slop`.
    """
    # (position - place, index, place) of every token that may fill a place, sorted by the spread.
    shifted = sorted(
        (index - place, index, place)
        for place, value in enumerate(phrase.values)
        for index in positions.get(value, ())
    )
    distinct = len(set(phrase.values)) == len(phrase.values)
    found: set[int] = set()
    end = 0
    counts = [0] * len(phrase.values)
    for start, (lowest, _, _) in enumerate(shifted):
        while end < len(shifted) and shifted[end][0] <= lowest + phrase.slop:
            counts[shifted[end][2]] += 1
            end += 1
        if all(counts):
            window = shifted[start:end]
            if distinct or _has_distinct_tokens(window, len(phrase.values)):
                found.update(index for _, index, _ in window)
        counts[shifted[start][2]] -= 1
    return found


def _has_distinct_tokens(window: Sequence[tuple[int, int, int]], places: int) -> bool:
    """Return True if every place of a phrase can have a token of its own.

    Needed for a phrase that repeats a word; uses augmenting paths.
    """
    choices: list[list[int]] = [[] for _ in range(places)]
    for _, index, place in window:
        choices[place].append(index)
    taken: dict[int, int] = {}

    def assign(place: int, seen: set[int]) -> bool:
        for index in choices[place]:
            if index not in seen:
                seen.add(index)
                if index not in taken or assign(taken[index], seen):
                    taken[index] = place
                    return True
        return False

    return all(assign(place, set()) for place in range(places))


def positive_leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves over words outside NOT, without boosters."""
    match node:
        case Term() | Pattern() | Phrase():
            yield node
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from positive_leaves(child)
        case Boosted(child):
            yield from positive_leaves(child)
        case _:
            return


def resolve_numbers(node: Node, true: Collection[Number]) -> Node:
    """Return the tree for an article whose numbers (its cities, its source) are `true`."""
    match node:
        case Number():
            return MatchAll() if node in true else MATCH_NONE
        case AllOf(children):
            return AllOf(tuple(resolve_numbers(child, true) for child in children))
        case AnyOf(children, at_least):
            return AnyOf(tuple(resolve_numbers(child, true) for child in children), at_least)
        case MustNot(child):
            return MustNot(resolve_numbers(child, true))
        case _:
            return node


def is_supported(node: Node, found: Mapping[Leaf, bool]) -> bool:  # noqa: PLR0911  a case per kind of node
    """Return True if `supporting_leaves` finds that a tree matches, without looking for all of them."""
    match node:
        case Term() | Pattern() | Phrase():
            return node in found
        case AllOf(children):
            return all(is_supported(child, found) for child in children)
        case AnyOf(children, 1):
            return any(is_supported(child, found) for child in children)
        case AnyOf(children, at_least):
            return sum(is_supported(child, found) for child in children) >= at_least
        case Boosted(child):
            return is_supported(child, found)
        case MustNot(child):
            return not is_supported(child, found)
        case _:
            return True


def supporting_leaves(node: Node, found: Mapping[Leaf, bool]) -> frozenset[Leaf] | None:
    """Return the leaves through which a tree matches; None if it does not match.

    `found`: the leaves that the text has. Numbers (a city, a date) count as true.
    """
    match node:
        case Term() | Pattern() | Phrase():
            return frozenset((node,)) if found.get(node) else None
        case AllOf(children):
            parts = [supporting_leaves(child, found) for child in children]
            return frozenset().union(*(part for part in parts if part)) if None not in parts else None
        case AnyOf(children, at_least):
            held = [part for child in children if (part := supporting_leaves(child, found)) is not None]
            return frozenset().union(*held) if len(held) >= at_least else None
        case Boosted(child):
            return supporting_leaves(child, found)
        case MustNot(child):
            return frozenset() if supporting_leaves(child, found) is None else None
        case _:
            return frozenset()
