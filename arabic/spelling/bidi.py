"""From the order of a page to the order of reading: programs that place glyphs (PDF) keep a line as it lies
on the page, left to right, in the shapes that letters take when joined."""

from __future__ import annotations

import re
import unicodedata

from arabic.morphology.lemmatizer import is_word
from arabic.text.tokenizer import normalized_terms

_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
#: Shapes of joined letters and ligatures; each has its plain letters in Unicode's own table (NFKC).
_PRESENTATION_FORMS = re.compile("[\ufb50-\ufdfd\ufe70-\ufefc]+")
#: In a line that runs from right to left these still run from left to right, signs within them included.
_LEFT_TO_RIGHT = re.compile(
    "[0-9A-Za-z\u00c0-\u024f\u0660-\u0669\u06f0-\u06f9]"
    "(?:[0-9A-Za-z\u00c0-\u024f\u0660-\u0669\u06f0-\u06f9 .,:/@%&_'’+\u066b\u066c-]*"
    "[0-9A-Za-z\u00c0-\u024f\u0660-\u0669\u06f0-\u06f9%])?"
)
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_MARKS = re.compile("([\u064b-\u0655\u0670]+)(.)", re.DOTALL)
#: Words that are looked up to tell which way a text reads.
_MAX_SCORED_WORDS = 400


def replace_presentation_forms(text: str) -> str:
    """The text with standard letters in place of presentation forms: ﺣﻤﺺ → حمص, ﻻ → لا."""
    return _PRESENTATION_FORMS.sub(lambda shapes: unicodedata.normalize("NFKC", shapes[0]), text)


def to_logical_order(text: str) -> tuple[str, bool]:
    """The text with plain letters, turned line by line if it is Arabic that was kept as it lies on the page;
    and whether it was. Told by which way more of its words are words of the dictionary."""
    if not _ARABIC.search(text):
        return text, False
    straight = replace_presentation_forms(text)
    turned = "\n".join(map(reverse_visual_line, text.split("\n")))
    if _arabic_score(turned) > _arabic_score(straight):
        return turned, True
    return straight, False


def reverse_visual_line(line: str) -> str:
    """A line in the other order. Numbers and Latin words keep theirs, brackets face the other way, a letter
    still stands before its vowel marks; a line without Arabic is left as it is."""
    if not _ARABIC.search(line):
        return line
    back = line[::-1].translate(_MIRRORED)
    back = _LEFT_TO_RIGHT.sub(lambda run: run[0][::-1], back)
    return _MARKS.sub(r"\2\1", replace_presentation_forms(back))


def _arabic_score(text: str) -> float:
    """How much a text reads like Arabic: the share of its words that the dictionary knows, and of those with
    the article, which turned around is a rare ending."""
    words = list(dict.fromkeys(normalized_terms(text)))[:_MAX_SCORED_WORDS]
    long = [word for word in words if len(word) > 2]
    if not long:
        return 0.0
    known = sum(is_word(word) for word in long)
    article = sum(word.startswith("ال") for word in long) - sum(word.endswith("لا") for word in long)
    return (known + article) / len(long)
