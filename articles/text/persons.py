"""Recognition of names of persons. An unknown name looks like other words, so the result is a confidence."""

from __future__ import annotations

import re
from functools import cache

from arabic.tables.gazetteer import read_word_set
from arabic.text.normalization import normalize

#: Confidences: begins with a given name of the table; has only the shape of a name; is not a name.
KNOWN, SHAPE, NONE = 0.9, 0.4, 0.0
MAX_WORDS, MAX_CHARACTERS = 5, 60
_WORDS = re.compile(r"[^\W\d_]+\.?(?:[-'’][^\W\d_]+)*")
_LATIN = re.compile(r"(?:[A-Z][a-zà-ÿ'’]*\.?[ -]){1,3}[A-Z][a-zà-ÿA-Z'’-]+")
_HONORIFIC = re.compile(
    r"(?:(?:الصحا?في|الصحا?فية|الزميل|الزميلة|الكاتب|الكاتبة|الأستاذ|الأستاذة|الدكتور|الدكتورة|المهندس|الإعلامي"
    r"|الإعلامية)\s+"
    r"|[دأم]\s*[./]\s*)+"
)
_FIRST_OF_COMPOUND = frozenset(map(normalize, ("عبد", "أبو", "أبي", "ابن", "بن", "أم", "آل", "بو")))
#: "Today" is in no name of a person, but in those of many newspapers.
_TODAY = normalize("اليوم")
#: Words that no name contains: function words and words of news, the calendar and offices.
_NOT_IN_NAMES = frozenset(
    normalize(word)
    for line in (
        "في من إلى عن أن إن أو ثم قد لا ما لم لن كان كانت هو هي هذا هذه ذلك التي الذي الذين حول بعد",
        "قبل منذ حتى مع بين ضد عند لدى خلال بسبب أمس غدا كل بعض غير قال قالت أعلن أعلنت أكد أكدت",
        "ذكر أفاد كشف وصل شهدت يوم وزير رئيس مدير الرئيس الوزير قوات الجيش النظام مجلس",
        "حكومة الحكومة مدينة محافظة منطقة وكالة وكالات صحيفة جريدة موقع قناة شبكة خاص تقرير مقال أخبار",
        "خبر عاجل صور فيديو بالصور بالفيديو رأي افتتاحية السبت الأحد الاثنين الثلاثاء الأربعاء الخميس",
        "الجمعة مساء كتب كتبت كتاب مقالا رسالة قصة رواية بيان",
    )
    for word in line.split()
)


@cache
def given_names() -> frozenset[str]:
    """Return the given names of the table, normalized."""
    return read_word_set("given_names.tsv")


def without_honorific(text: str) -> str:
    """Return the name without its title: that of "الصحفي فلان" or "د. فلانة"."""
    return _HONORIFIC.sub("", text.strip(" \t\u00a0*•«»\"'")).strip()


def name_confidence(text: str) -> float:
    """Return KNOWN, SHAPE or NONE for a name without honorific; two names may be joined by "و" or "and"."""
    if not 4 <= len(text) <= MAX_CHARACTERS:
        return NONE
    if _LATIN.fullmatch(text):
        return SHAPE
    words = _WORDS.findall(text)
    # Normalized, the preposition على is the name علي; a tatweel alone is a dash and normalizes to nothing.
    if "على" in words or not all(map(normalize, words)):
        return NONE
    if " ".join(words) != " ".join(text.split()):
        return NONE  # digits or punctuation
    folded = [normalize(word) for word in words]
    for at in range(2, len(folded) - 1):
        if folded[at][:1] == "و" and folded[at] not in given_names() and _begins_name(folded[at][1:]):
            rest = [folded[at][1:], *folded[at + 1 :]]
            return min(_words_confidence(folded[:at]), _words_confidence(rest))
    return _words_confidence(folded)


def may_be_name(text: str) -> bool:
    """Return True if no word rules out that the text is a name of some kind."""
    words = text.split()
    return (
        "على" not in words
        and _NOT_IN_NAMES.isdisjoint(map(normalize, words))
        and not text.endswith((".", "؟", "!"))
    )


def _words_confidence(words: list[str]) -> float:
    if not 2 <= len(words) <= MAX_WORDS or not _NOT_IN_NAMES.isdisjoint(words) or _TODAY in words:
        return NONE
    if _begins_name(words[0]):
        return KNOWN
    if any(_is_article(word) for word in words[:-1]) or len(words) > MAX_WORDS - 2 or words[0][0] == "و":
        return NONE
    return SHAPE if all(len(word) > 2 for word in words) else NONE


def _begins_name(word: str) -> bool:
    return word in given_names() or word in _FIRST_OF_COMPOUND or (word.startswith("عبدال") and len(word) > 6)


def _is_article(word: str) -> bool:
    return word.startswith("ال") and word not in given_names()
