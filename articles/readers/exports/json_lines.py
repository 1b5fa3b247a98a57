"""jsonl: a JSON object on every line; `field_names` lists the keys that are read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.exports.json_shapes import (
    inner_article,
    plain_values,
    split_values,
    without_shell_calls,
)
from articles.readers.field_names import fill_fields, value_to_text
from articles.readers.registry import FileFormat
from articles.readers.text_lines import iter_lines
from articles.text.encoding import Charset
from articles.text.limits import RECORD_BYTES
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, RecordProblem, rejected_record

EXTENSIONS = (".jsonl", ".ndjson", ".jsonlines", ".jl")
#: Objects that follow each other on one line, or whose lines end as on old Macs; in a list there are commas.
_SEVERAL = re.compile(r"\}[ \t\r]*\{")
#: How the line before each document begins in the bulk format of Elasticsearch, and how long it may be.
_ACTION = re.compile(r'\{\s*+"(?:index|create)"\s*+:\s*+\{')
_LONGEST_ACTION = 2000


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every line that is not blank, its JSON not yet parsed."""
    charset = blob.charset()
    number = ""
    for line in iter_lines(blob, charset):
        if line.too_long:
            yield rejected_record(blob.name, line.number, "record-too-large", format_size(RECORD_BYTES))
        elif text := line.text.strip("\ufeff \t\r\n\x1a"):
            action = _bulk_action(text)
            if action is not None:
                number = action
                continue
            for each in split_values(text) if _SEVERAL.search(text) else [text]:
                yield RawRecord(
                    blob.name, line.number, charset.encode(each), format="jsonl", charset=charset.name,
                    external_id=number, problems=charset.problems,
                )  # fmt: skip
                number = ""


def _bulk_action(text: str) -> str | None:
    """Return the id that a line gives the document below it, "" if it gives none; None for any other line."""
    if len(text) > _LONGEST_ACTION or not _ACTION.match(text):
        return None
    try:
        (action,) = json.loads(text).values()
        number = action.get("_id", "")
    except (ValueError, AttributeError, RecursionError):
        return None
    return value_to_text(number) or ""


def parse(record: RawRecord) -> RawRecord:
    """Return the record with the fields of its JSON object."""
    values = read_object(record)
    if isinstance(values, RecordProblem):
        return record.with_problems(values)
    return fill_from_object(record, values)


def read_object(record: RawRecord) -> dict[str, Any] | RecordProblem:
    """Return the JSON object of a record, or why it has none."""
    try:
        written = Charset(record.charset).decode(record.data)
        values = json.loads(without_shell_calls(written))
    except json.JSONDecodeError as error:
        return RecordProblem("json-broken", str(error.colno), fatal=True)
    except (RecursionError, ValueError):  # ValueError: a number of more than 4,300 digits
        return RecordProblem("json-too-much", fatal=True)
    return values if isinstance(values, dict) else RecordProblem("json-not-object", fatal=True)


def fill_from_object(record: RawRecord, values: dict[str, Any]) -> RawRecord:
    """Return the record with the fields of a JSON object."""
    return fill_fields(record, plain_values(inner_article(values)))


FORMAT = FileFormat(
    key="jsonl",
    order=20,
    label="JSON lines",
    gives=_("a line is an article; fields by name: title, body, date, source, url, byline, id, cities"),
    extensions=EXTENSIONS,
    is_text=True,
    read=read,
    parse=parse,
)
