"""Repair of a text that the judge doubts: read in the right encoding, or put into the right order.

`articles.text.mojibake` repairs the commonest damage line by line in every record. What is left is tried
here, a field at a time: the text is turned into bytes by the encoding that may have been wrong and read
again with each that may be right. A reading counts only if the dictionary knows most of its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from arabic.spelling.bidi import replace_presentation_forms, reverse_visual_line
from arabic.text.tokenizer import normalized_terms
from articles.text.readability.judge import is_known

#: Encodings that programs take for that of an Arabic text, and those in which Arabic was stored.
_WRONG = (
    "mac_roman", "cp1252", "latin-1", "cp1256", "iso8859_6", "cp720", "cp864", "mac_arabic", "cp437", "cp850",
    "cp852", "cp1251", "koi8_r", "cp866", "cp1253", "cp1254", "cp1255", "cp1250", "iso8859_15", "gb18030",
)  # fmt: skip
_RIGHT = ("utf-8", "cp1256", "iso8859_6", "cp720", "mac_arabic", "cp864")
#: Characters of a field that are read to choose; enough for the dictionary.
_SAMPLE = 1_500
#: Share of the characters that may have no byte in the wrong encoding, or no letter in the right one.
_MOST_LOST = 0.05
#: Share of the words that must be known after the repair, and by how much it must have grown.
_LEAST_KNOWN, _LEAST_GAIN = 0.75, 0.3
_ARABIC = re.compile("[\u0621-\u064a]")
_FORMS = re.compile("[\ufb50-\ufdfb\ufe70-\ufefc]")
_LAM_ALEF = re.compile("\u0627([\u0622\u0623\u0625\u0627]?)\u0644")
_LETTERS = re.compile("[\u0621-\u065f]+")
#: Where a line has the sign that ends a sentence: first, before its last word, last.
_SIGN_FIRST = re.compile(r"\s*[.!؟?،:…]+\s?[\u0621-\u06d3\ufb50-\ufefc»\"]")
_SIGN_BEFORE_LAST = re.compile(r"\s[.!؟?،:…]+[\u0621-\u06d3\ufb50-\ufefc]+\s*$")
_SIGN_LAST = re.compile(r"[\u0621-\u06d3\ufb50-\ufefc»\")]\s?[.!؟?…]+\s*$")
#: What a right reading has little of: signs, and punctuation before a word instead of behind one.
_ODD = re.compile(r"[^\w\s.,:;،؛؟!/|()«»\"'-]|(?<!\S)[.،؛؟!?]+(?=\w)|\xa0")
_WORD = re.compile("[\u0621-\u064a\u064b-\u0652]+")


def repair_field(text: str) -> tuple[str, str] | None:
    """Return the repaired text and the kind of damage, or None if nothing mends it."""
    sample = text[:_SAMPLE]
    before = known_share(sample)
    least = max(_LEAST_KNOWN, min(0.95, before + _LEAST_GAIN))
    shares = {kind: (known_share(made), -_oddness(made)) for kind, made in _readings(sample)}
    good = [kind for kind in shares if shares[kind][0] >= least]
    kind = max(good, key=lambda each: sum(shares[each]), default="")
    if kind:
        return next(made for each, made in _readings(text, kind) if each == kind), kind
    return None


def turn_lam_alef(text: str) -> str:
    """Return the text with lam-alef in its order: اإلنتاج → الإنتاج, where a word becomes known."""
    return _WORD.sub(lambda word: _turned(word[0]), text)


def known_share(text: str) -> float:
    """Return the share of known words among those of at least two Arabic letters; 0.0 if most are others."""
    words = normalized_terms(text)
    arabic = [word for word in words if len(word) > 1 and _ARABIC.match(word)]
    if 2 * len(arabic) < len(words):
        return 0.0
    return sum(map(is_known, arabic)) / len(arabic) if arabic else 0.0


def _oddness(text: str) -> float:
    """Return the share of characters that a right reading has few of."""
    return len(_ODD.findall(text)) / max(1, len(text))


def _readings(text: str, only: str = "") -> Iterator[tuple[str, str]]:
    """Yield (kind of damage, text without it); of one kind with `only`."""
    for wrong in _WRONG:
        if only and not only.endswith(f"→ {wrong}"):
            continue
        data = _encode(text, wrong)
        if data is None:
            continue
        for right in _RIGHT:
            if right != wrong and (made := _decode(data, right)):
                yield f"{right} → {wrong}", made
    if _ARABIC.search(text) or _FORMS.search(text):
        yield from _reordered(text)


def _reordered(text: str) -> Iterator[tuple[str, str]]:
    """Yield (kind of damage, text without it) of the wrong orders that the punctuation of the text shows.

    Without a sign of it, nothing tells a reversed line from a line of reversed words.
    """
    lines = text.split("\n")
    visual = sum(bool(_SIGN_FIRST.match(line)) for line in lines)
    moved = sum(bool(_SIGN_BEFORE_LAST.search(line)) for line in lines)
    natural = sum(bool(_SIGN_LAST.search(line)) for line in lines)
    if visual > max(moved, natural):
        yield "visual order", "\n".join(map(reverse_visual_line, lines))
    elif moved > natural:
        yield "reversed words", "\n".join(" ".join(word[::-1] for word in line.split(" ")) for line in lines)
    elif natural:
        yield "reversed words", _LETTERS.sub(lambda word: word[0][::-1], text)
    yield "lam-alef", turn_lam_alef(text)


def _encode(text: str, codec: str) -> bytes | None:
    """Return the bytes that were read with the codec; None if it cannot have been."""
    data = text.encode(codec, "replace")
    lost = data.count(b"?") - text.count("?")
    return None if lost > _MOST_LOST * len(text) else data


def _decode(data: bytes, codec: str) -> str:
    text = data.decode(codec, "replace")
    if text.count("\N{REPLACEMENT CHARACTER}") > _MOST_LOST * len(text):
        return ""
    return replace_presentation_forms(text)


def _turned(word: str) -> str:
    """Return a word with one lam-alef turned, if the word is none as it stands and is one then."""
    certain = word[1:3] in ("أل", "إل", "آل")
    if not certain and ("ال" not in word[1:] or _is_word(word)):
        return word
    made = [f"ال{word[1]}{word[3:]}"] if certain else []
    made += [f"{word[: at.start()]}ل{at[1] or 'ا'}{word[at.end() :]}" for at in _LAM_ALEF.finditer(word)]
    return next(filter(_is_word, made), word)


def _is_word(text: str) -> bool:
    return is_known("".join(normalized_terms(text)))
