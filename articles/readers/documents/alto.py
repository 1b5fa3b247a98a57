"""ALTO (Library of Congress): the words of scanned pages, as libraries keep them. A page is an article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.content.xml_tree import iter_elements, local_name, parse_element, root_element, to_bytes
from articles.readers.ocr.ocr_confidence import with_ocr
from articles.readers.registry import FileFormat, by_head
from articles.text.encoding import replace_undecodable
from articles.text.limits import FEED_ENTRIES
from articles.text.records import RawRecord, RecordProblem, rejected_record


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every page; its bytes are the XML of the page."""
    for row, page in enumerate(iter_elements(blob, "Page"), start=1):
        if isinstance(page, RecordProblem):
            yield rejected_record(blob.name, row, page.code, page.detail)
            return
        if row > FEED_ENTRIES:
            yield rejected_record(blob.name, row, "feed-too-many", f"{FEED_ENTRIES:,}")
            return
        yield RawRecord(blob.name, row, to_bytes(page), format="alto", charset="utf-8")


def parse(record: RawRecord) -> RawRecord:
    """Return the record with the words of its blocks, in the order of the file."""
    page = parse_element(record.data)
    if page is None:
        return record.with_problems(RecordProblem("feed-broken", fatal=True))
    blocks = [_block_text(node) for node in page.iter() if local_name(node) == "TextBlock"]
    body, broken = replace_undecodable("\n\n".join(filter(None, blocks)))
    if not body:
        return record.with_problems(RecordProblem("office-empty", fatal=True))
    record = replace(record, body=body).with_problems(*broken)
    words = [(_text(node), _confidence(node)) for node in page.iter() if local_name(node) == "String"]
    judged = [(text, percent) for text, percent in words if percent is not None]
    if not judged:
        return record
    # A word without a confidence was set by hand, or by a program that gives none.
    known = " ".join(text for text, percent in words if percent is None)
    return with_ocr(record, {1: judged}, known)


def _block_text(block: Any) -> str:
    """Return the lines of a block as one paragraph; a word divided at the end of a line is whole again."""
    lines = []
    for line in (node for node in block.iter() if local_name(node) == "TextLine"):
        words = []
        for word in (node for node in line if local_name(node) == "String"):
            part = word.get("SUBS_TYPE", "")
            words += [] if part == "HypPart2" and word.get("SUBS_CONTENT") else [_text(word)]
        lines.append(" ".join(words))
    return " ".join(filter(None, lines))


def _text(word: Any) -> str:
    """Return the word, whole even if it was divided at the end of a line."""
    return word.get("SUBS_CONTENT") or word.get("CONTENT") or ""


def _confidence(word: Any) -> float | None:
    """Return how sure of a word the machine was in percent, None if the file does not say."""
    given = word.get("WC")
    if not given:
        return None
    try:
        return min(max(0.0, float(given)), 1.0) * 100  # in this order, NaN is 0
    except ValueError:
        return 0.0


def looks_like_alto(head: bytes) -> bool:
    """Return True if a file is XML whose first element is <alto>."""
    return root_element(head)[0] == "alto"


FORMAT = FileFormat(
    key="alto",
    order=104,
    label="ALTO",
    gives=_("every page is an article, with the words as OCR read them"),
    extensions=(".alto",),
    is_text=True,
    matches_head=looks_like_alto,
    overrules=frozenset({"txt", "feed"}),
    refines=frozenset({"feed"}),
    recognises=by_head(looks_like_alto),
    read=read,
    parse=parse,
)
