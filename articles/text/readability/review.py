"""The judgement of a record on its way through the import: good, repaired, or held for review."""

from __future__ import annotations

from articles.text.document import Document, make_document
from articles.text.readability.judge import Doubt, find_doubt
from articles.text.readability.repair import known_share, repair_field
from articles.text.records import RawRecord, RecordProblem

#: A field with at least this share of known words is not what the doubt is about.
_GOOD_SHARE = 0.7


def review_record(record: RawRecord, cleaned: RawRecord, document: Document) -> RawRecord:
    """Return the record unchanged if it can be read, else repaired or with a problem that holds it.

    `cleaned` is the record without boilerplate, `document` has its title and text. A record that its reader
    holds already is not judged again.
    """
    if record.held:
        return record
    doubt = _doubt(cleaned, document)
    if doubt is None:
        return record
    return _repaired(record) or record.with_problems(RecordProblem(doubt.code, doubt.detail, holds=True))


def _doubt(record: RawRecord, document: Document) -> Doubt | None:
    words = document.title.words.words + document.body.words.words
    removed = (each.detail for each in record.problems if each.code == "characters-removed")
    return find_doubt(record.title, record.body, words, sum(map(int, removed)))


def _repaired(record: RawRecord) -> RawRecord | None:
    """Return the record with repaired fields and a note, or None if it is still in doubt."""
    values: dict[str, str] = {}
    kinds: list[str] = []
    for name in ("title", "body", "byline", "source"):
        text = getattr(record, name)
        if text and known_share(text[:1000]) < _GOOD_SHARE and (found := repair_field(text)):
            values[name], kind = found
            kinds += [kind] if kind not in kinds else []
    made = record.with_fields(values)
    if not values or _doubt(made, make_document(made.title, made.body)):
        return None
    encodings = [kind for kind in kinds if "→" in kind]
    orders = [kind for kind in kinds if "→" not in kind]
    notes = [RecordProblem("mojibake", ", ".join(encodings))] if encodings else []
    notes += [RecordProblem("order-mended", ", ".join(orders))] if orders else []
    return made.with_problems(*notes)
