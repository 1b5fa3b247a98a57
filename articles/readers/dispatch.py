"""One module per format, each `read(blob) -> Iterator[RawRecord]`; `sniffing` tells which is meant. Files
that hold files (`CONTAINERS`) give those with `members`, and each is read as if it had come alone.

A reader yields a record for every article it finds and a rejected record for every one it cannot read; it
raises only TooLargeError. Expensive work on a single record (the text of an html page, the fields of a json
line) is left to `parse`, so that records already imported can be passed over cheaply."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from articles.readers.archives import tar_archive, zip_archive
from articles.readers.blob import Blob
from articles.readers.documents import docx, pdf, plain_text
from articles.readers.exports import json_file, json_lines
from articles.readers.filetype import FORMAT_BY_EXTENSION, detect_format, file_extension
from articles.readers.mail import eml
from articles.readers.tables import csv_file, xlsx
from articles.readers.web import feed, html_page, warc
from articles.text.limits import ARCHIVE_DEPTH, Limits, TooLargeError
from articles.text.mojibake import repair_record
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, RecordProblem, rejected_record

READERS: dict[str, Callable[[Blob], Iterator[RawRecord]]] = {
    "txt": plain_text.read,
    "jsonl": json_lines.read,
    "json": json_file.read,
    "csv": csv_file.read,
    "xlsx": xlsx.read,
    "html": html_page.read,
    "docx": docx.read,
    "pdf": pdf.read,
    "feed": feed.read,
    "warc": warc.read,
}
CONTAINERS: dict[str, Callable[[Blob, Limits], Iterator[Blob | RawRecord]]] = {
    "zip": zip_archive.iter_zip_members,
    "tar": tar_archive.iter_tar_members,
    "gz": zip_archive.iter_gzip_members,
    "eml": eml.iter_message_files,
}
PARSERS: dict[str, Callable[[RawRecord], RawRecord]] = {
    "txt": plain_text.parse,
    "jsonl": json_lines.parse,
    "json": json_lines.parse,
    "html": html_page.parse,
    "docx": docx.parse,
    "pdf": pdf.parse,
    "feed": feed.parse,
    "eml": eml.parse,
}
#: What systems leave in folders; it is nobody's article and nobody wants to read a complaint about it.
SYSTEM_FILES = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|\._|Thumbs\.db$|desktop\.ini$)")


def read(blob: Blob, limits: Limits, depth: int = 0) -> Iterator[RawRecord]:
    """All records of a file, archives opened; at least one, if only to say that there is none. Never raises
    for what is in the file."""
    empty = True
    try:
        for record in _read(blob, limits, depth):
            empty = False
            yield record
    except TooLargeError as error:
        yield rejected_record(
            blob.name, 0, "file-too-large", format_size(error.args[0] if error.args else blob.limit)
        )
    except OSError as error:
        yield rejected_record(blob.name, 0, "unreadable", error.strerror or type(error).__name__)
    except zip_archive.DamagedArchiveError:
        yield rejected_record(blob.name, 0, "archive-broken")
    else:
        if empty:
            yield rejected_record(blob.name, 0, "empty-file")


def _read(blob: Blob, limits: Limits, depth: int) -> Iterator[RawRecord]:
    if blob.size > blob.limit:
        raise TooLargeError
    head = blob.head()
    if not head:
        return
    kind, why_not = detect_format(blob, head)
    if not kind:
        code, _, detail = why_not.partition(": ")
        yield rejected_record(blob.name, 0, code, detail or file_extension(blob.name))
    elif kind in CONTAINERS:
        yield from _members(blob, kind, limits, depth)
    elif kind == FORMAT_BY_EXTENSION.get(file_extension(blob.name)):
        yield from READERS[kind](blob)
    else:
        note = RecordProblem("sniffed", kind)
        for record in READERS[kind](blob):
            yield record if record.rejected else record.noting(note)


def _members(blob: Blob, kind: str, limits: Limits, depth: int) -> Iterator[RawRecord]:
    if depth >= ARCHIVE_DEPTH:
        yield rejected_record(blob.name, 0, "archive-too-deep")
        return
    for member in CONTAINERS[kind](blob, limits):
        if isinstance(member, RawRecord):
            yield member
        elif kind == "eml" and file_extension(member.name) not in FORMAT_BY_EXTENSION:
            continue  # a picture, a signature: the letter's note names it
        elif not SYSTEM_FILES.search(member.name):
            # A packed tar is one archive, not one inside another.
            packed = kind == "gz" and file_extension(member.name) == ".tar"
            yield from read(member, limits, depth if packed else depth + 1)


def parse(record: RawRecord) -> RawRecord:
    """The record with the fields that its bytes hold, its text made whole; a rejected one as it is."""
    parser = PARSERS.get(record.format)
    if record.rejected:
        return record
    return repair_record(parser(record) if parser else record)
