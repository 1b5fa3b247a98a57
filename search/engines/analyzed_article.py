"""The analyzed article: what a search needs of an article's texts, read from the index instead of the texts.

These are the tokens of title and body with their offsets in the original text, and the terms of each word
type (normalized token, stem, terms of the lemma field, roots). No query tokenizes or analyzes an indexed
article again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
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

#: So many terms are looked for one by one in the joined lines; for more a dictionary of all lines is faster.
_FEW_TERMS = 40
LEVEL_BITS: Mapping[AnalysisLevel, int] = {"exact": EXACT, "light": LIGHT, "forms": FORMS}


class WantedTerms:
    """Terms to look for in many analyzed articles."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = frozenset(terms)
        self._encoded: dict[str, dict[bytes, str]] = {}

    def encoded(self, charset: str) -> dict[bytes, str]:
        """Return the terms by their encoded form, without those that the charset lacks."""
        if charset not in self._encoded:
            pairs = ((_encode(term, charset), term) for term in self._terms)
            self._encoded[charset] = {encoded: term for encoded, term in pairs if encoded is not None}
        return self._encoded[charset]


def _encode(term: str, charset: str) -> bytes | None:
    try:
        return term.encode(charset)
    except UnicodeEncodeError:
        return None


class AnalyzedArticle:
    """The tokens of an article's title and body, and the terms of their types."""

    def __init__(self, contents: UnpackedArticle) -> None:
        self.contents = contents
        self.version, self.charset = contents.version, contents.charset
        self._entries: dict[int, list[int]] = {}
        self._found: dict[WantedTerms, list[tuple[str, int, Numbers]]] = {}
        self.title = AnalyzedTokens(self, 0, contents.title_tokens)
        self.body = AnalyzedTokens(self, contents.title_tokens, len(contents.types))

    def is_of(self, title: str, body: str) -> bool:
        """Return True if these are the texts that were analyzed."""
        return self.contents.fingerprint == text_fingerprint(title, body)

    @property
    def normalized_lines(self) -> Sequence[bytes]:
        """The distinct normalized tokens, encoded."""
        return self.lines[: self.contents.normalized]

    @cached_property
    def lines(self) -> Sequence[bytes]:
        """The distinct terms, encoded."""
        return self.contents.lines

    @cached_property
    def distinct_words(self) -> Sequence[str]:
        """The distinct normalized tokens."""
        lines = self.normalized_lines
        return b"\n".join(lines).decode(self.charset, "replace").split("\n") if lines else []

    def count_words(self, types: str) -> dict[str, int]:
        """Return the normalized tokens of some types (characters of `contents.types`) with their counts."""
        words, normalized, further = self.distinct_words, self.contents.normalized, self.contents.further
        counts: dict[str, int] = {}
        for letter, times in Counter(types).items():
            number = ord(letter)
            word = words[number if number < normalized else further[number - normalized]]
            counts[word] = counts.get(word, 0) + times
        return counts

    def find(self, terms: WantedTerms) -> list[tuple[str, int, Numbers]]:
        """Return those of the terms that the article has, each with its line and its entries, in no order.

        The result is kept, because title and body are searched for the same terms.
        """
        if terms not in self._found:
            wanted = terms.encoded(self.charset)
            lines = self._few_line_numbers(wanted) if len(wanted) <= _FEW_TERMS else self._line_numbers
            self._found[terms] = [
                (wanted[term], lines[term], self.entries(lines[term]))
                for term in wanted.keys() & lines.keys()
            ]
        return self._found[terms]

    def _few_line_numbers(self, wanted: Iterable[bytes]) -> dict[bytes, int]:
        """Return the lines of those of the terms that the article has, without splitting all lines."""
        terms, found = self.contents.terms, {}
        for term in wanted:
            at = terms.find(b"\n%b\n" % term)
            if at >= 0:
                found[term] = terms.count(b"\n", 0, at)
        return found

    def entries(self, line: int) -> Numbers:
        """Return the entries of a term: its types, with what it is to them in the bits below."""
        if line in self._entries:
            return self._entries[line]
        contents, letter = self.contents, chr(line)
        lines, starts, levels = contents.entry_lines, contents.entry_starts, contents.entry_levels
        found = [line << ENTRY_SHIFT | EXACT] if line < contents.normalized else []
        at = lines.find(letter)
        while at >= 0:
            found.append(bisect_right(starts, at) - 1 << ENTRY_SHIFT | levels[at])
            at = lines.find(letter, at + 1)
        self._entries[line] = found
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

    def ends(self, first: int, end: int) -> Sequence[int]:
        """Return the ends of the tokens [first, end) of one text, in the original text."""
        offsets, lengths = self.contents.offsets[first:end], self.contents.lengths[first:end]
        if self.contents.overlaps:
            return list(map(add, accumulate(offsets), lengths))
        return list(accumulate(map(add, offsets, lengths)))

    def length(self, at: int) -> int:
        """Return the length of a token in the original text."""
        return self.contents.lengths[at]

    @cached_property
    def _names(self) -> dict[tuple[int, int], tuple[int, int]]:
        return self.contents.spans_of_names()

    @cached_property
    def _line_numbers(self) -> dict[bytes, int]:
        lines = self.lines
        return dict(zip(lines, range(len(lines)), strict=True))


class AnalyzedTokens:
    """The tokens of the title or the body of an analyzed article, numbered from 0."""

    def __init__(self, article: AnalyzedArticle, first: int, end: int) -> None:
        self.article = article
        self._first, self._end = first, end

    def __len__(self) -> int:
        return self._end - self._first

    def positions(self, entry: int) -> list[int]:
        """Return the tokens of the type of an entry, ascending."""
        first = self._first
        found = self.article.positions(entry >> ENTRY_SHIFT, self._end, first)
        return [at - first for at in found] if first else found

    def term_positions(self, terms: WantedTerms, level: AnalysisLevel) -> dict[str, list[int]]:
        """Return the tokens that have each of the terms at a level; without the terms that none has."""
        bit = LEVEL_BITS[level]
        found = {
            term: sorted(at for entry in entries if entry & bit for at in self.positions(entry))
            for term, _, entries in self.article.find(terms)
        }
        return {term: positions for term, positions in found.items() if positions}

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
        """Return the offsets of a token in the original text, its diacritics included."""
        end = self._ends[at]
        return end - self.article.length(self._first + at), end

    @cached_property
    def _ends(self) -> Sequence[int]:
        return self.article.ends(self._first, self._end)
