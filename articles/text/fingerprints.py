"""Fingerprints: hashes of bytes, and one that finds equal texts."""

from __future__ import annotations

import hashlib

from arabic.text.normalization import normalize
from arabic.text.tokenized_text import TokenizedText


def sha256_of(data: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


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
