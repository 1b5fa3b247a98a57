"""The fields of the embedded index, and the conversion of an article into a Tantivy document.

Python has made the tokens; Tantivy's `whitespace` tokenizer only splits them again (five times as fast as
passing token objects).
"""

from __future__ import annotations

from functools import cache

import tantivy

from search.engines.analyzed_text import get_analyzed_text
from search.engines.contract import PLACE_COLUMNS, EngineError, IndexDocument

LEAD_FIELD_NAMES = ("lead_exact", "lead_forms", "opening_forms")
EVENT_FIELDS = ("event", "event_year", "event_month", "event_day")
NUMBER_FIELDS = (
    *("id", "source", *PLACE_COLUMNS),
    *("year", "month", "day", "first_day", "last_day", "version", "deleted"),
    *EVENT_FIELDS,
    "story",
)
#: The analyzed article.
ANALYZED = "analyzed"
#: An ascending sort by such a key is the whole order: by date, then by id, undated last.
SORT_KEYS = {"newest": "newest_key", "oldest": "oldest_key"}
#: The fields an index must have to be searched and written by this code.
INDEX_FIELDS = (
    *(f"{name}_{level}" for name in ("title", "body") for level in ("exact", "light", "forms")),
    *(*LEAD_FIELD_NAMES, *NUMBER_FIELDS, *SORT_KEYS.values(), "fingerprint", ANALYZED),
)
_ID_BITS = 36
_UNDATED = 2**27 - 1  # above every YYYYMMDD
_LATEST = 99_999_999


@cache
def schema() -> tantivy.Schema:
    """Return the schema. Only the analyzed article is stored."""
    builder = tantivy.SchemaBuilder()
    for name in ("title", "body"):
        for level in ("exact", "light", "forms"):
            builder.add_text_field(
                f"{name}_{level}",
                tokenizer_name="whitespace",
                index_option="freq" if level == "forms" else "position",
            )
    for name in LEAD_FIELD_NAMES:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    builder.add_bytes_field(ANALYZED, stored=True)
    for name in NUMBER_FIELDS:
        builder.add_integer_field(name, indexed=True, fast=True)
    for name in SORT_KEYS.values():
        builder.add_unsigned_field(name, fast=True)
    # Fast and not only stored: all fingerprints can then be read without touching the texts.
    builder.add_text_field("fingerprint", fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def sort_keys(id: int, first_day: int | None) -> tuple[int, int]:
    """Return (newest_key, oldest_key) of an article: 27 bits of date above 36 bits of id."""
    if not 0 <= id < 2**_ID_BITS:
        raise EngineError(f"article id {id} is out of the embedded engine's range")
    newest = _UNDATED if first_day is None else _LATEST - first_day
    oldest = _UNDATED if first_day is None else first_day
    return newest << _ID_BITS | id, oldest << _ID_BITS | id


def live_document(article: IndexDocument, version: int) -> tantivy.Document:
    """Return the analyzed article as a Tantivy document."""
    document = tantivy.Document()
    texts = get_analyzed_text(article)
    for name, forms in (("title", texts.title), ("body", texts.body)):
        document.add_text(f"{name}_exact", forms.exact)
        document.add_text(f"{name}_light", forms.light)
        document.add_text(f"{name}_forms", forms.forms)
    for name in LEAD_FIELD_NAMES:
        document.add_text(name, getattr(texts.lead, name))
    document.add_bytes(ANALYZED, texts.packed)
    for name in ("id", "source", "year", "month", "day", "first_day", "last_day", "story"):
        value = getattr(article, name)
        if value is not None:
            document.add_integer(name, value)
    for name, values in (
        ("city", article.places),
        ("governorate", article.governorates),
        ("country", article.countries),
        ("about_city", article.about),
        ("about_governorate", article.about_governorates),
        ("about_country", article.about_countries),
    ):
        for value in sorted(set(values)):  # each counts once per article
            document.add_integer(name, value)
    for name in EVENT_FIELDS:
        for number in getattr(article, name):
            document.add_integer(name, number)
    newest, oldest = sort_keys(article.id, article.first_day)
    document.add_unsigned("newest_key", newest)
    document.add_unsigned("oldest_key", oldest)
    document.add_text("fingerprint", article.fingerprint)
    document.add_integer("version", version)
    return document


def packed_article(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> bytes | None:
    """Return the stored bytes of a document's analyzed article."""
    found = searcher.doc(address).get_first(ANALYZED)
    return found if isinstance(found, bytes) else None


def tombstone(id: int, version: int) -> tantivy.Document:
    """Return the document that replaces a removed article: the version that a late write must exceed."""
    document = tantivy.Document()
    document.add_integer("id", id)
    document.add_integer("version", version)
    document.add_integer("deleted", 1)
    return document
