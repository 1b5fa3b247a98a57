"""Restore logical order in lines whose letters are in visual order.

A program that knows nothing of Arabic writes its letters from left to right. Text that was taken from such a
page by the places of its letters, from right to left, has every line reversed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

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
#: By how much a text must gain before its lines are reversed; one rare word proves nothing.
_LEAST_GAIN = 2
#: A line has another order than its text if so many of its words are known in that order, and so many times
#: as many as in the order of the text.
_CERTAIN_WORDS = 3
_CERTAIN_RATIO = 3


def replace_presentation_forms(text: str) -> str:
    """Return the text with standard letters in place of presentation forms: ﺣﻤﺺ → حمص, ﻻ → لا."""
    return _PRESENTATION_FORMS.sub(lambda shapes: unicodedata.normalize("NFKC", shapes[0]), text)


def to_logical_order(text: str) -> tuple[str, bool]:
    """Return the text in logical order with standard letters, and whether a line was reversed.

    The whole text tells by its dictionary words. A line differs from it only if its words leave no doubt: the
    end of a paragraph is often one word, and reversed that may look like another.
    """
    if not _ARABIC.search(text):
        return text, False
    lines = replace_presentation_forms(text).split("\n")
    reversed_lines = list(map(reverse_visual_line, lines))
    judged = [(_judge(line), _judge(turned)) for line, turned in zip(lines, reversed_lines, strict=True)]
    turns = sum(turned.score - line.score for line, turned in judged) >= _LEAST_GAIN
    chosen = []
    for line, turned, (as_is, other) in zip(lines, reversed_lines, judged, strict=True):
        differs = as_is.outweighs(other) if turns else other.outweighs(as_is)
        chosen.append(turned if turns != differs else line)
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


@dataclass(frozen=True, slots=True)
class _Judgement:
    """How much a line resembles Arabic: its dictionary words, and what its articles add to them."""

    known: int
    article: int

    @property
    def score(self) -> int:
        return self.known + self.article

    def outweighs(self, other: _Judgement) -> bool:
        """Whether the words are known, and hardly any of the same line in the other order."""
        return self.known >= max(_CERTAIN_WORDS, _CERTAIN_RATIO * other.known)


def _judge(text: str) -> _Judgement:
    """Return the number of known words, and that of words with the article less those that end with one.

    Reversed, the article is an ending that few words have; those the dictionary knows do not count: قليلا.
    """
    words = list(dict.fromkeys(normalized_terms(text)))[:_MAX_SCORED_WORDS]
    long = [word for word in words if len(word) > 2]
    known = {word for word in long if is_word(word)}
    article = sum(word.startswith("ال") for word in long)
    reversed_article = sum(word.endswith("لا") and word not in known for word in long)
    return _Judgement(len(known), article - reversed_article)
