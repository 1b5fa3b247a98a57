"""Which record of which import is which article: keys for identity, a hash of the text for duplicates."""

from __future__ import annotations

import hashlib

from arabic.text.normalization import normalize_with_offsets
from articles.text.records import RawRecord


def sha256_of(data: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()


def record_key(record: RawRecord) -> str:
    """The identity of a record across imports: (source, id), else its address, else its bytes. The name of
    the source counts, not its row: renaming or merging a source does not make old records new."""
    if record.external_id:
        return "id:" + sha256_of(f"{record.source}\0{record.external_id}".encode())
    if record.url:
        return "url:" + sha256_of(record.url.encode())
    return "sha:" + sha256_of(record.data)


def text_hash(title: str, body: str) -> str:
    """Equal for equal title and text, however hamzas, digits or blanks are written."""
    folded = (normalize_with_offsets(text).text for text in (title, body))  # as its places and dates are read
    return sha256_of("\0".join(" ".join(text.split()) for text in folded).encode())


def content_mark(sha256: str) -> str:
    """How an ErasedRecord names bytes."""
    return f"sha:{sha256}"


def is_inside_upload(record_file: str, upload: str) -> bool:
    """Whether a record's file is this upload, or lies in it (`archive.zip/folder/a.txt`, `a.txt.gz`)."""
    return record_file in (upload, upload.removesuffix(".gz")) or record_file.startswith(f"{upload}/")
