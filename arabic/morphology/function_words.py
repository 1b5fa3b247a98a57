"""Function words: prepositions, alone or with a pronoun, and words that open a clause.

A headline and its article often use different ones. Negations (لا، لم، لن، ليس، غير، دون) and words of time
(قبل، بعد) are not among them, because they carry the meaning.
"""

from __future__ import annotations

from arabic.text.normalization import normalize
from arabic.text.tokenizer import normalized_terms

_PREPOSITIONS = "في من إلى على عن مع بين ضد حول عند لدى خلال عبر نحو ضمن منذ حتى"
#: As written before a pronoun; the two of one letter occur only with a pronoun.
_BEFORE_PRONOUN = "في من إلي علي عن مع بين ضد حول عند لدي نحو ل ب"
_PRONOUNS = "ه ها هم هما هن نا ك كم"
_CLAUSES = "أن إن أنه أنها أنهم إنه إنها إنهم قد الذي التي الذين اللذان اللذين هذا هذه ذلك تلك"

#: Normalized.
FUNCTION_WORDS = frozenset(
    {normalize(word) for word in f"{_PREPOSITIONS} {_CLAUSES}".split()}
    | {normalize(word + pronoun) for word in _BEFORE_PRONOUN.split() for pronoun in _PRONOUNS.split()}
)
_ALI = normalize("علي")


def is_function_word(written: str) -> bool:
    """Return True if a word as typed is a function word. علي is a name, although some writers mean على."""
    terms = normalized_terms(written)
    if len(terms) != 1 or (terms[0] == _ALI and "ى" not in written):
        return False
    return terms[0] in FUNCTION_WORDS
