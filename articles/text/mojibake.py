"""Repair of text that was saved with the wrong encoding: "Ø­Ù…Øµ", "ط­ظ…طµ" and "ÍãÕ" were all حمص.

Three kinds of damage are repaired: UTF-8 read as windows-1252 or Latin-1 and saved again (once or several
times), UTF-8 read as windows-1256, and windows-1256 read as windows-1252. Each line is judged separately,
and changed only if the result is certainly better. The first kind leaves characters that no Arabic text
contains; the other two leave letters, so the dictionary decides.
"""

from __future__ import annotations

import re

from arabic.morphology.lemmatizer import is_word
from arabic.morphology.protected_words import name_term
from arabic.text.tokenizer import normalized_terms
from articles.text.records import RawRecord, RecordProblem

_FIELDS = ("title", "body", "byline", "source")
#: Maximum number of times that a text may have been saved wrongly; after more it cannot be repaired.
_MAX_PASSES = 3
#: Minimum number of repaired characters that rules out a coincidence.
_MIN_REPAIRED = 2
#: Minimum increase of the share of dictionary words, and minimum share after the repair.
_MIN_GAIN, _MIN_DICTIONARY_SHARE = 0.3, 0.5
#: Minimum ratio of pairs to repaired letters. Every second letter of a line of the second kind begins a pair;
#: in Arabic one letter in thirty is ط or ظ.
_MIN_PAIR_RATIO = 0.7
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ARABIC = re.compile("[\u0621-\u064a\u0660-\u0669\u060c\u061b\u061f]")
_ANY_ARABIC_LETTER = re.compile("[\u0621-\u064a\u066e-\u06d3]")
_DOUBLE_CODE = re.compile(r"&amp;(?=#\d{2,6};|#[xX][0-9a-fA-F]{2,5};)")


def _table(codec: str) -> dict[str, int]:
    """Return character → byte for the upper half of an encoding.

    Undefined bytes map to control characters, as in browsers and most programs.
    """
    table = {}
    for byte in range(0x80, 0x100):
        table[bytes([byte]).decode(codec, "ignore") or chr(byte)] = byte
    return table


_LATIN = {chr(byte): byte for byte in range(0x80, 0x100)} | _table("cp1252")
_WINDOWS = _table("cp1256")


def _sequences(table: dict[str, int]) -> re.Pattern[str]:
    """Return a pattern that matches misread UTF-8 sequences of two or three bytes.

    It also matches the first byte of an Arabic letter whose second byte was lost.
    """

    def chars(first: int, last: int) -> str:
        return "[" + "".join(re.escape(char) for char, byte in table.items() if first <= byte <= last) + "]"

    follows = chars(0x80, 0xBF)
    return re.compile(
        f"{chars(0xE0, 0xEF)}{follows}{{2}}|{chars(0xC2, 0xDF)}{follows}|{chars(0xD8, 0xDB)}{_REPLACEMENT}?"
    )


_LATIN_SEQUENCE, _WINDOWS_SEQUENCE = _sequences(_LATIN), _sequences(_WINDOWS)
#: windows-1256 read as windows-1252: runs of accented letters.
_ACCENTED = re.compile(
    "[\u00c0-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u0081\u008d\u008f\u0090\u009d]+"
)
#: In French, accented letters occur between plain ones.
_WITHIN_LATIN = re.compile("[A-Za-z][\u00c0-\u00ff]|[\u00c0-\u00ff][A-Za-z]")
#: Characters that a damaged text of each kind contains (alef and lam); a quick first test.
_HINTS = ("Ø", "Ù", "Ã", "ط§", "ظ„", "Çá", "&amp;#")
_SHORT_HINT = re.compile("[طظ][^\u0621-\u064a\\s]|[\u00c0-\u00ff]")
_SHORT = 300


def repair_record(record: RawRecord) -> RawRecord:
    """Return the record with damaged lines repaired, and a note with their number and the kinds of damage.

    The original bytes of the record do not change.
    """
    values, kinds, lines, lost = {}, [], 0, 0
    for name in _FIELDS:
        text = getattr(record, name)
        if not _is_suspicious(text):
            continue
        fixed, kind, count, broken = repair_text(text)
        if count:
            values[name], lines, lost = fixed, lines + count, lost + broken
            kinds += [kind] if kind not in kinds else []
    if not values:
        return record
    notes = [RecordProblem("mojibake", f"{', '.join(kinds)}; {lines}")]
    notes += [RecordProblem("bytes-broken", str(lost))] if lost else []
    return record.with_fields(values).with_problems(*notes)


def _is_suspicious(text: str) -> bool:
    return any(hint in text for hint in _HINTS) or (len(text) <= _SHORT and bool(_SHORT_HINT.search(text)))


def repair_text(text: str) -> tuple[str, str, int, int]:
    """Repair a text; return (text, kinds of damage, number of repaired lines, characters lost in them)."""
    kinds: dict[str, None] = {}
    count = lost = 0
    lines = text.split("\n")
    for at, line in enumerate(lines):
        fixed, kind = repair_line(line)
        if kind:
            lines[at] = fixed
            kinds[kind] = None
            count += 1
            lost += fixed.count(_REPLACEMENT) - (line.count(_REPLACEMENT) if kind == _CODES else 0)
    return "\n".join(lines), ", ".join(kinds), count, lost


_CODES = "HTML"


def repair_line(line: str) -> tuple[str, str]:
    """Repair a line; return (line, kind of damage or "")."""
    if "&amp;#" in line:
        return _DOUBLE_CODE.sub("&", line), _CODES
    for mend, kind in (
        (_from_latin, "UTF-8 → windows-1252"),
        (_from_windows, "UTF-8 → windows-1256"),
        (_from_accents, "windows-1256 → windows-1252"),
    ):
        fixed = mend(line)
        if fixed is not None:
            return fixed, kind
    return line, ""


def _decoded(line: str, sequence: re.Pattern[str], table: dict[str, int]) -> str:
    """Decode every damaged sequence of the line; one that lost a byte becomes U+FFFD."""

    def one(found: re.Match[str]) -> str:
        data = bytes(table.get(char, 0x3F) for char in found[0])
        return data.decode("utf-8", "replace") if len(data) > 1 and 0x3F not in data else _REPLACEMENT

    return sequence.sub(one, line)


def _from_latin(line: str) -> str | None:
    """Repair UTF-8 read as windows-1252, up to three times over; return None if the line is not such text.

    Accented letters with signs between them do not decode to Arabic by chance; if they decode to other
    letters, the line is left as it is.
    """
    if not any(char in line for char in "ØÙÃ"):
        return None
    before = now = line
    for _pass in range(_MAX_PASSES):
        now = _decoded(before, _LATIN_SEQUENCE, _LATIN)
        if len(_ARABIC.findall(now)) - len(_ARABIC.findall(line)) >= _MIN_REPAIRED:
            # A lone Ø or Ù of another language does not occur in a line that was Arabic.
            return now
        if now == before:
            return None
        before = now
    return None


def _from_windows(line: str) -> str | None:
    """Repair UTF-8 read as windows-1256; return None if the line is not certainly such text."""
    pairs = sum(len(found[0]) > 1 for found in _WINDOWS_SEQUENCE.finditer(line))
    if pairs < _MIN_REPAIRED:
        return None
    fixed = _decoded(line, _WINDOWS_SEQUENCE, _WINDOWS)
    made = len(_ARABIC.findall(fixed))
    if pairs < _MIN_PAIR_RATIO * max(1, len(_ANY_ARABIC_LETTER.findall(fixed))) or made < _MIN_REPAIRED:
        return None
    rest = _WINDOWS_SEQUENCE.sub("", line)
    if pairs > _MIN_REPAIRED and not _ANY_ARABIC_LETTER.search(rest) and _REPLACEMENT not in fixed:
        # Arabic text never has ط or ظ as every second letter with signs between, so unknown words are names.
        return fixed
    return fixed if _is_better(line, fixed) else None


def _from_accents(line: str) -> str | None:
    """Repair windows-1256 read as windows-1252; return None if the line is not certainly such text."""
    runs = _ACCENTED.findall(line)
    if sum(map(len, runs)) < _MIN_REPAIRED + 1 or _WITHIN_LATIN.search(line):
        return None

    def one(found: re.Match[str]) -> str:
        return bytes(_LATIN[char] for char in found[0]).decode("cp1256", "replace")

    fixed = _ACCENTED.sub(one, line).translate(_SIGNS)
    return fixed if _is_better(line, fixed) else None


#: Punctuation of windows-1256 between the letters; in windows-1252 it is ¡, º and ¿.
_SIGNS = str.maketrans({"¡": "،", "º": "؛", "¿": "؟"})


def _is_better(before: str, after: str) -> bool:
    """Return True if a clearly larger share of `after` than of `before` is dictionary words."""
    now = _dictionary_share(after)
    return now >= _MIN_DICTIONARY_SHARE and now - _dictionary_share(before) >= _MIN_GAIN


def _is_known(word: str) -> bool:
    return is_word(word) or name_term(word) is not None


def _dictionary_share(text: str) -> float:
    """Return the share of Arabic words that the dictionary knows, weighted by their length."""
    words = [word for word in normalized_terms(text[:2000]) if _ANY_ARABIC_LETTER.search(word)]
    size = sum(map(len, words))
    return sum(len(word) for word in words if len(word) > 1 and _is_known(word)) / size if size else 0.0
