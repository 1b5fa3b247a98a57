"""Exports of LexisNexis (RTF, DOCX, ODT, HTML, TXT): Nexis Uni and Lexis+, and the older ones in capitals.

The newer ones end an article with "End of Document", the older ones begin it with "3 of 20 DOCUMENTS".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.content.bylines import without_label
from articles.readers.content.passed_over import with_passed_over
from articles.readers.news_databases.export_lines import (
    export_day,
    export_lines,
    has_day,
    has_marks,
    join_paragraphs,
)
from articles.readers.registry import FileFormat
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord, RecordProblem, rejected_record

_BEGIN = re.compile(r"\d{1,5} of \d{1,5} DOCUMENTS?", re.IGNORECASE)
_END = re.compile(r"End of Document", re.IGNORECASE)
#: What an export has: its count of documents, or the end of one and a field. Any report may have the end.
_MARKS = (
    re.compile(rb"\d{1,5} of \d{1,5} DOCUMENTS?\b|\bEnd of Document\b"),
    re.compile(
        rb"\d{1,5} of \d{1,5} DOCUMENTS?\b|\bL(?:oad-Date|OAD-DATE)\b|\bLENGTH:"
        rb"|\bLength:[^\r\n]{0,80}?\d+ words"
    ),
)
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
#: More names of fields that only stand behind a text, and the shares that its index terms have.
_TERMS = re.compile(
    r"(?i:Industry|Geographic|Company|Organization|Person|People|Ticker|City|State|Country|Document-Type|ISSN"
    r"|Journal Code|Publication Type|Document Type|Load Date):.*"
    r"|[A-Z0-9 ,&;()'%/.-]+\(\d{1,3}%\);?"
)
#: Lines of a cover page, which is no article and is not counted.
_COVER = re.compile(
    r"(?:User Name|Date and Time|Job Number|Time of Request|Print Request|Client/Matter|Search Terms"
    r"|Number of \w+|Documents? \(\d+\)).*"
)
#: Fields of a head whose value may go on in the next lines.
_LONG = frozenset(("highlight", "section", "headline", "byline", "column", "graphic", "series"))
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
    passed: Counter[str] = Counter()
    yield from with_passed_over(blob.name, _articles(blob.name, lines, passed), passed)


def _articles(name: str, lines: list[str], passed: Counter[str]) -> Iterator[RawRecord]:
    row = 0
    for piece in _pieces(lines):
        if any(map(_is_field, piece)) or _day_line(piece) >= 0:
            row += 1
            data = "\n".join(piece).strip().encode("utf-8", "replace")
            yield RawRecord(name, row, data, format="nexis", charset="utf-8")
        elif any(piece) and not any(map(_COVER.fullmatch, piece)):
            passed["part without day and fields"] += 1
    if not row and not passed:
        passed["cover page"] += 1


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
    at = _day_line(lines)
    if at < 0:
        return record.with_problems(RecordProblem("export-unknown", lines[0][:80], fatal=True))
    start = at + 1 + _text_start(lines[at + 1 :])
    fields = {found[0]: found[1] for line in reversed(lines[:start]) if (found := _label(line))}
    above = [line for line in lines[:at] if line]
    paper = above[-1] if above else ""
    # The newer exports have the headline above the paper, the older ones below the day.
    is_old = any(map(_CAPITALS.fullmatch, lines)) or len(above) < 2
    title = " ".join(_until_label(lines[at + 1 : start])) if is_old else above[-2]
    return record.with_fields({
        "title": fields.get("headline") or title,
        "body": join_paragraphs(lines[start : _text_end(lines, start)]),
        "byline": without_label(fields.get("byline", "")),
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


def _text_start(lines: list[str]) -> int:
    """Return the index of the first line of a text below the day: behind the fields that follow one another.

    Without any it begins behind the copyright, or behind a headline. The text itself may have lines like
    fields: "Subject: the bridge".
    """
    filled = [at for at, line in enumerate(lines) if line][: 4 * _NEAR]
    if bodies := [at for at in filled if _name(lines[at]) == "body"]:
        return bodies[0] + 1
    near = filled[:_NEAR]
    heads = [at for at in near if _name(lines[at]) not in {"", *_TAIL}]
    if not heads:
        rights = [at for at in near if _is_right(lines[at])]
        if rights:
            return rights[-1] + 1
        return next((at for at in range(near[0], len(lines)) if not lines[at]), 0) if near else 0
    last = heads[0]
    while (following := _next_field(lines, last)) is not None:
        last = following
    return last + 1


def _next_field(lines: list[str], at: int) -> int | None:
    """Return the index of the field that follows the one at an index, None if a text does."""
    behind = at + 1
    while _name(lines[at]) in _LONG and behind < len(lines) and lines[behind] and not _name(lines[behind]):
        behind += 1  # the value goes on
    while behind < len(lines) and not _name(lines[behind]) and _is_between(lines[behind]):
        behind += 1
    return behind if behind < len(lines) and _name(lines[behind]) not in {"", *_TAIL} else None


def _is_between(line: str) -> bool:
    """Return True for what may stand between two fields of a head: nothing, a copyright, an unknown field."""
    return not line or _is_right(line) or _NAMED.match(line) is not None


def _text_end(lines: list[str], start: int) -> int:
    """Return the index behind the last line of a text that begins at `start`.

    Behind it stand blocks of fields, of index terms and of the copyright, to the end of the article.
    """
    end = _classification(lines, start)
    while end > start:
        if not lines[end - 1]:
            end -= 1
            continue
        begin = next((at for at in range(end - 1, start, -1) if not lines[at - 1]), start)
        if begin == start or not _is_tail(lines[begin]):
            begin = end
            while begin > start and _is_tail(lines[begin - 1]):
                begin -= 1
            return begin
        end = begin
    return start


def _classification(lines: list[str], start: int) -> int:
    """Return the index of the line "Classification" if only fields follow it, else that of the end.

    Which fields they are differs between papers.
    """
    at = next((at for at in range(len(lines) - 1, start, -1) if lines[at] == "Classification"), len(lines))
    behind = filter(None, lines[at + 1 :])
    return at if all(_is_tail(line) or _NAMED.match(line) for line in behind) else len(lines)


def _is_tail(line: str) -> bool:
    return _name(line) in _TAIL or _TERMS.fullmatch(line) is not None or _is_right(line)


def _is_right(line: str) -> bool:
    return _COPYRIGHT.search(line) is not None and len(line) < 200


def _name(line: str) -> str:
    found = _label(line)
    return found[0] if found else ""


def looks_like_export(blob: Blob, head: bytes) -> bool:
    """Return True if a document is an export of LexisNexis."""
    return has_marks(blob, head, _HEAD_MARKS, *_MARKS)


FORMAT = FileFormat(
    key="nexis",
    order=78,
    label="Nexis (rtf, docx, odt, html, txt)",
    gives=_("divided at its marks into articles with headline, paper, day and author"),
    extensions=(),
    refines=frozenset({"txt", "rtf", "docx", "odt", "html"}),
    recognises=looks_like_export,
    read=read,
    parse=parse,
)
