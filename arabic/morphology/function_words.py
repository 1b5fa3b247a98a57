"""Words that join others and name nothing: prepositions, alone or with a pronoun, and what begins a clause.
A headline has them where its article has others, or none.

No negation (لا، لم، لن، ليس، غير، دون) and no word of time (قبل، بعد) is among them: they carry the meaning.
"""

from __future__ import annotations

from arabic.text.normalization import normalize
from arabic.text.tokenizer import normalized_terms

_PREPOSITIONS = "في من إلى على عن مع بين ضد حول عند لدى خلال عبر نحو ضمن منذ حتى"
#: As they stand before a pronoun; the two of one letter stand with one only.
_BEFORE_PRONOUN = "في من إلي علي عن مع بين ضد حول عند لدي نحو ل ب"
_PRONOUNS = "ه ها هم هما هن نا ك كم"
_CLAUSES = "أن إن أنه أنها أنهم إنه إنها إنهم قد الذي التي الذين اللذان اللذين هذا هذه ذلك تلك"

#: Folded.
FUNCTION_WORDS = frozenset(
    {normalize(word) for word in f"{_PREPOSITIONS} {_CLAUSES}".split()}
    | {normalize(word + pronoun) for word in _BEFORE_PRONOUN.split() for pronoun in _PRONOUNS.split()}
)
_ALI = normalize("علي")


def is_function_word(written: str) -> bool:
    """Whether a word as typed is one. علي is a person's name, though some write على so."""
    terms = normalized_terms(written)
    if len(terms) != 1 or (terms[0] == _ALI and "ى" not in written):
        return False
    return terms[0] in FUNCTION_WORDS
