"""The readings of a word that its text decides: noun or verb, ه for ة, a person's name."""

from __future__ import annotations

from functools import cache, lru_cache

from arabic.morphology.affixes import FUNCTION_WORDS
from arabic.morphology.clitics import PROCLITICS
from arabic.morphology.lemmatizer import compound_preposition, lemmas, written_analyses
from arabic.morphology.protected_words import name_term
from arabic.morphology.reading_choice import MIN_SHARE, TANWEEN, MorphAnalysis
from arabic.morphology.stem_lexicon import lemma_letters, person_lemma, related_lemmas, stem_entries
from arabic.morphology.word_context import (
    ACCUSATIVE,
    AND,
    DEFINITE,
    GENITIVE,
    NOUN,
    OWN_ACTION,
    PRONOUN,
    VERB,
    prior_bits,
)
from arabic.tables.gazetteer import name_key, read_table
from arabic.text.tokenizer import normalized_term

#: How much rarer ه stands for ة in a text that writes ة, than among all that is typed.
_HEH_IN_CAREFUL_TEXT = 0.03
_HEH, TEH_MARBUTA, _NISBA, _ALEF = "ه", "ة", "ي", "ا"
_CONJUNCTIONS = ("و", "ف")
_SHORTEST_NAME = 3
#: More bits against a verb with the letters of a likelier function word.
_FUNCTION_WORD = -2


def noun_or_verb(word: str) -> tuple[str, str, int, str]:
    """Return the lemmas of a word as a noun only and as a verb only, the bits for a verb, and its hints.

    The lemmas are joined by spaces, and "" for a word that is not both. The bits of a word that is one only
    are NOUN, DEFINITE, ACCUSATIVE, GENITIVE or VERB; 0 for any other. The hints are AND, PRONOUN and
    OWN_ACTION of word_context.py.
    """
    own = lemmas(word)
    likely = [each for each in written_analyses(word) if each.lemma in own] if own else []
    if not likely:
        return "", "", 0, ""
    is_function_word = normalized_term(word) in FUNCTION_WORDS
    best: dict[tuple[bool, str], MorphAnalysis] = {}
    for each in likely:
        best.setdefault((each.kind == "V", each.lemma), each)
    if len({is_verb for is_verb, _ in best}) == 1:
        is_particle = is_function_word or likely[0].kind == "T"
        return "", "", 0 if is_particle else _kind_bits(word, likely[0]), ""
    nouns, verbs = (
        {lemma: each.weight for (is_verb, lemma), each in best.items() if is_verb is of}
        for of in (False, True)
    )
    only_nouns, only_verbs = (
        {lemma: weight for lemma, weight in these.items() if weight > others.get(lemma, 0.0)}
        for these, others in ((nouns, verbs), (verbs, nouns))
    )
    if not only_nouns or not only_verbs:
        return "", "", 0, ""
    bits = prior_bits(max(only_verbs.values()), max(only_nouns.values()))
    if likely[0].kind == "T":  # قبل begins many sentences and is no verb there
        bits += _FUNCTION_WORD
    both = [next(each for each in likely if each.lemma in of) for of in (only_nouns, only_verbs)]
    hints = AND if all(each.proclitic[:1] in _CONJUNCTIONS for each in both) else ""
    # An accusative, which another one follows (عقدا جديدا), tells as little as a pronoun.
    if all(each.enclitic for each in both) or _is_accusative(word, both[0]):
        hints += PRONOUN
    letters = {lemma_letters(lemma) for lemma in only_nouns}
    if any(lemma_letters(verb) in letters and not related_lemmas(verb) for verb in only_verbs):
        hints += OWN_ACTION
    return " ".join(only_nouns), " ".join(only_verbs), bits, hints


def _kind_bits(word: str, reading: MorphAnalysis) -> int:
    """Return the code of a word that is only a noun or only a verb."""
    if reading.kind == "V":
        return VERB
    if PROCLITICS[reading.proclitic][2]:
        return DEFINITE
    if reading.proclitic.lstrip("وف"):
        return GENITIVE
    return ACCUSATIVE if _is_accusative(word, reading) else NOUN


def _is_accusative(word: str, noun: MorphAnalysis) -> bool:
    """Return True for a noun in ا or with a tanween: هدفا."""
    return not noun.enclitic and (word.endswith(TANWEEN) or (word.endswith(_ALEF) and noun.kind == "N"))


@lru_cache(256)
def careless_lemmas(word: str) -> frozenset[str]:
    """Return the lemmas that a word has only if its ه stands for ة, and not for the pronoun of another one.

    In a text that writes ة, دوره is "his role" and not a course.
    """
    if not word.endswith(_HEH):
        return frozenset()
    own = lemmas(word)
    of_ending: dict[str, float] = {}
    others: dict[str, float] = {}
    for each in written_analyses(word):
        if each.lemma in own:
            weights = of_ending if _ends_in_teh(each) else others
            weights[each.lemma] = max(weights.get(each.lemma, 0.0), each.weight)
    least = max(others.values(), default=0.0) * MIN_SHARE
    return frozenset(
        lemma
        for lemma, weight in of_ending.items()
        if weight > others.get(lemma, 0.0) and weight * _HEH_IN_CAREFUL_TEXT < least
    )


@lru_cache(10_000)
def is_told_by_writing(word: str) -> bool:
    """Return True for a word of the dictionary that is written with letters that searching folds.

    Folded, إمام is أمام, and بلدة is "his country". The letters as written tell the lemmas, here and in a
    text, so the folded ones are no evidence.
    """
    return word != normalized_term(word) and bool(lemmas(word))


def _ends_in_teh(analysis: MorphAnalysis) -> bool:
    """Return True if the dictionary writes the end of a word with ة."""
    return not analysis.enclitic and any(
        each.lemma == analysis.lemma and each.written.endswith(TEH_MARBUTA)
        for each in stem_entries(analysis.stem)
    )


@cache
def _names() -> frozenset[str]:
    """Return the given names, also those that are other words."""
    found = frozenset(name_key(row["name"]) for row in read_table("given_names.tsv"))
    return frozenset(name for name in found if len(name) >= _SHORTEST_NAME) - FUNCTION_WORDS


@lru_cache(256)
def name_lemma(word: str) -> str:
    """Return the lemma of a written term as a person's name, seen through clitics; "" if it may be none.

    So may be given names and surnames in ي with the article. The dictionary reads them as other words too.
    """
    if compound_preposition(normalized_term(word)):
        return ""
    for each in written_analyses(word):
        if each.kind in ("N", "P") and not each.enclitic:
            has_article = PROCLITICS[each.proclitic][2]
            if not (each.stem in _names() or (has_article and each.stem.endswith(_NISBA))):
                return ""
            return person_lemma(each.stem) if lemmas(word) and not name_term(normalized_term(word)) else ""
    return ""
