"""Which of the dictionary's readings of a word make a match.

A dictionary allows far more readings than writers mean: «بلا» is "without" and a verb, «هاتفي» "by telephone"
and "my telephone", «محافظتي لحج وأبين» two governorates and two conservatives. A reading far less
likely than another one would find a different word, so it makes no match.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from arabic.morphology.affixes import ARTICLE
from arabic.morphology.protected_words import given_names, name_term
from arabic.morphology.stem_lexicon import lemma_letters, stem_entries
from arabic.vocabulary.frequencies import probability

#: Analyses are kept whose weight is at least this share of that of the likeliest one; of the best noun and
#: the best verb, the other share.
MIN_SHARE, MIN_OTHER_SHARE, _MIN_OWN_SHARE = 0.2, 0.02, 1e-3
_NOUN, _VERB, _PARTICLE, _NAME = "N", "V", "T", "P"
TANWEEN = "\u064b"
_NOMINAL = (_NOUN, _NAME)
#: What a feminine noun (محافظة) has and its masculine (محافظ) too, as its feminine.
_FEMININE_ENDINGS = ("ه", "تان", "تين", "تا", "تي")
#: A feminine noun is this many times as frequent as the feminine of a noun with its letters; the second
#: number is for what looks like a participle or adjective, which has a feminine in its own sense (وافدة).
_OWN_FEMININE, _OWN_FEMININE_OF_ADJECTIVE, _OWN_MASDAR = 1.0, 3.0, 0.25
#: A plural is no plural of a noun that is less likely than this share of its namesake.
_NAMESAKE_SHARE = 0.5
#: Endings of a noun that is no broken plural.
_SOUND_ENDINGS = (*_FEMININE_ENDINGS, "ات", "ا", "و", "ي", "ان", "ين", "ون")
_NISBA, _DUAL, _SOUND_PLURAL = "ي", "ان", "ون"
#: Letters of a participle without its last ي.
_SHORT_PARTICIPLE = 3
#: A word is no dual if it is this many times as frequent as the lexicon makes it, and its other case at most
#: this share as frequent.
_ATTESTED_BY_CHANCE, _OTHER_CASE_SHARE = 10.0, 0.05
#: "Following" is no trace, though the dictionary has it as أثر.
_AFTER, _TRACE, _AS_PARTICLE = "إثر", "اثر", "t"
#: أ and إ are told apart where one reading is this many times as likely.
_HAMZAS, _OTHER_HAMZA_SHARE = frozenset("أإ"), 0.1
#: Who writes it means it: إب is a town and no father.
_MEANT_HAMZA = "إ"
#: The feminine in يه is at least this share as frequent as its adjective in ي; beside a dual, which is rare.
_FEMININE_SHARE_OF_ADJECTIVE, _FEMININE_SHARE_BESIDE_DUAL = 0.2, 0.1
#: A feminine or broken plural that the dictionary has as a name too, of people whom news hardly knows (شهيدة,
#: نمور), is at least this share as likely.
_SHARE_BESIDE_NAME = 0.05


class MorphAnalysis(NamedTuple):
    """One morphological analysis of a word."""

    lemma: str  #: an id, see arabic/morphology/stem_lexicon.py
    kind: str
    proclitic: str
    stem: str  #: as written in the table
    enclitic: str
    weight: float


def believed_analyses(likely: Sequence[MorphAnalysis], token: str, word: str) -> list[MorphAnalysis]:
    """Return the analyses that make a match: the best noun and the best verb, then the other likely ones.

    Which of noun and verb is meant the sentence says, so both stay unless one is very unlikely. The
    dictionary's own noun of these letters stays too, if it is rare: صحافي is "journalist" even where the
    corpora have more of صحاف with a pronoun. `word`: the token as written.
    """
    if _is_dual_of_mine(likely[0]):
        return []
    if token.endswith(_DUAL):
        likely = [each for each in likely if not _is_unheard_dual(each, token)]
        if not likely:
            return []
    if _AFTER in word and likely[0].stem == _TRACE:
        return [likely[0]._replace(lemma=likely[0].lemma + _AS_PARTICLE)]
    likely = _without_other_hamza(likely, word, token)
    least = likely[0].weight * _MIN_OWN_SHARE
    likely = [each for each in likely if each.weight >= least]
    if len(likely) == 1:
        return likely
    likely = _without_namesakes(likely, token)
    best = likely[0].weight
    near = [each for each in likely if each.weight >= best * MIN_SHARE]
    if likely[0].kind == _PARTICLE:
        stems = (token, likely[0].stem)  # of adverbs that are nouns too: بفترة
        # The lexicon gives some function words the id of a verb beside their own: هنا, "here" and هنأ.
        of_verbs = {each.lemma for each in likely if each.kind == _VERB}
        near = [each for each in near if each.lemma not in of_verbs] or near
        near = [each for each in near if each.kind != _VERB]
        return [each for each in near if each.kind == _PARTICLE or each.stem in stems]
    # A name behind letters is no second meaning of a likelier word: وكنت is not و + ك + نت.
    first = [
        next(
            (each for each in likely if each.kind in kinds and not (each.kind == _NAME and each.proclitic)),
            likely[0],
        )
        for kinds in (_NOMINAL, (_VERB,))
    ]
    own = [
        each
        for each in likely
        if each.kind == _NOUN
        and lemma_letters(each.lemma) == each.stem == token
        and not word.endswith(TANWEEN)  # an accusative: خطاً is a line, no mistake
        and not _is_written_otherwise(each, word, token)
    ]
    return [
        *(each for each in first if each.weight >= best * MIN_OTHER_SHARE),
        *near,
        *_nouns_beside_name(likely),
        *(each for each in own[:1] if each.weight >= best * _MIN_OWN_SHARE),
    ]


def _nouns_beside_name(likely: Sequence[MorphAnalysis]) -> list[MorphAnalysis]:
    """Return the feminine or the broken plural that has the letters of the best analysis, a name, or none.

    Given names that we list are no other words.
    """
    name = likely[0]
    if name.kind != _NAME or name.enclitic or name.stem in given_names():
        return []
    nouns = (
        each
        for each in likely
        if each.kind == _NOUN
        and (each.proclitic, each.stem) == (name.proclitic, name.stem)
        and not each.enclitic
    )
    found = next(nouns, None)
    if found is None or found.weight < name.weight * _SHARE_BESIDE_NAME:
        return []
    is_feminine = found.stem == lemma_letters(found.lemma) + "ه"
    return [found] if is_feminine or not found.stem.endswith(_SOUND_ENDINGS) else []


def _without_other_hamza(likely: Sequence[MorphAnalysis], word: str, token: str) -> Sequence[MorphAnalysis]:
    """Leave out the unlikely nouns whose dictionary spelling has the other hamza: أعمال is not إعمال."""
    if len(likely) < 2 or len(word) != len(token) or _HAMZAS.isdisjoint(word):
        return likely
    others = [each for each in likely if _is_written_otherwise(each, word, token)]
    if len(others) < len(likely) and any(word[len(each.proclitic)] == _MEANT_HAMZA for each in others):
        return [each for each in likely if each not in others]
    least = likely[0].weight * _OTHER_HAMZA_SHARE
    return [each for each in likely if each.weight > least or each.kind != _NOUN or each not in others]


def _is_written_otherwise(analysis: MorphAnalysis, word: str, token: str) -> bool:
    """Return True for a noun or verb whose dictionary spelling has the other hamza than the written term."""
    if len(word) != len(token) or analysis.kind not in (_NOUN, _VERB):
        return False
    return _has_other_hamza(analysis, word[len(analysis.proclitic)])


def _has_other_hamza(analysis: MorphAnalysis, first: str) -> bool:
    """Return True if the dictionary writes all stems of an analysis with the other one of أ and إ."""
    first_letters = {each.written[0] for each in stem_entries(analysis.stem) if each.lemma == analysis.lemma}
    return first in _HAMZAS and first not in first_letters and not _HAMZAS.isdisjoint(first_letters)


def _is_dual_of_mine(best: MorphAnalysis) -> bool:
    """Return True for a dual in ان with "my", which grammar does not allow: بارزاني is a surname."""
    return best.enclitic == _NISBA and best.stem == lemma_letters(best.lemma) + _DUAL


def _is_unheard_dual(reading: MorphAnalysis, token: str) -> bool:
    """Return True for a dual in ان whose other case is unheard of: الربيعان is a surname, الرومان are Romans.

    Texts have the dual in ين more often. A broken plural (جدران, بلدان) has a weight of its own.
    """
    if reading.enclitic or reading.kind != _NOUN or not reading.stem.endswith(_DUAL):
        return False
    letters = lemma_letters(reading.lemma)
    singular = letters[:-1] + "ت" if letters.endswith("ه") else letters
    if reading.stem != singular + _DUAL:
        return False
    own = probability(token)
    other_case = probability(token.removesuffix(_DUAL) + "ين")
    return own > reading.weight * _ATTESTED_BY_CHANCE and other_case < own * _OTHER_CASE_SHARE


def _without_namesakes(likely: list[MorphAnalysis], token: str) -> list[MorphAnalysis]:
    """Leave out the nouns and particles that another reading of the same letters makes improbable."""
    letters_of = [lemma_letters(each.lemma) for each in likely]
    nouns = {letters for each, letters in zip(likely, letters_of, strict=True) if each.kind in _NOMINAL}
    is_name = likely[0].kind == _NAME and likely[0].stem == token
    has_feminine = is_name and token not in given_names()  # شهيدة is the feminine of شهيد
    found = []
    for each, letters in zip(likely, letters_of, strict=True):
        if each.kind == _NOUN:
            is_feminine = has_feminine and token == each.stem == letters + "ه"
            is_other_name = is_name and letters != token and token.startswith(letters) and not is_feminine
            if (
                is_other_name
                or (each.enclitic == _NISBA and _is_name_with_ending(each.stem))
                or (letters + "ه" in nouns and _is_feminine(each, letters))
                or (letters + _NISBA in nouns and _is_nisba(each, letters))
                or _is_plural_of_namesake(each, letters, likely)
            ):
                continue
        elif token in nouns and _is_other_particle(each, letters, token) and _is_likely_noun(likely, token):
            continue
        found.append(each)
    return found or likely


def _is_name_with_ending(stem: str) -> bool:
    """Return True if "my …" is rather a name: نوري is not "my light", عسيري nobody's Asir."""
    return stem + _NISBA in given_names() or name_term(stem) is not None


def _is_other_particle(reading: MorphAnalysis, letters: str, token: str) -> bool:
    """Return True for a function word whose lemma is another one: ذات, of ذا."""
    return reading.kind == _PARTICLE and letters != token and not reading.proclitic


def _is_likely_noun(likely: Sequence[MorphAnalysis], token: str) -> bool:
    """Return True if a word is a lemma itself, hardly less likely than anything else."""
    least = likely[0].weight * MIN_SHARE
    return any(
        each.kind == _NOUN and each.weight >= least and each.stem == token == lemma_letters(each.lemma)
        for each in likely
    )


def _is_feminine(reading: MorphAnalysis, letters: str) -> bool:
    """Return True if a noun that is read as the feminine of another one is more likely a word of its own.

    A nisba adjective has a feminine even where that is a noun as well (مسرحية).
    """
    ending = reading.stem[len(letters) :] if reading.stem.startswith(letters) else ""
    if ending not in _FEMININE_ENDINGS or (ending == "ه" and letters.endswith(_NISBA)):
        return False
    return _is_own_feminine(letters)


@lru_cache(5_000)
def _is_own_feminine(letters: str) -> bool:
    """Return True if a feminine is likelier a lemma of its own than the feminine of these letters."""
    own = of_masculine = 0.0
    for each in stem_entries(letters + "ه"):
        if each.kind == _NOUN or (each.kind == _NAME and each.lemma in given_names()):
            of = lemma_letters(each.lemma)
            if of == letters:
                of_masculine = max(of_masculine, each.weight)
            elif of == letters + "ه":
                own = max(own, each.weight)
    if len(letters) == 5 and letters[0] == "م" and letters[2] == "ا":  # a noun of action too: مهاجمة of هاجم
        return own > of_masculine * _OWN_MASDAR
    is_adjective = letters.startswith("م") or (len(letters) == 4 and (letters[1] == "ا" or letters[2] == "ي"))
    return own > of_masculine * (_OWN_FEMININE_OF_ADJECTIVE if is_adjective else _OWN_FEMININE)


def _is_nisba(reading: MorphAnalysis, letters: str) -> bool:
    """Return True if a noun is read with a pronoun, or as its own nisba, that is rather the adjective.

    هاتفي is "by telephone", not "my telephone": the adjective is known by its feminine, هاتفية. The plural
    before a genitive (مديري) and what only loses its ي without the article (محام) stay.
    """
    adjective = letters + _NISBA
    if not (reading.stem + reading.enclitic).startswith(adjective):
        return False
    own = probability(adjective)
    is_dual = _is_dual_before_genitive(reading, letters)
    least = _FEMININE_SHARE_BESIDE_DUAL if is_dual else _FEMININE_SHARE_OF_ADJECTIVE
    if probability(adjective + "ه") < own * least:
        return False
    if reading.enclitic == _NISBA or is_dual:
        return True
    return _takes_article(reading) and probability(letters) > own


def _takes_article(reading: MorphAnalysis) -> bool:
    """Return True if the article may stand before the stem of a reading."""
    return any(each.lemma == reading.lemma and each.takes_article for each in stem_entries(reading.stem))


def _is_dual_before_genitive(reading: MorphAnalysis, letters: str) -> bool:
    """Return True for a dual in ي of a noun of which no plural in ون is listed: قلبي as "two hearts of"."""
    if reading.stem != letters + _NISBA or _takes_article(reading):  # القاضي
        return False
    if len(letters) == _SHORT_PARTICIPLE and (letters[1] == "ا" or letters[0] == "م"):  # عار, مجز: عاري, مجزي
        return False
    return not any(probability(article + letters + _SOUND_PLURAL) for article in ("", ARTICLE))


def _is_plural_of_namesake(reading: MorphAnalysis, letters: str, likely: Sequence[MorphAnalysis]) -> bool:
    """Return True if a broken plural is rather that of another noun with the letters of this one.

    Tables without vowels give a plural to the likeliest noun of the singular's letters: علماء to the world,
    though they are scholars.
    """
    if reading.stem == letters:
        return False
    if reading.stem.startswith(letters) and reading.stem[len(letters) :] in _SOUND_ENDINGS:
        return False
    return any(
        each.stem == reading.stem
        and each.kind == _NOUN
        and each.weight * _NAMESAKE_SHARE > reading.weight
        and lemma_letters(each.lemma) == letters
        for each in likely
    )
