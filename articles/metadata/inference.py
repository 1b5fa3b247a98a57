"""What a record leaves open and its text tells: title, byline, source, dateline, the date of a dateline.

What metadata gives is never touched. A guess fills the field from a confidence on (`USED_FROM`); below it is
only proposed to the librarians. Either way it is kept as an Inference until one of them has decided."""

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
from articles.text.records import RawRecord, RecordProblem

#: From what confidence on a guess fills the field before anybody was asked. A title always does: a list of
#: articles without titles cannot be read, and its readers are told that it is derived. A wrong source is
#: worse than none: it is a facet, and part of how an article is cited.
FILL_THRESHOLDS: dict[str, float] = {
    "title": 0.0,
    "byline": 0.8,
    "source": 0.85,
    "dateline": 0.8,
    "date": 0.8,
}
#: Below this a librarian is asked. Of guesses above it about one in twenty was wrong (docs/quality.md).
REVIEW_BELOW = 0.9
#: A guess of less is not worth anybody's time.
MIN_CONFIDENCE = 0.2
EVIDENCE_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class InferredValue:
    """A guess with its evidence: the sentence around it, and where in that the value stands. `used` = the
    record has it."""

    field: Field
    value: str
    confidence: float
    method: str
    evidence: str = ""
    start: int = 0
    end: int = 0
    used: bool = False


def drop_uncertain_date(dated: PublicationDate) -> PublicationDate:
    """The date, if it is one to use: that of metadata, or of a dateline that is certain enough."""
    return PublicationDate(None) if dated.span and dated.confidence < FILL_THRESHOLDS["date"] else dated


def infer_fields(record: RawRecord, dated: PublicationDate) -> tuple[RawRecord, tuple[InferredValue, ...]]:
    """The record with what could be filled, and everything that was inferred."""
    found: list[InferredValue] = []
    values: dict[str, str] = {}
    notes = []
    for guess in iter_predictions(record):
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


def iter_predictions(record: RawRecord) -> Iterator[Prediction]:
    """The guesses about the fields that the record leaves open."""
    body = record.body
    if not body:
        return
    opening = find_lead_in(body)
    made = (predict_dateline(opening), predict_byline(body, opening), predict_source(body, opening))
    others = [guess for guess in made if guess]
    if not record.title and (title := predict_title(body, opening, others)):
        yield title
    for guess in _unfilled(record, _with_page_title(record, others)):
        if guess.confidence >= MIN_CONFIDENCE:
            yield guess


def _with_page_title(record: RawRecord, guesses: list[Prediction]) -> list[Prediction]:
    """One guess about the source: a paper that signs the page published it, whatever agency it credits."""
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
