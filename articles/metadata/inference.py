"""Inference of missing metadata from the text: title, byline, source, dateline, date of the dateline.

Fields that the file's metadata gives are never changed. A prediction fills its field if its confidence
reaches FILL_THRESHOLDS; otherwise it is only proposed to the librarians. Both are stored as an Inference
for review.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from arabic.text.sentences import sentence_around
from articles.metadata.byline import predict_byline
from articles.metadata.dateline import predict_dateline
from articles.metadata.headline import predict_title
from articles.metadata.lead_in import find_lead_in
from articles.metadata.page_source import METHOD as PAGE_TITLE
from articles.metadata.page_source import predict_page_source
from articles.metadata.prediction import Field, Prediction
from articles.metadata.publication_date import PublicationDate
from articles.metadata.source import predict_source
from articles.text.document import Document, DocumentField
from articles.text.records import RawRecord, RecordProblem

#: Confidence from which on a prediction fills the field without review. A title always does, because a list
#: of articles without titles cannot be read; pages mark it as derived. A wrong source is worse than none,
#: because it is a facet and part of a citation.
FILL_THRESHOLDS: dict[str, float] = {
    "title": 0.0,
    "byline": 0.8,
    "source": 0.85,
    "dateline": 0.8,
    "date": 0.8,
}
#: Predictions below this are shown for review. Of those above it about one in twenty was wrong
#: (docs/quality.md).
REVIEW_BELOW = 0.9
#: Predictions below this are dropped.
MIN_CONFIDENCE = 0.2
EVIDENCE_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class InferredValue:
    """A prediction with its evidence: the sentence around it, and the span of the value in that sentence.

    `used`: the record has the value.
    """

    field: Field
    value: str
    confidence: float
    method: str
    evidence: str = ""
    start: int = 0
    end: int = 0
    used: bool = False


def drop_uncertain_date(dated: PublicationDate) -> PublicationDate:
    """Return the date if it comes from metadata or a dateline that is certain enough, else no date."""
    return PublicationDate(None) if dated.span and dated.confidence < FILL_THRESHOLDS["date"] else dated


def infer_fields(
    record: RawRecord, dated: PublicationDate, document: Document | None = None
) -> tuple[RawRecord, tuple[InferredValue, ...]]:
    """Return the record with filled fields, and everything that was inferred."""
    found: list[InferredValue] = []
    values: dict[str, str] = {}
    notes = []
    for guess in iter_predictions(record, document):
        used = guess.confidence >= FILL_THRESHOLDS[guess.field]
        if used and guess.field != "dateline":
            values[guess.field] = guess.value
        if guess.field == "title":
            notes.append(RecordProblem("title-derived" if guess.method == "first-sentence" else "title-line"))
        text = record.page_title if guess.method == PAGE_TITLE else record.body
        found.append(_with_evidence(guess, text, used))
    if dated.value and dated.span and dated.confidence >= MIN_CONFIDENCE:
        guess = Prediction("date", str(dated.value), dated.confidence, "dateline", *dated.span)
        found.append(_with_evidence(guess, record.body, dated.confidence >= FILL_THRESHOLDS["date"]))
    return record.with_fields(values).with_problems(*notes), tuple(found)


def iter_predictions(record: RawRecord, document: Document | None = None) -> Iterator[Prediction]:
    """Yield the predictions for the fields that the record lacks."""
    body = record.body
    if not body:
        return
    field = document.body if document else DocumentField(body, whole=False)
    lead_in = find_lead_in(body)
    made = (predict_dateline(lead_in), predict_byline(body, lead_in), predict_source(body, lead_in))
    others = [guess for guess in made if guess]
    if not record.title and (title := predict_title(field, lead_in, others)):
        yield title
    for guess in _unfilled(record, _with_page_title(record, others)):
        if guess.confidence >= MIN_CONFIDENCE:
            yield guess


def _with_page_title(record: RawRecord, guesses: list[Prediction]) -> list[Prediction]:
    """Keep one prediction of the source: the newspaper named in the page title comes before an agency."""
    of_page = predict_page_source(record)
    of_text = next((guess for guess in guesses if guess.field == "source"), None)
    if not of_page or (of_text and of_page.confidence < min(FILL_THRESHOLDS["source"], of_text.confidence)):
        return guesses
    return [guess for guess in guesses if guess is not of_text] + [of_page]


def _unfilled(record: RawRecord, guesses: Iterable[Prediction]) -> Iterator[Prediction]:
    given = {"byline": record.byline, "source": record.source}
    return (guess for guess in guesses if not given.get(guess.field))


def _with_evidence(guess: Prediction, text: str, used: bool) -> InferredValue:
    start, end = sentence_around(text, guess.start, guess.end)
    end = max(min(end, start + EVIDENCE_CHARACTERS), min(guess.end, start + EVIDENCE_CHARACTERS))
    return InferredValue(
        guess.field, guess.value, guess.confidence, guess.method, text[start:end],
        guess.start - start, min(guess.end, end) - start, used,
    )  # fmt: skip
