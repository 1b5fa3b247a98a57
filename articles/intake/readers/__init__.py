"""One module per format, each `read(blob) -> Iterator[RawRecord]`; this one tells which is meant.

A reader yields a record for every article it finds and a rejected record for every one it cannot read; it
raises only TooLargeError. Expensive work on a single record (the text of an html page, the fields of a json
line) is left to `parse`, so that records already imported can be passed over cheaply."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from articles.intake.charset import detect
from articles.intake.limits import ARCHIVE_DEPTH, Limits, TooLargeError
from articles.intake.messages import readable_size
from articles.intake.readers import archive, csvfile, html, jsonl, txt
from articles.intake.readers.blob import Blob
from articles.intake.records import RawRecord, reject

READERS: dict[str, Callable[[Blob], Iterator[RawRecord]]] = {
    "txt": txt.read,
    "jsonl": jsonl.read,
    "csv": csvfile.read,
    "html": html.read,
}
PARSERS: dict[str, Callable[[RawRecord], RawRecord]] = {
    "txt": txt.parse,
    "jsonl": jsonl.parse,
    "html": html.parse,
}
EXTENSIONS = {
    ".txt": "txt", ".text": "txt", "": "txt",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".jsonlines": "jsonl",
    ".csv": "csv", ".tsv": "csv",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".zip": "zip", ".gz": "gz",
}  # fmt: skip
#: What systems leave in folders; it is nobody's article and nobody wants to read a complaint about it.
FURNITURE = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|\._|Thumbs\.db$|desktop\.ini$)")
#: First bytes of what people take for text, and its name. zip and gzip stand here for files named otherwise.
MAGIC = (
    (b"%PDF", "PDF"), (b"PK\x03\x04", "zip"), (b"\x1f\x8b", "gzip"), (b"{\\rtf", "RTF"),
    (b"\xd0\xcf\x11\xe0", "Microsoft Office"),
    (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"RIFF", "RIFF"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"), (b"\x7fELF", "ELF"), (b"MZ\x90", "EXE"),
    (b"SQLite format", "SQLite"), (b"ID3", "MP3"), (b"OggS", "Ogg"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"),
)  # fmt: skip


def extension(name: str) -> str:
    """The ending of a file name in lower case, with its dot; "" where there is none."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def binary_kind(head: bytes) -> str:
    """What binary format the first bytes are of, "" for text."""
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    if b"\0" in head:
        return "" if _wide(head) else "NUL"  # in UTF-16 half the bytes of Arabic look like control characters
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b\0\x1a" for byte in head)
    return "" if controls <= len(head) // 50 else "?"


def _wide(head: bytes) -> bool:
    """UTF-16 or UTF-32, whose zeros are no sign of a binary file."""
    return detect(head).name.startswith(("utf-16", "utf-32"))


def read(blob: Blob, limits: Limits, depth: int = 0) -> Iterator[RawRecord]:
    """All records of a file, archives opened; at least one, if only to say that there is none. Never raises
    for what is in the file."""
    empty = True
    try:
        for record in _read(blob, limits, depth):
            empty = False
            yield record
    except TooLargeError:
        yield reject(blob.name, 0, "file-too-large", readable_size(blob.limit))
    except OSError as error:
        yield reject(blob.name, 0, "unreadable", error.strerror or type(error).__name__)
    except archive.DamagedArchiveError:
        yield reject(blob.name, 0, "archive-broken")
    else:
        if empty:
            yield reject(blob.name, 0, "empty-file")


def _read(blob: Blob, limits: Limits, depth: int) -> Iterator[RawRecord]:
    kind = EXTENSIONS.get(extension(blob.name))
    if blob.size > blob.limit:
        raise TooLargeError
    head = blob.head()
    if not head:
        return
    if kind is None:
        yield reject(blob.name, 0, "unsupported", extension(blob.name))
    elif kind in ("zip", "gz"):
        if depth >= ARCHIVE_DEPTH:
            yield reject(blob.name, 0, "archive-too-deep")
            return
        members = archive.members(blob, limits) if kind == "zip" else archive.unpacked(blob, limits)
        for member in members:
            if isinstance(member, RawRecord):
                yield member
            elif not FURNITURE.search(member.name):
                yield from read(member, limits, depth + 1)
    elif binary := binary_kind(head):
        yield reject(blob.name, 0, "binary", binary)
    else:
        yield from READERS[kind](blob)


def parse(record: RawRecord) -> RawRecord:
    """The record with the fields that its bytes hold; a rejected one as it is."""
    parser = PARSERS.get(record.format)
    return parser(record) if parser and not record.rejected else record
