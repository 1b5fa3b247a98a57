"""What the engines index of an article's text, made by Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from arabic.levels import analysis_version, light_and_bags
from arabic.splitting import SHIPPED, Splitter
from arabic.tokens import exact_terms
from search.engines.base import DOCUMENT_VERSION

#: News says what it is about in its first sentences.
LEAD_TOKENS, OPENING_TOKENS = 16, 40
#: More characters than so many tokens ever have.
_OPENING_CHARACTERS = OPENING_TOKENS * 25


def tables_version() -> str:
    """What every document of an index depends on: the tables and the code of the language, the columns."""
    return f"{analysis_version()}.{DOCUMENT_VERSION}"


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
    light, bags = light_and_bags(exact, splitter)
    return TextForms(" ".join(exact), " ".join(light), _joined(bags))


@dataclass(frozen=True, slots=True)
class Opening:
    """The beginning of a body, as bags."""

    lead_exact: str
    lead_forms: str
    opening_forms: str


@lru_cache(maxsize=1)  # asked for once by each field of a document
def opening(body: str, splitter: Splitter = SHIPPED) -> Opening:
    """The bags of the first `LEAD_TOKENS` and `OPENING_TOKENS` tokens of a body."""
    exact = exact_terms(body[:_OPENING_CHARACTERS])[:OPENING_TOKENS]
    lead = exact[:LEAD_TOKENS]
    lead_forms, forms = (_joined(light_and_bags(some, splitter)[1]) for some in (lead, exact))
    return Opening(" ".join(lead), lead_forms, forms)


def forms_of(text: str, splitter: Splitter = SHIPPED) -> str:
    """The bag alone: Elasticsearch makes the other levels by itself."""
    return _joined(light_and_bags(exact_terms(text), splitter)[1])


def _joined(bags: Iterable[str]) -> str:
    """One text of those that are not empty."""
    return " ".join(filter(None, bags))
