"""Tell language from garbage in letters other than Arabic: by function words, or by the look of the words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from arabic.text.tokenizer import normalized_terms
from articles.text.readability.function_words import COMMON_HAN, latin_script_words

#: Characters that are looked at; enough to tell.
_SAMPLE = 4_000
_WORD = re.compile(r"[^\W\d_]+")
_VOWEL = re.compile("[aeiouyAEIOUYàâäáãåæèéêëìíîïıİòóôöõøœùúûüÿűőăąęėįųūāēī]")
_ACCENT = re.compile("[\u00aa-\u024f]")
_CAPITAL_INSIDE = re.compile("[a-zß-öø-ÿ\u03ac-\u03ce\u0430-\u045f][A-ZÀ-ÖØ-Þ\u0386-\u03ab\u0400-\u042f]")
_CONSONANTS = re.compile("[bcdfghjklmnpqrstvwxzBCDFGHJKLMNPQRSTVWXZ]{5,}")
_STRANGE = "unread-words"
_LEAST_FUNCTION_WORDS = 0.15
_MOST_STRANGE, _LEAST_HAN = 0.4, 0.1
#: Share of the letters of the commonest script, the Latin ones of names aside.
_ONE_SCRIPT = 0.85
#: The article, perhaps behind a particle, of a word of which only the lower bytes in UTF-16 are left.
_ARTICLE_HALF = re.compile(r"(?:^|\s)[HA(DC]?'D(?=[\x27-\x52])")
_MOST_CAPITALS = 0.9


def find_foreign_doubt(text: str) -> str | None:
    """Return the code of why words that are not in Arabic letters may be no language, else None."""
    if _is_half_of_utf16(text):
        return _STRANGE
    words = [word for word in _WORD.findall(text[:_SAMPLE]) if not "\u0600" <= word[0] <= "\u06ff"]
    if not words:
        return None
    scripts = Counter(_script(word[0]) for word in words)
    total = scripts.total()
    latin = scripts.pop("LATIN", 0)
    if scripts and (total - latin) > 0.3 * total:
        script, number = scripts.most_common(1)[0]
        if number < _ONE_SCRIPT * (total - latin):
            return _STRANGE
        if script == "CJK":
            return _judge_han("".join(words))
    return _judge_shapes(words)


def _is_half_of_utf16(text: str) -> bool:
    """Return True for the lower bytes of Arabic in UTF-16, which some programs write alone: الحرب is 'D-1(.

    Every letter of it is a capital up to R, a digit or a sign; every second word begins with the article.
    """
    letters = [letter for letter in text[:_SAMPLE] if letter.isalpha()]
    return len(_ARTICLE_HALF.findall(text[:_SAMPLE])) >= max(2, len(letters) / 60) and sum(
        "A" <= letter <= "R" for letter in letters
    ) > _MOST_CAPITALS * len(letters)


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").split(" ", 1)[0]
    return "CJK" if name in ("HIRAGANA", "KATAKANA") else name


def _judge_han(text: str) -> str | None:
    kana = sum("\u3041" <= letter <= "\u30ff" for letter in text)
    common = sum(map(COMMON_HAN.__contains__, text)) + kana
    return _STRANGE if common < _LEAST_HAN * len(text) else None


def _judge_shapes(words: list[str]) -> str | None:
    terms = normalized_terms(" ".join(words))
    if sum(map(latin_script_words().__contains__, terms)) >= _LEAST_FUNCTION_WORDS * len(terms) > 1:
        return None
    long = [word for word in words if len(word) > 1] or words
    strange = sum(map(_is_strange, long))
    return _STRANGE if strange > _MOST_STRANGE * len(long) else None


def _is_strange(word: str) -> bool:
    """Return True if no language writes such a word."""
    if _CAPITAL_INSIDE.search(word) and not word[:1].isupper():
        return True
    if word[0] > "\u024f":
        return bool(_CAPITAL_INSIDE.search(word))
    if len(_ACCENT.findall(word)) > max(1, len(word) / 2):
        return True
    if word.isupper() and len(word) <= 6:
        return False
    return len(word) > 2 and (not _VOWEL.search(word) or bool(_CONSONANTS.search(word)))
