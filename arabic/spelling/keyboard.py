"""Words typed on the wrong keyboard layout: plw for حمص, اخةس for homs.

Maps key by key between US QWERTY and Arabic "101" (Windows, Linux, most keyboards sold in Arab countries).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, product

from arabic.morphology.lemmatizer import is_word
from arabic.morphology.protected_words import name_term
from arabic.spelling.latin_names import is_known_latin_name, is_pronounceable
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.frequencies import probability

_KEYS = (
    ("`qwertyuiop[]", "ذضصثقفغعهخحجد"),
    ("asdfghjkl;'", "شسيبلاتنمكط"),
    ("zxcvnm,./", "ئءؤرىةوزظ"),
    ("QWERYASX~", "\u064e\u064b\u064f\u064cإ\u0650\u064d\u0652\u0651"),
    ("HNJKP?", "أآـ،؛؟"),
)
#: Keys that type two letters.
_LIGATURES = {"b": "لا", "G": "لأ", "T": "لإ", "B": "لآ"}
#: A typed word may end in a real punctuation mark, whose key is a letter of the other layout.
_MARKS = ".,;:!?'\""
#: A shorter word proves nothing: two keys type a word on either layout. Nor does a word that only the
#: dictionary has: with all its clitics it accepts too much.
_PROOF_LETTERS = 3
#: Words up to this length must be frequent: three keys often give a rare word.
_SHORT_LETTERS, _SHORT_PROBABILITY = 5, 1e-6
#: Share of the letters that must belong to known words.
_KNOWN_SHARE = 0.75
_LATIN = re.compile(r"[A-Za-z]")
_ARABIC = re.compile("[\u0621-\u064a]")
#: Spellings that no Arabic word has: ة or ى before other letters; ئ, ؤ, ة or ى first.
_IMPOSSIBLE = re.compile("[ةى][\u0621-\u064a]|\\b[ئؤةى]")
#: لا may be the key b or the keys g and h; this many readings are tried.
_MOST_READINGS = 32


def fix_keyboard_layout(text: str) -> str | None:
    """Return the intended text if a text was typed on the wrong layout, else None.

    The result is in Arabic or in lower-case Latin letters. None also means that the text makes no more sense
    on the other layout.
    """
    latin, arabic = bool(_LATIN.search(text)), bool(_ARABIC.search(text))
    if latin and not arabic:
        return _to_arabic(text)
    if arabic and not latin:
        return _to_latin(text)
    return None


def _to_arabic(text: str) -> str | None:
    """Return the Arabic text of Latin keys, or None if it makes no sense."""
    if any(is_known_latin_name(word) for word in re.findall(r"[A-Za-z]+", text)):
        return None
    # Capitals come from the shift key, or from caps lock, which has no effect on the Arabic layout.
    for keys in dict.fromkeys((text, text.lower())):
        words = [_arabic_word(word) for word in keys.split()]
        if all(word is not None for word in words) and _reads_well([word for word in words if word]):
            return " ".join(word for word in words if word)
    return None


def _arabic_word(keys: str) -> str | None:
    """Return the Arabic word of some keys; None if a key has no letter on the Arabic layout.

    A closing punctuation mark is dropped if that makes it a word.
    """
    typed = [_type_on_arabic_layout(each) for each in dict.fromkeys((keys, keys.rstrip(_MARKS)))]
    words = [word for word in typed if word is not None]
    return next((word for word in words if _is_known(word)), words[0] if words else None)


def _type_on_arabic_layout(keys: str) -> str | None:
    """Return what the keys type on the Arabic layout, or None if one types nothing."""
    letters = [arabic_key_map().get(key, key if key.isdigit() else None) for key in keys]
    return "".join(letter for letter in letters if letter) if None not in letters else None


def _reads_well(words: list[str]) -> bool:
    """Return True if most letters belong to known words and at least one word is in use."""
    letters = sum(map(len, words))
    known = sum(len(word) for word in words if word.isdigit() or _is_known(word))
    proven = any(len(word) >= _PROOF_LETTERS and _is_word_in_use(word) for word in words)
    return proven and known >= _KNOWN_SHARE * letters


def _is_word_in_use(word: str) -> bool:
    """Return True if a word is a name or in the frequency list."""
    terms = normalized_terms(word)
    if len(terms) != 1 or _IMPOSSIBLE.search(word):
        return False
    token = terms[0]
    least = _SHORT_PROBABILITY if len(token) <= _SHORT_LETTERS else 0.0
    return bool(name_term(token)) or probability(token) > least


def _is_known(word: str) -> bool:
    """Return True if a word is in use or in the dictionary."""
    terms = normalized_terms(word)
    return _is_word_in_use(word) or (len(terms) == 1 and is_word(terms[0]))


def _to_latin(text: str) -> str | None:
    """Return the Latin text of Arabic keys, or None if the Arabic makes sense or the Latin does not."""
    words = text.split()
    if any(_is_known(word) for word in words):
        return None
    read = [_latin_word(word) for word in words]
    if not read or None in read:
        return None
    found = [word for word in read if word]
    if any(map(is_known_latin_name, found)) or (
        _IMPOSSIBLE.search(text) and all(len(word) >= _PROOF_LETTERS for word in found)
    ):
        return " ".join(found)
    return None


def _latin_word(typed: str) -> str | None:
    """Return the likeliest Latin word typed by the keys of an Arabic one; None if none is pronounceable."""
    readings = [word for word in islice(_latin_readings(typed), _MOST_READINGS) if is_pronounceable(word)]
    return next(filter(is_known_latin_name, readings), readings[0] if readings else None)


def _latin_readings(typed: str) -> Iterator[str]:
    """Yield the Latin words whose keys type an Arabic one."""
    pieces = re.findall("لا|لأ|لإ|لآ|.", typed)
    options = [_latin_keys().get(piece, ()) for piece in pieces]
    return map("".join, product(*options)) if all(options) else iter(())


@cache
def arabic_key_map() -> dict[str, str]:
    """Map each key of the Latin layout to what it types on the Arabic one, ligatures and diacritics too."""
    pairs = [pair for keys, letters in _KEYS for pair in zip(keys, letters, strict=True)]
    return dict(pairs) | _LIGATURES


@cache
def _latin_keys() -> dict[str, tuple[str, ...]]:
    """Map each Arabic letter or ligature to the lower-case letter keys that type it."""
    found = {letter: (key.lower(),) for key, letter in arabic_key_map().items() if key.isalpha()}
    return found | {"لا": ("b", "gh"), "لأ": ("g", "gh"), "لإ": ("t", "gy"), "لآ": ("b", "gn")}
