"""What a record leaves open and its text tells: title, byline, source, dateline, the date of a dateline.

What metadata gives is never touched. A guess fills the field from a confidence on (`USED_FROM`); below it is
only proposed to the librarians. Either way it is kept as an Inference until one of them has decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from arabic.text.sentences import sentence_around
from articles.metadata.byline import byline_of
from articles.metadata.dateline import dateline_of
from articles.metadata.headline import title_of
from articles.metadata.lead_in import first_opening
from articles.metadata.page_source import METHOD as PAGE_TITLE
from articles.metadata.page_source import source_of_page
from articles.metadata.prediction import Field, Guess
from articles.metadata.publication_date import Dated
from articles.metadata.source import source_of
from articles.text.records import Problem, RawRecord

#: From what confidence on a guess fills the field before anybody was asked. A title always does: a list of
#: articles without titles cannot be read, and its readers are told that it is derived. A wrong source is
#: worse than none: it is a facet, and part of how an article is cited.
USED_FROM: dict[str, float] = {"title": 0.0, "byline": 0.8, "source": 0.85, "dateline": 0.8, "date": 0.8}
#: Below this a librarian is asked. Of guesses above it about one in twenty was wrong (docs/quality.md).
DOUBTFUL_BELOW = 0.9
#: A guess of less is not worth anybody's time.
WORTH_ASKING = 0.2
EVIDENCE_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Inferred:
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


def sure(dated: Dated) -> Dated:
    """The date, if it is one to use: that of metadata, or of a dateline that is certain enough."""
    return Dated(None) if dated.span and dated.confidence < USED_FROM["date"] else dated


def infer(record: RawRecord, dated: Dated) -> tuple[RawRecord, tuple[Inferred, ...]]:
    """The record with what could be filled, and everything that was inferred."""
    found: list[Inferred] = []
    values: dict[str, str] = {}
    notes = []
    for guess in guesses_of(record):
        used = guess.confidence >= USED_FROM[guess.field]
        if used and guess.field != "dateline":
            values[guess.field] = guess.value
        if guess.field == "title":
            notes.append(Problem("title-derived" if guess.method == "first-sentence" else "title-line"))
        text = record.page_title if guess.method == PAGE_TITLE else record.body
        found.append(_with_evidence(guess, text, used))
    if dated.value and dated.span and dated.confidence >= WORTH_ASKING:
        guess = Guess("date", str(dated.value), dated.confidence, "dateline", *dated.span)
        found.append(_with_evidence(guess, record.body, dated.confidence >= USED_FROM["date"]))
    return record.with_fields(values).noting(*notes), tuple(found)


def guesses_of(record: RawRecord) -> Iterator[Guess]:
    """The guesses about the fields that the record leaves open."""
    body = record.body
    if not body:
        return
    opening = first_opening(body)
    made = (dateline_of(opening), byline_of(body, opening), source_of(body, opening))
    others = [guess for guess in made if guess]
    if not record.title and (title := title_of(body, opening, others)):
        yield title
    for guess in _open(record, _with_page_title(record, others)):
        if guess.confidence >= WORTH_ASKING:
            yield guess


def _with_page_title(record: RawRecord, guesses: list[Guess]) -> list[Guess]:
    """One guess about the source: a paper that signs the page published it, whatever agency it credits."""
    of_page = source_of_page(record)
    of_text = next((guess for guess in guesses if guess.field == "source"), None)
    if not of_page or (of_text and of_page.confidence < min(USED_FROM["source"], of_text.confidence)):
        return guesses
    return [guess for guess in guesses if guess is not of_text] + [of_page]


def _open(record: RawRecord, guesses: Iterable[Guess]) -> Iterator[Guess]:
    given = {"byline": record.byline, "source": record.source}
    return (guess for guess in guesses if not given.get(guess.field))


def _with_evidence(guess: Guess, text: str, used: bool) -> Inferred:
    start, end = sentence_around(text, guess.start, guess.end)
    end = max(min(end, start + EVIDENCE_CHARACTERS), min(guess.end, start + EVIDENCE_CHARACTERS))
    return Inferred(
        guess.field, guess.value, guess.confidence, guess.method, text[start:end],
        guess.start - start, min(guess.end, end) - start, used,
    )  # fmt: skip
