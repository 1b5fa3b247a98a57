"""Matches the leaves of a tree with a text, by the analysis levels of `arabic` and without an engine.

The highlighter and the explanation of a hit both use it, so the marked and explained matches are the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from arabic.analyzer import lemma_terms_in_context, light_stem
from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER, Decompounder
from arabic.morphology.protected_words import NAME_MARKER, find_multiword_names
from arabic.text.tokenizer import tokenize
from search.query_tree import (
    MATCH_NONE,
    AllOf,
    AnalysisLevel,
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
#: Caches the stems of word types; a page of hits has a few thousand.
_light = lru_cache(maxsize=65_536)(light_stem)


class MatchableText:
    """A text and its tokens, analysed once for every lookup; `splitter` must be that of the index."""

    def __init__(self, text: str, splitter: Decompounder = SHIPPED_DECOMPOUNDER) -> None:
        self.text = text
        self._splitter = splitter
        self.tokens = tokenize(text)
        self.normalized = self.tokens.normalized

    @cached_property
    def token_lemmas(self) -> list[tuple[str, ...]]:
        """The terms that each token adds to the lemma field."""
        return lemma_terms_in_context(self.tokens.written, self._splitter)

    def lemma_span(self, lemma: str, at: int) -> tuple[int, int]:
        """Return [start, end) of the tokens that a lemma term of the token at `at` covers.

        The term of a name of several words is on each of its words.
        """
        alone = at, at + 1
        return self._name_spans.get((at, lemma), alone) if lemma.startswith(NAME_MARKER) else alone

    @cached_property
    def _name_spans(self) -> Mapping[tuple[int, str], tuple[int, int]]:
        """(index of a token, term) of names of several words -> [start, end) of the name in tokens."""
        return {
            (at, run.term): (run.start, run.end)
            for run in find_multiword_names(self.normalized)
            for at in range(run.start, run.end)
        }

    @cached_property
    def word_types(self) -> frozenset[str]:
        """The distinct normalized tokens."""
        return frozenset(self.normalized)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The light stems of the tokens."""
        return frozenset(map(_light, self.word_types))

    def original_text(self, start: int, end: int) -> str:
        """Return the tokens [start, end) as written in the text."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]


class LeafMatcher:
    """The leaves of one field, ready to be matched with many texts.

    Each match gives the number of its leaf.
    """

    def __init__(self, leaves: Sequence[tuple[int, Leaf]]) -> None:
        self._terms: dict[AnalysisLevel, dict[str, tuple[int, ...]]] = {"exact": {}, "light": {}, "forms": {}}
        self._patterns: list[tuple[int, Pattern]] = []
        self._phrases: list[tuple[int, Phrase]] = []
        for number, leaf in leaves:
            match leaf:
                case Term(level=level, value=value):
                    self._terms[level][value] = (*self._terms[level].get(value, ()), number)
                case Pattern():
                    self._patterns.append((number, leaf))
                case Phrase():
                    self._phrases.append((number, leaf))
        self._alone = bool(self._terms["exact"] or self._terms["light"] or self._patterns)

    def find(self, text: MatchableText) -> Iterator[tuple[int, int, int]]:
        """Yield (number of the leaf, first token, token after the last) of every match, in no order."""
        if self._alone:
            # Word types first: few types of a text match.
            wanted = self._match_types(text.word_types)
            for at, token in enumerate(text.normalized) if wanted else ():
                for number in wanted.get(token, ()):
                    yield number, at, at + 1
        if lemmas := self._terms["forms"]:
            for at, terms in enumerate(text.token_lemmas):
                for lemma in terms:
                    if lemma in lemmas:
                        start, end = text.lemma_span(lemma, at)
                        if start == at:
                            yield from ((number, start, end) for number in lemmas[lemma])
        for number, phrase in self._phrases:
            yield from ((number, start, end) for start, end in phrase_spans(phrase, text))

    def _match_types(self, types: frozenset[str]) -> dict[str, tuple[int, ...]]:
        """Return the word types that match an exact, light or pattern leaf.

        The values are the numbers of these leaves.
        """
        found: dict[str, tuple[int, ...]] = {}
        exact, stems = self._terms["exact"], self._terms["light"]
        for one in exact.keys() & types:
            found[one] = exact[one]
        for one, stem in zip(types, map(_light, types), strict=True) if stems else ():
            if stem in stems:
                found[one] = found.get(one, ()) + stems[stem]
        for number, pattern in self._patterns:
            for one in types:
                if matches_pattern(pattern, one):
                    found[one] = (*found.get(one, ()), number)
        return found


def matches_pattern(pattern: Pattern, exact: str) -> bool:
    """Return True if the pattern matches this token, as in the engines."""
    if pattern.open_start and pattern.open_end:
        return pattern.value in exact
    return exact.endswith(pattern.value) if pattern.open_start else exact.startswith(pattern.value)


def phrase_spans(phrase: Phrase, text: MatchableText) -> list[tuple[int, int]]:
    """Return [start, end) in tokens of each occurrence.

    For a phrase with slop, each run of adjacent words of it is a span of its own.
    """
    if not (text.word_types if phrase.level == "exact" else text.stems).issuperset(phrase.values):
        return []
    indexes = sorted(phrase_token_indexes(phrase, text.normalized))
    found: list[tuple[int, int]] = []
    for index in indexes:
        start, end = found[-1] if found else (0, 0)
        if found and index == end and (phrase.slop or end - start < len(phrase.values)):
            found[-1] = (start, index + 1)
        else:
            found.append((index, index + 1))
    return found


def phrase_token_indexes(phrase: Phrase, exact: Sequence[str]) -> set[int]:
    """Return the indexes of the tokens in any occurrence of a phrase.

    As defined by `query_tree.Phrase`: a token for each word, none used twice, (position - place) spread over
    at most `slop`.
    """
    places: dict[str, list[int]] = {}
    for place, value in enumerate(phrase.values):
        places.setdefault(value, []).append(place)
    # (position - place, index, place) of every token that may fill a place, sorted by the spread.
    shifted: list[tuple[int, int, int]] = []
    for index, token in enumerate(exact):
        value = token if phrase.level == "exact" else _light(token)
        shifted += [(index - place, index, place) for place in places.get(value, ())]
    shifted.sort()
    found: set[int] = set()
    end = 0
    counts = [0] * len(phrase.values)
    for start, (lowest, _, _) in enumerate(shifted):
        while end < len(shifted) and shifted[end][0] <= lowest + phrase.slop:
            counts[shifted[end][2]] += 1
            end += 1
        if all(counts):
            window = shifted[start:end]
            if len(places) == len(phrase.values) or _has_distinct_tokens(window, len(phrase.values)):
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
