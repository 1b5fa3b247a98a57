"""What a file is: by its ending, and by its first bytes where the ending says nothing or something else."""

from __future__ import annotations

import re
import zipfile
from contextlib import closing
from pathlib import PurePosixPath

from articles.readers.archives.zip_archive import ARCHIVE_ERRORS, open_seekable
from articles.readers.blob import Blob
from articles.text.encoding import detect

FORMAT_BY_EXTENSION = {
    ".txt": "txt", ".text": "txt", "": "txt",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".jsonlines": "jsonl", ".json": "json",
    ".csv": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".shtml": "html",
    ".docx": "docx", ".docm": "docx", ".pdf": "pdf", ".eml": "eml",
    ".rss": "feed", ".atom": "feed", ".xml": "feed", ".rdf": "feed",
    ".warc": "warc", ".tar": "tar", ".zip": "zip", ".gz": "gz", ".tgz": "gz",
}  # fmt: skip
#: Kinds whose files begin as text does.
TEXT_FORMATS = frozenset(("txt", "jsonl", "json", "csv", "html", "feed", "eml"))
#: First bytes of formats that are no text, and their name.
MAGIC_NUMBERS = (
    (b"%PDF-", "PDF"), (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"), (b"\xd0\xcf\x11\xe0", "Microsoft Office"),
    (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"RIFF", "RIFF"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"), (b"\x7fELF", "ELF"), (b"MZ\x90", "EXE"),
    (b"SQLite format", "SQLite"), (b"ID3", "MP3"), (b"OggS", "Ogg"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"),
)  # fmt: skip
#: Which of those are read, and as what.
_READ = {"PDF": "pdf", "gzip": "gz"}
_ZIP_PARTS = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"))
_TAR = slice(257, 262)
_WARC = re.compile(rb"WARC/[01]\.\d+\r?\n")
_HTML = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html[\s>])", re.I | re.S)
_FEED = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<[?!][^>]*>\s*)*<(?:rss[\s>]|feed[\s>]|rdf:RDF[\s>])", re.IGNORECASE
)
_UTF8_MARK = b"\xef\xbb\xbf"


def file_extension(name: str) -> str:
    """The ending of a file name in lower case, with its dot; "" where there is none."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def detect_format(blob: Blob, head: bytes) -> tuple[str, str]:
    """(key of the readers or "", why not): what a file with these first bytes is read as. Why not is
    "unsupported" or "binary: NAME"."""
    named = FORMAT_BY_EXTENSION.get(file_extension(blob.name))
    seen = _format_by_content(blob, head)
    if seen == "html" and named == "feed":  # a page under the name of an XML file
        return "html", ""
    if seen and (named is None or (named in TEXT_FORMATS and seen not in ("html", "feed"))):
        return seen, ""
    if seen in ("html", "feed") and named == "txt":
        return seen, ""
    if named is None:
        return "", "unsupported"
    if named in TEXT_FORMATS and (binary := binary_format(head)):
        return "", f"binary: {binary}"
    return (seen, "") if {named, seen} == {"docx", "xlsx"} else (named, "")


def looks_like_html(head: bytes) -> bool:
    """Whether a file of these first bytes is a web page."""
    return _HTML.match(head.removeprefix(_UTF8_MARK)[:2048]) is not None


def _format_by_content(blob: Blob, head: bytes) -> str:
    """The kind that the first bytes show, "" if they show none that is read."""
    binary = _magic(head)
    if binary == "zip":
        return _zip_format(blob) if file_extension(blob.name) != ".zip" else "zip"
    if binary:
        return _READ.get(binary, "")
    if head[_TAR] == b"ustar":
        return "tar"
    if _WARC.match(head):
        return "warc"
    if looks_like_html(head):
        return "html"
    return "feed" if _FEED.match(head.removeprefix(_UTF8_MARK)[:2048]) else ""


def _zip_format(blob: Blob) -> str:
    """docx, xlsx, or plain zip."""
    try:
        with closing(open_seekable(blob)) as stream:
            names = set(zipfile.ZipFile(stream).namelist())
    except (*ARCHIVE_ERRORS, ValueError, OSError):
        return "zip"
    return next((kind for part, kind in _ZIP_PARTS if part in names), "zip")


def _magic(head: bytes) -> str:
    return next((kind for magic, kind in MAGIC_NUMBERS if head.startswith(magic)), "")


def binary_format(head: bytes) -> str:
    """What binary format the first bytes are of, "" for text."""
    if kind := _magic(head):
        return kind
    if b"\0" in head:
        return (
            "" if _is_wide_encoding(head) else "NUL"
        )  # in UTF-16 half the bytes of Arabic look like control characters
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b\0\x1a" for byte in head)
    return "" if controls <= len(head) // 50 else "?"


def _is_wide_encoding(head: bytes) -> bool:
    """UTF-16 or UTF-32, whose zeros are no sign of a binary file."""
    return detect(head).name.startswith(("utf-16", "utf-32"))
