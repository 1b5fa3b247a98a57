"""epub: every chapter is an article; the book's publisher, else its title, is the source."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext_noop as _

from arabic.dates.date_lines import find_line_dates
from arabic.dates.tagger import parse_date
from articles.readers.archive_streams import ARCHIVE_ERRORS, open_seekable
from articles.readers.blob import Blob
from articles.readers.content.passed_over import with_passed_over
from articles.readers.content.xml_tree import local_name, parse_element, text_of
from articles.readers.documents.epub_pages import (
    APART,
    HEADINGS,
    MOST_PAGES,
    contents_titles,
    goes_on,
    guide_pages,
    page_text,
    page_tree,
    passed_kind,
)
from articles.readers.registry import FileFormat
from articles.text.encoding import detect_encoding, replace_undecodable
from articles.text.limits import ARCHIVE_MEMBERS, EXPANSION_FREE_BYTES, EXPANSION_RATIO, RECORD_BYTES
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, RecordProblem, rejected_record

_CONTAINER = "META-INF/container.xml"
_PAGES = (".xhtml", ".html", ".htm")
_NCX = "application/x-dtbncx+xml"
_MIME = b"application/epub+zip"
#: Characters of a time up to its minute.
_MINUTE = len("2013-08-03T12:00")
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
#: What LibreOffice and Calibre write for an author or a title that was not given.
_NOT_GIVEN = re.compile(r"unknown(?: author| title)?|untitled", re.IGNORECASE)
#: Characters of a line that holds a day alone.
_LONGEST_DAY = 40
#: Fewer characters are a title page or a cover.
_MIN_CHARACTERS = 120


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every chapter with a text, in the order of reading; its bytes are the page.

    A chapter that Calibre divided into several pages is one again.
    """
    passed: Counter[str] = Counter()
    with closing(open_seekable(blob)) as stream:
        try:
            archive = zipfile.ZipFile(stream)
            yield from with_passed_over(blob.name, _chapters(blob, archive, passed), passed)
        except (*ARCHIVE_ERRORS, RuntimeError, KeyError):
            yield rejected_record(blob.name, 0, "archive-broken")


def _chapters(blob: Blob, archive: zipfile.ZipFile, passed: Counter[str]) -> Iterator[RawRecord]:
    parts = {info.filename: info for info in archive.infolist()[:ARCHIVE_MEMBERS] if not info.is_dir()}
    if "META-INF/encryption.xml" in parts and "META-INF/rights.xml" in parts:
        yield rejected_record(blob.name, 0, "encrypted")
        return
    book, spine, apart, titles = _package(archive, parts)
    pages = frozenset(spine)
    chapter: RawRecord | None = None
    texts: list[bytes] = []
    for row, name in enumerate(spine, start=1):
        info = parts[name]
        path = f"{blob.name}/{name}"
        if problem := _part_problem(info):
            yield rejected_record(path, 0, *problem)
            continue
        data = archive.read(info)
        page = _decode(data)
        is_small = len(texts) < MOST_PAGES and sum(map(len, texts)) + len(data) < RECORD_BYTES
        if chapter and is_small and goes_on(chapter.file, path, page):
            texts.append(data)
            continue
        if len(page_text(page)) < _MIN_CHARACTERS:
            passed["short page"] += 1
            continue
        if kind := APART if name in apart else passed_kind(page, name, pages):
            passed[kind] += 1
            continue
        if chapter:
            yield replace(chapter, data=b"\n".join(texts))
        texts = [data]
        title = titles.get(name, "")
        chapter = RawRecord(path, row, title=title, format="epub", **book)  # type: ignore[arg-type]  # text fields
    if chapter:
        yield replace(chapter, data=b"\n".join(texts))


def _part_problem(info: zipfile.ZipInfo) -> tuple[str, str] | None:
    if info.flag_bits & 1:
        return "archive-encrypted", ""
    if info.file_size > RECORD_BYTES:
        return "record-too-large", format_size(RECORD_BYTES)
    if info.file_size > max(EXPANSION_FREE_BYTES, EXPANSION_RATIO * info.compress_size):
        return "archive-bomb", str(info.file_size // max(info.compress_size, 1))
    return None


def _package(
    archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo]
) -> tuple[dict[str, str], list[str], set[str], dict[str, str]]:
    """Return the fields that a book gives its chapters, its pages in order, those that are none, and titles.

    The guide of the book names the pages that are no chapters; a book of one page is called as the book. A
    book whose package cannot be read has its pages in the order of their names.
    """
    pages = sorted(name for name in parts if name.lower().endswith(_PAGES))
    container = _xml(archive, parts, _CONTAINER)
    files = [] if container is None else [node for node in container.iter() if local_name(node) == "rootfile"]
    place = unquote(files[0].get("full-path", "")) if files else ""
    package = _xml(archive, parts, place)
    if package is None:
        return {}, pages, set(), {}
    folder = posixpath.dirname(place)
    items = {node.get("id"): node for node in package.iter() if local_name(node) == "item"}
    spine: list[str] = []
    titles: dict[str, str] = {}
    for item in items.values():
        is_contents = "nav" in (item.get("properties") or "").split() or item.get("media-type") == _NCX
        name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        contents = _xml(archive, parts, name) if is_contents else None
        if contents is not None:
            titles = contents_titles(contents, posixpath.dirname(name)) | titles
    for node in package.iter():
        item = items.get(node.get("idref")) if local_name(node) == "itemref" else None
        if item is not None and "nav" not in (item.get("properties") or "").split():
            name = posixpath.normpath(posixpath.join(folder, unquote(item.get("href", "").partition("#")[0])))
            spine += [name] if name in parts else []
    told: dict[str, str] = {}
    for node in package.iter():
        if local_name(node) in ("title", "creator", "publisher"):
            value = text_of(node)
            told.setdefault(local_name(node), "" if _NOT_GIVEN.fullmatch(value) else value)
    book = {
        "source": (told.get("publisher") or told.get("title", ""))[:200],
        "byline": told.get("creator", ""),
        "date": _day(package),
    }
    fields = {key: replace_undecodable(value)[0] for key, value in book.items()}
    apart = guide_pages(package, folder)
    names = list(dict.fromkeys(spine)) or pages
    if len(names) == 1 and told.get("title"):
        titles.setdefault(names[0], replace_undecodable(told["title"])[0])
    return fields, names, apart if set(names) - apart else set(), titles


def _day(package: Any) -> str:
    """Return the day on which a book was published; those of its file have an event of their own.

    A program that was given no date writes the minute in which it made the file (pandoc), as the last change.
    """
    made = {
        text_of(node)[:_MINUTE]
        for node in package.iter()
        if local_name(node) == "meta" and node.get("property") == "dcterms:modified"
    }
    days: dict[str, str] = {}
    for node in package.iter():
        written = text_of(node) if local_name(node) == "date" else ""
        if len(written) >= _MINUTE and written[:_MINUTE] in made and "T00:00" not in written:
            continue
        if day := _DAY.match(written):
            event = next(
                (value for key, value in node.attrib.items() if key.rpartition("}")[2] == "event"), ""
            )
            days.setdefault(event.strip().lower(), day[0])
    return next((days[event] for event in ("publication", "", "original-publication") if event in days), "")


def _xml(archive: zipfile.ZipFile, parts: dict[str, zipfile.ZipInfo], name: str) -> Any:
    if name not in parts or _part_problem(parts[name]):
        return None
    return parse_element(archive.read(parts[name]))


def parse(record: RawRecord) -> RawRecord:
    """Return the record with the text of the chapter; titled by its first heading, else by the contents."""
    page, broken = replace_undecodable(_decode(record.data))
    body = page_text(page)
    if not body:
        return record.with_problems(RecordProblem("html-empty", fatal=True))
    title = _title(page, HEADINGS) or record.title or _title(page, ("title",))
    first, _, rest = body.partition("\n")
    if title and " ".join(first.split()) == title:
        body = rest.lstrip()
    values = {"title": title, "body": body}
    if record.source == (title or " ".join(first.split())):
        values["source"] = ""  # the book is this one article
    day, dated = _day_below(body)
    if day and day != record.date:
        values["date"] = day
        broken = (*broken, RecordProblem("date-from-text", dated))
    return record.with_fields(values).with_problems(*broken)


def _day_below(title_less: str) -> tuple[str, str]:
    """Return the ISO day of a line below the headline that says nothing else, and the line, else ("", "").

    It is that of the article. The day of the book may be the one on which a program made the file.
    """
    for line in title_less.split("\n", 2)[:2]:
        days = find_line_dates(line)
        if len(days) == 1 and len(line) <= _LONGEST_DAY and (value := parse_date(days[0].value)):
            return (value.first.isoformat(), line) if value.precision == "day" else ("", "")
    return "", ""


def _title(page: str, names: tuple[str, ...]) -> str:
    """Return the text of the first element with one of the names, the first name first."""
    tree = page_tree(page)
    texts = (text for name in names if tree is not None for text in map(text_of, tree.iter(name)))
    return next(filter(None, texts), "")


def _decode(data: bytes) -> str:
    charset = detect_encoding(data)
    return charset.decode(data[charset.mark :])


def is_book(archive: zipfile.ZipFile) -> bool:
    """Return True if a zip says that it is an EPUB."""
    names = archive.namelist()
    if "mimetype" not in names:
        return _CONTAINER in names and any(name.lower().endswith(".opf") for name in names)
    with archive.open("mimetype") as stream:
        return stream.read(100).strip() == _MIME


FORMAT = FileFormat(
    key="epub",
    order=76,
    label="EPUB",
    gives=_("every chapter is an article; author and date of the book, its publisher or title as source"),
    extensions=(".epub",),
    matches_zip=is_book,
    read=read,
    parse=parse,
)
