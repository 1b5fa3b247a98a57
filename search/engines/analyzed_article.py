"""The analyzed article: what a search needs of an article's texts, read from the index instead of the texts.

These are the tokens of title and body with their offsets in the original text, and the terms of each word
type (normalized token, stem, terms of the lemma field, roots). No query tokenizes or analyzes an indexed
article again.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, compress
from operator import add

from search.engines.packed_article import (
    ENTRY_SHIFT,
    EXACT,
    FORMS,
    LIGHT,
    Numbers,
    UnpackedArticle,
    text_fingerprint,
)
from search.query_tree import AnalysisLevel

#: So many terms are looked for one by one in the joined lines; for more, every line is looked up.
_FEW_TERMS = 20
LEVEL_BITS: Mapping[AnalysisLevel, int] = {"exact": EXACT, "light": LIGHT, "forms": FORMS}
#: Tokens of an article, ascending, each with the bits of what was found there.
FoundTokens = Sequence[tuple[int, int]]
#: The levels at which a term is wanted, and the bit of each.
_Row = list[tuple[int, int]]


class WantedTerms:
    """Terms to look for in many analyzed articles, each at a level. Every such pair has a bit of its own.

    Everything that reads the hits of one search (their order, marks and differences) shares one, so that each
    article is searched once. It is cheap to add terms before the first article, not later.
    """

    def __init__(self) -> None:
        self._bits: dict[tuple[str, int], int] = {}
        #: Term → (level, bit).
        self._rows: dict[str, _Row] = {}
        self._encoded: dict[str, dict[bytes, _Row]] = {}

    @classmethod
    def of_level(cls, level: AnalysisLevel, terms: Iterable[str]) -> WantedTerms:
        """Return these terms at a level."""
        wanted = cls()
        for term in terms:
            wanted.add(term, LEVEL_BITS[level])
        return wanted

    def __len__(self) -> int:
        return len(self._bits)

    def add(self, term: str, level: int) -> int:
        """Return the bit of a term at a level (EXACT, LIGHT, FORMS or ROOT); add it if it is new."""
        bit = self._bits.get((term, level))
        if bit is None:
            bit = self._bits[term, level] = 1 << len(self._bits)
            self._rows.setdefault(term, []).append((level, bit))
            self._encoded.clear()
        return bit

    def bits(self, level: int) -> dict[str, int]:
        """Return the terms at a level with their bits."""
        return {term: bit for (term, of_term), bit in self._bits.items() if of_term == level}

    def rows(self, charset: str) -> dict[bytes, _Row]:
        """Return (level, bit) by the encoded form of the terms, without those that the charset lacks."""
        if charset not in self._encoded:
            pairs = ((_encode(term, charset), row) for term, row in self._rows.items())
            self._encoded[charset] = {encoded: row for encoded, row in pairs if encoded is not None}
        return self._encoded[charset]


def _encode(term: str, charset: str) -> bytes | None:
    try:
        return term.encode(charset)
    except UnicodeEncodeError:
        return None


class BitsByTerms(dict[int, int]):
    """Bits of wanted terms → bits of what has one of these terms. The tokens of a text have few such sets."""

    def __init__(self, by_term: Mapping[int, int]) -> None:
        """`by_term`: the same for the bit of a single term."""
        super().__init__()
        self._by_term = by_term

    def __missing__(self, bits: int) -> int:
        found, left = 0, bits
        while left:
            lowest = left & -left
            found |= self._by_term.get(lowest, 0)
            left ^= lowest
        self[bits] = found
        return found


class AnalyzedArticle:
    """The tokens of an article's title and body, and the terms of their types."""

    def __init__(self, contents: UnpackedArticle) -> None:
        self.contents = contents
        self.version, self.charset = contents.version, contents.charset
        #: What `find` was asked for last, the number of terms in it then, and the answer.
        self._found: tuple[WantedTerms | None, int, FoundTokens] = (None, 0, ())
        self.title = AnalyzedTokens(self, 0, contents.title_tokens)
        self.body = AnalyzedTokens(self, contents.title_tokens, len(contents.types))

    def is_of(self, title: str, body: str) -> bool:
        """Return True if these are the texts that were analyzed."""
        return self.contents.fingerprint == text_fingerprint(title, body)

    def find(self, wanted: WantedTerms) -> FoundTokens:
        """Return the tokens of title and body together that have any of the terms, with the terms' bits.

        The answer is kept, because one search asks for it several times.
        """
        if self._found[0] is not wanted or self._found[1] != len(wanted):
            self._found = wanted, len(wanted), self._find(wanted)
        return self._found[2]

    def _find(self, wanted: WantedTerms) -> FoundTokens:
        contents, normalized = self.contents, self.contents.normalized
        entry_lines, levels, starts = contents.entry_lines, contents.entry_levels, contents.entry_starts
        bits_of_types: dict[int, int] = {}
        for line, row in self._wanted_lines(wanted.rows(self.charset)):
            if line < normalized:
                for level, bit in row:
                    if level == EXACT:
                        bits_of_types[line] = bits_of_types.get(line, 0) | bit
            letter = chr(line)
            at = entry_lines.find(letter)
            while at >= 0:
                for level, bit in row:
                    if levels[at] & level:
                        number = bisect_right(starts, at) - 1
                        bits_of_types[number] = bits_of_types.get(number, 0) | bit
                at = entry_lines.find(letter, at + 1)
        types = contents.types
        found = []
        for number, bits in bits_of_types.items():
            letter = chr(number)
            at = types.find(letter)
            while at >= 0:
                found.append((at, bits))
                at = types.find(letter, at + 1)
        found.sort()
        return found

    def _wanted_lines(self, rows: Mapping[bytes, _Row]) -> Iterable[tuple[int, _Row]]:
        """Return the lines of the terms that the article has. A dictionary of all lines would take longer."""
        if len(rows) > _FEW_TERMS:
            lines = self.lines
            found = compress(range(len(lines)), map(rows.__contains__, lines))
            return [(line, rows[lines[line]]) for line in found]
        places = ((term, self._line_of(term)) for term in rows)
        return [(line, rows[term]) for term, line in places if line is not None]

    def _line_of(self, term: bytes) -> int | None:
        """Return the line of an encoded term, without splitting all lines."""
        terms = self.contents.terms
        at = terms.find(b"\n%b\n" % term)
        return None if at < 0 else terms.count(b"\n", 0, at)

    def line(self, term: str) -> int | None:
        """Return the line of a term, None if no token has it."""
        encoded = _encode(term, self.charset)
        return None if encoded is None else self._line_of(encoded)

    @cached_property
    def lines(self) -> Sequence[bytes]:
        """The distinct terms, encoded."""
        return self.contents.lines

    @property
    def distinct_words(self) -> Sequence[str]:
        """The distinct normalized tokens."""
        return self._decoded_lines[: self.contents.normalized]

    @cached_property
    def stems(self) -> Mapping[str, str]:
        """The stem of each type; types are characters of `contents.types`."""
        lines, entry_lines, starts = (
            self._decoded_lines,
            self.contents.entry_lines,
            self.contents.entry_starts,
        )
        # The first entry of a type is its stem.
        stems = [lines[ord(entry_lines[start])] for start in starts[:-1]]
        return dict(zip(map(chr, range(len(stems))), stems, strict=True))

    def count_types(self, types: str) -> Iterator[tuple[str, str, int]]:
        """Yield (stem, normalized token, number) of the distinct ones of some types."""
        stems, lines = self.stems, self._decoded_lines
        normalized, further = self.contents.normalized, self.contents.further
        for letter, times in Counter(types).items():
            number = ord(letter)
            word = number if number < normalized else further[number - normalized]
            yield stems[letter], lines[word], times

    @cached_property
    def _decoded_lines(self) -> Sequence[str]:
        return self.contents.terms.decode(self.charset, "replace").split("\n")[1:-1]

    def entries(self, line: int) -> Numbers:
        """Return the entries of a term: its types, with what it is to them in the bits below."""
        contents, letter = self.contents, chr(line)
        lines, starts, levels = contents.entry_lines, contents.entry_starts, contents.entry_levels
        found = [line << ENTRY_SHIFT | EXACT] if line < contents.normalized else []
        at = lines.find(letter)
        while at >= 0:
            found.append(bisect_right(starts, at) - 1 << ENTRY_SHIFT | levels[at])
            at = lines.find(letter, at + 1)
        return found

    def positions(self, number: int, end: int, first: int = 0) -> list[int]:
        """Return the tokens of a type in [first, end) of title and body together, ascending."""
        types, letter = self.contents.types, chr(number)
        found = []
        at = types.find(letter, first, end)
        while at >= 0:
            found.append(at)
            at = types.find(letter, at + 1, end)
        return found

    def normalized_token(self, at: int) -> str:
        """Return the normalized token at an index of title and body together."""
        contents = self.contents
        number, normalized = ord(contents.types[at]), contents.normalized
        lines = (number,) if number < normalized else contents.further[number - normalized :]
        return self.lines[lines[0]].decode(self.charset, "replace") if lines else ""

    def name_at(self, at: int, line: int) -> tuple[int, int]:
        """Return [start, end) of the tokens that the term of a line covers at a token.

        The term of a name of several words is on each of its words.
        """
        return self._names.get((at, line), (at, at + 1))

    @cached_property
    def _names(self) -> dict[tuple[int, int], tuple[int, int]]:
        return self.contents.spans_of_names()


class AnalyzedTokens:
    """The tokens of the title or the body of an analyzed article, numbered from 0."""

    def __init__(self, article: AnalyzedArticle, first: int, end: int) -> None:
        self.article = article
        self._first, self._end = first, end

    def __len__(self) -> int:
        return self._end - self._first

    def find(self, wanted: WantedTerms) -> FoundTokens:
        """Return the tokens that have any of the terms, with the terms' bits."""
        found, first = self.article.find(wanted), self._first
        start, end = bisect_left(found, (first,)), bisect_left(found, (self._end,))
        return [(at - first, bits) for at, bits in found[start:end]] if first else found[start:end]

    def positions(self, entry: int) -> list[int]:
        """Return the tokens of the type of an entry, ascending."""
        first = self._first
        return [at - first for at in self.article.positions(entry >> ENTRY_SHIFT, self._end, first)]

    def term_positions(self, wanted: WantedTerms, level: AnalysisLevel) -> dict[str, list[int]]:
        """Return the tokens that have each of the terms at a level; without the terms that none has."""
        found = self.find(wanted)
        bits_of_terms = wanted.bits(LEVEL_BITS[level]).items()
        positions = {term: [at for at, bits in found if bits & bit] for term, bit in bits_of_terms}
        return {term: of_term for term, of_term in positions.items() if of_term}

    def types(self, start: int, end: int) -> str:
        """Return the types of the tokens [start, end), as characters."""
        return self.article.contents.types[self._first + start : self._first + end]

    def normalized(self, at: int) -> str:
        """Return the normalized token."""
        return self.article.normalized_token(self._first + at)

    def name_at(self, at: int, line: int) -> tuple[int, int]:
        """Return [start, end) of the tokens that the term of a line covers at a token."""
        first = self._first
        start, end = self.article.name_at(first + at, line)
        return start - first, end - first

    def span(self, at: int) -> tuple[int, int]:
        """Return the offsets of a token in the original text, its diacritics included.

        What lies before it is added up once for all tokens: a page of close hits asks for thousands of them.
        """
        start_or_end, length = self._sums[at], self.article.contents.lengths[self._first + at]
        if self.article.contents.overlaps:
            return start_or_end, start_or_end + length
        return start_or_end - length, start_or_end

    @cached_property
    def _sums(self) -> Sequence[int]:
        """The start of each token if tokens overlap, else its end."""
        contents, part = self.article.contents, slice(self._first, self._end)
        gaps, lengths = contents.offsets[part], contents.lengths[part]
        return array("q", accumulate(gaps if contents.overlaps else map(add, gaps, lengths)))

    def spans(self, tokens: Iterable[int]) -> list[tuple[int, int]]:
        """Return the offsets of some tokens, which ascend."""
        contents, at = self.article.contents, self._first
        offsets, lengths = contents.offsets, contents.lengths
        spans = []
        start = end = 0
        for token in tokens:
            after = self._first + token + 1
            length = lengths[after - 1]
            if contents.overlaps:
                start += sum(offsets[at:after])
                end = start + length
            else:
                end += sum(offsets[at:after]) + sum(lengths[at:after])
                start = end - length
            spans.append((start, end))
            at = after
        return spans
