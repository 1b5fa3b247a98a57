"""Whether a word may be a noun and a verb, and how likely each is without its context."""

from __future__ import annotations

from arabic.morphology.affixes import FUNCTION_WORDS
from arabic.morphology.lemmatizer import PROCLITICS, lemmas, written_analyses
from arabic.morphology.reading_choice import MorphAnalysis
from arabic.morphology.word_context import NOUN, VERB, prior_bits
from arabic.text.tokenizer import normalized_term


def noun_or_verb(word: str) -> tuple[str, str, int]:
    """Return the lemmas that a word has as a noun only and as a verb only, and the bits for a verb.

    The lemmas are joined by spaces, and "" for a word that is not both. The bits are NOUN or VERB for a word
    that is one only, a noun without an article; 0 for any other.
    """
    own = () if normalized_term(word) in FUNCTION_WORDS else lemmas(word)
    likely = [each for each in written_analyses(word) if each.lemma in own] if own else []
    if not likely:
        return "", "", 0
    best: dict[tuple[bool, str], MorphAnalysis] = {}
    for each in likely:
        best.setdefault((each.kind == "V", each.lemma), each)
    if len({is_verb for is_verb, _ in best}) == 1:
        if likely[0].kind == "T" or PROCLITICS[likely[0].proclitic][2]:
            return "", "", 0
        return "", "", VERB if likely[0].kind == "V" else NOUN
    nouns, verbs = (
        {lemma: each.weight for (is_verb, lemma), each in best.items() if is_verb is of}
        for of in (False, True)
    )
    only_nouns, only_verbs = (
        {lemma: weight for lemma, weight in these.items() if weight > others.get(lemma, 0.0)}
        for these, others in ((nouns, verbs), (verbs, nouns))
    )
    if not only_nouns or not only_verbs:
        return "", "", 0
    bits = prior_bits(max(only_verbs.values()), max(only_nouns.values()))
    return " ".join(only_nouns), " ".join(only_verbs), bits
