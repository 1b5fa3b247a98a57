"""Clitics and endings of normalized words, and the stems that remain without them.

The lists for `candidate_stems` are wider than grammar: anything that surrounds a listed stem makes it
likelier that a token is one inflected word than two words. The clitics that grammar allows, with their
weights, are in arabic/morphology/lemmatizer.py.
"""

from __future__ import annotations

from collections.abc import Iterator

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
#: Word lists and dictionaries contain some of these, and of their beginnings, as words (وال, بال, ات).
FRAGMENTS = frozenset({*CLITICS, *ENDINGS, "الم", "الس", "الت", "الا", "اللا", "واللا"})
MIN_STEM = 3


def candidate_stems(token: str) -> Iterator[str]:
    """Yield the stems of a normalized token without clitics, endings or both; never the token itself.

    Stems are also yielded with the ه that some endings replace.
    """
    for clitic in ("", *CLITICS):
        if not token.startswith(clitic):
            continue
        rest = token[len(clitic) :]
        for ending in ("", *ENDINGS):
            size = len(rest) - len(ending)
            # A single letter is more often part of the word: four letters must remain.
            if size < MIN_STEM + (len(ending) == 1) or size == len(token) or not rest.endswith(ending):
                continue
            yield rest[:size]
            if ending:
                yield f"{rest[:size]}ه"
