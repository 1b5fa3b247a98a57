"""Analysis of an article's text into the token streams that both engines index."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from arabic.analyzer import analysis_version, analyze_terms
from arabic.morphology.analyzed_words import WordType
from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER, Decompounder
from arabic.spelling.misread_words import is_cut, likely_words
from arabic.text.tokenizer import tokenize
from search.engines.analyzed_article import AnalyzedArticle
from search.engines.contract import DOCUMENT_VERSION, IndexDocument
from search.engines.packed_article import TextAnalysis, pack_article, text_fingerprint, unpack_article

#: The first sentences of a news text say what it is about.
LEAD_TOKENS, OPENING_TOKENS = 16, 40


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


class LeadFields(NamedTuple):
    """The first `LEAD_TOKENS` and `OPENING_TOKENS` tokens of a body, indexed without positions."""

    lead_exact: str
    lead_forms: str
    opening_forms: str


class AnalyzedText(NamedTuple):
    """Everything that an engine indexes and stores of an article's texts."""

    title: TokenStreams
    body: TokenStreams
    lead: LeadFields
    #: See search/engines/packed_article.py.
    packed: bytes


def analyze_article_text(
    title: str, body: str, splitter: Decompounder = SHIPPED_DECOMPOUNDER, doubtful: str = ""
) -> AnalyzedText:
    """Return the token streams of an article's title, body and lead, and what is stored of their analysis.

    `doubtful`: as in `IndexDocument`.
    """
    of_title, of_body = _analyze(title, splitter), _analyze(body, splitter)
    if doubtful:
        words = frozenset(doubtful.split())
        of_title, of_body = _with_likely_words(of_title, words), _with_likely_words(of_body, words)
    return AnalyzedText(
        _streams(of_title),
        _streams(of_body),
        _lead_fields(of_body),
        pack_article(of_title, of_body, text_fingerprint(title, body), document_analysis_version()),
    )


def analyze_article(title: str, body: str, splitter: Decompounder = SHIPPED_DECOMPOUNDER) -> AnalyzedArticle:
    """Analyze an article that no index has, or that has changed since."""
    analyses = _analyze(title, splitter), _analyze(body, splitter)
    packed = pack_article(*analyses, text_fingerprint(title, body), document_analysis_version())
    contents = unpack_article(packed)
    if contents is None:
        raise AssertionError("an article that was packed cannot be unpacked")
    return AnalyzedArticle(contents)


def stored_article(packed: bytes | None) -> AnalyzedArticle | None:
    """Return the stored analysis of an article; None if there is none for the tables and code in use."""
    contents = unpack_article(packed) if packed else None
    if contents is None or contents.version != document_analysis_version():
        return None
    return AnalyzedArticle(contents)


def _analyze(text: str, splitter: Decompounder) -> TextAnalysis:
    tokens = tokenize(text)
    starts, ends = tokens.offsets()
    types, names = analyze_terms(tokens.written, splitter, lambda at: text[ends[at - 1] : starts[at]])
    return TextAnalysis(tokens.normalized, types, starts, ends, names)


def _with_likely_words(analysis: TextAnalysis, doubtful: Collection[str]) -> TextAnalysis:
    """Return the analysis with the forms of the words that a machine may have misread added to theirs."""
    types = list(analysis.types)
    made: dict[tuple[str, ...], WordType] = {}
    for at, token in enumerate(analysis.normalized):
        if token not in doubtful:
            continue
        following = analysis.normalized[at + 1] if at + 1 < len(types) else ""
        cut = (token + following,) if following in doubtful and is_cut(token, following) else ()
        if words := cut + likely_words(token):
            key = (token, *words)
            if key not in made:
                forms = (each.lemma_field for each in analyze_terms(words)[0])
                terms = dict.fromkeys(" ".join((types[at].lemma_field, *forms)).split())
                made[key] = replace(types[at], lemma_field=" ".join(terms))
            types[at] = made[key]
    return analysis._replace(types=types)


def _streams(analysis: TextAnalysis) -> TokenStreams:
    return TokenStreams(
        " ".join(analysis.normalized),
        " ".join([each.stem for each in analysis.types]),
        _joined(analysis.types),
    )


def _lead_fields(body: TextAnalysis) -> LeadFields:
    return LeadFields(
        " ".join(body.normalized[:LEAD_TOKENS]),
        _joined(body.types[:LEAD_TOKENS]),
        _joined(body.types[:OPENING_TOKENS]),
    )


def get_analyzed_text(document: IndexDocument) -> AnalyzedText:
    """Return the token streams of a document, analyzing its texts unless that has been done before."""
    if document.analyzed_text and not document.doubtful:
        return document.analyzed_text
    return _analyze_cached(document.title, document.body, document.splitter, document.doubtful)


_analyze_cached = lru_cache(maxsize=1)(analyze_article_text)  # each field of a document asks for it once


def _joined(types: Iterable[WordType]) -> str:
    """Join the terms of the lemma field by spaces."""
    return " ".join(filter(None, [each.lemma_field for each in types]))
