"""Matches the leaves of a tree with a text, by the analysis levels of `arabic` and without an engine.

The highlighter and the explanation of a hit both use it, so the marked and explained matches are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER, Decompounder
from arabic.morphology.protected_words import NAME_MARKER
from arabic.spelling.misread_words import MISREAD_MARKER
from search.engines.analyzed_article import (
    LEVEL_BITS,
    AnalyzedArticle,
    AnalyzedTokens,
    BitsByTerms,
    FoundTokens,
    WantedTerms,
)
from search.engines.analyzed_text import analyze_article
from search.engines.packed_article import EXACT
from search.query_tree import AllOf, AnyOf, Boosted, MustNot, Node, Number, Pattern, Phrase, Term

Leaf = Term | Pattern | Phrase
#: Gives the bits of the leaves through which a tree matches, of those that a text has, or NOT_MATCHED.
Support = Callable[[int], int]
NOT_MATCHED = -1
#: A term that begins with one of these may be that of several words in a row.
TERMS_OF_SEVERAL_WORDS = (NAME_MARKER, MISREAD_MARKER)


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
    title: str,
    body: str,
    stored: AnalyzedArticle | None,
    splitter: Decompounder,
    low_confidence_words: str = "",
) -> tuple[MatchableText, MatchableText]:
    """Return title and body with their stored analysis.

    They are analyzed anew where there is none, or where a text has changed since.
    `low_confidence_words`: as in `IndexDocument`.
    """
    if stored is None or not stored.is_of(title, body):
        stored = analyze_article(title, body, splitter, low_confidence_words)
    return MatchableText(title, stored.title), MatchableText(body, stored.body)


class LeafMatcher:
    """The leaves of one field, each with a bit, ready to be matched with many texts."""

    def __init__(self, leaves: Iterable[tuple[int, Leaf]], wanted: WantedTerms) -> None:
        """`wanted`: shared by all that reads the same articles; the terms of the leaves are added."""
        self._wanted = wanted
        self._terms: dict[int, Term] = {}
        self._patterns: list[tuple[int, Pattern]] = []
        #: Bit of the leaf, the phrase, and for each word its bit among the wanted terms.
        self._phrases: list[tuple[int, Phrase, dict[str, int]]] = []
        of_terms: dict[int, int] = {}
        for bit, leaf in leaves:
            if isinstance(leaf, Term):
                term = wanted.add(leaf.value, LEVEL_BITS[leaf.level])
                of_terms[term] = of_terms.get(term, 0) | bit
                self._terms[bit] = leaf
            elif isinstance(leaf, Phrase):
                level = LEVEL_BITS[leaf.level]
                self._phrases.append((bit, leaf, {word: wanted.add(word, level) for word in leaf.values}))
            else:
                self._patterns.append((bit, leaf))
        self._leaves_of = BitsByTerms(of_terms)
        in_phrases = {bit for _, _, words in self._phrases for bit in words.values()}
        self._words_of_phrases = reduce(or_, in_phrases, 0)
        self._phrase_of = {bit: phrase for bit, phrase, _ in self._phrases}

    def find(self, tokens: AnalyzedTokens) -> FoundTokens:
        """Return the tokens that belong to matches, ascending, with the bits of the leaves that match."""
        terms, leaves_of = tokens.find(self._wanted), self._leaves_of
        found = [(at, leaves) for at, bits in terms if (leaves := leaves_of[bits])]
        if not self._patterns and not self._phrases:
            return found
        by_token = dict(found)
        for bit, pattern in self._patterns:
            for at in _pattern_positions(pattern, tokens):
                by_token[at] = by_token.get(at, 0) | bit
        known = positions_by_bit(terms, self._words_of_phrases) if self._phrases else {}
        for bit, phrase, words in self._phrases:
            if not all(of_word in known for of_word in words.values()):
                continue
            of_words = {word: known[of_word] for word, of_word in words.items()}
            for at in phrase_token_indexes(phrase, of_words):
                by_token[at] = by_token.get(at, 0) | bit
        return sorted(by_token.items())

    def spans(self, bit: int, tokens: AnalyzedTokens, positions: Sequence[int]) -> list[tuple[int, int]]:
        """Return [start, end) in tokens of each match of a leaf, in order.

        `positions`: the tokens that `find` returned with its bit. Each run of adjacent words of a phrase with
        slop is a span of its own.
        """
        term = self._terms.get(bit)
        if term is None:
            phrase = self._phrase_of.get(bit)
            return _phrase_spans(phrase, positions) if phrase else [(at, at + 1) for at in positions]
        if term.level == "forms" and term.value.startswith(TERMS_OF_SEVERAL_WORDS):
            line = tokens.article.line(term.value)
            names = ((at, tokens.name_at(at, line)) for at in positions if line is not None)
            return [span for at, span in names if span[0] == at]
        return [(at, at + 1) for at in positions]


def positions_by_bit(found: FoundTokens, wanted: int = -1) -> dict[int, list[int]]:
    """Return the tokens that have each of the wanted bits, ascending; without the bits that none has.

    It reads the tokens once, however many bits there are: a query may have two thousand.
    """
    bits_of: dict[int, list[int]] = {}
    positions: dict[int, list[int]] = {}
    for at, bits in found:
        single = bits_of.get(bits)
        if single is None:
            single = bits_of[bits] = list(single_bits(bits & wanted))
        for bit in single:
            positions.setdefault(bit, []).append(at)
    return positions


def single_bits(bits: int) -> Iterator[int]:
    """Yield the bits of a number, the lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest
        bits ^= lowest


def _pattern_positions(pattern: Pattern, tokens: AnalyzedTokens) -> Iterator[int]:
    """Yield the tokens that a pattern matches."""
    article = tokens.article
    behind = _encoded(pattern.behind, article.charset)
    for value in _encoded((pattern.value,), article.charset):
        for line in pattern_lines(pattern, article.contents.terms, value, behind):
            if line >= article.contents.normalized:
                break
            for entry in article.entries(line):
                if entry & EXACT:
                    yield from tokens.positions(entry)


@lru_cache(1000)
def _encoded(texts: tuple[str, ...], charset: str) -> frozenset[bytes]:
    """Return texts, none empty, in the charset of an article, without those that no term of it can have."""
    known = (each for each in texts if each.encode(charset, "ignore").decode(charset) == each)
    return frozenset(each.encode(charset) for each in known)


def pattern_lines(
    pattern: Pattern, terms: bytes, value: bytes, behind: Collection[bytes] = ()
) -> Iterator[int]:
    """Yield the lines that a pattern matches, ascending, as in the engines.

    `value`, `behind`: those of the pattern, encoded. Each term has a line break before and behind it. `find`
    reads all of them at once: a query may have twenty patterns, and a page of words in context reads
    thousands of articles.
    """
    from_anywhere = pattern.open_start or bool(behind)
    sought = (b"" if from_anywhere else b"\n") + value + (b"" if pattern.open_end else b"\n")
    line, counted = -1, 0
    at = terms.find(sought)
    while at >= 0:
        if from_anywhere and not pattern.open_start:
            before = terms[terms.rindex(b"\n", 0, at) + 1 : at]
            if before and before not in behind:
                at = terms.find(sought, at + 1)
                continue
        inside = at if from_anywhere else at + 1
        line += terms.count(b"\n", counted, inside)
        counted = inside
        yield line
        at = terms.find(sought, terms.index(b"\n", inside))


def _phrase_spans(phrase: Phrase, indexes: Iterable[int]) -> list[tuple[int, int]]:
    """Return [start, end) of each occurrence, from the tokens of all of them, ascending."""
    found: list[tuple[int, int]] = []
    for index in indexes:
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


def compile_support(  # noqa: PLR0911  a case per kind of node
    node: Node, bit_of: Callable[[Leaf | Number], int]
) -> Support:
    """Return the function that tells through which of its leaves a tree matches.

    `bit_of`: the bit of a leaf or of a number (a city, a source); it is there if the function is called with
    this bit. Numbers are never among the answer. Other conditions (a date) count as true.
    """
    match node:
        case Term() | Pattern() | Phrase():
            bit = bit_of(node)
            return lambda there: there & bit or NOT_MATCHED
        case Number():
            bit = bit_of(node)
            return lambda there: 0 if there & bit else NOT_MATCHED
        case AllOf(children):
            return every_support([compile_support(child, bit_of) for child in children])
        case AnyOf(children, 1):
            leaves, trees = 0, []
            for child in children:
                if isinstance(child, Leaf):
                    leaves |= bit_of(child)
                else:
                    trees.append(compile_support(child, bit_of))
            return _some(trees, 1, leaves) if trees else lambda there: there & leaves or NOT_MATCHED
        case AnyOf(children, at_least):
            return _some([compile_support(child, bit_of) for child in children], at_least)
        case Boosted(child):
            return compile_support(child, bit_of)
        case MustNot(child):
            # Its words are not looked for, because no hit has them.
            excluded = compile_support(child, lambda leaf: bit_of(leaf) if isinstance(leaf, Number) else 0)
            return lambda there: 0 if excluded(there) == NOT_MATCHED else NOT_MATCHED
        case _:
            return lambda there: 0


def every_support(parts: Sequence[Support]) -> Support:
    """Return the function for a tree that requires each of these parts."""

    def support(there: int) -> int:
        found = 0
        for part in parts:
            held = part(there)
            if held == NOT_MATCHED:
                return NOT_MATCHED
            found |= held
        return found

    return support


def _some(parts: Sequence[Support], at_least: int, leaves: int = 0) -> Support:
    """`leaves`: the bits of further alternatives that are leaves, for `at_least` 1."""

    def support(there: int) -> int:
        found = there & leaves
        held = 1 if found else 0
        for part in parts:
            more = part(there)
            if more != NOT_MATCHED:
                found |= more
                held += 1
        return found if held >= at_least else NOT_MATCHED

    return support
