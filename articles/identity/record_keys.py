"""Keys that identify a record across imports."""

from __future__ import annotations

import re
from dataclasses import replace

from articles.identity.web_addresses import normal_address
from articles.text.fingerprints import content_mark, sha256_of
from articles.text.records import RawRecord

_ID_NAME = re.compile(r'"(?:id|المعرف)"\s*:'.encode(), re.IGNORECASE)
_SHEETS = frozenset(("xlsx", "ods", "html-table"))
_POSTS = frozenset(("facebook", "facebook-html"))
_OBJECT_ID = re.compile(r"[0-9a-f]{24}")


def record_key(record: RawRecord) -> str:
    """Return the identity of a record across imports: (source, id), else its address, else its bytes.

    The source name of the record is used, not the Source row, so renaming or merging a source does not make
    old records new.
    """
    if record.external_id:
        return _id_key(record, record.external_id)
    return address_key(record.url) if record.url else content_mark(sha256_of(record.data))


def _id_key(record: RawRecord, number: str) -> str:
    return "id:" + sha256_of(f"{record.source}\0{number}".encode())


def address_key(address: str) -> str:
    """Return the key of a record with this address."""
    return "page:" + sha256_of(normal_address(address).encode("utf-8", "replace"))


def older_record_keys(record: RawRecord) -> tuple[str, ...]:
    """Return the keys that earlier releases, or other exports of the same program, gave a record.

    Earlier releases compared addresses letter by letter. They dropped those without a scheme or with a space,
    and knew the record by its bytes. They did not read addresses behind the text of a cell, the title of a
    JSON Feed, the ids of MongoDB, or those in the lines above the documents of Elasticsearch's bulk format.
    Posts of Facebook had no id. An e-mail without the ending of one, and a file that is one article, may have
    been read as a plain text, which is known by its bytes.
    """
    keys = _former_keys(record)
    mark = content_mark(sha256_of(record.data)) if record.row == 0 else ""
    return keys if not mark or mark in keys else (*keys, mark)


def _former_keys(record: RawRecord) -> tuple[str, ...]:
    if record.known_as:
        by_bytes = (content_mark(sha256_of(record.data)),) if record.format in _POSTS else ()
        return *by_bytes, *(_id_key(record, number) for number in record.known_as)
    if record.format == "eml" and not record.file.lower().endswith(".eml"):
        return (content_mark(sha256_of(record.data)),)
    if record.external_id and record.format == "json-feed":
        return (_id_key(replace(record, source=""), record.external_id),)
    if record.external_id and record.format in ("json", "jsonl") and not _has_read_id(record):
        known = (older_address_key(record.url), address_key(record.url)) if record.url else ()
        return (*known, content_mark(sha256_of(record.data)))
    if record.external_id or not record.url:
        return ()
    older = older_address_key(record.url)
    # The bytes of a row have its address, unless that stands behind the text of a cell.
    is_known_by_bytes = record.url_given or record.format in _SHEETS
    return (content_mark(sha256_of(record.data)), older) if is_known_by_bytes else (older,)


def older_address_key(address: str) -> str:
    """Return the key that earlier releases gave a record with this address."""
    return "url:" + sha256_of(address.encode("utf-8", "replace"))


def _has_read_id(record: RawRecord) -> bool:
    """Return True if the id of a JSON object stands where earlier releases read it, too."""
    return not _OBJECT_ID.fullmatch(record.external_id) and _ID_NAME.search(record.data) is not None
