"""Makes text fit to be stored and shown, and no more: every letter stays as it was written. What was taken
away is counted; the original bytes are kept beside it."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from articles.text.records import FIELDS, RawRecord, RecordProblem

_NEWLINES = re.compile("\r\n|[\r\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ufeff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
#: Codes that scrapers leave behind. Not every name HTML knows: "&copy" in an address is not one.
_ENTITY = re.compile(
    r"&(?:amp|quot|apos|lt|gt|nbsp|laquo|raquo|ldquo|rdquo|lsquo|rsquo|ndash|mdash|hellip|bull|middot|zwnj|rlm|lrm"
    r"|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});"
)
_SPACES = re.compile(r"\s+")
ONE_LINE = frozenset(FIELDS) - {"body"}


def sanitize_text(text: str) -> tuple[str, dict[str, int]]:
    """The text with \\n as its only line end, without control characters and lone surrogates, with obvious
    HTML codes as characters, and without blanks at its ends; and a count per problem code."""
    counts = {}
    if "&" in text:
        text, counts["entities"] = _ENTITY.subn(lambda code: html.unescape(code[0]), text)
    text = _NEWLINES.sub("\n", text)
    text, counts["characters-removed"] = _CONTROLS.subn("", text)
    text, counts["surrogates"] = _SURROGATES.subn("\N{REPLACEMENT CHARACTER}", text)
    return text.strip(), {code: count for code, count in counts.items() if count}


def sanitize_record(record: RawRecord) -> RawRecord:
    """Cleaned fields, one line each except the body, and a note per kind of change. What was said of the
    record may quote it, and is made storable too."""
    values, totals = {}, dict.fromkeys(("entities", "characters-removed", "surrogates"), 0)
    for name in FIELDS:
        text, counts = sanitize_text(getattr(record, name))
        values[name] = _SPACES.sub(" ", text) if name in ONE_LINE else text
        for code, count in counts.items():
            totals[code] += count
    notes = [RecordProblem(code, str(count)) for code, count in totals.items() if count]
    cities = (_SPACES.sub(" ", sanitize_text(city)[0]) for city in record.cities)
    said = (replace(problem, detail=_storable(problem.detail)) for problem in record.problems)
    record = replace(
        record,
        cities=tuple(city for city in cities if city),
        page_title=_SPACES.sub(" ", sanitize_text(record.page_title)[0]),
        problems=tuple(said),
    )
    return record.with_fields(values).with_problems(*notes)


def sanitize_file_name(name: str) -> str:
    """A file name fit to be stored and shown: no control characters, at most its last 500 characters."""
    return _storable(name.replace("\n", " "))[-500:]


def _storable(text: str) -> str:
    """Without what a database refuses: PostgreSQL NUL, both half characters."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", _CONTROLS.sub("", text))
