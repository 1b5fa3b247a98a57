"""Analysis of an article's text into the token streams that both engines index."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from arabic.analyzer import analysis_version, analyze_terms
from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER, Decompounder
from arabic.text.tokenizer import parallel_terms
from search.engines.contract import DOCUMENT_VERSION, IndexDocument

#: The first sentences of a news text say what it is about.
LEAD_TOKENS, OPENING_TOKENS = 16, 40
#: Upper bound for the length of that many tokens, in characters.
_MAX_OPENING_CHARACTERS = OPENING_TOKENS * 25


def document_analysis_version() -> str:
    """Return the version of everything that indexed documents depend on: tables, analysis code and fields."""
    return f"{analysis_version()}.{DOCUMENT_VERSION}"


class TokenStreams(NamedTuple):
    """One text at the three analysis levels, each as tokens joined by spaces, in the order of the text.

    `exact` and `light` have one token per position; `forms` has the lemmas and other forms of each token,
    without positions.
    """

    exact: str
    light: str
    forms: str


def build_token_streams(text: str, splitter: Decompounder = SHIPPED_DECOMPOUNDER) -> TokenStreams:
    """Analyze `text` at every level."""
    exact, written = parallel_terms(text)
    light, bags = analyze_terms(written, splitter)
    return TokenStreams(" ".join(exact), " ".join(light), _joined(bags))


class LeadFields(NamedTuple):
    """The lead and the opening of a body, indexed without positions."""

    lead_exact: str
    lead_forms: str
    opening_forms: str


def analyze_lead(body: str, splitter: Decompounder = SHIPPED_DECOMPOUNDER) -> LeadFields:
    """Return the tokens and forms of the first `LEAD_TOKENS` and `OPENING_TOKENS` tokens of a body."""
    exact, written = parallel_terms(body[:_MAX_OPENING_CHARACTERS])
    lead_forms, forms = (
        _joined(analyze_terms(written[:length], splitter)[1]) for length in (LEAD_TOKENS, OPENING_TOKENS)
    )
    return LeadFields(" ".join(exact[:LEAD_TOKENS]), lead_forms, forms)


class AnalyzedText(NamedTuple):
    """Everything that an engine indexes of an article's texts."""

    title: TokenStreams
    body: TokenStreams
    lead: LeadFields


def analyze_article_text(
    title: str, body: str, splitter: Decompounder = SHIPPED_DECOMPOUNDER
) -> AnalyzedText:
    """Return the token streams of an article's title, body and lead."""
    return AnalyzedText(
        build_token_streams(title, splitter),
        build_token_streams(body, splitter),
        analyze_lead(body, splitter),
    )


def get_analyzed_text(document: IndexDocument) -> AnalyzedText:
    """Return the token streams of a document, analyzing its texts unless that has been done before."""
    return document.analyzed_text or _analyze_cached(document.title, document.body, document.splitter)


_analyze_cached = lru_cache(maxsize=1)(analyze_article_text)  # each field of a document asks for it once


def _joined(bags: Iterable[str]) -> str:
    """Join the non-empty strings by spaces."""
    return " ".join(filter(None, bags))
