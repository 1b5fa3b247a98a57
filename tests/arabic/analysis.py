"""The contents of the lemma field as a flat list, used by tests."""

from collections.abc import Sequence

from arabic.analyzer import analyze_terms
from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER, Decompounder


def lemma_field_terms(terms: Sequence[str], decompounder: Decompounder = SHIPPED_DECOMPOUNDER) -> list[str]:
    """Return all terms of a text's lemma field in order, repeated as often as they occur."""
    return " ".join(analyze_terms(terms, decompounder).lemma_fields).split()
