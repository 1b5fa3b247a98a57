"""What the exports of news databases share: their lines, in whichever kind of document, and days in words."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date

from arabic.dates.date_lines import find_line_dates
from articles.readers.archive_streams import ARCHIVE_ERRORS
from articles.readers.blob import Blob
from articles.readers.content.open_document import CONTENT_PART, odt_paragraphs
from articles.readers.content.paragraphs import MAIN_PART, Paragraph, docx_paragraphs
from articles.readers.content.rtf_text import rtf_paragraphs
from articles.readers.markup import html_to_text
from articles.readers.ooxml import find_package_problem
from articles.text.encoding import detect_encoding, replace_undecodable
from articles.text.limits import RECORD_BYTES, TooLargeError

_HTML = re.compile(rb"\s*(?:<!--|<!doctype html|<html|<\?xml)", re.IGNORECASE)
_TAG = re.compile(rb"<[^<>]*+>")
_PARAGRAPH_END = re.compile(rb"</(?:w:p|text:p|text:h)>")
_PACKAGE = "package"
#: In the languages of the programs: English with its abbreviations, French, German, Spanish.
_MONTHS = (
    ("january", "jan", "janvier", "januar", "enero"), ("february", "feb", "février", "februar", "febrero"),
    ("march", "mar", "mars", "märz", "marzo"), ("april", "apr", "avril", "abril"), ("may", "mai", "mayo"),
    ("june", "jun", "juin", "juni", "junio"), ("july", "jul", "juillet", "juli", "julio"),
    ("august", "aug", "août", "agosto"), ("september", "sep", "septembre", "septiembre"),
    ("october", "oct", "octobre", "oktober", "octubre"), ("november", "nov", "novembre", "noviembre"),
    ("december", "dec", "décembre", "dezember", "diciembre"),
)  # fmt: skip
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_MONTH = "|".join(_MONTH_NUMBERS)
_DATED_LINE = re.compile(
    rf"\b(?:({_MONTH})\.?,? (\d{{1,2}}),? (\d{{4}})"
    rf"|(\d{{1,2}})\.?(?: de)? ({_MONTH})\.?,?(?: de)? (\d{{4}}))\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\d{4}")
#: Characters of a line that is a day in Arabic.
_DAY_CHARACTERS = 40
_SPACES = re.compile(r"[ \t\xa0\u202f]+")


def has_marks(blob: Blob, head: bytes, head_marks: re.Pattern[bytes], *marks: re.Pattern[bytes]) -> bool:
    """Return True if all the marks are in the text of a document.

    A plain text or a web page must have one of `head_marks` in its first bytes, so that most are not read
    whole. The words of a docx or odt may be divided between elements, so its tags are left out.
    """
    kind, is_wide = document_kind(head), head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if kind in {"txt", "html"} and not is_wide and not head_marks.search(head):
        return False
    try:
        data = blob.read_all(RECORD_BYTES)
        if kind == _PACKAGE:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                part = _text_part(package)
                if package.getinfo(part).file_size > 4 * RECORD_BYTES or find_package_problem(
                    data, io.BytesIO(data)
                ):
                    return False
                data = _TAG.sub(b"", _PARAGRAPH_END.sub(b"\n", package.read(part)))
    except (*ARCHIVE_ERRORS, OSError, KeyError, RuntimeError, TooLargeError):
        return False
    if is_wide:
        data = detect_encoding(data).decode(data).encode("utf-8", "replace")
    return all(mark.search(data) for mark in marks)


def document_kind(head: bytes) -> str:
    """Return the kind that the first bytes show: "package" (docx, odt), "rtf", "html" or "txt"."""
    if head.startswith(b"PK"):
        return _PACKAGE
    if head.startswith(b"{\\rtf"):
        return "rtf"
    return "html" if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")) else "txt"


def _text_part(package: zipfile.ZipFile) -> str:
    """Return the name of the part with the text, of a docx or odt."""
    return MAIN_PART if MAIN_PART in package.namelist() else CONTENT_PART


def _package_paragraphs(data: bytes) -> list[Paragraph] | None:
    if find_package_problem(data, io.BytesIO(data)):
        return None
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        is_docx = _text_part(package) == MAIN_PART
    return docx_paragraphs(data) if is_docx else odt_paragraphs(data)


def export_lines(data: bytes) -> list[str] | None:
    """Return the lines of a document of any of these kinds, None if it is damaged."""
    kind = document_kind(data[:4096])
    if kind == _PACKAGE:
        paragraphs = _package_paragraphs(data)
    elif kind == "rtf":
        paragraphs = rtf_paragraphs(data)
    else:
        charset = detect_encoding(data)
        text = charset.decode(data[charset.mark :])
        paragraphs = [("", html_to_text(text) if kind == "html" else text)]
    if paragraphs is None:
        return None
    text, _broken = replace_undecodable("\n".join(text for _style, text in paragraphs))
    return [_SPACES.sub(" ", line).strip() for line in text.splitlines()]


def export_day(text: str) -> str:
    """Return the ISO day in "3 August 2013" or "August 3, 2013 Saturday"; other texts unchanged."""
    found = _DATED_LINE.search(text)
    if not found:
        return _arabic_day(text) or text.strip()
    day, month, year = (found[2], found[1], found[3]) if found[1] else (found[4], found[5], found[6])
    try:
        return date(int(year), _MONTH_NUMBERS[month.lower()], int(day)).isoformat()
    except ValueError:
        return text.strip()


def has_day(text: str) -> bool:
    """Return True if a line has a day in words, or is one in Arabic."""
    return _DATED_LINE.search(text) is not None or bool(_arabic_day(text))


def _arabic_day(text: str) -> str:
    """Return the ISO day of a line that is a day in Arabic, else ""."""
    if len(text) > _DAY_CHARACTERS or text.isascii() or not _YEAR.search(text):
        return ""
    days = find_line_dates(text)
    is_day = len(days) == 1 and len(days[0].value) == len("2013-08-03")
    return days[0].value if is_day and not text[days[0].end :].strip() else ""


def join_paragraphs(lines: Iterable[str]) -> str:
    """Return a text whose paragraphs are divided by blank lines; without any, every line is one."""
    lines = list(lines)
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    if "" not in lines:
        return "\n".join(lines)
    return re.sub(r"\n{2,}", "\n\n", "\n".join(lines)) if _has_long_lines(lines) else _unwrapped(lines)


def _has_long_lines(lines: list[str]) -> bool:
    """Return True if a line is longer than those of a text wrapped for a terminal."""
    return any(len(line) > 100 for line in lines)


def _unwrapped(lines: list[str]) -> str:
    paragraphs = "\n".join(lines).split("\n\n")
    return "\n\n".join(
        " ".join(paragraph.split("\n")).strip() for paragraph in paragraphs if paragraph.strip()
    )
