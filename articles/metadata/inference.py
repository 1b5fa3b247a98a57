"""Inference of missing metadata from the text: title, byline, source, dateline, date of the dateline.

Fields that the file's metadata gives are never changed. A prediction fills its field if its confidence
reaches FILL_THRESHOLDS; otherwise it is only proposed to the librarians. Both are stored as an Inference
for review.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from arabic.text.sentences import sentence_around
from arabic.text.tokenizer import normalized_terms
from articles.metadata.byline import predict_byline
from articles.metadata.headline import predict_title
from articles.metadata.lead_in import find_lead_in, predict_dateline
from articles.metadata.prediction import Field, Prediction
from articles.metadata.publication_date import PublicationDate
from articles.metadata.source import PAGE_TITLE_METHOD, predict_page_source, predict_source
from articles.text.document import Document, DocumentField
from articles.text.records import RawRecord, RecordProblem

#: Minimum confidence at which a prediction fills a field unreviewed. A title always does, because a list
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
MAX_EVIDENCE_CHARACTERS = 500


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


def drop_uncertain_date(publication_date: PublicationDate) -> PublicationDate:
    """Return the date if it comes from metadata or a dateline that is certain enough, else no date."""
    return (
        PublicationDate(None)
        if publication_date.span and publication_date.confidence < FILL_THRESHOLDS["date"]
        else publication_date
    )


def infer_fields(
    record: RawRecord, publication_date: PublicationDate, document: Document | None = None
) -> tuple[RawRecord, tuple[InferredValue, ...]]:
    """Return the record with filled fields, and everything that was inferred."""
    found: list[InferredValue] = []
    values: dict[str, str] = {}
    notes = []
    for prediction in iter_predictions(record, document):
        used = prediction.confidence >= FILL_THRESHOLDS[prediction.field]
        if used and prediction.field != "dateline":
            values[prediction.field] = prediction.value
        if prediction.field == "title":
            notes.append(
                RecordProblem("title-derived" if prediction.method == "first-sentence" else "title-line")
            )
        text = record.page_title if prediction.method == PAGE_TITLE_METHOD else record.body
        found.append(_with_evidence(prediction, text, used))
    if publication_date.value and publication_date.span and publication_date.confidence >= MIN_CONFIDENCE:
        prediction = Prediction(
            "date",
            str(publication_date.value),
            publication_date.confidence,
            "dateline",
            *publication_date.span,
        )
        found.append(
            _with_evidence(prediction, record.body, publication_date.confidence >= FILL_THRESHOLDS["date"])
        )
    return record.with_fields(values).with_problems(*notes), tuple(found)


def iter_predictions(record: RawRecord, document: Document | None = None) -> Iterator[Prediction]:
    """Yield the predictions for the fields that the record lacks."""
    body = record.body
    if not body:
        return
    field = document.body if document else DocumentField(body, whole=False)
    lead_in = find_lead_in(body)
    made = (predict_dateline(lead_in), predict_byline(body, lead_in), predict_source(body, lead_in))
    others = [
        each
        for each in made
        if each and not record.low_confidence_words.intersection(normalized_terms(each.value))
    ]
    if not record.title and (title := predict_title(field, lead_in, others)):
        yield title
    for prediction in _unfilled(record, _with_page_title(record, others)):
        if prediction.confidence >= MIN_CONFIDENCE:
            yield prediction


def _with_page_title(record: RawRecord, predictions: list[Prediction]) -> list[Prediction]:
    """Keep one prediction of the source: the newspaper named in the page title comes before an agency."""
    of_page = predict_page_source(record)
    of_text = next((prediction for prediction in predictions if prediction.field == "source"), None)
    if not of_page or (of_text and of_page.confidence < min(FILL_THRESHOLDS["source"], of_text.confidence)):
        return predictions
    return [prediction for prediction in predictions if prediction is not of_text] + [of_page]


def _unfilled(record: RawRecord, predictions: Iterable[Prediction]) -> Iterator[Prediction]:
    given = {"byline": record.byline, "source": record.source}
    return (prediction for prediction in predictions if not given.get(prediction.field))


def _with_evidence(prediction: Prediction, text: str, used: bool) -> InferredValue:
    start, end = sentence_around(text, prediction.start, prediction.end)
    end = max(min(end, start + MAX_EVIDENCE_CHARACTERS), min(prediction.end, start + MAX_EVIDENCE_CHARACTERS))
    return InferredValue(
        prediction.field, prediction.value, prediction.confidence, prediction.method, text[start:end],
        prediction.start - start, min(prediction.end, end) - start, used,
    )  # fmt: skip
