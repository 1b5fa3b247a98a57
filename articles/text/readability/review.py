"""The judgement of a record on its way through the import: good, repaired, or held for review."""

from __future__ import annotations

from articles.text.document import Document
from articles.text.readability.judge import Doubt, find_doubt
from articles.text.records import RawRecord, RecordProblem


def review_record(record: RawRecord, cleaned: RawRecord, document: Document) -> RawRecord:
    """Return the record unchanged if it can be read, else repaired or with a problem that holds it.

    `cleaned` is the record without boilerplate, `document` has its title and text. A record that its reader
    holds already is not judged again.
    """
    if record.held:
        return record
    doubt = _doubt(cleaned, document)
    return (
        record if doubt is None else record.with_problems(RecordProblem(doubt.code, doubt.detail, holds=True))
    )


def _doubt(record: RawRecord, document: Document) -> Doubt | None:
    words = document.title.words.words + document.body.words.words
    removed = (each.detail for each in record.problems if each.code == "characters-removed")
    return find_doubt(record.title, record.body, words, sum(map(int, removed)))
