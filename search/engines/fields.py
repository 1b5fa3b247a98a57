"""What both engines index of an article's text, made by Python once per article."""

from __future__ import annotations

from dataclasses import dataclass

from arabic import levels, tokens


@dataclass(frozen=True, slots=True)
class TextForms:
    """One text at the three levels: tokens joined by spaces, in the order of the text.

    `exact` and `light` have one token a position; `forms` has the tokens of the bag."""

    exact: str
    light: str
    forms: str


def text_forms(text: str) -> TextForms:
    """Analyse `text` at every level."""
    exact = tokens.exact_terms(text)
    return TextForms(" ".join(exact), " ".join(map(levels.light, exact)), bag_of(exact))


def bag_of(exact: list[str]) -> str:
    """The bag of forms as the whitespace analyzers of both engines read it."""
    return " ".join(levels.bag(exact))
