"""Orthographic normalization: one spelling for letters that writers and newspapers write in several ways.

Each character is mapped without regard to its context, with one exception (a ya before hamza, see
`HAMZA_RUN`). Elasticsearch can therefore do exactly the same with a `mapping` and a `pattern_replace` char
filter generated from this module. The rules, and the distinctions that each one gives up, are in
docs/decisions/0002-folding.md. `normalize(normalize(x)) == normalize(x)` always holds.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property, lru_cache

from pyarabic import araby  # type: ignore[import-untyped]  # it ships no types

#: Letters whose normalization is a choice about Arabic spelling, not a fact of Unicode.
_ALEFS = araby.ALEF_HAMZA_ABOVE + araby.ALEF_HAMZA_BELOW + araby.ALEF_MADDA + araby.ALEF_WASLA + "ٲٳٵ"
_YAS = araby.ALEF_MAKSURA + "یېۍێےۓؠ"
_HEHS = araby.TEH_MARBUTA + "ہەھۀۃۂۿ"
_HAMZAS = araby.WAW_HAMZA + araby.YEH_HAMZA + "ٴ"
_SPELLING: dict[str, str] = {
    **dict.fromkeys(_ALEFS, araby.ALEF),
    **dict.fromkeys(_YAS, araby.YEH),
    **dict.fromkeys(_HEHS, araby.HEH),
    **dict.fromkeys(_HAMZAS, araby.HAMZA),
    # Farsi, Urdu and Kurdish letters become the Arabic letters that newspapers print in their place.
    **dict.fromkeys("پٮ", araby.BEH),
    **dict.fromkeys("ڤڥڡ", araby.FEH),
    **dict.fromkeys("کڪگڭػؼ", araby.KAF),
    **dict.fromkeys("ٯڨ", araby.QAF),
    **dict.fromkeys("ۇۆۈۋٷ", araby.WAW),
    "چ": araby.JEEM,
    "ژ": araby.ZAIN,
    "ٹ": araby.TEH,
    "ڈ": araby.DAL,
    "ڑ": araby.REH,
    "ڕ": araby.REH,
    "ں": araby.NOON,
    "ڵ": araby.LAM,
    araby.TATWEEL: "",
}
#: Characters that Unicode classes as format characters but that are visible on the page: number sign, end of
#: verse, ...
_VISIBLE_FORMAT = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
#: A letter followed by a separate hamza mark (decomposed Unicode, as macOS writes it).
_SEQUENCES: dict[str, str] = {seat + araby.HAMZA_ABOVE: araby.HAMZA for seat in (araby.WAW, araby.YEH, *"ىی")}
#: Applied by char filters after `char_mappings`. Levantine and Egyptian writers put a final hamza after a ya
#: where others put it on the ya (لاجىء = لاجئ, شيء = شئ). Whole runs are consumed, or normalization would not
#: be idempotent. The syntax is valid in Python and Java.
HAMZA_RUN = f"(?<!{araby.YEH}){araby.YEH}+{araby.HAMZA}"
HAMZA_RUN_REPLACEMENT = araby.HAMZA
#: The same, several times faster in Python: its first element is not a look behind.
_HAMZA_RUN = re.compile(f"{araby.YEH}(?<!{araby.YEH * 2}){araby.YEH}*{araby.HAMZA}")
_YA_HAMZA, _MAKSURA_HAMZA = araby.YEH + araby.HAMZA, araby.ALEF_MAKSURA + araby.HAMZA
#: What normalization gives up although it is evidence for a reading of a word: hamza and madda of an alif,
#: the dots of a last ya, ta marbuta, the tanween of an accusative.
_EVIDENCE = araby.ALEF_HAMZA_ABOVE + araby.ALEF_HAMZA_BELOW + araby.ALEF_MADDA + "ىة" + araby.FATHATAN
_ALEF_SEQUENCES = {
    araby.ALEF + araby.HAMZA_ABOVE: araby.ALEF_HAMZA_ABOVE,
    araby.ALEF + araby.HAMZA_BELOW: araby.ALEF_HAMZA_BELOW,
    araby.ALEF + araby.MADDA_ABOVE: araby.ALEF_MADDA,
}
_ALEF_MARKS = (araby.HAMZA_ABOVE, araby.HAMZA_BELOW, araby.MADDA_ABOVE)
_WRITTEN_HAMZA_RUN = re.compile(f"[ىي](?<![ىي][ىي])[ىي]*{araby.HAMZA}")
#: A tanween that follows no letter is dropped: it would separate digits.
_LONE_TANWEEN = re.compile(f"{araby.FATHATAN}(?<![ء-ي]{araby.FATHATAN}){araby.FATHATAN}*")
_LAST_BMP = 0xFFFF


def _in_arabic_block(code: int) -> bool:
    """Return True if a code point is in an Arabic block of the BMP."""
    return 0x0600 <= code <= 0x08FF or 0xFB50 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFC


def _decompose(char: str, category: str) -> str:
    """Return the compatibility decomposition if it yields letters, else `char` itself (™ is not "tm")."""
    code = ord(char)
    if 0xAC00 <= code <= 0xD7A3:  # Hangul syllables are letters already
        return char
    arabic = _in_arabic_block(code)
    if not (arabic or category[0] in "LNM"):
        return char
    composed = unicodedata.normalize("NFKC", char)
    if composed != char:
        if arabic and composed[0] == " " and len(composed) > 1:  # an isolated mark is a mark, not a space
            return composed.lstrip(" ")
        return composed
    return unicodedata.normalize("NFKD", char)


def _normalize_char(char: str, kept: str = "") -> str:
    """Return the replacement of one character: a string of any length, or "" if it is dropped.

    The characters in `kept` stay as they are.
    """
    if char in kept:
        return char
    if ord(char) > _LAST_BMP or char in _SPELLING:
        return _SPELLING.get(char, char)
    category = unicodedata.category(char)
    if category in ("Mn", "Me") or (category == "Cf" and char not in _VISIBLE_FORMAT):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(char))
    plainer = _decompose(char, category)
    if plainer == char and category[0] == "L":
        plainer = char.casefold()
    if plainer != char:
        return "".join([_normalize_char(each, kept) for each in plainer])
    # Numerals that are neither letters nor digits separate words.
    return " " if category in ("Nl", "No") else char


class _NormalizationTable(dict[int, str]):
    """Map from code point to replacement string, computed when a character first occurs."""

    def __init__(self, kept: str = "") -> None:
        super().__init__()
        self._kept = kept

    def __missing__(self, code: int) -> str:
        normalized = self[code] = _normalize_char(chr(code), self._kept)
        return normalized


_TABLE = _NormalizationTable()
_WRITTEN_TABLE = _NormalizationTable(_EVIDENCE)
_PLAIN_EVIDENCE = [(char, _TABLE[ord(char)]) for char in _EVIDENCE]
#: Matches characters whose replacement may be longer or shorter than one character: anything but ASCII and
#: the letters, digits and punctuation of Arabic.
_LENGTH_CHANGING_CANDIDATES = re.compile("[^ -~\n\r\t،؛؟«»“”ء-غف-ي٠-٩]")
#: Characters that normalization changes and that nearly every text contains. `_UNCHANGED` are frequent ones
#: that it leaves as they are; `_RARE_CHARACTER` matches all others.
_FREQUENT = "أإآةىؤئ"
_UNCHANGED = "".join(
    chr(code)
    for block in (range(0x80), range(0xA0, 0xC0), range(0x600, 0x700), range(0x2000, 0x2070))
    for code in block
    if _TABLE[code] == chr(code)
)
_RARE_CHARACTER = re.compile(f"[^{re.escape(_UNCHANGED + _FREQUENT)}]")
#: With more distinct rare characters than this (text in another script), one `str.translate` is faster than
#: one `str.replace` for each of them.
_MOST_REPLACED = 40
#: Up to this length (a word or two) `str.translate` is faster too.
_SHORT = 32


def _normalize_characters(text: str, table: _NormalizationTable = _TABLE) -> str:
    """Apply the rules on single characters and sequences, before those on hamza runs."""
    if araby.HAMZA_ABOVE in text:
        for sequence, target in _SEQUENCES.items():
            text = text.replace(sequence, target)
    rarer = set(_RARE_CHARACTER.findall(text)) if len(text) > _SHORT else ()
    if len(text) <= _SHORT or len(rarer) > _MOST_REPLACED:
        return text.translate(table)
    # No replacement contains a source character, so replacing one after the other gives the same result as
    # replacing all at once. It is several times faster: `translate` looks up every character of the text.
    for char in (*_FREQUENT, *rarer):
        text = text.replace(char, table[ord(char)])
    return text


def written_text(text: str) -> str:
    """Return the text with all normalized but the letters that are evidence for a reading (بلدة is not بلده).

    `normalize(written_text(x)) == normalize(x)`, and both have the same words in the same order.
    """
    return _complete_written(_written_characters(text))


def normalized_and_written(text: str) -> tuple[NormalizedText, str]:
    """Return `NormalizedText(text)` and `written_text(text)`; both have the first steps in common."""
    written = _written_characters(text)
    return NormalizedText(text, _without_evidence(written)), _complete_written(written)


def _written_characters(text: str) -> str:
    """Apply the rules on single characters and sequences, but keep what is evidence for a reading."""
    if any(mark in text for mark in _ALEF_MARKS):
        for sequence, letter in _ALEF_SEQUENCES.items():
            text = text.replace(sequence, letter)
    return _normalize_characters(text, _WRITTEN_TABLE)


def _complete_written(text: str) -> str:
    """Apply the other rules to the result of `_written_characters`."""
    if araby.FATHATAN in text:
        text = _LONE_TANWEEN.sub("", text)
    if _YA_HAMZA in text or _MAKSURA_HAMZA in text:
        text = _WRITTEN_HAMZA_RUN.sub(HAMZA_RUN_REPLACEMENT, text)
    return text


def normalize_written(written: str) -> str:
    """Return `normalize(written)` of a result of `written_text`, in less time."""
    return _without_ya_before_hamza(_without_evidence(written))


def _without_evidence(written: str) -> str:
    """Replace what normalization gives up of a written text."""
    for char, plain in _PLAIN_EVIDENCE:
        written = written.replace(char, plain)
    return written


def normalize(text: str) -> str:
    """Return the normalized text, as the `exact` field has it. It may be shorter or longer than `text`."""
    return _without_ya_before_hamza(_normalize_characters(text))


def _without_ya_before_hamza(text: str) -> str:
    """Replace runs of ya before a hamza by the hamza alone."""
    return _HAMZA_RUN.sub(HAMZA_RUN_REPLACEMENT, text) if _YA_HAMZA in text else text


#: Runs of the normalized text: the index at which each begins, the index in the original that it comes from,
#: and whether its characters correspond one to one to those that follow there (else all come from that one
#: character).
OffsetRuns = tuple[list[int], list[int], list[bool]]


class NormalizedText:
    """A normalized text with a map back to offsets in the original.

    The map is computed on first use, because most callers need the offsets of few words or none.
    """

    def __init__(self, original: str, pieces: str | None = None) -> None:
        """Normalize a text. `pieces`: `_normalize_characters(original)`, if it is known."""
        self._original = original
        self._pieces = _normalize_characters(original) if pieces is None else pieces
        self.text = _without_ya_before_hamza(self._pieces)

    def origin(self, at: int) -> int:
        """Return the index in the original of the normalized character at index `at`, or of the end."""
        cuts, behind = self._hamza_cuts
        piece = at + behind[bisect_right(cuts, at)]
        starts, origins, moves = self._pieces_from
        stretch = bisect_right(starts, piece) - 1
        return origins[stretch] + (piece - starts[stretch] if moves[stretch] else 0)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return offsets in the original for the normalized slice [start, end).

        Diacritics after the last letter are included. A slice that begins or ends inside a ligature takes the
        whole ligature.
        """
        first = self.origin(start)
        if end <= start:
            return first, first
        return first, max(self.origin(end), self.origin(end - 1) + 1)

    def spans(self, starts: Sequence[int], ends: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return the starts and the ends that `span` gives for slices in ascending order, none empty."""
        both = [0] * (2 * len(starts))
        both[::2], both[1::2] = starts, ends
        both = self._origins(both)
        firsts, lasts = both[::2], both[1::2]
        begins, _, moves = self._pieces_from
        if any(
            behind - at > 1 for at, behind, moved in zip(begins, begins[1:], moves, strict=False) if not moved
        ):
            inside = self._origins([end - 1 for end in ends])
            lasts = [max(last, before + 1) for last, before in zip(lasts, inside, strict=True)]
        return firsts, lasts

    def _origins(self, places: Sequence[int]) -> list[int]:
        """Return `origin` of ascending indexes, a run at a time."""
        cuts, behind = self._hamza_cuts
        pieces: list[int] = []
        done = 0
        for cut, removed in zip(cuts, behind, strict=False):
            end = bisect_left(places, cut, done)
            pieces += [at + removed for at in places[done:end]]
            done = end
        pieces += [at + behind[-1] for at in places[done:]] if cuts else places
        begins, origins, moves = self._pieces_from
        found: list[int] = []
        done = 0
        for at, next_run, origin, moved in zip(begins, begins[1:], origins, moves, strict=False):
            if next_run > at:  # a dropped character leaves an empty run
                end = bisect_left(pieces, next_run, done)
                found += (
                    [piece - at + origin for piece in pieces[done:end]] if moved else [origin] * (end - done)
                )
                done = end
        return found + [piece - begins[-1] + origins[-1] for piece in pieces[done:]]

    @cached_property
    def _pieces_from(self) -> OffsetRuns:
        """Return the offset runs of the original."""
        return _offset_runs(self._original)

    @cached_property
    def _hamza_cuts(self) -> tuple[list[int], list[int]]:
        """Return the positions at which hamza runs removed characters, and how many were removed so far.

        The first list has the normalized index from which each removal counts; the second the number of
        characters removed before the first, from the first on, from the second on, and so forth.
        """
        cuts: list[int] = []
        behind = [0]
        if len(self._pieces) != len(self.text):
            for run in _HAMZA_RUN.finditer(self._pieces):
                cuts.append(run.start() + 1 - behind[-1])
                behind.append(behind[-1] + run.end() - run.start() - 1)
        return cuts, behind


@lru_cache(1000)
def _length_changing(chars: str) -> re.Pattern[str]:
    """Compile a pattern for the sequences and the given characters, which change the length of the text."""
    return re.compile("|".join([*_SEQUENCES, *map(re.escape, chars)]))


def _offset_runs(text: str) -> OffsetRuns:
    """Return the offset runs of `_normalize_characters(text)`."""
    starts, origins, moves = [0], [0], [True]
    changing = sorted(
        char for char in set(_LENGTH_CHANGING_CANDIDATES.findall(text)) if len(_TABLE[ord(char)]) != 1
    )
    if not changing and araby.HAMZA_ABOVE not in text:
        return starts, origins, moves
    at = done = 0
    for match in _length_changing("".join(changing)).finditer(text):
        at += match.start() - done
        target = _SEQUENCES[match[0]] if len(match[0]) == 2 else _TABLE[ord(match[0])]
        done = match.end()
        starts += [at, at + len(target)]
        origins += [match.start(), done]
        moves += [False, True]
        at += len(target)
    return starts, origins, moves


def char_mappings() -> list[tuple[str, str]]:
    """Return every rule on one character of the BMP, and the few on two, as (source, replacement).

    For a `mapping` char filter, which prefers the longest source; the filter for `HAMZA_RUN` must follow it.
    No replacement contains a source.
    """
    rules = [(chr(code), _TABLE[code]) for code in range(_LAST_BMP + 1) if not 0xD800 <= code <= 0xDFFF]
    return [*_SEQUENCES.items(), *(rule for rule in rules if rule[0] != rule[1])]
