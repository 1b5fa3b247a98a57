"""The one record type that flows through the intake, and what can be said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

#: The text fields of a record, as the readers fill them; `cities` is apart, it is a list.
FIELDS = ("external_id", "title", "body", "date", "source", "url", "byline")


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """Something noticed. `code` names a sentence of `messages`; a `fatal` one rejects the record."""

    code: str
    detail: str = ""
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One article as a file gave it: a whole txt or html file, a line of jsonl, a row of csv.

    `data` are its own bytes exactly as they stand in the file. `row` counts from 1 in a file of many
    records (the header of a csv is row 1) and is 0 where the file is the record."""

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
    cities: tuple[str, ...] = ()
    #: The <title> of a web page, as it is: a guess about its source reads it.
    page_title: str = ""
    #: "txt", "jsonl", "csv", "html"; the charset its text was read with.
    format: str = ""
    charset: str = ""
    problems: tuple[RecordProblem, ...] = field(default=())

    @property
    def rejected(self) -> RecordProblem | None:
        """The first problem that keeps it out of the archive, if there is one."""
        return next((problem for problem in self.problems if problem.fatal), None)

    def with_problems(self, *problems: RecordProblem) -> RawRecord:
        """The same record with more said about it."""
        return replace(self, problems=self.problems + problems) if problems else self

    def with_fields(self, values: Mapping[str, str]) -> RawRecord:
        """The same record with some of its text fields replaced."""
        return replace(self, **dict(values))  # type: ignore[arg-type]  # keys are FIELDS, values text


def rejected_record(file: str, row: int, code: str, detail: str = "", data: bytes = b"") -> RawRecord:
    """A record of which only the refusal is known."""
    return RawRecord(file, row, data, problems=(RecordProblem(code, detail, fatal=True),))
