"""The bytes of an analyzed article, which an index stores with the document.

docs/decisions/0024-analyzed-articles.md says why they look like this: a header (`_HEADER`), the analysis
version, the distinct terms joined by line feeds ("lines"), and columns of whole numbers. The first lines are
the normalized tokens: line n is that of type n. Further types have their token in common with one of these,
but other terms, which the words around them add.
"""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import accumulate, chain, count, pairwise
from operator import attrgetter, mul, sub
from sys import intern
from typing import NamedTuple

from arabic.morphology.analyzed_words import WordType
from arabic.morphology.protected_words import MultiwordName
from arabic.morphology.stem_lexicon import lemma_roots

#: Bump when the bytes change. Articles with another version are analyzed anew until the index is rebuilt.
FORMAT_VERSION = 1
#: Through what a type has a term, as bits of a number.
EXACT, LIGHT, FORMS, ROOT = 1, 2, 4, 8
#: An entry of a term is the number of a type with the bits below it.
ENTRY_SHIFT = 4
#: Version of the format; CRC-32 of all that follows; fingerprint of the texts; flags; length of the analysis
#: version; numbers of title tokens, body tokens, lines, normalized tokens, entries, further types and names,
#: and the bytes of the lines; the width of each column in bytes.
_HEADER = struct.Struct("<BI8sBB8I10B")
_CHECKED_FROM = struct.calcsize("<BI")
#: The lines are UTF-8, not cp1256, which has one byte for each letter of nearly every Arabic text.
_UTF8 = 1
#: A token begins before the end of the one before it: both come from one ligature.
_OVERLAPS = 2
#: Types are the characters of a string, so that the C library finds their positions.
_FIRST_SURROGATE = 0xD800
#: Tokens of title and body that are kept; there are fewer types than characters of Unicode.
_MAX_TITLE_TOKENS, _MAX_BODY_TOKENS = 100_000, 1_000_000
_CODES = {1: "B", 2: "H", 4: "I"}
#: As many as `arabic.analyzer` has.
_CACHED_TYPES = 120_000

Numbers = Sequence[int]


class TextAnalysis(NamedTuple):
    """The tokens of a text and their analysis, in parallel; offsets count in the original text."""

    normalized: Sequence[str]
    types: Sequence[WordType]
    starts: Sequence[int]
    ends: Sequence[int]
    names: Sequence[MultiwordName]

    def first(self, tokens: int) -> TextAnalysis:
        """Return the analysis of the first tokens."""
        if len(self.normalized) <= tokens:
            return self
        return TextAnalysis(
            self.normalized[:tokens],
            self.types[:tokens],
            self.starts[:tokens],
            self.ends[:tokens],
            [name for name in self.names if name.end <= tokens],
        )


def text_fingerprint(title: str, body: str) -> bytes:
    """Return a hash of the original texts, which shows whether one was changed after indexing."""
    text = f"{len(title)} {title}{body}".encode("utf-8", "surrogatepass")
    return sha256(text).digest()[:8]


def pack_article(title: TextAnalysis, body: TextAnalysis, fingerprint: bytes, version: str) -> bytes:
    """Return an analyzed article as bytes. `version`: the analysis version of the document."""
    title, body = title.first(_MAX_TITLE_TOKENS), body.first(_MAX_BODY_TOKENS)
    tokens, types, further = _number_types([*title.types, *body.types])
    normalized = len(types) - len(further)
    # Plain joining and cutting, because this is done for every article: 500 terms in 200 types.
    terms = list(map(_terms_of_types.__getitem__, types))
    terms[normalized:] = [
        ((*of_type, word.normalized), levels + bytes((EXACT,)))
        for word, (of_type, levels) in zip(types[normalized:], terms[normalized:], strict=True)
    ]
    of_entries = list(chain.from_iterable([of_type for of_type, _ in terms]))
    first = [word.normalized for word in types[:normalized]]
    lines = dict(zip(dict.fromkeys(chain(first, of_entries)), count()))
    entries = list(map(lines.__getitem__, of_entries))
    levels = b"".join([levels for _, levels in terms])
    encoded_lines, flags = _encode_lines(lines)
    offsets, lengths, overlaps = _offset_columns(title, body)
    names = [
        (name.start + first, name.end - name.start, lines[name.term])
        for first, text in ((0, title), (len(title.normalized), body))
        for name in text.names
        if name.end - name.start > 1
    ]
    columns: list[Numbers] = [
        tokens,
        entries,
        [len(levels) for _, levels in terms],
        levels,
        offsets,
        lengths,
        further,
        *([name[place] for name in names] for place in range(3)),
    ]
    packed = list(map(_pack_column, columns))
    made_with = version.encode()
    header = [
        fingerprint, flags | _OVERLAPS * overlaps, len(made_with),
        len(title.normalized), len(body.normalized), len(lines), normalized,
        len(entries), len(further), len(names), len(encoded_lines),
        *(width for width, _ in packed),
    ]  # fmt: skip
    parts = made_with, encoded_lines, *(data for _, data in packed)
    unchecked = b"".join((_HEADER.pack(FORMAT_VERSION, 0, *header), *parts))
    checksum = zlib.crc32(memoryview(unchecked)[_CHECKED_FROM:])
    return _HEADER.pack(FORMAT_VERSION, checksum, *header) + unchecked[_HEADER.size :]


def _number_types(tokens: Sequence[WordType]) -> tuple[list[int], list[WordType], list[int]]:
    """Return the number of each token's type, the types in order, and the lines of the further types."""
    found = dict.fromkeys(tokens)
    first: dict[str, WordType] = {}
    others = [word for word in found if first.setdefault(word.normalized, word) is not word]
    types = list(first.values())
    numbers = dict(zip(types, count()))
    # Of the others, those with the same forms are one type.
    forms = attrgetter("normalized", "stem", "lemma_field")
    by_forms = {forms(word): numbers[word] for word in {first[word.normalized] for word in others}}
    further: list[WordType] = []
    for word in others:
        next_number = len(types) + len(further)
        numbers[word] = by_forms.setdefault(forms(word), next_number)
        if numbers[word] == next_number:
            further.append(word)
    lines = [numbers[first[word.normalized]] for word in further]
    return list(map(numbers.__getitem__, tokens)), types + further, lines


class _TermsOfTypes(dict[WordType, tuple[tuple[str, ...], bytes]]):
    """Type → its stem, terms and roots, and the levels of each as a byte.

    Cleared when it is full.
    """

    def __missing__(self, word: WordType) -> tuple[tuple[str, ...], bytes]:
        if len(self) >= _CACHED_TYPES:
            self.clear()
        levels = {word.stem: LIGHT}
        for term in word.lemma_field.split():
            levels[term] = levels.get(term, 0) | FORMS
            for root in lemma_roots(term):
                levels[root] = levels.get(root, 0) | ROOT
        # Words share stems, lemmas and roots, so their strings are shared too.
        found = self[word] = tuple(map(intern, levels)), bytes(levels.values())
        return found


_terms_of_types = _TermsOfTypes()


def _encode_lines(terms: Iterable[str]) -> tuple[bytes, int]:
    """Return the terms joined by line feeds, and the flag of their encoding."""
    joined = "\n".join(terms)
    try:
        return joined.encode("cp1256"), 0
    except UnicodeEncodeError:
        return joined.encode(), _UTF8


def _offset_columns(title: TextAnalysis, body: TextAnalysis) -> tuple[list[int], list[int], bool]:
    """Return the columns of offsets and lengths, and whether tokens overlap.

    The first has the distance of each token from the end of the one before it, or from its start if tokens
    overlap.
    """
    texts = title, body
    lengths = [length for text in texts for length in map(sub, text.ends, text.starts)]
    gaps = [gap for text in texts for gap in map(sub, text.starts, chain((0,), text.ends))]
    overlaps = min(gaps, default=0) < 0
    if overlaps:
        gaps = [gap for text in texts for gap in map(sub, text.starts, chain((0,), text.starts))]
    return gaps, lengths, overlaps


def _pack_column(values: Numbers) -> tuple[int, bytes]:
    """Return the width of the numbers in bytes, and all their low bytes, then all their next bytes, ...

    The compression of the engines finds more repetitions in this order.
    """
    try:
        return 1, bytes(values)
    except ValueError:  # a number above 255
        width = 2 if max(values) < _FIRST_SURROGATE else 4
    numbers = array(_CODES[width], values)
    if sys.byteorder == "big":
        numbers.byteswap()
    data = numbers.tobytes()
    return width, b"".join(data[place::width] for place in range(width))


# -- reading ----------------------------------------------------------------------------------------------


class UnpackedArticle(NamedTuple):
    """The contents of the bytes."""

    #: The analysis version of the document.
    version: str
    fingerprint: bytes
    #: The encoding of the lines.
    charset: str
    #: The distinct terms joined by line feeds, with one before the first and after the last; b"" if none.
    terms: bytes
    #: The number of lines that are normalized tokens.
    normalized: int
    #: The number of tokens in the title; those of the body follow them.
    title_tokens: int
    #: A character for each token: the number of its type.
    types: str
    #: A character for each entry, type by type: the line of one of its terms.
    entry_lines: str
    #: Type → its first entry, and the end of the last.
    entry_starts: list[int]
    #: Through what the type of an entry has the term.
    entry_levels: bytes
    #: Of each token, in its own text: the distance from the end of the token before it, or from its start if
    #: tokens overlap; its length.
    offsets: Numbers
    lengths: Numbers
    overlaps: bool
    #: The lines of the tokens of further types.
    further: Numbers
    #: Of each name of several words: its first token, its length in tokens, the line of its term.
    names: tuple[Numbers, Numbers, Numbers]

    @property
    def lines(self) -> list[bytes]:
        """The distinct terms."""
        return self.terms[1:-1].split(b"\n") if self.terms else []

    def spans_of_names(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Return (token, line of the term) → [start, end) of a name, for each of its words."""
        tokens = len(self.types)
        return {
            (at, line): (start, start + length)
            for start, length, line in zip(*self.names, strict=True)
            if start + length <= tokens
            for at in range(start, start + length)
        }


def unpack_article(data: bytes) -> UnpackedArticle | None:
    """Return the contents of the bytes of `pack_article`; None if they are damaged or of another format.

    They may come from a backup of any version. Memory and time are bounded by their length.
    """
    try:
        return _unpack(data)
    except (ValueError, LookupError, struct.error):
        return None


def _unpack(data: bytes) -> UnpackedArticle:
    """Raise ValueError, LookupError or struct.error for anything but the bytes of `pack_article`."""
    _, checksum, fingerprint, flags, of_version, *sizes = _HEADER.unpack_from(data)
    if data[0] != FORMAT_VERSION or zlib.crc32(memoryview(data)[_CHECKED_FROM:]) != checksum:
        raise ValueError("another format, or damaged bytes")
    title, body, lines, normalized, entries, further, names, of_lines, *widths = sizes
    tokens = title + body
    types = normalized + further
    lengths = tokens, entries, types, entries, tokens, tokens, further, names, names, names
    if not {*widths} <= _CODES.keys():
        raise ValueError("unknown width of a column")
    ends = list(accumulate((of_version, of_lines, *map(mul, lengths, widths)), initial=_HEADER.size))
    if ends[-1] != len(data):
        raise ValueError("the sizes do not add up")
    version, terms, *columns = (data[start:end] for start, end in pairwise(ends))
    counts, levels, *places, starts, spans, of_terms = map(_read_column, columns[2:], widths[2:])
    found = UnpackedArticle(
        version=version.decode("ascii"),
        fingerprint=fingerprint,
        charset="utf-8" if flags & _UTF8 else "cp1256",
        terms=b"\n%b\n" % terms if lines else b"",
        normalized=normalized,
        title_tokens=title,
        types=_read_characters(columns[0], widths[0]),
        entry_lines=_read_characters(columns[1], widths[1]),
        entry_starts=list(accumulate(counts, initial=0)),
        entry_levels=bytes(levels),
        offsets=places[0],
        lengths=places[1],
        overlaps=bool(flags & _OVERLAPS),
        further=places[2],
        names=(starts, spans, of_terms),
    )
    if (
        not normalized <= lines == max(0, found.terms.count(b"\n") - 1)
        or (len(found.types), len(found.entry_lines), found.entry_starts[-1]) != (tokens, entries, entries)
        or any(line >= normalized for line in found.further)
    ):
        raise ValueError("the columns do not fit together")
    return found


def _read_column(data: bytes, width: int) -> Numbers:
    """Return the numbers that `_pack_column` packed."""
    if width == 1:
        return data
    numbers = array(_CODES[width], _in_order(data, width))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _in_order(data: bytes, width: int) -> bytes:
    """Return the bytes of the numbers one number after the other."""
    length = len(data) // width
    found = bytearray(len(data))
    for place in range(width):
        found[place::width] = data[place * length : (place + 1) * length]
    return bytes(found)


def _read_characters(data: bytes, width: int) -> str:
    """Return a column as a string with a character for each number."""
    if width == 1:
        return data.decode("latin-1")
    codec = "utf-16-le" if width == 2 else "utf-32-le"
    return _in_order(data, width).decode(codec, "surrogatepass")
