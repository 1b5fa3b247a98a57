"""The clitics that grammar allows before and after a stem: the kinds of stem that take them, and weights.

Kinds of stem: noun, name, verb, function word, see arabic/morphology/stem_lexicon.py.
"""

from __future__ import annotations

_NOMINAL = frozenset("NP")
_VERB = frozenset("V")
_ANY = frozenset("NVTP")
_WORDS, _COMMON = frozenset("NTP"), frozenset("NT")

#: Weights of clitics before and after a stem, relative to none at all (1.0), estimated by hand: a letter that
#: may belong to the root must cost something; the article hardly ever does.
_ARTICLE, LETTER = 0.5, 0.02
#: proclitic → (kinds of stem that it combines with, weight, whether it includes the article)
PROCLITICS: dict[str, tuple[frozenset[str], float, bool]] = {
    "": (_ANY, 1.0, False),
    **{
        f"{before}ال": (_NOMINAL, _ARTICLE, True)
        for before in ("", "و", "ف", "ب", "ك", "وب", "فب", "وك", "فك")
    },
    **{f"{before}ال": (_NOMINAL, LETTER, True) for before in ("اف", "او", "افب", "اوب", "لب", "لك")},
    **{f"{before}لل": (_NOMINAL, _ARTICLE, True) for before in ("", "و", "ف")},
    **dict.fromkeys(("و", "ف"), (_ANY, LETTER, False)),
    **dict.fromkeys(("ب", "ك"), (_WORDS, LETTER, False)),
    "ل": (_ANY, LETTER, False),
    **dict.fromkeys(("وب", "فب", "وك", "فك"), (_WORDS, LETTER**1.5, False)),
    **dict.fromkeys(("ول", "فل"), (_ANY, LETTER**1.5, False)),
    "س": (_VERB, LETTER, False),
    **dict.fromkeys(("وس", "فس"), (_VERB, LETTER**1.5, False)),
    **dict.fromkeys(("افس", "اف", "او"), (_VERB, LETTER**2, False)),
}
#: The article with what may precede it: ال, وال, بال, لل, …
ARTICLES = tuple(each for each, (_kinds, _weight, is_definite) in PROCLITICS.items() if is_definite)
_PRONOUN, RARE = 0.1, 0.005
#: "Their" of women only: المهن are trades rather than "their pain".
_OF_WOMEN = 0.01
#: enclitic → (kinds of stem that it combines with, weight)
ENCLITICS: dict[str, tuple[frozenset[str], float]] = {
    "": (_ANY, 1.0),
    **dict.fromkeys(("ها", "هم", "هما", "نا"), (_ANY, _PRONOUN)),
    "هن": (_ANY, _OF_WOMEN),
    "ه": (_ANY, _PRONOUN),
    **dict.fromkeys(("كم", "كما", "كن", "ك"), (_ANY, RARE)),
    "ي": (_COMMON, RARE),  # no names: بنغلاديشي is an adjective
    "ني": (_VERB, RARE),
    **{f"و{pronoun}": (_VERB, _PRONOUN) for pronoun in ("ه", "ها", "هم", "هما", "نا", "ني")},
}

_Proclitic = tuple[str, frozenset[str], float, bool, bool]
_Enclitic = tuple[str, frozenset[str], float]
#: The same, keyed by a word's first or last letter, in the same order: most words have no clitic.
NO_ENCLITIC: tuple[_Enclitic, ...] = (("", *ENCLITICS[""]),)
ENCLITICS_BY_LAST_LETTER: dict[str, tuple[_Enclitic, ...]] = {
    letter: tuple((each, *what) for each, what in ENCLITICS.items() if each[-1:] in ("", letter))
    for letter in {each[-1] for each in ENCLITICS if each}
}
NO_PROCLITIC: tuple[_Proclitic, ...] = (("", *PROCLITICS[""], False),)
PROCLITICS_BY_FIRST_LETTER: dict[str, tuple[_Proclitic, ...]] = {
    letter: tuple(
        (each, *what, each.endswith(("س", "ل")))  # the last: whether an imperfect follows, if a verb does
        for each, what in PROCLITICS.items()
        if each[:1] in ("", letter)
    )
    for letter in {each[0] for each in PROCLITICS if each}
}
