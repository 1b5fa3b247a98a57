"""Words written as one or as several: فيس بوك and فيسبوك, عبد الله and عبدالله, لا بد and لابد.

For queries. Words that a text runs together are split at index time (arabic/morphology/decompounding.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER
from arabic.morphology.lemmatizer import morph_analyses
from arabic.tables.gazetteer import gazetteer, read_table
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.frequencies import is_frequent_word, probability

#: Formulas written in several ways, some of which contain other words (انشاء).
_FORMULAS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("ان", "شاء", "الله"): ("انشاء الله", "انشاءالله", "ان شاءالله", "انشالله", "ان شالله"),
    ("ما", "شاء", "الله"): ("ماشاء الله", "ماشاءالله", "ما شاءالله", "ماشالله"),
}
MAX_JOINED = 3
#: A shorter joined word is too likely to be an unrelated word.
MIN_JOINED, MIN_LAST = 5, 3
#: An analysis with no more than this share of a word's frequency is a coincidence of letters.
_BY_CHANCE = 1e-3
_CACHE_SIZE = 50_000
#: May precede a word of the table, attached to its first half.
_CLITICS = ("", "و", "ف", "ب", "ل", "ال", "وال", "بال", "لل", "ولل")


@cache
def _optional_compounds() -> dict[str, tuple[str, ...]]:
    """Map the table's words written as one to the same written as two, also after clitics."""
    rows = [tuple(normalized_terms(row["words"])) for row in read_table("joined_words.tsv")]
    return {
        f"{clitic}{''.join(words)}": (clitic + words[0], *words[1:]) for words in rows for clitic in _CLITICS
    }


def compound_spellings(tokens: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return (start, end, written) for tokens [start, end) that have another spelling.

    The other spelling is one word or, for a few formulas, other words; never an ordinary word (من هم, منهم).
    """
    found = []
    for start in range(len(tokens)):
        for end in range(start + 2, min(start + MAX_JOINED, len(tokens)) + 1):
            words = tuple(tokens[start:end])
            found += [(start, end, written) for written in (*_FORMULAS.get(words, ()), *_compounds_of(words))]
    return list(dict.fromkeys(found))


def compound_parts(token: str) -> tuple[str, ...]:
    """Return the separate words that a typed token may stand for, to be searched as a phrase; else ()."""
    for apart, ways in _FORMULAS.items():
        if token in ways:
            return apart
    return (
        _optional_compounds().get(token)
        or gazetteer().split_joined_name(token)
        or SHIPPED_DECOMPOUNDER.parts(token)
    )


@lru_cache(_CACHE_SIZE)
def _compounds_of(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words joined into one word if that spelling is in use, else ().

    Called for every sequence of words in a query, so the cheap tests come first.
    """
    joined = "".join(words)
    written = _optional_compounds().get(joined) == words or gazetteer().split_joined_name(joined) == words
    return (
        (joined,)
        if written or SHIPPED_DECOMPOUNDER.is_habitual_compound(words) or _is_loanword(joined, words)
        else ()
    )


def _is_loanword(joined: str, words: tuple[str, ...]) -> bool:
    """Return True if the joined words are a listed word that is not native: سان تياغو, بو تفليقة."""
    if len(joined) < MIN_JOINED or len(words[-1]) < MIN_LAST or not is_frequent_word(joined):
        return False
    return not any(map(_is_function_word, words)) and not _is_ordinary(joined)


def _is_function_word(token: str) -> bool:
    """Return True if the likeliest analysis of a token is a function word."""
    likely = morph_analyses(token)
    return bool(likely) and likely[0].kind == "T"


def _is_ordinary(token: str) -> bool:
    """Return True if a token can be analyzed as a native word.

    Names and loanwords with letters like those of clitics do not (واتساب is not "and she was insulted").
    """
    native = max((analysis.weight for analysis in morph_analyses(token) if analysis.kind != "P"), default=0.0)
    return native > _BY_CHANCE * probability(token)
