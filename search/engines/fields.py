"""What the engines index of an article's text, made by Python."""

from __future__ import annotations

from dataclasses import dataclass

from arabic.levels import bag, light
from arabic.splitting import SHIPPED, Splitter
from arabic.tokens import exact_terms


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


def forms_of(text: str, splitter: Splitter = SHIPPED) -> str:
    """The bag alone: Elasticsearch makes the other levels by itself."""
    return " ".join(bag(exact_terms(text), splitter))
