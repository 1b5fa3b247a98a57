"""Checks and XML parsing that docx and xlsx share: both are zips of XML parts (ISO 29500)."""

from __future__ import annotations

import zipfile
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.archive_streams import ARCHIVE_ERRORS
from articles.text.limits import (
    ARCHIVE_MEMBERS,
    EXPANSION_FREE_BYTES,
    OFFICE_EXPANSION_RATIO,
    OFFICE_PARTS_BYTES,
)
from articles.text.problem_messages import format_size

#: The name that an OLE file gives the part with the encrypted document.
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = 0x1


def find_package_problem(data: bytes, package: Any) -> tuple[str, str] | None:
    """Return (code, detail) of why a document is not opened, or None.

    `package` is the document as a file. The declared sizes can be relied on: zipfile never unpacks more of a
    part.
    """
    if data.startswith(OLE_MAGIC):
        return ("encrypted", "") if _ENCRYPTED_PACKAGE in data else ("office-old", "")
    try:
        parts = zipfile.ZipFile(package).infolist()
    except (*ARCHIVE_ERRORS, OSError):
        return "office-broken", ""
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        return "encrypted", ""
    total = sum(part.file_size for part in parts)
    if len(parts) > ARCHIVE_MEMBERS or total > OFFICE_PARTS_BYTES:
        return "archive-too-large", format_size(OFFICE_PARTS_BYTES)
    for part in parts:
        ratio = part.file_size // max(part.compress_size, 1)
        if part.file_size > EXPANSION_FREE_BYTES and ratio > OFFICE_EXPANSION_RATIO:
            return "archive-bomb", str(ratio)
    return None


def parse_xml_part(data: bytes) -> Any:
    """Return the root of an XML part, or None if it is not XML or declares a document type.

    Entities are never expanded and nothing is fetched; no office program writes a document type.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if tree.getroottree().docinfo.internalDTD is not None else tree
