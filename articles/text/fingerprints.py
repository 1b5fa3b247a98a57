"""Fingerprints: keys that identify a record across imports, and a hash that finds equal texts."""

from __future__ import annotations

import hashlib

from arabic.text.normalization import normalize
from arabic.text.tokenized_text import TokenizedText
from articles.text.records import RawRecord


def sha256_of(data: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def record_key(record: RawRecord) -> str:
    """Return the identity of a record across imports: (source, id), else its URL, else its bytes.

    The source name of the record is used, not the Source row, so renaming or merging a source does not make
    old records new.
    """
    if record.external_id:
        return "id:" + sha256_of(f"{record.source}\0{record.external_id}".encode())
    if record.url:
        return "url:" + sha256_of(record.url.encode())
    return "sha:" + sha256_of(record.data)


def text_hash(title: str | TokenizedText, body: str | TokenizedText) -> str:
    """Return a hash that is equal for equal title and text, ignoring variants of hamza, digits and spaces."""
    normalized = (normalize(text) if isinstance(text, str) else text.text for text in (title, body))
    return sha256_of("\0".join(" ".join(text.split()) for text in normalized).encode())


def content_mark(sha256: str) -> str:
    """Return the mark by which an ErasedRecord identifies an original."""
    return f"sha:{sha256}"


def is_inside_upload(record_file: str, upload: str) -> bool:
    """Return True if a record's file is this upload or inside it (`archive.zip/folder/a.txt`, `a.txt.gz`)."""
    return record_file in (upload, upload.removesuffix(".gz")) or record_file.startswith(f"{upload}/")
