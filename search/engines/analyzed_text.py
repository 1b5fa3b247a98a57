"""What the engines index of an article's text, made by Python."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from arabic.analyzer import analysis_version, analyze_terms
from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER, Decompounder
from arabic.text.tokenizer import normalized_terms
from search.engines.contract import DOCUMENT_VERSION, IndexDocument

#: News says what it is about in its first sentences.
LEAD_TOKENS, OPENING_TOKENS = 16, 40
#: More characters than so many tokens ever have.
_MAX_OPENING_CHARACTERS = OPENING_TOKENS * 25


def document_analysis_version() -> str:
    """What every document of an index depends on: the tables and the code of the language, the columns."""
    return f"{analysis_version()}.{DOCUMENT_VERSION}"


class TokenStreams(NamedTuple):
    """One text at the three levels: tokens joined by spaces, in the order of the text.

    `exact` and `light` have one token a position; `forms` has the tokens of the bag."""

    exact: str
    light: str
    forms: str


def build_token_streams(text: str, splitter: Decompounder = SHIPPED_DECOMPOUNDER) -> TokenStreams:
    """Analyse `text` at every level."""
    exact = normalized_terms(text)
    light, bags = analyze_terms(exact, splitter)
    return TokenStreams(" ".join(exact), " ".join(light), _joined(bags))


class LeadFields(NamedTuple):
    """The beginning of a body, as bags."""

    lead_exact: str
    lead_forms: str
    opening_forms: str


def analyze_lead(body: str, splitter: Decompounder = SHIPPED_DECOMPOUNDER) -> LeadFields:
    """The bags of the first `LEAD_TOKENS` and `OPENING_TOKENS` tokens of a body."""
    exact = normalized_terms(body[:_MAX_OPENING_CHARACTERS])[:OPENING_TOKENS]
    lead = exact[:LEAD_TOKENS]
    lead_forms, forms = (_joined(analyze_terms(some, splitter)[1]) for some in (lead, exact))
    return LeadFields(" ".join(lead), lead_forms, forms)


class AnalyzedText(NamedTuple):
    """All that an engine indexes of an article's texts."""

    title: TokenStreams
    body: TokenStreams
    lead: LeadFields


def analyze_article_text(
    title: str, body: str, splitter: Decompounder = SHIPPED_DECOMPOUNDER
) -> AnalyzedText:
    """Work it out."""
    return AnalyzedText(
        build_token_streams(title, splitter),
        build_token_streams(body, splitter),
        analyze_lead(body, splitter),
    )


def get_analyzed_text(document: IndexDocument) -> AnalyzedText:
    """Of a document, by whoever worked it out before."""
    return document.analyzed_text or _analyze_cached(document.title, document.body, document.splitter)


_analyze_cached = lru_cache(maxsize=1)(analyze_article_text)  # asked for once by each field of a document


def _joined(bags: Iterable[str]) -> str:
    """One text of those that are not empty."""
    return " ".join(filter(None, bags))
