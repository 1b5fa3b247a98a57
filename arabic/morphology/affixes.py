"""Clitics and endings of normalized words, the stems that remain without them, and function words.

`light10` is the stemmer of the level `light`.

The lists for `candidate_stems` are wider than grammar: anything that surrounds a listed stem makes it
likelier that a token is one inflected word than two words. The clitics that grammar allows, with their
weights, are in arabic/morphology/clitics.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from arabic.text.normalization import normalize
from arabic.text.tokenizer import normalized_terms

ARTICLE = "ال"
#: Single clitics of a noun, the longest first: those with the article, then the letters.
NOUN_CLITICS = ("وال", "بال", "فال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "ك")
#: Conjunctions and prepositions of one letter, alone and together.
LETTER_CLITICS = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "فب")
#: أ is not among them: او precedes more words as "or" than as the interrogative with a conjunction.
CLITICS = (
    *("و", "ف", "ب", "ل", "ك", "س", "ال", "لل", "وال", "بال", "فال", "كال", "وبال", "فبال", "ولل", "فلل"),
    *("وب", "ول", "وس", "وك", "فب", "فل", "فس"),
)
ENDINGS = (
    *(
        "ه",
        "ها",
        "هم",
        "هن",
        "هما",
        "ك",
        "كم",
        "كما",
        "نا",
        "ي",
        "ني",
        "ا",
        "ت",
        "وا",
        "تم",
        "ين",
        "ون",
        "ان",
    ),
    *("ات", "يه", "يات", "يين", "يون", "تين", "تان", "تي", "ته", "تها", "تهم", "تنا", "اوي", "اويه", "انيه"),
    *("يته", "يتها", "يتهم", "اته", "اتها", "اتهم", "اتنا", "وه", "وها", "وهم", "ونه", "ونها", "ونهم"),
)
_CLITICS_BY_FIRST_LETTER = {
    letter: tuple(each for each in CLITICS if each[0] == letter) for letter in {each[0] for each in CLITICS}
}
_ENDINGS_BY_LAST_LETTER = {
    letter: tuple(each for each in ENDINGS if each[-1] == letter) for letter in {each[-1] for each in ENDINGS}
}
#: Word lists and dictionaries contain some of these, and of their beginnings, as words (وال, بال, ات).
FRAGMENTS = frozenset({*CLITICS, *ENDINGS, "الم", "الس", "الت", "الا", "اللا", "واللا"})
MIN_STEM = 3
#: Of light10, only the first matching prefix is removed.
_LIGHT10_PREFIXES = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
#: Each suffix is tried once, in this order. (Normalization has turned ة into ه; the entries with ة are
#: Lucene's.)
_LIGHT10_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")
#: Letters that must remain; one more if the single letter waw is removed.
_MIN_REST = 2


def candidate_stems(token: str) -> Iterator[str]:
    """Yield the stems of a normalized token without clitics, endings or both; never the token itself.

    Stems are also yielded with the ه that some endings replace.
    """
    # Most words have one or none of either.
    endings = ["", *filter(token.endswith, _ENDINGS_BY_LAST_LETTER.get(token[-1:], ()))]
    for clitic in ("", *filter(token.startswith, _CLITICS_BY_FIRST_LETTER.get(token[:1], ()))):
        rest = token[len(clitic) :]
        for ending in endings:
            size = len(rest) - len(ending)
            # A single letter is more often part of the word: four letters must remain.
            if size < MIN_STEM + (len(ending) == 1) or size == len(token) or not rest.endswith(ending):
                continue
            yield rest[:size]
            if ending:
                yield f"{rest[:size]}ه"


# Function words: prepositions, alone or with a pronoun, and words that open a clause. A headline and its
# article often use different ones. Negations (لا، لم، لن، ليس، غير، دون) and words of time (قبل، بعد) are not
# among them, because they carry the meaning.

_PREPOSITIONS = "في من إلى على عن مع بين ضد حول عند لدى خلال عبر نحو ضمن منذ حتى"
#: As written before a pronoun; the two of one letter occur only with a pronoun.
_BEFORE_PRONOUN = "في من إلي علي عن مع بين ضد حول عند لدي نحو ل ب"
_PRONOUNS = "ه ها هم هما هن نا ك كم"
_CLAUSES = "أن إن أنه أنها أنهم إنه إنها إنهم قد الذي التي الذين اللذان اللذين هذا هذه ذلك تلك"

#: Normalized.
FUNCTION_WORDS = frozenset(
    {normalize(word) for word in f"{_PREPOSITIONS} {_CLAUSES}".split()}
    | {normalize(word + pronoun) for word in _BEFORE_PRONOUN.split() for pronoun in _PRONOUNS.split()}
)
_ALI = normalize("علي")
_HAMZA_AND_ALEF = re.compile("^([وف]?[بلك]?(?:ال)?)ءا(?=[^ء])")


def is_function_word(written: str) -> bool:
    """Return True if a word as typed is a function word. علي is a name, although some writers mean على."""
    terms = normalized_terms(written)
    if len(terms) != 1 or (terms[0] == _ALI and "ى" not in written):
        return False
    return terms[0] in FUNCTION_WORDS


def with_madda(word: str) -> str:
    """Return a written term with آ for ءا at the start of a word, an older spelling: ءاثار, الءاثار."""
    return _HAMZA_AND_ALEF.sub(r"\1آ", word, count=1) if "ءا" in word else word


def strip_suffixes(word: str) -> str:
    """Return the word without light10's suffixes; at least two letters remain."""
    if not word.endswith(_LIGHT10_SUFFIXES):  # most words
        return word
    for suffix in _LIGHT10_SUFFIXES:
        if word.endswith(suffix) and len(word) >= len(suffix) + _MIN_REST:
            word = word[: -len(suffix)]
    return word


def light10(word: str) -> str:
    """Return the light stem of a normalized word (Larkey, Ballesteros and Connell 2007).

    It has the length checks of Lucene's ArabicStemmer, so that Elasticsearch's `arabic_stem` filter gives the
    same stem for the same normalized word.
    """
    for prefix in _LIGHT10_PREFIXES if word.startswith(_LIGHT10_PREFIXES) else ():
        min_rest = _MIN_REST + (len(prefix) == 1)
        if word.startswith(prefix) and len(word) >= len(prefix) + min_rest:
            word = word[len(prefix) :]
            break
    return strip_suffixes(word)
