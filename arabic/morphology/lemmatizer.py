"""Dictionary lemmas of a normalized word, analyzed through its clitics.

A word is divided into proclitics, stem and enclitics in every way that Arabic allows; the stem is looked up
in `data/lexicon.marisa` (made by tools/lexicon/build_lexicon.py from the tables of AlKhalil Morpho Sys 2),
where each of its lemmas carries P(lemma) * P(stem | lemma). Multiplied by the weights of the clitics this
ranks the analyses. So وزير is the minister, though و + زير is possible Arabic too, and حملتهم is both "their
campaign" and "it carried them".
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import marisa_trie  # type: ignore[import-not-found]  # a compiled module, it ships no types

from arabic.morphology.protected_words import is_ambiguous_name, is_protected, name_term
from arabic.tables.gazetteer import DATA

#: Kinds of stem: noun, verb, function word, name. (R relates two lemmas, O is the root of one.)
_RELATED, _ROOT = "R", "O"
_NOMINAL = frozenset("NP")
_VERB = frozenset("V")
_ANY = frozenset("NVTP")
_WORDS = frozenset("NTP")

#: Weights in the table are bytes: -8 * log2 of the weight.
_STEP = 2 ** (-1 / 8)
_WEIGHTS = [_STEP**byte for byte in range(256)]
#: Weights of clitics before and after a stem, relative to none at all (1.0), estimated by hand: a letter that
#: may belong to the root must cost something; the article hardly ever does.
_ARTICLE, _LETTER = 0.5, 0.02
#: proclitic → (kinds of stem that it combines with, weight, whether it includes the article)
PROCLITICS: dict[str, tuple[frozenset[str], float, bool]] = {
    "": (_ANY, 1.0, False),
    **{
        f"{before}ال": (_NOMINAL, _ARTICLE, True)
        for before in ("", "و", "ف", "ب", "ك", "وب", "فب", "وك", "فك")
    },
    **{f"{before}ال": (_NOMINAL, _LETTER, True) for before in ("اف", "او", "افب", "اوب", "لب", "لك")},
    **{f"{before}لل": (_NOMINAL, _ARTICLE, True) for before in ("", "و", "ف")},
    **dict.fromkeys(("و", "ف"), (_ANY, _LETTER, False)),
    **dict.fromkeys(("ب", "ك"), (_WORDS, _LETTER, False)),
    "ل": (_ANY, _LETTER, False),
    **dict.fromkeys(("وب", "فب", "وك", "فك"), (_WORDS, _LETTER**1.5, False)),
    **dict.fromkeys(("ول", "فل"), (_ANY, _LETTER**1.5, False)),
    "س": (_VERB, _LETTER, False),
    **dict.fromkeys(("وس", "فس"), (_VERB, _LETTER**1.5, False)),
    **dict.fromkeys(("افس", "اف", "او"), (_VERB, _LETTER**2, False)),
}
#: First letters of an imperfect; the future س and ل precede no other form of the verb.
_IMPERFECT = frozenset("ايتن")
#: Factor for an analysis that removes a letter from a word which can be analyzed whole.
_CLITIC_DOUBT = 0.05
#: Weight of an analysis that some corpus attests.
_MIN_ATTESTED_WEIGHT = 1e-7
_PRONOUN, _RARE = 0.1, 0.005
#: enclitic → (kinds of stem that it combines with, weight)
ENCLITICS: dict[str, tuple[frozenset[str], float]] = {
    "": (_ANY, 1.0),
    **dict.fromkeys(("ها", "هم", "هما", "هن", "نا"), (_ANY, _PRONOUN)),
    "ه": (_ANY, _PRONOUN),
    **dict.fromkeys(("كم", "كما", "كن", "ك"), (_ANY, _RARE)),
    "ي": (_WORDS, _RARE),
    "ني": (_VERB, _RARE),
    **{f"و{pronoun}": (_VERB, _PRONOUN) for pronoun in ("ه", "ها", "هم", "هما", "نا", "ني")},
}
#: Analyses are kept whose weight is at least this share of that of the likeliest one.
MIN_SHARE = 0.1
MAX_LEMMAS = 4
#: Precedes the stem of an out-of-vocabulary word, so that it cannot equal a lemma.
OOV_MARKER = "~"
MIN_OOV_STEM = 4
_CACHE_SIZE = 10_000

_Proclitic = tuple[str, frozenset[str], float, bool, bool]
_Enclitic = tuple[str, frozenset[str], float]
#: The same, keyed by a word's first or last letter, in the same order: most words have no clitic.
_NO_ENCLITIC: tuple[_Enclitic, ...] = (("", *ENCLITICS[""]),)
_ENCLITICS_BY_LAST_LETTER: dict[str, tuple[_Enclitic, ...]] = {
    letter: tuple((each, *what) for each, what in ENCLITICS.items() if each[-1:] in ("", letter))
    for letter in {each[-1] for each in ENCLITICS if each}
}
_NO_PROCLITIC: tuple[_Proclitic, ...] = (("", *PROCLITICS[""], False),)
_PROCLITICS_BY_FIRST_LETTER: dict[str, tuple[_Proclitic, ...]] = {
    letter: tuple(
        (each, *what, each.endswith(("س", "ل")))  # the last: whether an imperfect follows, if a verb does
        for each, what in PROCLITICS.items()
        if each[:1] in ("", letter)
    )
    for letter in {each[0] for each in PROCLITICS if each}
}


class MorphAnalysis(NamedTuple):
    """One morphological analysis of a word."""

    lemma: str  #: normalized
    kind: str
    proclitic: str
    stem: str  #: as written in the table
    enclitic: str
    weight: float


@cache
def _table() -> marisa_trie.BytesTrie:
    """Return the lexicon, memory-mapped."""
    return marisa_trie.BytesTrie().mmap(str(DATA / "lexicon.marisa"))


@lru_cache(_CACHE_SIZE)
def _stem_entries(stem: str) -> tuple[tuple[str, str, float], ...]:
    """Return (lemma, kind, weight) for each entry of a stem in the lexicon."""
    found = _table().get(stem)
    return (
        tuple([(value[2:].decode(), chr(value[0]), _WEIGHTS[value[1]]) for value in found]) if found else ()
    )


def related_lemmas(lemma: str) -> tuple[str, ...]:
    """Return the verbal nouns of a verb (انشق: انشقاق) or the verbs of a verbal noun, as lemmas."""
    return tuple(sorted({other for other, kind, _ in _stem_entries(lemma) if kind == _RELATED}))


@lru_cache(_CACHE_SIZE)
def roots(token: str) -> tuple[str, ...]:
    """Return the roots of a normalized word's lemmas, normalized.

    Words of one root may have quite different meanings (كتيبة, كتاب): a root may rank hits, it does not match
    any.
    """
    return tuple(sorted({root for lemma in lemmas(token) for root in lemma_roots(lemma)}))


def lemma_roots(lemma: str) -> tuple[str, ...]:
    """Return the roots of a lemma, normalized; () for anything else."""
    return tuple([root for root, kind, _ in _stem_entries(lemma) if kind == _ROOT])


def morph_analyses(token: str) -> list[MorphAnalysis]:
    """Return all analyses of a normalized word, the likeliest first."""
    found: list[MorphAnalysis] = []
    for proclitic, before, proclitic_weight, definite, needs_imperfect in _PROCLITICS_BY_FIRST_LETTER.get(
        token[:1], _NO_PROCLITIC
    ):
        if not token.startswith(proclitic):
            continue
        rest = token[len(proclitic) :]
        enclitics = _NO_ENCLITIC if definite else _ENCLITICS_BY_LAST_LETTER.get(rest[-1:], _NO_ENCLITIC)
        for enclitic, behind, enclitic_weight in enclitics:
            if not rest.endswith(enclitic):
                continue
            middle = rest[: len(rest) - len(enclitic)]
            if len(middle) < 2:
                continue
            weight = proclitic_weight * enclitic_weight
            for stem in _stem_spellings(middle, proclitic, enclitic):
                for lemma, kind, share in _stem_entries(stem):
                    if kind not in before or kind not in behind:
                        continue
                    if kind == "V" and needs_imperfect and stem[0] not in _IMPERFECT:
                        continue
                    found.append(MorphAnalysis(lemma, kind, proclitic, stem, enclitic, weight * share))
    return _rank_analyses(found)


def _rank_analyses(found: list[MorphAnalysis]) -> list[MorphAnalysis]:
    """Sort analyses by weight, the likeliest first.

    An analysis that removes a first letter as a clitic is discounted if the word can be analyzed whole:
    the letter may belong to the root.
    """
    if any(not analysis.proclitic and analysis.weight >= _MIN_ATTESTED_WEIGHT for analysis in found):
        found = [
            analysis._replace(weight=analysis.weight * _CLITIC_DOUBT)
            if analysis.proclitic and not PROCLITICS[analysis.proclitic][2]
            else analysis
            for analysis in found
        ]
    if len(found) > 1:
        found.sort(key=lambda analysis: (-analysis.weight, analysis.lemma, analysis.proclitic))
    return found


def _stem_spellings(middle: str, proclitic: str, enclitic: str) -> list[str]:
    """Return the possible dictionary spellings of a stem: letters change next to clitics."""
    spellings = [middle]
    if enclitic:
        if middle[-1] == "ت":  # ة becomes ت: حملتهم
            spellings.append(middle[:-1] + "ه")
        elif middle[-1] == "ا":  # ى becomes ا: مستشفاهم
            spellings.append(middle[:-1] + "ي")
        elif middle[-1] == "و":  # the silent alif of the plural is dropped: كتبوه
            spellings.append(middle + "ا")
    if proclitic.endswith("لل"):  # ل + ال + a word with initial lam is written with two lams: للجنة
        spellings.append("ل" + middle)
    return spellings


@lru_cache(_CACHE_SIZE)
def lemmas(token: str) -> tuple[str, ...]:
    """Return the normalized dictionary lemmas of a normalized token, the likeliest first.

    At most `MAX_LEMMAS`; () if the dictionary has no such word. A protected name has no lemma.
    """
    if is_protected(token):
        return ()
    likely = morph_analyses(token)
    if name_term(token) and not is_ambiguous_name(token):  # بحمص is not a word; والي is one, and also و + الي
        likely = [analysis for analysis in likely if not analysis.proclitic]
    if not likely:
        return ()
    enough = likely[0].weight * MIN_SHARE
    believed = [each for each in likely if each.weight >= enough or _is_headword(each, token)]
    return tuple(dict.fromkeys(each.lemma for each in believed))[:MAX_LEMMAS]


def _is_headword(analysis: MorphAnalysis, token: str) -> bool:
    """Return True if the dictionary has the word as a noun, however rare.

    صحافي is "journalist" even where the corpora have more of صحاف with a pronoun.
    """
    return analysis.kind == "N" and analysis.lemma == analysis.stem == token


@lru_cache(_CACHE_SIZE)
def oov_stem_terms(token: str) -> tuple[str, ...]:
    """Return the terms of an out-of-vocabulary word (a surname, a foreign name).

    These are the word itself and what remains without any clitics that may precede it, each with
    `OOV_MARKER`. At least `MIN_OOV_STEM` letters remain.
    """
    if not token.isalpha() or is_protected(token):
        return ()
    stems = [token]
    for proclitic, (kinds, _, _) in PROCLITICS.items():
        rest = token[len(proclitic) :]
        if proclitic and "P" in kinds and token.startswith(proclitic) and len(rest) >= MIN_OOV_STEM:
            stems.append(rest)
            if proclitic.endswith("لل"):
                stems.append("ل" + rest)
    return tuple(OOV_MARKER + stem for stem in dict.fromkeys(stems))


def oov_term(token: str) -> str:
    """Return the lemma-field term of a normalized out-of-vocabulary word."""
    return OOV_MARKER + token


def is_word(token: str) -> bool:
    """Return True if a normalized token can be analyzed as a word of the dictionary."""
    return bool(lemmas(token))
