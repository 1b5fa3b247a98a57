"""Inference for articles that are in the archive: those of an older version, or with newer rules. Only fields
that are empty are filled, and nothing that anybody decided is asked again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from articles.geotagging.geotagger import PlaceBook
from articles.history.inference_review import values_of
from articles.history.revisions import apply_changes
from articles.metadata.inference import Inferred, infer
from articles.metadata.inference_rows import COLUMNS, columns_now, present, rows_of
from articles.metadata.publication_date import date_of
from articles.models import Article, Inference
from articles.readers.web.html_page import head_of
from articles.text.records import RawRecord

REASON = "infer_facts"
#: A page knows where it stands; now and then it names the maker of its program instead.
DECLARED = 0.95


def new_facts(article: Article, today: date) -> list[Inferred]:
    """What can be inferred about the article and was not yet. `used` = the field is empty and would be
    filled, or is what the guess says."""
    head = None if article.source_id else head_of(bytes(article.original))
    record = RawRecord(
        article.file_name, body=article.body, title="" if article.title_derived else article.title,
        source=article.source.name if article.source else "", byline=article.byline,
        date=present(article, "date"), page_title=head.title if head else "",
    )  # fmt: skip
    _record, inferred = infer(record, date_of(record, today))
    if head and head.site:
        inferred = (_declared(head.site), *(each for each in inferred if each.field != "source"))
    known = set(article.inferences.values_list("field", "value"))
    open_ones = set(article.inferences.filter(state=Inference.State.PROPOSED).values_list("field", flat=True))
    return [
        _fitted(article, each)
        for each in inferred
        if (each.field, each.value) not in known and each.field not in open_ones
    ]


def _declared(site: str) -> Inferred:
    """The site that a stored page declares: metadata, which importers of older versions did not read."""
    return Inferred("source", site, DECLARED, "page-site", site, 0, len(site), used=True)


def _fitted(article: Article, each: Inferred) -> Inferred:
    """A derived title that is there already stays: another is only proposed."""
    now = present(article, each.field)
    used = each.used and (not now or now == each.value)
    return Inferred(
        each.field, each.value, each.confidence, each.method, each.evidence, each.start, each.end, used
    )  # fmt: skip


def keep(article: Article, facts: list[Inferred], book: PlaceBook) -> None:
    """Fill the empty fields, with a Revision, and write the facts. In one transaction, please."""
    before = {name: columns_now(article, field)[name] for field in COLUMNS for name in COLUMNS[field]}
    values: dict[str, Any] = {}
    for each in facts:
        if each.used and not present(article, each.field):
            values |= _derived(values_of(each.field, each.value))
    if values:
        apply_changes(
            article, values, original=None, cities=None, by=None, reason=REASON, book=book
        )  # fmt: skip
    Inference.objects.bulk_create(rows_of(article.pk, facts, before))


def _derived(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "title_derived": True} if "title" in values else dict(values)
