"""Publication date of an article, from its metadata or from an unambiguous dateline."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from arabic.dates.date_lines import find_line_dates, may_be_labelled, names_other_number
from arabic.dates.date_text import is_persian
from arabic.dates.metadata_date import parse_serial_day
from arabic.dates.tagger import parse_date
from arabic.dates.values import DateTag, PartialDate
from arabic.tables.gazetteer import name_key
from articles.metadata.edge_lines import first_lines, last_lines
from articles.metadata.lead_in import parse_lead_in
from articles.metadata.masthead import find_masthead
from articles.text.document import Document, DocumentField, mask_words
from articles.text.records import RawRecord, RecordProblem

#: Characters at the beginning of a text in which a dateline is looked for.
DATELINE_CHARACTERS = 200
#: The first Arabic newspaper appeared in 1816; a date of next year is an error.
FIRST_YEAR = 1800
#: Confidences of a dateline: confirmed by the weekday or the other calendar, without these, and
#: contradicted by them. A date in a sentence ("until 24 May 2012") is mostly another day: of 112 in the
#: news of docs/quality.md ten were the publication date.
CONFIRMED, UNCONFIRMED, CONTRADICTED, IN_A_SENTENCE = 0.95, 0.85, 0.4, 0.1
#: Formats without columns, in which a number of five digits is no day of a spreadsheet.
_NO_COLUMNS = frozenset(("html", "txt", "eml", "feed", "pdf", "docx"))
#: Words next to a date that do not make a sentence: "حمص، الخميس", "مكتب حلب الإعلامي".
WORDS_BESIDE = 3
_PREPOSITIONS = frozenset(
    map(name_key, ("في", "منذ", "حتى", "قبل", "بعد", "من", "إلى", "ليلة", "خلال", "بحلول", "عن", "على"))
)


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """The date (None: undated) and the notes about it."""

    value: PartialDate | None
    notes: tuple[RecordProblem, ...] = ()
    #: 0 to 1: that of metadata is certain, a dateline is not; 0 if there is no date.
    confidence: float = 0.0
    #: Its span in the text; None if it comes from the metadata.
    span: tuple[int, int] | None = None

    @property
    def first(self) -> date | None:
        """First day of the date's period; None if undated."""
        return self.value.first if self.value else None

    @property
    def precision(self) -> str:
        """day, month, year, or "" when undated."""
        return self.value.precision if self.value else ""


def extract_publication_date(
    record: RawRecord, today: date, document: Document | None = None
) -> PublicationDate:
    """Return the date of the metadata if there is one, else that of a dateline.

    An invalid date in the metadata is noted, and not replaced by one from the text. Words that were read by
    machine without confidence tell no date.
    """
    if record.date:
        value = parse_date(record.date, persian=is_persian(record.body))
        if value is None and record.format not in _NO_COLUMNS:
            value = parse_serial_day(record.date)
        if value is None:
            return PublicationDate(None, (RecordProblem("date-unknown", record.date[:80]),))
        if not FIRST_YEAR <= value.first.year <= today.year or value.first > today.replace(month=12, day=31):
            return PublicationDate(None, (RecordProblem("date-absurd", record.date[:80]),))
        if value.until is None:
            return PublicationDate(value, confidence=1.0)
        note = RecordProblem("date-of-another-calendar", f"{record.date[:80]}: {value.first} – {value.last}")
        return PublicationDate(value.covering, (note,), confidence=1.0 if value.covering else 0.0)
    body = document.body if document else DocumentField(record.body, whole=False)
    if labelled := _find_labelled_date(body.text, today, record.low_confidence_words):
        return labelled
    if record.low_confidence_words:
        # A word that is cut here tells nothing: a date that ends with the head is none of a dateline.
        head = mask_words(body.text[:DATELINE_CHARACTERS], record.low_confidence_words)
        body = DocumentField(head + body.text[DATELINE_CHARACTERS:], whole=False)
    return find_dateline_date(body, today)


def _find_labelled_date(body: str, today: date, masked: Collection[str]) -> PublicationDate | None:
    """Return the date of a line around the text that calls it that of publication, or names a paper."""
    for line in (*first_lines(body), *last_lines(body)):
        text = mask_words(line.text, masked)
        for found in find_line_dates(text) if may_be_labelled(text) else ():
            value = parse_date(found.value)
            if found.labelled and value and value.first.year >= FIRST_YEAR and value.first <= today:
                span = line.start + found.start, line.start + found.end
                note = RecordProblem("date-from-text", body[slice(*span)])
                return PublicationDate(value, (note,), CONFIRMED, span)
    masthead = None if masked else find_masthead(body)
    if masthead and masthead.day.first.year >= FIRST_YEAR and masthead.day.first <= today:
        span = masthead.day_start, masthead.day_end
        return PublicationDate(
            masthead.day, (RecordProblem("date-from-text", body[slice(*span)]),), CONFIRMED, span
        )
    return None


def find_dateline_date(field: DocumentField, today: date) -> PublicationDate:
    """Return the date at the beginning of a text, if it names one day there that is not after today.

    Of several days the one counts that stands apart, on a line of its own or before the lead.
    """
    head, body = field.dates_between(0, DATELINE_CHARACTERS), field.text
    found = [
        tag
        for tag in head
        if tag.precision == "day"
        and not names_other_number(body[body.rfind("\n", 0, tag.start) + 1 : tag.start])
    ]
    if len({(tag.first, tag.last) for tag in found}) > 1:
        found = [tag for tag in found if _stands_apart(tag, body)]
    if len({(tag.first, tag.last) for tag in found}) != 1 or found[0].end >= DATELINE_CHARACTERS:
        return PublicationDate(None)
    tag = found[0]
    if tag.first != tag.last or tag.first.year < FIRST_YEAR or tag.first > today:
        return PublicationDate(None)
    written = body[tag.start : tag.end]
    confidence = _confidence(tag, body)
    return PublicationDate(
        tag.value, (RecordProblem("date-from-text", written),), confidence, (tag.start, tag.end)
    )


def _confidence(tag: DateTag, body: str) -> float:
    if not _stands_apart(tag, body):
        return IN_A_SENTENCE
    if tag.note:
        return CONTRADICTED
    return CONFIRMED if tag.confirmed else UNCONFIRMED


def _stands_apart(tag: DateTag, body: str) -> bool:
    """Return True if the date is part of a lead-in, or of a line that is not a sentence."""
    begin = body.rfind("\n", 0, tag.start) + 1
    before = name_key(body[begin : tag.start]).split()
    if before[-1:] and before[-1] in _PREPOSITIONS:
        return False
    if tag.end <= parse_lead_in(body, begin).end:
        return True
    line_end = body.find("\n", tag.end)
    behind = body[tag.end : line_end if line_end >= 0 else None].strip()
    return len(before) + len(behind.split()) <= WORDS_BESIDE and behind[-1:] not in (".", "؟", "!")
