"""Detection of a file's format from its extension and its first bytes.

The extension of a text format decides as long as the content agrees with it or is not recognised: a web page
may be named .csv. That of a binary format counts only if the content has its signature or none that is known.
A special case of a format (`FileFormat.refines`) is told by content alone.
"""

from __future__ import annotations

import zipfile
from contextlib import closing
from operator import attrgetter
from pathlib import PurePosixPath

from articles.readers.archive_streams import ARCHIVE_ERRORS, is_cut_zip, open_seekable
from articles.readers.blob import Blob
from articles.readers.ooxml import OLE_MAGIC
from articles.readers.registry import FileFormat, formats
from articles.text.encoding import detect_encoding

#: The format of texts that have no other.
PLAIN_TEXT = "txt"
#: First bytes of binary formats that are not read, and their names in rejections.
UNREAD_SIGNATURES = (
    (b"GIF8", "GIF"), (b"RIFF", "RIFF"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"), (b"\x7fELF", "ELF"), (b"MZ\x90", "EXE"),
    (b"SQLite format", "SQLite"), (b"ID3", "MP3"), (b"OggS", "Ogg"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"),
    (OLE_MAGIC, "Microsoft Office"),
)  # fmt: skip
_ZIP_MAGIC = b"PK"


def file_extension(name: str) -> str:
    """Return the extension of a file name in lower case with its dot, or "" if it has none."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()


def declared_format(name: str) -> FileFormat | None:
    """Return the format that the extension of a file name belongs to."""
    return formats().by_extension.get(file_extension(name))


def detect_format(blob: Blob, head: bytes) -> tuple[FileFormat | None, str]:
    """Return the format to read a file with these first bytes as, or None and the reason.

    The reason is "unsupported", "office-old" or "binary: NAME".
    """
    declared = declared_format(blob.name)
    if head.startswith(OLE_MAGIC) and (declared is None or not declared.zip_part):
        return None, "office-old"
    if shown := _format_by_content(blob, head):
        found = _refined(blob, head, shown)
        # A special case overrules what the format does: an export of a blog is a feed, whatever its name.
        if declared is None or _overrules(found, declared, head) or _overrules(shown, declared, head):
            return found, ""
    binary = _binary_name(head)
    if declared and (declared.is_text or _fits(declared, head)):
        return (
            (None, f"binary: {binary}")
            if declared.is_text and binary
            else (_refined(blob, head, declared), "")
        )
    text = formats().by_key[PLAIN_TEXT]
    if not binary and (refined := _refined(blob, head, text)) is not text:
        return refined, ""  # a table or a chat, whatever its name; a plain text needs a name that says so
    return declared, "" if declared else "unsupported"


def _refined(blob: Blob, head: bytes, found: FileFormat) -> FileFormat:
    """Return the special case of a format that a file is of, or one of that; else the format itself."""
    special = (known for known in formats().by_key.values() if found.key in known.refines)
    refined = next((known for known in special if known.recognises and known.recognises(blob, head)), found)
    return found if refined is found else _refined(blob, head, refined)


def _overrules(found: FileFormat, declared: FileFormat, head: bytes) -> bool:
    """Return True if the format of the content takes precedence over that of the extension."""
    if declared.is_text:
        return not found.is_text or declared.key in found.overrules
    is_document = found.zip_part or found.matches_zip
    return bool(is_document and declared.is_zip) or not _fits(declared, head)


def _fits(declared: FileFormat, head: bytes) -> bool:
    """Return True if the first bytes can be those of a binary format."""
    if declared.is_zip:
        return head.startswith(_ZIP_MAGIC)
    if declared.matches_head:
        return declared.matches_head(head)
    return any(head.startswith(signature, offset) for offset, signature in declared.signatures)


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
    """Return the format of a zip-based document, `plain_zip` for other zips."""
    try:
        with closing(open_seekable(blob)) as stream:
            archive = zipfile.ZipFile(stream)
            if is_cut_zip(archive):
                return plain_zip
            names = set(archive.namelist())
            documents = [
                known
                for known in formats().by_key.values()
                if known.zip_part in names or (known.matches_zip and known.matches_zip(archive))
            ]
    except (*ARCHIVE_ERRORS, OSError, KeyError, RuntimeError):
        return plain_zip
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
