"""Analysis of an article's text into the token streams that both engines index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from arabic.analyzer import STEM_MARKER, analysis_version, analyze_terms
from arabic.expansion.misspellings import MISSPELLING_MARKER
from arabic.morphology.analyzed_words import WordType
from arabic.morphology.decompounding import SHIPPED_DECOMPOUNDER, Decompounder
from arabic.morphology.lemmatizer import OOV_MARKER
from arabic.morphology.protected_words import MultiwordName
from arabic.spelling.misread_words import MISREAD_MARKER, is_cut, likely_word
from arabic.text.tokenizer import tokenize
from arabic.vocabulary.frequencies import is_frequent_word
from search.engines.analyzed_article import AnalyzedArticle
from search.engines.contract import DOCUMENT_VERSION, IndexDocument
from search.engines.packed_article import TextAnalysis, pack_article, text_fingerprint, unpack_article

#: The first sentences of a news text say what it is about.
LEAD_TOKENS, OPENING_TOKENS = 16, 40
#: Precede the terms of words that no dictionary has.
_UNKNOWN_MARKERS = (OOV_MARKER, STEM_MARKER, MISSPELLING_MARKER)


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
    title: str, body: str, splitter: Decompounder = SHIPPED_DECOMPOUNDER, low_confidence_words: str = ""
) -> AnalyzedText:
    """Return the token streams of an article's title, body and lead, and what is stored of their analysis.

    `low_confidence_words`: as in `IndexDocument`.
    """
    words = frozenset(low_confidence_words.split())
    of_title, of_body = _analyze(title, splitter, words), _analyze(body, splitter, words)
    return AnalyzedText(
        _streams(of_title),
        _streams(of_body),
        _lead_fields(of_body),
        pack_article(of_title, of_body, text_fingerprint(title, body), document_analysis_version()),
    )


def analyze_article(
    title: str, body: str, splitter: Decompounder = SHIPPED_DECOMPOUNDER, low_confidence_words: str = ""
) -> AnalyzedArticle:
    """Analyze an article that no index has, or that has changed since.

    `low_confidence_words`: as in `IndexDocument`.
    """
    words = frozenset(low_confidence_words.split())
    analyses = _analyze(title, splitter, words), _analyze(body, splitter, words)
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


def _analyze(text: str, splitter: Decompounder, low_confidence_words: Collection[str]) -> TextAnalysis:
    tokens = tokenize(text)
    starts, ends = tokens.offsets()
    types, names = analyze_terms(tokens.written, splitter, lambda at: text[ends[at - 1] : starts[at]])
    if low_confidence_words:
        types, cut = with_likely_words(types, low_confidence_words)
        names = [*names, *cut]
    return TextAnalysis(tokens.normalized, types, starts, ends, names)


def with_likely_words(
    types: Sequence[WordType], low_confidence_words: Collection[str]
) -> tuple[list[WordType], list[MultiwordName]]:
    """Return the types of a text's words, those of misread ones with the marked terms of likely words.

    A word is taken to be misread if it is a low-confidence word and no dictionary has it as it was read. Of a
    word that was cut both parts have the terms, which are returned with their spans, like those of a name.
    """
    known = [each.normalized not in low_confidence_words or is_known_as_read(each) for each in types]
    likely: dict[int, tuple[str, ...]] = defaultdict(tuple)
    cut: list[MultiwordName] = []
    for at, of_word in enumerate(types):
        token, following = of_word.normalized, types[at + 1].normalized if at + 1 < len(types) else ""
        if token not in low_confidence_words:
            continue
        if following in low_confidence_words and not all(known[at : at + 2]) and is_cut(token, following):
            whole = _marked_terms(token + following)
            cut += [MultiwordName(at, at + 2, term) for term in whole]
            likely[at] += whole
            likely[at + 1] += whole
        if not known[at] and (word := likely_word(token)):
            likely[at] += _marked_terms(word)
    found = list(types)
    # Of one word there are several types, by the words around it.
    made: dict[tuple[WordType, tuple[str, ...]], WordType] = {}
    for at, terms in likely.items():
        key = types[at], terms
        if key not in made:
            fields = dict.fromkeys((*types[at].lemma_field.split(), *terms))
            made[key] = replace(types[at], lemma_field=" ".join(fields))
        found[at] = made[key]
    return found, cut


def is_known_as_read(of_word: WordType) -> bool:
    """Return True if the word, or a part of it, is in the dictionary, a name or frequent."""
    terms = of_word.lemma_field.split()
    return is_frequent_word(of_word.normalized) or not all(map(_is_of_unknown_word, terms))


def _is_of_unknown_word(term: str) -> bool:
    return term.startswith(_UNKNOWN_MARKERS)


def _marked_terms(word: str) -> tuple[str, ...]:
    """Return the terms of a likely word, which is analyzed alone, as a misread word has them."""
    return tuple(MISREAD_MARKER + term for term in analyze_terms((word,)).lemma_fields[0].split())


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
    if document.analyzed_text:
        return document.analyzed_text
    return _analyze_cached(document.title, document.body, document.splitter, document.low_confidence_words)


_analyze_cached = lru_cache(maxsize=1)(analyze_article_text)  # each field of a document asks for it once


def _joined(types: Iterable[WordType]) -> str:
    """Join the terms of the lemma field by spaces."""
    return " ".join(filter(None, [each.lemma_field for each in types]))
