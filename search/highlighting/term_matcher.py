"""Where a text holds the leaves of a tree: the levels of `arabic` applied to the original text in Python. The
highlighter and "why this result" both ask here: what is marked is what is explained, on any engine."""

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
#: Word types whose stem is remembered; a page of news has a few thousand.
_light = lru_cache(maxsize=65_536)(light_stem)


class TokenizedText:
    """A text and its tokens, cut once for all that is looked up in it; `splitter` is that of the index."""

    def __init__(self, text: str, splitter: Decompounder = SHIPPED_DECOMPOUNDER) -> None:
        self.text = text
        self._splitter = splitter
        self.tokens = tokenize(text)
        self.exact = self.tokens.normalized

    @cached_property
    def forms(self) -> list[tuple[str, ...]]:
        """What each token adds to the bag of forms."""
        return lemma_terms_in_context(self.exact, self._splitter)

    def span_of(self, form: str, at: int) -> tuple[int, int]:
        """[start, end) of the tokens that bring a form of the token at `at` into the bag: that of a name of
        several words stands on each of them."""
        alone = at, at + 1
        return self._runs.get((at, form), alone) if form.startswith(NAME_MARKER) else alone

    @cached_property
    def _runs(self) -> Mapping[tuple[int, str], tuple[int, int]]:
        """(a token's index, form) of names of several words -> where the name begins and ends, in tokens."""
        return {
            (at, run.term): (run.start, run.end)
            for run in find_multiword_names(self.exact)
            for at in range(run.start, run.end)
        }

    @cached_property
    def types(self) -> frozenset[str]:
        """The folded words of the text."""
        return frozenset(self.exact)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The light stems of its words."""
        return frozenset(map(_light, self.types))

    def written(self, start: int, end: int) -> str:
        """The tokens [start, end) as they stand in the text."""
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]


class LeafMatcher:
    """The leaves of one field, ready to be found in many texts; each answers to its number in `leaves`."""

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

    def find(self, text: TokenizedText) -> Iterator[tuple[int, int, int]]:
        """(number of the leaf, first token, behind the last token) of everything found, in no order."""
        if self._alone:
            # By word type first: most texts of a page hold few types that match.
            wanted = self._of_types(text.types)
            for at, exact in enumerate(text.exact) if wanted else ():
                for number in wanted.get(exact, ()):
                    yield number, at, at + 1
        if bag := self._terms["forms"]:
            for at, forms in enumerate(text.forms):
                for form in forms:
                    if form in bag:
                        start, end = text.span_of(form, at)
                        if start == at:
                            yield from ((number, start, end) for number in bag[form])
        for number, phrase in self._phrases:
            yield from ((number, start, end) for start, end in phrase_spans(phrase, text))

    def _of_types(self, types: frozenset[str]) -> dict[str, tuple[int, ...]]:
        """Those of some word types that satisfy leaves by themselves, with the leaves."""
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
    """Whether a pattern of the engines matches this token."""
    if pattern.open_start and pattern.open_end:
        return pattern.value in exact
    return exact.endswith(pattern.value) if pattern.open_start else exact.startswith(pattern.value)


def phrase_spans(phrase: Phrase, text: TokenizedText) -> list[tuple[int, int]]:
    """[start, end) of the tokens of each occurrence. Words in a row are one stretch; of a loose phrase, each
    run of its words that stand beside one another."""
    if not (text.types if phrase.level == "exact" else text.stems).issuperset(phrase.values):
        return []
    indexes = sorted(phrase_token_indexes(phrase, text.exact))
    found: list[tuple[int, int]] = []
    for index in indexes:
        start, end = found[-1] if found else (0, 0)
        if found and index == end and (phrase.slop or end - start < len(phrase.values)):
            found[-1] = (start, index + 1)
        else:
            found.append((index, index + 1))
    return found


def phrase_token_indexes(phrase: Phrase, exact: Sequence[str]) -> set[int]:
    """Indexes of the tokens that belong to an occurrence of `phrase`, by the definition of `terms.Phrase`: a
    token for each word, none used twice, (position - place) spread over at most `slop`."""
    places: dict[str, list[int]] = {}
    for place, value in enumerate(phrase.values):
        places.setdefault(value, []).append(place)
    # (position - place, index, place) of every token that may stand at a place, in the order of the spread.
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
    """Whether every place can have a token of its own (a phrase that repeats a word): augmenting paths."""
    choices: list[list[int]] = [[] for _ in range(places)]
    for _, index, place in window:
        choices[place].append(index)
    taken: dict[int, int] = {}

    def settle(place: int, seen: set[int]) -> bool:
        for index in choices[place]:
            if index not in seen:
                seen.add(index)
                if index not in taken or settle(taken[index], seen):
                    taken[index] = place
                    return True
        return False

    return all(settle(place, set()) for place in range(places))


def positive_leaves(node: Node) -> Iterator[Leaf]:
    """The leaves over words outside NOT; what only orders hits is none of them."""
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
    """The tree for an article of which every number (its cities, its source) is known."""
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
    """The leaves by which a tree of words holds, when those of `found` are there; None if it does not hold.
    Numbers (a city, a date) say nothing about words and count as true."""
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
