"""Detection of a file's format from its extension and its first bytes.

The extension decides as long as the content agrees with it or is not recognised.
"""

from __future__ import annotations

import zipfile
from contextlib import closing
from operator import attrgetter
from pathlib import PurePosixPath

from articles.readers.archive_streams import ARCHIVE_ERRORS, open_seekable
from articles.readers.blob import Blob
from articles.readers.registry import FileFormat, formats
from articles.text.encoding import detect_encoding

#: First bytes of binary formats that are not read, and their names in rejections.
UNREAD_SIGNATURES = (
    (b"{\\rtf", "RTF"), (b"\xd0\xcf\x11\xe0", "Microsoft Office"),
    (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"RIFF", "RIFF"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"), (b"\x7fELF", "ELF"), (b"MZ\x90", "EXE"),
    (b"SQLite format", "SQLite"), (b"ID3", "MP3"), (b"OggS", "Ogg"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"),
)  # fmt: skip


def file_extension(name: str) -> str:
    """Return the extension of a file name in lower case with its dot, or "" if it has none."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def declared_format(name: str) -> FileFormat | None:
    """Return the format that the extension of a file name belongs to."""
    return formats().by_extension.get(file_extension(name))


def detect_format(blob: Blob, head: bytes) -> tuple[FileFormat | None, str]:
    """Return the format to read a file with these first bytes as, or None and the reason.

    The reason is "unsupported" or "binary: NAME".
    """
    declared = declared_format(blob.name)
    found = _format_by_content(blob, head)
    if found and (declared is None or _overrules(found, declared)):
        return found, ""
    if declared is None:
        return None, "unsupported"
    if declared.is_text and (binary := _binary_name(head)):
        return None, f"binary: {binary}"
    return declared, ""


def _overrules(found: FileFormat, declared: FileFormat) -> bool:
    """Return True if the format of the content takes precedence over that of the extension."""
    return (
        (declared.is_text and not found.is_text)
        or declared.key in found.overrules
        or bool(declared.zip_part and found.zip_part)
    )


def _format_by_content(blob: Blob, head: bytes) -> FileFormat | None:
    """Return the format that the first bytes show, or None if they show none that is read."""
    if _unread_name(head):
        return None
    for offset, signature, known in formats().signatures:
        if head.startswith(signature, offset):
            return _zip_format(blob, known) if known.key == "zip" else known
    texts = formats().by_key.values()
    return next((known for known in texts if known.matches_head and known.matches_head(head)), None)


def _zip_format(blob: Blob, plain_zip: FileFormat) -> FileFormat:
    """Return the format of a zip-based document; `plain_zip` for other zips and any file named .zip."""
    if declared_format(blob.name) == plain_zip:
        return plain_zip
    try:
        with closing(open_seekable(blob)) as stream:
            names = set(zipfile.ZipFile(stream).namelist())
    except (*ARCHIVE_ERRORS, OSError):
        return plain_zip
    documents = [known for known in formats().by_key.values() if known.zip_part and known.zip_part in names]
    return min(documents, key=attrgetter("zip_part"), default=plain_zip)


def _unread_name(head: bytes) -> str:
    """Return the name of the unread binary format that the first bytes belong to, "" for none."""
    return next((name for signature, name in UNREAD_SIGNATURES if head.startswith(signature)), "")


def _binary_name(head: bytes) -> str:
    """Return what kind of binary file the first bytes show, or "" if they are text."""
    if name := _unread_name(head):
        return name
    if b"\0" in head:  # half the bytes of Arabic in UTF-16 look like control characters
        return "" if detect_encoding(head).name.startswith(("utf-16", "utf-32")) else "NUL"
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b\0\x1a" for byte in head)
    return "" if controls <= len(head) // 50 else "?"
