"""Dictionary lemmas of a folded word, seen through its clitics.

A word is cut into proclitics, stem and enclitics in every way that Arabic allows; the stem is looked up in
`data/lexicon.marisa` (made by tools/lexicon/build_lexicon.py from the tables of AlKhalil Morpho Sys 2),
where each
of its lemmas carries P(lemma) * P(stem | lemma). Times how likely the clitics are, that ranks the readings.
So وزير is the minister, though و + زير is possible Arabic too, and حملتهم is both "their campaign" and "it
carried them".
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

#: Weights in the table are bytes: 8 * log2, downwards from 1.
_STEP = 2 ** (-1 / 8)
_WEIGHTS = [_STEP**byte for byte in range(256)]
#: How likely clitics are before and behind a stem, beside none at all (1.0), estimated by hand: a letter that
#: may be the root's own must be paid for, the article hardly ever is one.
_ARTICLE, _LETTER = 0.5, 0.02
#: proclitic → (kinds of stem it goes with, weight, whether it holds the article)
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
#: What an imperfect begins with; the future and ل stand before no other form of the verb.
_IMPERFECT = frozenset("ايتن")
#: What is left of the weight of a reading that takes a letter off a word which can be read whole.
_CLITIC_DOUBT = 0.05
#: Weight of a reading that some corpus attests.
_MIN_ATTESTED_WEIGHT = 1e-7
_PRONOUN, _RARE = 0.1, 0.005
#: enclitic → (kinds of stem it goes with, weight)
ENCLITICS: dict[str, tuple[frozenset[str], float]] = {
    "": (_ANY, 1.0),
    **dict.fromkeys(("ها", "هم", "هما", "هن", "نا"), (_ANY, _PRONOUN)),
    "ه": (_ANY, _PRONOUN),
    **dict.fromkeys(("كم", "كما", "كن", "ك"), (_ANY, _RARE)),
    "ي": (_WORDS, _RARE),
    "ني": (_VERB, _RARE),
    **{f"و{pronoun}": (_VERB, _PRONOUN) for pronoun in ("ه", "ها", "هم", "هما", "نا", "ني")},
}
#: Of all readings of a word those stay that have this share of the likeliest.
MIN_SHARE = 0.1
MAX_LEMMAS = 4
#: Before the stem of a word that no dictionary knows: it must not meet a lemma.
OOV_MARKER = "~"
MIN_OOV_STEM = 4
_CACHE_SIZE = 10_000

_Proclitic = tuple[str, frozenset[str], float, bool, bool]
_Enclitic = tuple[str, frozenset[str], float]
#: The same by the letter that a word begins or ends with, in the same order: most words have none.
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
    """One way to read a word."""

    lemma: str  #: folded
    kind: str
    proclitic: str
    stem: str  #: as it stands in the table
    enclitic: str
    weight: float


@cache
def _table() -> marisa_trie.BytesTrie:
    return marisa_trie.BytesTrie().mmap(str(DATA / "lexicon.marisa"))


@lru_cache(_CACHE_SIZE)
def _stem_entries(stem: str) -> tuple[tuple[str, str, float], ...]:
    """(lemma, kind, weight) of a stem of the table."""
    found = _table().get(stem)
    return (
        tuple([(value[2:].decode(), chr(value[0]), _WEIGHTS[value[1]]) for value in found]) if found else ()
    )


def related_lemmas(lemma: str) -> tuple[str, ...]:
    """The nouns of action of a verb (انشق: انشقاق), the verbs of a noun of action; folded lemmas both."""
    return tuple(sorted({other for other, kind, _ in _stem_entries(lemma) if kind == _RELATED}))


@lru_cache(_CACHE_SIZE)
def roots(token: str) -> tuple[str, ...]:
    """The roots of a folded word's lemmas, folded. Words of one root may mean quite different things (كتيبة,
    كتاب): it may rank what is found, and finds nothing."""
    found = {root for lemma in lemmas(token) for root, kind, _ in _stem_entries(lemma) if kind == _ROOT}
    return tuple(sorted(found))


def morph_analyses(token: str) -> list[MorphAnalysis]:
    """Every reading of a folded word, the likeliest first."""
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
    """The readings, the likeliest first. One that takes a letter off the front for a clitic is hardly
    believed where the word can be read whole: it may be a letter of the root."""
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
    """The stem as the dictionary writes it: letters change where clitics meet it."""
    spellings = [middle]
    if enclitic:
        if middle[-1] == "ت":  # ة opens into ت: حملتهم
            spellings.append(middle[:-1] + "ه")
        elif middle[-1] == "ا":  # ى opens into ا: مستشفاهم
            spellings.append(middle[:-1] + "ي")
        elif middle[-1] == "و":  # the silent alif of the plural goes: كتبوه
            spellings.append(middle + "ا")
    if proclitic.endswith("لل"):  # ل + ال + a word that begins with lam is written with two: للجنة
        spellings.append("ل" + middle)
    return spellings


@lru_cache(_CACHE_SIZE)
def lemmas(token: str) -> tuple[str, ...]:
    """Folded dictionary lemmas of a folded token, the likeliest first, at most `MAX_LEMMAS`; () if it is no
    word of the dictionary. A protected name is only itself."""
    if is_protected(token):
        return ()
    likely = morph_analyses(token)
    if name_term(token) and not is_ambiguous_name(token):  # بحمص is no word, والي is one beside و + الي
        likely = [analysis for analysis in likely if not analysis.proclitic]
    if not likely:
        return ()
    enough = likely[0].weight * MIN_SHARE
    believed = [each for each in likely if each.weight >= enough or _is_headword(each, token)]
    return tuple(dict.fromkeys(each.lemma for each in believed))[:MAX_LEMMAS]


def _is_headword(analysis: MorphAnalysis, token: str) -> bool:
    """Whether the word stands as a noun in the dictionary, however rare: صحافي is "journalist" even where the
    corpora have more of صحاف with a pronoun."""
    return analysis.kind == "N" and analysis.lemma == analysis.stem == token


@lru_cache(_CACHE_SIZE)
def oov_stem_terms(token: str) -> tuple[str, ...]:
    """Of a folded word that no dictionary knows (a surname, a foreign name): itself and what remains without
    any clitics that may stand before it, marked. `MIN_UNKNOWN` letters remain at least."""
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
    """The form of the bag under which a folded word is found that no dictionary knows."""
    return OOV_MARKER + token


def is_word(token: str) -> bool:
    """Whether a folded token can be read as a word of the dictionary."""
    return bool(lemmas(token))
