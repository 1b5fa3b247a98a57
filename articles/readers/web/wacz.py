"""WACZ: a web archive in a zip. Every page of its list is an article, unless it is a list of articles itself.

What came along is passed over.
"""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial

from django.utils.translation import gettext_noop as _

from articles.readers.archive_streams import (
    ARCHIVE_ERRORS,
    open_seekable,
    open_zip_member,
)
from articles.readers.blob import Blob
from articles.readers.content.passed_over import with_passed_over
from articles.readers.registry import FileFormat
from articles.readers.web.warc import iter_articles, iter_pages
from articles.text.limits import EXPANSION_FREE_BYTES, EXPANSION_RATIO, RECORD_BYTES, WARC_RECORDS
from articles.text.records import RawRecord, RecordProblem, rejected_record

_PACKAGE = "datapackage.json"
_WARCS = ("archive/", (".warc", ".warc.gz"))
_PAGES = ("pages/", ".jsonl")
#: Pages of the list that no WARC holds, of which a note names so many.
_SHOWN_MISSING = 5


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every page that the list of pages names, or for every page if there is no list.

    The list says what was visited; the WARCs hold frames and pages that came along, too. A page that was
    fetched twice at one time counts once.
    """
    with closing(open_seekable(blob)) as stream:
        try:
            archive = zipfile.ZipFile(stream)
            parts = [info for info in archive.infolist() if not info.is_dir()]
            visited = _visited_pages(archive, parts)
        except (*ARCHIVE_ERRORS, RuntimeError):
            yield rejected_record(blob.name, 0, "archive-broken")
            return
        passed: Counter[str] = Counter()
        met: set[str] = set()
        records = iter_articles(_pages(blob, archive, parts, visited, (passed, met)), passed)
        yield from with_passed_over(blob.name, records, passed)
        if missing := [address for address in visited if address not in met]:
            detail = f"{len(missing):,}: " + " ".join(missing[:_SHOWN_MISSING])
            yield rejected_record(blob.name, 0, "wacz-missing", detail[:300])


def _pages(
    blob: Blob, archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], visited: dict[str, str],
    counted: tuple[Counter[str], set[str]],
) -> Iterator[RawRecord]:  # fmt: skip
    """Yield the visited pages of all WARCs; `counted`: what is passed over, and the addresses met."""
    passed, met = counted
    fetched: set[tuple[str, tuple[RecordProblem, ...]]] = set()
    for info in parts:
        folder, endings = _WARCS
        if not (info.filename.startswith(folder) and info.filename.endswith(endings)):
            continue
        name = f"{blob.name}/{info.filename}"
        if info.flag_bits & 1:
            yield rejected_record(name, 0, "archive-encrypted")
            continue
        warc = blob.member(name, partial(open_zip_member, archive, info), blob.limit, info.file_size)
        skipped: Counter[str] = Counter()
        for record in iter_pages(warc, skipped):
            if record.rejected:
                yield record
            elif visited and record.url not in visited:
                passed["other pages"] += 1
            elif (record.url, record.problems) in fetched:
                passed["same page again"] += 1
            else:
                fetched.add((record.url, record.problems))
                met.add(record.url)
                yield replace(record, page_title=visited.get(record.url, ""))
        passed.update(skipped)


def _visited_pages(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> dict[str, str]:
    """Return address → title of the pages in the lists of pages (pages/pages.jsonl and others beside it)."""
    found: dict[str, str] = {}
    for info in parts:
        folder, ending = _PAGES
        if not (info.filename.startswith(folder) and info.filename.endswith(ending)):
            continue
        if info.file_size > max(EXPANSION_FREE_BYTES, EXPANSION_RATIO * info.compress_size):
            continue
        with archive.open(info) as stream:
            while (line := stream.readline(RECORD_BYTES)) and len(found) < WARC_RECORDS:
                try:
                    page = json.loads(line)
                except (ValueError, RecursionError):
                    continue
                if isinstance(page, dict) and isinstance(page.get("url"), str):  # the first line is a head
                    title = page.get("title")
                    found.setdefault(page["url"].strip(), title if isinstance(title, str) else "")
    return found


def is_web_archive(archive: zipfile.ZipFile) -> bool:
    """Return True if a zip is a WACZ: a package that holds WARCs."""
    names = archive.namelist()
    folder, endings = _WARCS
    return _PACKAGE in names and any(name.startswith(folder) and name.endswith(endings) for name in names)


FORMAT = FileFormat(
    key="wacz",
    order=115,
    label="WACZ",
    gives=_(
        "every page that its list names, or each without a list, as from WARC; lists of articles and others "
        "are passed over"
    ),
    extensions=(".wacz",),
    matches_zip=is_web_archive,
    read=read,
)
