"""RawRecord, the type that readers produce and the stages of ingest pass on, and the problems noted on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

#: The text fields of a record, which the readers fill; `cities` is a list and not among them.
FIELDS = ("external_id", "title", "body", "date", "source", "url", "byline")
#: Ranges of pages that the detail of a problem names.
_MOST_RANGES = 20


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """A problem of a record. `code` is a key of `problem_messages`.

    A `fatal` problem rejects the record. One that `holds` lets it in, but no reader sees it before a
    librarian has published it.
    """

    code: str
    detail: str = ""
    fatal: bool = False
    holds: bool = False


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One article as a file contains it: a whole txt or html file, a line of jsonl, a row of csv.

    `data` are its bytes exactly as in the file. `row` counts from 1 in a file of many records (the header
    of a csv is row 1) and is 0 if the file is the record.
    """

    file: str
    row: int = 0
    data: bytes = b""
    title: str = ""
    body: str = ""
    date: str = ""
    source: str = ""
    url: str = ""
    byline: str = ""
    external_id: str = ""
    #: Other ids under which other exports of the same program, or earlier releases, know the record.
    known_as: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    #: The address as the file has it, if `url` is that address completed; else "".
    url_given: str = ""
    #: The unchanged <title> of a web page, from which its source is predicted.
    page_title: str = ""
    #: Format, such as "txt", "jsonl", "csv" or "html", and the encoding the text was read with.
    format: str = ""
    charset: str = ""
    #: Mean OCR confidence in percent if OCR read the text; the normalized words of it that were nowhere read
    #: with confidence.
    ocr_confidence: int | None = None
    low_confidence_words: frozenset[str] = frozenset()
    problems: tuple[RecordProblem, ...] = field(default=())

    @property
    def rejected(self) -> RecordProblem | None:
        """The first fatal problem, or None if there is none."""
        return next((problem for problem in self.problems if problem.fatal), None)

    @property
    def held(self) -> RecordProblem | None:
        """The first problem that holds the record for review, or None if there is none."""
        return next((problem for problem in self.problems if problem.holds), None)

    def with_problems(self, *problems: RecordProblem) -> RawRecord:
        """Return the record with more problems noted."""
        return replace(self, problems=self.problems + problems) if problems else self

    def with_fields(self, values: Mapping[str, str]) -> RawRecord:
        """Return the record with some text fields replaced."""
        return replace(self, **dict(values))  # type: ignore[arg-type]  # keys are fields of text


def rejected_record(file: str, row: int, code: str, detail: str = "", data: bytes = b"") -> RawRecord:
    """Return a record of which only the rejection is known."""
    return RawRecord(file, row, data, problems=(RecordProblem(code, detail, fatal=True),))


def number_ranges(numbers: list[int]) -> str:
    """Return ascending numbers as text: 3, 7–9; the first ranges of many."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    texts = ["–".join(map(str, each)) for each in ranges[:_MOST_RANGES]]
    return ", ".join(texts + ["…"] * (len(ranges) > _MOST_RANGES))
