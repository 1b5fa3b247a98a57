"""Exports of LexisNexis (RTF, DOCX, HTML, TXT): Nexis Uni and Lexis+, and the older ones in capitals.

The newer ones end an article with "End of Document", the older ones begin it with "3 of 20 DOCUMENTS".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.news_databases.export_lines import (
    document_kind,
    export_day,
    export_lines,
    has_day,
    join_paragraphs,
    search_text,
)
from articles.readers.registry import FileFormat
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord, RecordProblem, rejected_record

_BEGIN = re.compile(r"\d{1,5} of \d{1,5} DOCUMENTS?", re.IGNORECASE)
_END = re.compile(r"End of Document", re.IGNORECASE)
_MARKS = re.compile(rb"\d{1,5} of \d{1,5} DOCUMENTS?\b|\bEnd of Document\b")
_HEAD_MARKS = re.compile(
    rb"\d{1,5} of \d{1,5} DOCUMENTS?\b|Length:|LENGTH:|Load-Date|[Nn]exis|End of Document"
)
#: Lines with the name of a field and its value.
_LABEL = re.compile(
    r"(Section|Length|Byline|Dateline|Highlight|Body|Load-Date|Language|Publication-Type|Subject|Graphic"
    r"|Notes|Classification|Correction-Date|Journal-Code|Series|Column|Type|URL|Link to Image|Headline)\b"
    r":?(?: (.*))?",
    re.IGNORECASE,
)
#: Fields that stand behind a text.
_TAIL = frozenset((
    "load-date", "language", "publication-type", "subject", "graphic", "notes", "classification",
    "correction-date", "journal-code",
))  # fmt: skip
#: Names of fields that a line may begin with only in the capitals or with the colon of an export.
_ALONE = frozenset(("body", "classification", "link to image"))
_COPYRIGHT = re.compile(r"(?:copyright|©|all rights reserved|جميع الحقوق)", re.IGNORECASE)
#: Lines below a day in which the head of an article must show: a sentence may have a day, too.
_NEAR = 6
_DAY_CHARACTERS = 80
_NAMED = re.compile(r"[A-Za-z -]{1,30}:")
#: What only the older exports write.
_CAPITALS = re.compile(r"(?:LENGTH|LOAD-DATE|PUBLICATION-TYPE):.*")


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every article; its bytes are its lines."""
    lines = export_lines(blob.read_all(RECORD_BYTES))
    if lines is None:
        yield rejected_record(blob.name, 0, "office-broken")
        return
    row = 0
    for piece in _pieces(lines):
        if any(map(_is_field, piece)):  # else a cover page with the terms of the search
            row += 1
            data = "\n".join(piece).strip().encode("utf-8", "replace")
            yield RawRecord(blob.name, row, data, format="nexis", charset="utf-8")


def _pieces(lines: list[str]) -> Iterator[list[str]]:
    piece: list[str] = []
    for line in lines:
        if _BEGIN.fullmatch(line) or _END.fullmatch(line):
            yield piece
            piece = []
        else:
            piece.append(line)
    yield piece


def _label(line: str) -> tuple[str, str] | None:
    """Return (field, value) of a line that begins with the name of a field."""
    found = _LABEL.fullmatch(line)
    if not found:
        return None
    name = found[1].lower()
    has_colon = line[len(found[1]) :].startswith(":")
    return (name, found[2] or "") if has_colon or (name in _ALONE and not found[2]) else None


def _is_field(line: str) -> bool:
    return (found := _label(line)) is not None and found[0] in {"length", "load-date", "body", "section"}


def parse(record: RawRecord) -> RawRecord:
    """Return the record with headline, text, paper, day and author of the article."""
    lines = record.data.decode("utf-8").split("\n")
    fields = {found[0]: found[1] for line in reversed(lines) if (found := _label(line))}
    at = _day_line(lines)
    if at < 0:
        return record.with_problems(RecordProblem("export-unknown", lines[0][:80], fatal=True))
    above = [line for line in lines[:at] if line]
    paper = above[-1] if above else ""
    # The newer exports have the headline above the paper, the older ones below the day.
    is_old = any(map(_CAPITALS.fullmatch, lines)) or len(above) < 2
    title = " ".join(_until_label(lines[at + 1 :])) if is_old else above[-2]
    return record.with_fields({
        "title": fields.get("headline") or title,
        "body": join_paragraphs(_text_lines(lines[at + 1 :])),
        "byline": fields.get("byline", "").removeprefix("By ").strip(),
        "date": export_day(lines[at]),
        "source": paper[:200],
    })  # fmt: skip


def _day_line(lines: list[str]) -> int:
    """Return the index of the line with the day of the article, -1 if there is none.

    A copyright, a field or the headline follows it; on a cover page a day has a name before it.
    """
    for at, line in enumerate(lines):
        if not has_day(line) or len(line) >= _DAY_CHARACTERS or _NAMED.match(line):
            continue
        near = [each for each in lines[at + 1 : at + 1 + 2 * _NEAR] if each][:_NEAR]
        if any(_label(each) or _COPYRIGHT.search(each) for each in near):
            return at
    return -1


def _until_label(lines: list[str]) -> list[str]:
    """Return the lines of a headline below the day."""
    found: list[str] = []
    for line in lines:
        if _label(line) or _COPYRIGHT.search(line):
            break
        found += [line] if line else []
    return found


def _text_lines(lines: list[str]) -> list[str]:
    """Return the lines of the text: from the last field of the head to the first of the tail."""
    labels = [(at, found[0]) for at, line in enumerate(lines) if (found := _label(line))]
    tail = next((at for at, name in labels if name in _TAIL), len(lines))
    head = [(at, name) for at, name in labels if at < tail]
    bodies = [at for at, name in head if name == "body"]
    start = bodies[0] + 1 if bodies else (head[-1][0] + 1 if head else 0)
    while tail > start and (
        not lines[tail - 1] or (_COPYRIGHT.search(lines[tail - 1]) and len(lines[tail - 1]) < 200)
    ):
        tail -= 1
    return lines[start:tail]


def looks_like_export(blob: Blob, head: bytes) -> bool:
    """Return True if a document is an export of LexisNexis."""
    kind = document_kind(head)
    if (
        kind in {"txt", "html"}
        and not head.startswith((b"\xff\xfe", b"\xfe\xff"))
        and not _HEAD_MARKS.search(head)
    ):
        return False
    return search_text(blob, head, kind, _MARKS)


FORMAT = FileFormat(
    key="nexis",
    order=78,
    label="Nexis (rtf, docx, html, txt)",
    gives=_("divided at its marks into articles with headline, paper, day and author"),
    extensions=(),
    refines=frozenset({"txt", "rtf", "docx", "html"}),
    recognises=looks_like_export,
    read=read,
    parse=parse,
)
