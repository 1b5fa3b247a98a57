"""Folding: one spelling for letters that readers and papers write in several ways.

Folding knows no context but one (a ya before hamza, see `HAMZA_RUN`), so that Elasticsearch can do the very
same with a `mapping` and a `pattern_replace` char filter generated from here. The rules, and what each gives
up, are in docs/decisions/0002-folding.md. `fold(fold(x)) == fold(x)` always.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property, lru_cache

from pyarabic import araby  # type: ignore[import-untyped]  # it ships no types

#: Letters whose folding is a choice about Arabic spelling and not a fact of Unicode.
_ALEFS = araby.ALEF_HAMZA_ABOVE + araby.ALEF_HAMZA_BELOW + araby.ALEF_MADDA + araby.ALEF_WASLA + "ٲٳٵ"
_YAS = araby.ALEF_MAKSURA + "یېۍێےۓؠ"
_HEHS = araby.TEH_MARBUTA + "ہەھۀۃۂۿ"
_HAMZAS = araby.WAW_HAMZA + araby.YEH_HAMZA + "ٴ"
_SPELLING: dict[str, str] = {
    **dict.fromkeys(_ALEFS, araby.ALEF),
    **dict.fromkeys(_YAS, araby.YEH),
    **dict.fromkeys(_HEHS, araby.HEH),
    **dict.fromkeys(_HAMZAS, araby.HAMZA),
    # Farsi, Urdu and Kurdish letters become the Arabic letter that a newspaper sets in their place.
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
#: Signs that steer direction and breaking; behind a word they are none of it (joiners shape its last letter).
_CONTROLS = "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
#: Signs that Unicode calls format characters but that are seen on the page: number sign, end of verse, ...
_VISIBLE_FORMAT = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
#: A letter and a hamza mark written apart (decomposed Unicode, as Macs write it).
_SEQUENCES: dict[str, str] = {seat + araby.HAMZA_ABOVE: araby.HAMZA for seat in (araby.WAW, araby.YEH, *"ىی")}
#: What char filters apply after `char_mappings`: Levantine and Egyptian hands put the last hamza behind a ya
#: where others put it on the ya (لاجىء = لاجئ, شيء = شئ). Runs are eaten whole, or folding twice
#: would differ. The syntax is Python's and Java's.
HAMZA_RUN = f"(?<!{araby.YEH}){araby.YEH}+{araby.HAMZA}"
HAMZA_RUN_REPLACEMENT = araby.HAMZA
_HAMZA_RUN = re.compile(HAMZA_RUN)
_YA_HAMZA = araby.YEH + araby.HAMZA
_LAST_BMP = 0xFFFF


def _in_arabic_block(code: int) -> bool:
    return 0x0600 <= code <= 0x08FF or 0xFB50 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFC


def _decompose(char: str, category: str) -> str:
    """The compatibility decomposition where it serves words; `char` itself elsewhere (™ is no "tm")."""
    code = ord(char)
    if 0xAC00 <= code <= 0xD7A3:  # Hangul syllables are letters already
        return char
    arabic = _in_arabic_block(code)
    if not (arabic or category[0] in "LNM"):
        return char
    composed = unicodedata.normalize("NFKC", char)
    if composed != char:
        if arabic and composed[0] == " " and len(composed) > 1:  # a mark drawn alone: a mark, not a gap
            return composed.lstrip(" ")
        return composed
    return unicodedata.normalize("NFKD", char)


def _normalize_char(char: str) -> str:
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
        return "".join(map(_normalize_char, plainer))
    return (
        " " if category in ("Nl", "No") else char
    )  # numerals that are neither letters nor digits part words


class _NormalizationTable(dict[int, str]):
    """Code point → folded string, worked out when a character is first met."""

    def __missing__(self, code: int) -> str:
        normalized = self[code] = _normalize_char(chr(code))
        return normalized


_TABLE = _NormalizationTable()
#: Of a text in ASCII and the letters of Arabic each character folds to one.
_LENGTH_CHANGING_CANDIDATES = re.compile("[^ -~\n\r\t،؛؟«»“”ء-غف-ي٠-٩]")
#: What nearly every text holds and folding changes; all that it changes besides, with some that it does not.
_FREQUENT = "أإآةىؤئ"
_UNCHANGED = "".join(
    chr(code)
    for block in (range(0x80), range(0xA0, 0xC0), range(0x600, 0x700), range(0x2000, 0x2070))
    for code in block
    if _TABLE[code] == chr(code)
)
_RARE_CHARACTER = re.compile(f"[^{re.escape(_UNCHANGED + _FREQUENT)}]")
#: Text of another script has many; each costs a walk over the text.
_MOST_REPLACED = 40
#: Characters of a word or two, for which that pays as little.
_SHORT = 32


def _normalize_characters(text: str) -> str:
    """The rules on characters and sequences, before the hamza runs."""
    if araby.HAMZA_ABOVE in text:
        for sequence, target in _SEQUENCES.items():
            text = text.replace(sequence, target)
    rarer = set(_RARE_CHARACTER.findall(text)) if len(text) > _SHORT else ()
    if len(text) <= _SHORT or len(rarer) > _MOST_REPLACED:
        return text.translate(_TABLE)
    # No target holds a source, so that one after the other is the same as all at once, and several times as
    # fast: `translate` asks for every character of an Arabic text.
    for char in (*_FREQUENT, *rarer):
        text = text.replace(char, _TABLE[ord(char)])
    return text


def normalize(text: str) -> str:
    """The folded text: what `exact` compares. May be shorter or longer than `text`."""
    return _without_ya_before_hamza(_normalize_characters(text))


def _without_ya_before_hamza(text: str) -> str:
    return _HAMZA_RUN.sub(HAMZA_RUN_REPLACEMENT, text) if _YA_HAMZA in text else text


#: First folded indexes of stretches, the index in the original that each begins at, and whether its
#: characters follow one another there (else all came from that one).
OffsetRuns = tuple[list[int], list[int], list[bool]]


class NormalizedText:
    """A folded text that remembers where its characters came from. What that takes is worked out when it is
    first asked for: most words of most texts nobody asks for."""

    def __init__(self, original: str) -> None:
        self._original = original
        self._pieces = _normalize_characters(original)
        self.text = _without_ya_before_hamza(self._pieces)

    def origin(self, at: int) -> int:
        """The index in the original of a folded character, or of the end."""
        cuts, behind = self._hamza_cuts
        piece = at + behind[bisect_right(cuts, at)]
        starts, origins, moves = self._pieces_from
        stretch = bisect_right(starts, piece) - 1
        return origins[stretch] + (piece - starts[stretch] if moves[stretch] else 0)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets of the original for the folded slice [start, end); marks after the last letter are in.

        A slice that begins or ends inside a ligature takes the whole ligature."""
        first = self.origin(start)
        if end <= start:
            return first, first
        return first, max(self.origin(end), self.origin(end - 1) + 1)

    @cached_property
    def _pieces_from(self) -> OffsetRuns:
        return _offset_runs(self._original)

    @cached_property
    def _hamza_cuts(self) -> tuple[list[int], list[int]]:
        """Folded indexes from which on more characters have been cut out by hamza runs, and how many before
        the first, from the first on, from the second on, ..."""
        cuts: list[int] = []
        behind = [0]
        if len(self._pieces) != len(self.text):
            for run in _HAMZA_RUN.finditer(self._pieces):
                cuts.append(run.start() + 1 - behind[-1])
                behind.append(behind[-1] + run.end() - run.start() - 1)
        return cuts, behind


@lru_cache(1000)
def _length_changing(chars: str) -> re.Pattern[str]:
    """Finds what folds to another number of characters, among the sequences and the given characters."""
    return re.compile("|".join([*_SEQUENCES, *map(re.escape, chars)]))


def _offset_runs(text: str) -> OffsetRuns:
    """Where the characters of `_fold_pieces(text)` came from."""
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


@lru_cache(maxsize=2)  # places and dates are read from the same title and text, one after the other
def normalize_with_offsets(text: str) -> NormalizedText:
    """`fold(text)` with the way back to the original's offsets (in characters)."""
    return NormalizedText(text)


def trimmed_end(text: str, start: int, end: int) -> int:
    """The end of the word text[start:end] without the direction marks behind its last letter."""
    return start + len(text[start:end].rstrip(_CONTROLS))


def char_mappings() -> list[tuple[str, str]]:
    """Every rule on single characters of the BMP, and the few on two, as (source, target).

    For a `mapping` char filter, which prefers the longest source; the chain must apply `HAMZA_RUN` after it.
    No target contains a source."""
    rules = [(chr(code), _TABLE[code]) for code in range(_LAST_BMP + 1) if not 0xD800 <= code <= 0xDFFF]
    return [*_SEQUENCES.items(), *(rule for rule in rules if rule[0] != rule[1])]
