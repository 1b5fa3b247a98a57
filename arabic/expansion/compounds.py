"""One word or several: فيس بوك and فيسبوك, عبد الله and عبدالله, لا بد and لابد. For the query; what texts
run together is cut when they are indexed (arabic.morphology.decompounding)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER
from arabic.morphology.lemmatizer import morph_analyses
from arabic.tables.gazetteer import gazetteer, read_table
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.frequencies import is_frequent_word, probability

#: Formulas that hands write in several ways, some of which make other words (انشاء).
_FORMULAS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("ان", "شاء", "الله"): ("انشاء الله", "انشاءالله", "ان شاءالله", "انشالله", "ان شالله"),
    ("ما", "شاء", "الله"): ("ماشاء الله", "ماشاءالله", "ما شاءالله", "ماشالله"),
}
MAX_JOINED = 3
#: A shorter word is too likely to be another one.
MIN_JOINED, MIN_LAST = 5, 3
#: A reading that explains no more than this share of a word's frequency is an accident of its letters.
_BY_CHANCE = 1e-3
_CACHE_SIZE = 50_000
#: What may stand before a word of the table, written to its first half.
_CLITICS = ("", "و", "ف", "ب", "ل", "ال", "وال", "بال", "لل", "ولل")


@cache
def _optional_compounds() -> dict[str, tuple[str, ...]]:
    """The words of the table as one → as two, also behind clitics."""
    rows = [tuple(normalized_terms(row["words"])) for row in read_table("joined_words.tsv")]
    return {
        f"{clitic}{''.join(words)}": (clitic + words[0], *words[1:]) for words in rows for clitic in _CLITICS
    }


def compound_spellings(tokens: Sequence[str]) -> list[tuple[int, int, str]]:
    """(start, end, written) for folded tokens [start, end) that are also written otherwise: as one word or, a
    few formulas, as other words. Nothing that would be an ordinary word of its own (من هم, منهم)."""
    found = []
    for start in range(len(tokens)):
        for end in range(start + 2, min(start + MAX_JOINED, len(tokens)) + 1):
            words = tuple(tokens[start:end])
            found += [(start, end, written) for written in (*_FORMULAS.get(words, ()), *_compounds_of(words))]
    return list(dict.fromkeys(found))


def compound_parts(token: str) -> tuple[str, ...]:
    """The words that a typed, folded word is made of, if it may as well be written as those; else (). To be
    searched in a row."""
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
    """The words as one word, if they are written so. Every row of a query asks: cheap tests come first."""
    joined = "".join(words)
    written = _optional_compounds().get(joined) == words or gazetteer().split_joined_name(joined) == words
    return (
        (joined,)
        if written or SHIPPED_DECOMPOUNDER.is_habitual_compound(words) or _is_loanword(joined, words)
        else ()
    )


def _is_loanword(joined: str, words: tuple[str, ...]) -> bool:
    """سان تياغو, بو تفليقة: a word of the list that is no native one, though its halves may be."""
    if len(joined) < MIN_JOINED or len(words[-1]) < MIN_LAST or not is_frequent_word(joined):
        return False
    return not any(map(_is_function_word, words)) and not _is_ordinary(joined)


def _is_function_word(token: str) -> bool:
    likely = morph_analyses(token)
    return bool(likely) and likely[0].kind == "T"


def _is_ordinary(token: str) -> bool:
    """Whether it can be read as a native word; not so names and loanwords, whatever letters of theirs happen
    to be clitics (واتساب is no "and she was insulted")."""
    native = max((analysis.weight for analysis in morph_analyses(token) if analysis.kind != "P"), default=0.0)
    return native > _BY_CHANCE * probability(token)
