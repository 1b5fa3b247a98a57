"""What the engines index of an article's text, made by Python."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from arabic.analyzer import analysis_version, light_and_bags
from arabic.morphology.decompounding import SHIPPED, Splitter
from arabic.text.tokenizer import exact_terms
from search.engines.contract import DOCUMENT_VERSION, IndexDocument

#: News says what it is about in its first sentences.
LEAD_TOKENS, OPENING_TOKENS = 16, 40
#: More characters than so many tokens ever have.
_OPENING_CHARACTERS = OPENING_TOKENS * 25


def tables_version() -> str:
    """What every document of an index depends on: the tables and the code of the language, the columns."""
    return f"{analysis_version()}.{DOCUMENT_VERSION}"


class TextForms(NamedTuple):
    """One text at the three levels: tokens joined by spaces, in the order of the text.

    `exact` and `light` have one token a position; `forms` has the tokens of the bag."""

    exact: str
    light: str
    forms: str


def text_forms(text: str, splitter: Splitter = SHIPPED) -> TextForms:
    """Analyse `text` at every level."""
    exact = exact_terms(text)
    light, bags = light_and_bags(exact, splitter)
    return TextForms(" ".join(exact), " ".join(light), _joined(bags))


class Opening(NamedTuple):
    """The beginning of a body, as bags."""

    lead_exact: str
    lead_forms: str
    opening_forms: str


def opening(body: str, splitter: Splitter = SHIPPED) -> Opening:
    """The bags of the first `LEAD_TOKENS` and `OPENING_TOKENS` tokens of a body."""
    exact = exact_terms(body[:_OPENING_CHARACTERS])[:OPENING_TOKENS]
    lead = exact[:LEAD_TOKENS]
    lead_forms, forms = (_joined(light_and_bags(some, splitter)[1]) for some in (lead, exact))
    return Opening(" ".join(lead), lead_forms, forms)


class Analysed(NamedTuple):
    """All that an engine indexes of an article's texts."""

    title: TextForms
    body: TextForms
    opening: Opening


def analyse(title: str, body: str, splitter: Splitter = SHIPPED) -> Analysed:
    """Work it out."""
    return Analysed(text_forms(title, splitter), text_forms(body, splitter), opening(body, splitter))


def analysed(document: IndexDocument) -> Analysed:
    """Of a document, by whoever worked it out before."""
    return document.analysed or _analyse(document.title, document.body, document.splitter)


_analyse = lru_cache(maxsize=1)(analyse)  # asked for once by each field of a document


def _joined(bags: Iterable[str]) -> str:
    """One text of those that are not empty."""
    return " ".join(filter(None, bags))
