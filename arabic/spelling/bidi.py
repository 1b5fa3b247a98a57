"""Restore logical order in lines whose letters stand in the opposite one.

A program that knows nothing of Arabic writes its letters from left to right. Text that was taken from such a
page by the places of its letters, from right to left, has every line reversed.
"""

from __future__ import annotations

import re
import unicodedata

from arabic.morphology.lemmatizer import is_word
from arabic.text.tokenizer import normalized_terms

_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
#: Presentation forms and ligatures; NFKC maps each to its plain letters.
_PRESENTATION_FORMS = re.compile("[\ufb50-\ufdfd\ufe70-\ufefc]+")
#: Runs that still read left to right within a right-to-left line, including the punctuation inside them.
_LEFT_TO_RIGHT = re.compile(
    "[0-9A-Za-z\u00c0-\u024f\u0660-\u0669\u06f0-\u06f9]"
    "(?:[0-9A-Za-z\u00c0-\u024f\u0660-\u0669\u06f0-\u06f9 .,:/@%&_'’+\u066b\u066c-]*"
    "[0-9A-Za-z\u00c0-\u024f\u0660-\u0669\u06f0-\u06f9%])?"
)
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_MARKS = re.compile("([\u064b-\u0655\u0670]+)(.)", re.DOTALL)
#: Number of words that are looked up to decide the order of a line.
_MAX_SCORED_WORDS = 40


def replace_presentation_forms(text: str) -> str:
    """Return the text with standard letters in place of presentation forms: ﺣﻤﺺ → حمص, ﻻ → لا."""
    return _PRESENTATION_FORMS.sub(lambda shapes: unicodedata.normalize("NFKC", shapes[0]), text)


def to_logical_order(text: str) -> tuple[str, bool]:
    """Return the text in logical order with standard letters, and whether a line was reversed.

    A line is reversed if more of its words are dictionary words then; a line that does not tell, like most
    of the others that do.
    """
    if not _ARABIC.search(text):
        return text, False
    lines = replace_presentation_forms(text).split("\n")
    reversed_lines = list(map(reverse_visual_line, lines))
    gains = [_gain(line, turned) for line, turned in zip(lines, reversed_lines, strict=True)]
    most = sum(gains) > 0
    chosen = [
        turned if gain > 0 or (gain == 0 and most) else line
        for line, turned, gain in zip(lines, reversed_lines, gains, strict=True)
    ]
    return "\n".join(chosen), chosen != lines


def reverse_visual_line(line: str) -> str:
    """Return a line in reverse order; a line without Arabic is returned unchanged.

    Numbers and Latin words keep their order, brackets are mirrored, and diacritics still follow their letter.
    """
    if not _ARABIC.search(line):
        return line
    back = line[::-1].translate(_MIRRORED)
    back = _LEFT_TO_RIGHT.sub(lambda run: run[0][::-1], back)
    return _MARKS.sub(r"\2\1", replace_presentation_forms(back))


def _gain(line: str, turned: str) -> float:
    """Return how much more a line resembles Arabic when it is reversed; negative: less."""
    return _arabic_score(turned) - _arabic_score(line) if line != turned else 0.0


def _arabic_score(text: str) -> float:
    """Return a score of how much a text resembles Arabic.

    The score is the number of words that the dictionary has, plus that of words with the article, which
    reversed is a rare ending.
    """
    words = list(dict.fromkeys(normalized_terms(text)))[:_MAX_SCORED_WORDS]
    long = [word for word in words if len(word) > 2]
    known = sum(is_word(word) for word in long)
    article = sum(word.startswith("ال") for word in long) - sum(word.endswith("لا") for word in long)
    return known + article
