"""Metadata inference for stored articles, e.g. after an update with new rules (command `infer_facts`).

Only empty fields are filled, and values that a librarian decided about are not proposed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from articles.geotagging.geotagger import PlaceResolver
from articles.history.inference_review import columns_for_value
from articles.history.revisions import apply_changes
from articles.metadata.inference import InferredValue, infer_fields
from articles.metadata.inference_rows import (
    FIELD_COLUMNS,
    build_inference_rows,
    current_columns,
    current_value,
)
from articles.metadata.publication_date import extract_publication_date
from articles.models import Article, Inference
from articles.readers.web.html_page import parse_page_head
from articles.text.records import RawRecord

REASON = "infer_facts"
#: Confidence in the site name that a page declares; occasionally it names the maker of its software instead.
DECLARED_SITE_CONFIDENCE = 0.95


def infer_missing_fields(article: Article, today: date) -> list[InferredValue]:
    """Return the values that can be inferred for the article and are not stored yet.

    `used` is True if the field is empty and would be filled, or has the inferred value already.
    """
    head = None if article.source_id else parse_page_head(bytes(article.original))
    record = RawRecord(
        article.file_name, body=article.body, title="" if article.title_derived else article.title,
        source=article.source.name if article.source else "", byline=article.byline,
        date=current_value(article, "date"), page_title=head.title if head else "",
        low_confidence_words=frozenset(article.low_confidence_words.split()),
    )  # fmt: skip
    _record, inferred = infer_fields(record, extract_publication_date(record, today))
    if head and head.site:
        inferred = (_declared_source(head.site), *(each for each in inferred if each.field != "source"))
    known = set(article.inferences.values_list("field", "value"))
    open_ones = set(article.inferences.filter(state=Inference.State.PROPOSED).values_list("field", flat=True))
    return [
        _mark_used(article, each)
        for each in inferred
        if (each.field, each.value) not in known and each.field not in open_ones
    ]


def _declared_source(site: str) -> InferredValue:
    """Return the site name that a stored page declares, which older versions of the import did not read."""
    return InferredValue("source", site, DECLARED_SITE_CONFIDENCE, "page-site", site, 0, len(site), used=True)


def _mark_used(article: Article, each: InferredValue) -> InferredValue:
    """Return the value marked as unused if the field has another value already."""
    now = current_value(article, each.field)
    used = each.used and (not now or now == each.value)
    return InferredValue(
        each.field, each.value, each.confidence, each.method, each.evidence, each.start, each.end, used
    )  # fmt: skip


def save_inferred(article: Article, facts: list[InferredValue], resolver: PlaceResolver) -> None:
    """Fill the empty fields, with a Revision, and store the inferences. Call it inside a transaction."""
    before = {
        name: current_columns(article, field)[name]
        for field in FIELD_COLUMNS
        for name in FIELD_COLUMNS[field]
    }
    values: dict[str, Any] = {}
    for each in facts:
        if each.used and not current_value(article, each.field):
            values |= _with_derived_flag(columns_for_value(each.field, each.value))
    if values:
        apply_changes(
            article, values, original=None, cities=None, by=None, reason=REASON, resolver=resolver
        )  # fmt: skip
    Inference.objects.bulk_create(build_inference_rows(article.pk, facts, before))


def _with_derived_flag(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "title_derived": True} if "title" in values else dict(values)
