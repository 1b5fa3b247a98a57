"""The Elasticsearch index: its mapping, and native analyzers generated from the tables of `arabic`.

`ArticleDocument` is kept in a registry of its own, hidden from `manage.py search_index` of
django-elasticsearch-dsl, which would bypass the outbox. Only search/engines/elastic creates and fills
indexes.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from functools import cache
from typing import Any

from django_elasticsearch_dsl import Document, fields  # type: ignore[import-untyped]  # has no types
from django_elasticsearch_dsl.registries import DocumentRegistry  # type: ignore[import-untyped]  # likewise
from elasticsearch.dsl import MetaField

from arabic.analyzer import stem_overrides
from arabic.text.normalization import HAMZA_RUN, HAMZA_RUN_REPLACEMENT, char_mappings
from arabic.text.tokenizer import JAVA_TOKEN_PATTERN, MAX_TOKEN_CHARS
from articles.models import Article
from search.engines.analyzed_text import document_analysis_version, get_analyzed_text
from search.engines.contract import IndexDocument

registry = DocumentRegistry()
#: The field of the analyzed article (search/engines/analyzed_article.py), in base64.
ANALYZED = "analyzed"


def _escaped(text: str) -> str:
    """Escape text for a `mapping` char filter, in Java's UTF-16, so that no character is syntax."""
    units = text.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _unassigned() -> list[str]:
    """Return the characters without an assignment in Python's Unicode, which separate words.

    A newer Unicode in Java may take them for letters.
    """
    surrogates = range(0xD800, 0xE000)
    return [
        chr(code)
        for code in range(0x10000)
        if code not in surrogates and unicodedata.category(chr(code)) == "Cn"
    ]


@cache
def analysis_settings() -> dict[str, Any]:
    """Return the native analyzers, built when an index is created and not at start-up.

    `archive_exact` makes the tokens of arabic.text.tokenizer, `archive_light` the stems of
    arabic.analyzer.light_stem (tests/search/engines/test_analyzer_parity.py).
    """
    chars = ["archive_letters", "archive_hamza"]
    folding = [f"{_escaped(source)}=>{_escaped(target)}" for source, target in char_mappings()]
    return {
        "char_filter": {
            "archive_letters": {
                "type": "mapping",
                "mappings": folding + [f"{_escaped(char)}=>\\u0020" for char in _unassigned()],
            },
            "archive_hamza": {
                "type": "pattern_replace",
                "pattern": HAMZA_RUN,
                "replacement": HAMZA_RUN_REPLACEMENT,
            },
        },
        "tokenizer": {"archive_tokens": {"type": "pattern", "pattern": JAVA_TOKEN_PATTERN, "group": 0}},
        "filter": {
            "archive_length": {"type": "truncate", "length": MAX_TOKEN_CHARS},
            "archive_protect": {
                "type": "stemmer_override",
                "rules": _stem_rules(),
            },
            "archive_stem": {"type": "stemmer", "language": "arabic"},
        },
        "analyzer": {
            "archive_exact": _custom(chars, ["archive_length"]),
            "archive_light": _custom(chars, ["archive_length", "archive_protect", "archive_stem"]),
        },
    }


def _stem_rules() -> list[str]:
    """Return the rules `token, token => stem`, one for each stem.

    A rule for each token gave the same tokens, but with it the settings had 17,000 strings. Elasticsearch
    keeps 16,384 of them to recognize those that it has seen, so that creating an index took twice as long.
    """
    tokens: defaultdict[str, list[str]] = defaultdict(list)
    for token, stem in stem_overrides():
        tokens[stem].append(token)
    return [f"{', '.join(of_stem)} => {stem}" for stem, of_stem in tokens.items()]


def _custom(char_filters: list[str], filters: list[str]) -> dict[str, Any]:
    return {"type": "custom", "tokenizer": "archive_tokens", "char_filter": char_filters, "filter": filters}


def _text() -> fields.TextField:
    light = fields.TextField(analyzer="archive_light")
    return fields.TextField(analyzer="archive_exact", fields={"light": light})


def _lemma_field() -> fields.TextField:
    return fields.TextField(analyzer="whitespace", index_options="freqs")


@registry.register_document
class ArticleDocument(Document):  # type: ignore[misc]  # the library has no types
    """A published article; `prepare` takes an IndexDocument."""

    id = fields.LongField()
    title = _text()
    body = _text()
    title_forms = _lemma_field()
    body_forms = _lemma_field()
    lead_exact = _lemma_field()
    lead_forms = _lemma_field()
    opening_forms = _lemma_field()
    source = fields.LongField()
    city = fields.LongField(attr="places")
    governorate = fields.LongField(attr="governorates")
    country = fields.LongField(attr="countries")
    about_city = fields.LongField(attr="about")
    about_governorate = fields.LongField(attr="about_governorates")
    about_country = fields.LongField(attr="about_countries")
    year = fields.IntegerField()
    month = fields.IntegerField()
    day = fields.IntegerField()
    first_day = fields.IntegerField()
    last_day = fields.IntegerField()
    story = fields.LongField()
    event = fields.IntegerField()
    event_year = fields.IntegerField()
    event_month = fields.IntegerField()
    event_day = fields.IntegerField()
    fingerprint = fields.KeywordField(index=False)  # read by check_index, never searched
    #: True for a tombstone: the article was removed, and its version is remembered.
    deleted = fields.BooleanField()

    class Index:
        name = "articles"

    class Meta:
        dynamic = MetaField("strict")

    class Django:
        model = Article
        ignore_signals = True

    def prepare_title_forms(self, article: IndexDocument) -> str:
        """Return the forms of the title's words."""
        return get_analyzed_text(article).title.forms

    def prepare_body_forms(self, article: IndexDocument) -> str:
        """Return the forms of the body's words."""
        return get_analyzed_text(article).body.forms

    def prepare_lead_exact(self, article: IndexDocument) -> str:
        """Return the first words of the body as written."""
        return get_analyzed_text(article).lead.lead_exact

    def prepare_lead_forms(self, article: IndexDocument) -> str:
        """Return the forms of the first words of the body."""
        return get_analyzed_text(article).lead.lead_forms

    def prepare_opening_forms(self, article: IndexDocument) -> str:
        """Return the forms of the words of the opening, which is longer than the lead."""
        return get_analyzed_text(article).lead.opening_forms

    def prepare_deleted(self, article: IndexDocument) -> bool:
        """Return False, because only existing articles are prepared."""
        return False


def index_body(*, shards: int, replicas: int, meta: dict[str, Any]) -> dict[str, Any]:
    """Return settings and mapping of an index that is about to be filled; `meta` is added to its `_meta`."""
    body: dict[str, Any] = ArticleDocument._index.to_dict()
    # The version of the write, which the writer adds: Elasticsearch's own `_version` cannot be aggregated.
    body["mappings"]["properties"]["written"] = {"type": "long"}
    body["mappings"]["_meta"] = {"analysis_version": document_analysis_version(), **meta}
    body["mappings"]["properties"][ANALYZED] = {"type": "binary", "store": True}
    # A write always brings the whole document, and the database has the texts (docs/decisions/0033).
    body["mappings"]["_source"] = {"enabled": False}
    body["settings"] = {
        "analysis": analysis_settings(),
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        # No searches yet: `Indices.publish` sets the interval of SERVING_SETTINGS.
        "refresh_interval": "-1",
    }
    return body


#: An explicit interval keeps an index that was not searched for a while from going stale.
SERVING_SETTINGS = {"refresh_interval": "1s"}
