"""Tell whether a text is language, or what a wrong encoding, a lost font or lost letters left of one.

A good text costs one lookup of its words and a search for lost letters. Only what is conspicuous then is
examined: signs inside words, question marks for letters, letters of several scripts in one word, the share of
words that a language knows, the order of letters. Other languages and dialects pass by their function words
or by the look of their words. The thresholds were set on news, tweets and poems and on the same texts damaged
in forty ways (tools/measure_readability.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from arabic.morphology.lemmatizer import is_word
from arabic.morphology.protected_words import name_term
from arabic.vocabulary.frequencies import frequent_words, probability
from articles.text.readability.function_words import arabic_script_words
from articles.text.readability.other_scripts import find_foreign_doubt

#: Signs that a wrong encoding puts where letters were. Texts have some of them, but not between letters.
_SIGNS = (
    "\u00a1-\u00aa\u00ac\u00ae-\u00b6\u00b8-\u00ba\u00bc-\u00bf\u00d7\u00f7\u02c6-\u02dd\u2020\u2021\u2030"
    "\u2039\u203a\u2044\u20ac\u2122\u2200-\u22ff\u2320\u2321\u2500-\u25ff\ufffd\ue000-\uf8ff"
    "\\^`{}|~;\\[\\]\\\\"
)
_LETTER = "[^\\W\\d_]"
_SIGN_INSIDE = re.compile(f"[{_SIGNS}](?<={_LETTER}.)[{_SIGNS}\u201a\u201e\u0192]*(?={_LETTER})")
#: Signs that stand for a letter wherever they are.
_LOST = re.compile("[\ufffd\ue000-\uf8ff]")
#: Addresses and what is left of markup, whose signs say nothing of the letters.
_WEB = re.compile(
    r"(?:https?://|www\.|[@#])\S*|</?[a-zA-Z][^<>]{0,200}>|&(?:quot|apos|amp|lt|gt|nbsp|[lr]aquo);(?!#)"
)
#: A word in which every letter became a question mark.
_QUESTIONS = re.compile(r"(?<![^\s\"'«»(.,،:;-])\?{2,}(?![^\s\"'«»).,،:;!-])")
_ARABIC_WORD = re.compile("[\u0621-\u06d3]+")
_ARABIC_LETTER = re.compile("[\u0621-\u063a\u0641-\u06d3]")
_FORMS = re.compile("[\ufb50-\ufbff\ufe70-\ufefc]")
#: Neither letter, mark, digit, space nor the punctuation that texts have much of.
_NO_LETTER = re.compile(
    r"[^\w\s.,:;،؛؟?!/|()\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f_-]"
)
_MOST_SIGNS = 0.15
#: A text is plainly Arabic with this share of known words among all, and of letters among all characters: of
#: 12,000 news 98 in 100 are.
_PLAINLY_KNOWN, _MOSTLY_LETTERS, _LOOKED_UP = 0.86, 0.6, 200
_FEW_QUESTIONS = 4
#: Letters of a word on average: Arabic has four to five. Outside of this a text is looked at.
_WORD_LENGTHS, _LONGEST_WORD = (3.8, 8.5), 16
#: Least number of words → least letters of a word on average; words with fewer were cut off.
_SHORTEST = ((60, 3.7), (25, 3.45), (12, 3.1))
#: Least number of words → least share of known ones. The fewer, the more a rare name counts.
_LEAST_KNOWN = ((60, 0.82), (25, 0.75), (12, 0.6), (5, 0.45), (3, 0.3))
#: Share of function words of another language.
_LEAST_FUNCTION_WORDS = 0.11
#: Letters that only Sorani has, and what part of its letters they are at least.
_KURDISH_LETTERS, _LEAST_KURDISH = "ەێۆڵڕڤ", 0.05
#: Letters that every text of so many has: an eighth of all are alef, a ninth lam, a twentieth each other.
_COMMON_LETTERS, _MANY_LETTERS = "اليمنور", (120, 400)
#: Share of alef and of lam among the letters; of 12,000 news none has less than 0.086 and 0.055.
_LEAST_SHARES = (("ا", 0.03), ("ل", 0.02))
#: A text with less than one lam-alef in so many letters is looked at, and held if at least two of its words
#: are so much more frequent with one; in a text without any of so many letters one is enough.
_RARE_LAM_ALEF, _MORE_FREQUENT, _NO_LAM_ALEF = 500, 5, 400
#: That of a word which the frequency table does not have.
_LEAST_PROBABILITY = 1e-7
#: الأ, الإ and الآ with the ligature taken apart in the wrong order; no word has them.
_TURNED_LAM_ALEF = ("األ", "اإل", "اآل")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a text may be unreadable: a code of problem_messages and its detail."""

    code: str
    detail: str = ""


def find_doubt(title: str, body: str, words: Sequence[str], lost: int = 0) -> Doubt | None:
    """Return why the text may be unreadable, or None for a good one.

    `words` are the normalized words of title and body; `lost` is the number of control characters that were
    removed from them. Takes time that is linear in the text.
    """
    text = f"{title}\n{body}"
    count, letters = len(words), len("".join(words))
    size = max(1, len(text) - text.count(" "))
    if (
        letters >= _MOSTLY_LETTERS * size
        and _share_of_frequent(words) >= _PLAINLY_KNOWN
        and _WORD_LENGTHS[0] * count <= letters <= _WORD_LENGTHS[1] * count
        and not lost
        and text.count("?") < _FEW_QUESTIONS
        and not _LOST.search(text)
    ):
        return _find_absent_letter(text, words, letters)
    return (
        _find_lost(text, size, lost)
        or _find_question_marks(text, size, words)
        or (_find_question_marks(title, len(title), title.split()) if title else None)
        or _find_signs(text, size, words)
        or _find_strange_words(text, words)
    )


def _find_lost(text: str, size: int, lost: int) -> Doubt | None:
    found = len(_LOST.findall(text))
    if (found >= 2 and found >= size / 50) or (lost >= 2 and found + lost >= size / 25):
        return Doubt("unread-lost", str(found + lost))
    return None


def _find_question_marks(text: str, size: int, words: Sequence[str]) -> Doubt | None:
    number = text.count("?")
    if number < _FEW_QUESTIONS:
        return None
    runs = len(_QUESTIONS.findall(text))
    if (runs >= 2 and runs >= 0.15 * (runs + len(words))) or (runs and number >= 6 and number >= size / 5):
        return Doubt("unread-questions", str(number))
    return None


def _find_signs(text: str, size: int, words: Sequence[str]) -> Doubt | None:
    """Return the doubt that signs stand for letters: between letters, or most of the text."""
    plain = _WEB.sub(" ", text)
    inside = len(_SIGN_INSIDE.findall(plain))
    mixed = sum(not (word.isascii() or _ARABIC_WORD.fullmatch(word)) and _is_mixed(word) for word in words)
    if inside >= max(2, 0.06 * len(words)) or (mixed >= 3 and mixed >= 0.08 * len(words)):
        return Doubt("unread-signs", str(inside + mixed))
    signs = len(_NO_LETTER.findall(plain))
    if signs >= 4 and signs > _MOST_SIGNS * size:
        return Doubt("unread-signs", str(signs))
    return None


def _share_of_frequent(words: Sequence[str]) -> float:
    """Return the share of frequent words among at most `_LOOKED_UP` words, taken at equal distances."""
    some = words[:: 1 + len(words) // _LOOKED_UP]
    return sum(map(frequent_words().__contains__, some)) / len(some) if some else 0.0


def _is_mixed(word: str) -> bool:
    """Return True if a word has letters of several scripts, apart from the prefixes of Arabic: الBBC."""
    rest = word.lstrip("البوكف")
    return not rest.isascii() and bool(_ARABIC_LETTER.search(rest)) and not _ARABIC_WORD.fullmatch(rest)


def _find_strange_words(text: str, words: Sequence[str]) -> Doubt | None:
    count = len(words)
    if all(map(str.isdecimal, words)):
        return Doubt("unread-no-words")
    arabic = [word for word in words if _ARABIC_WORD.fullmatch(word)]
    foreign = sum(not (word.isdecimal() or _ARABIC_WORD.fullmatch(word)) for word in words)
    if foreign >= max(2, 0.25 * count) and (doubt := find_foreign_doubt(_FORMS.sub("", _WEB.sub(" ", text)))):
        return Doubt(doubt, f"{round(100 * len(arabic) / count)} %")
    return _judge_arabic(text, arabic) if len(arabic) >= max(2, 0.25 * count) else None


def _judge_arabic(text: str, words: Sequence[str]) -> Doubt | None:
    """Judge the words in Arabic letters, whatever their language."""
    count, letters = len(words), len("".join(words))
    if (count >= 6 and sum(len(word) == 1 for word in words) > count / 2) or (
        sum(len(word) > _LONGEST_WORD for word in words) > count / 3
    ):
        return Doubt("unread-spacing")
    if _is_other_language(text, words, letters):
        return None
    long = [word for word in words if len(word) > 2]
    unknown = [word for word in long if not is_known(word)]
    known = 1 - len(unknown) / max(1, len(long))
    if len(unknown) > 1 and sum(is_known(word[::-1]) for word in long) > len(long) * (known + 0.2):
        return Doubt("unread-order")
    if known < _least(_LEAST_KNOWN, len(long)):
        return Doubt("unread-words", f"{round(100 * known)} %")
    if letters < _least(_SHORTEST, count) * count:
        return Doubt("unread-letters")
    return _find_lost_letters(long, unknown) or _find_absent_letter(text, words, letters)


def _least(table: Sequence[tuple[int, float]], count: int) -> float:
    return next((least for number, least in table if count >= number), 0.0)


def _is_other_language(text: str, words: Sequence[str], letters: int) -> bool:
    """Return True for Persian, Kurdish or Urdu, by their function words and by the letters of Sorani."""
    others = sum(map(arabic_script_words().__contains__, words))
    if len(words) >= 5 and others >= max(1, _LEAST_FUNCTION_WORDS * len(words)):
        return True
    return others > 0 and sum(map(text.count, _KURDISH_LETTERS)) >= _LEAST_KURDISH * letters


def is_known(word: str) -> bool:
    """Return True if a normalized word occurs in running Arabic or is a form or name of the dictionary."""
    return word in frequent_words() or is_word(word) or name_term(word) is not None


def _find_absent_letter(text: str, words: Sequence[str], letters: int) -> Doubt | None:
    """Return the doubt that a letter was lost or moved, of an Arabic text of so many letters."""
    if letters < _MANY_LETTERS[0]:
        return None
    rare = any(text.count(letter) < share * letters for letter, share in _LEAST_SHARES)
    absent = letters >= _MANY_LETTERS[1] and any(letter not in text for letter in _COMMON_LETTERS)
    if (rare or absent or _lacks_lam_alef(words, letters)) and not _FORMS.search(text):
        return Doubt("unread-letters")
    turned = sum(map(text.count, _TURNED_LAM_ALEF))
    return Doubt("unread-order") if turned > 2 and turned > letters / 300 else None


def _lacks_lam_alef(words: Sequence[str], letters: int) -> bool:
    """Return True if lam-alef became lam or nothing."""
    number = " ".join(words).count("لا")
    if number > letters / _RARE_LAM_ALEF:
        return False
    least = 2 if number or letters < _NO_LAM_ALEF else 1
    return sum(map(_is_likelier_with_lam_alef, set(words))) >= least


def _is_likelier_with_lam_alef(word: str) -> bool:
    likely = _MORE_FREQUENT * max(probability(word), _LEAST_PROBABILITY)
    ends = [(word[:at], word[at:]) for at in range(len(word) + 1)] if len(word) < 16 else []
    return any(
        probability(f"{start}لا{end}") > likely
        or (start[-1:] == "ل" and probability(f"{start}ا{end}") > likely)
        for start, end in ends
    )


def _find_lost_letters(words: Sequence[str], unknown: Sequence[str]) -> Doubt | None:
    """Return the doubt that letters were lost in a text of which many words lack just one."""
    if len(words) < 25 or len(unknown) < 0.1 * len(words):
        return None
    mended = sum(map(_lacks_a_letter, unknown))
    if mended >= 0.1 * len(words) and mended >= 0.75 * len(unknown):
        return Doubt("unread-letters")
    return None


def _lacks_a_letter(word: str) -> bool:
    known = frequent_words()
    ends = [(word[:at], word[at:]) for at in range(len(word) + 1)] if len(word) < 16 else []
    return any(start + letter + end in known for start, end in ends for letter in "البتنيومرسعدكهةفقحشج")
