"""What the engines index of an article's text, made by Python."""

from __future__ import annotations

from dataclasses import dataclass

from arabic.levels import bag, light
from arabic.splitting import SHIPPED, Splitter
from arabic.tokens import exact_terms

#: News says what it is about in its first sentences.
LEAD_TOKENS = 40
#: More characters than so many tokens ever have.
_LEAD_CHARACTERS = LEAD_TOKENS * 25


@dataclass(frozen=True, slots=True)
class TextForms:
    """One text at the three levels: tokens joined by spaces, in the order of the text.

    `exact` and `light` have one token a position; `forms` has the tokens of the bag."""

    exact: str
    light: str
    forms: str


def text_forms(text: str, splitter: Splitter = SHIPPED) -> TextForms:
    """Analyse `text` at every level."""
    exact = exact_terms(text)
    return TextForms(" ".join(exact), " ".join(map(light, exact)), " ".join(bag(exact, splitter)))


def lead_forms(body: str, splitter: Splitter = SHIPPED) -> str:
    """The bag of the first `LEAD_TOKENS` tokens of a body."""
    return " ".join(bag(exact_terms(body[:_LEAD_CHARACTERS])[:LEAD_TOKENS], splitter))


def forms_of(text: str, splitter: Splitter = SHIPPED) -> str:
    """The bag alone: Elasticsearch makes the other levels by itself."""
    return " ".join(bag(exact_terms(text), splitter))
