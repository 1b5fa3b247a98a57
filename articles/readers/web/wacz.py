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

from articles.identity.web_addresses import normal_address
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
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, RecordProblem, rejected_record

_PACKAGE = "datapackage.json"
_WARCS = ("archive/", (".warc", ".warc.gz"))
_CRAWL = ".wacz"
_PAGES = ("pages/", ".jsonl")
#: Pages of the list that no WARC holds, of which a note names so many.
_SHOWN_MISSING = 5


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every page that the list of pages names, or for every page if there is no list.

    The list says what was visited; the WARCs hold frames and pages that came along, too. A page that was
    fetched twice at one time counts once. A package of several crawls holds a WACZ for each.
    """
    yield from _read(blob, is_inner=False)


def _read(blob: Blob, *, is_inner: bool) -> Iterator[RawRecord]:
    with closing(open_seekable(blob)) as stream:
        try:
            archive = zipfile.ZipFile(stream)
            parts = [info for info in archive.infolist() if not info.is_dir()]
            visited = _visited_pages(archive, parts)
        except (*ARCHIVE_ERRORS, RuntimeError):
            yield rejected_record(blob.name, 0, "archive-broken")
            return
        crawls = [info for info in parts if info.filename.endswith(_CRAWL)]
        for info in crawls:
            if is_inner:
                yield rejected_record(f"{blob.name}/{info.filename}", 0, "archive-too-deep")
            else:
                yield from _read_crawl(blob, archive, info)
        if crawls and not any(_is_warc(info.filename) for info in parts):
            return
        passed: Counter[str] = Counter()
        met: set[str] = set()
        records = iter_articles(_pages(blob, archive, parts, visited, (passed, met)), passed)
        yield from with_passed_over(blob.name, records, passed)
        if missing := [address for address in visited if address not in met]:
            detail = f"{len(missing):,}: " + " ".join(missing[:_SHOWN_MISSING])
            yield rejected_record(blob.name, 0, "wacz-missing", detail[:300])


def _read_crawl(blob: Blob, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[RawRecord]:
    name = f"{blob.name}/{info.filename}"
    if info.flag_bits & 1:
        yield rejected_record(name, 0, "archive-encrypted")
        return
    inner = blob.member(name, partial(open_zip_member, archive, info), blob.limit, info.file_size)
    if info.file_size > blob.limit:
        yield rejected_record(name, 0, "file-too-large", format_size(blob.limit))
        return
    try:
        yield from _read(inner, is_inner=True)
    except ARCHIVE_ERRORS:
        yield rejected_record(name, 0, "archive-broken")


def _pages(
    blob: Blob, archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], visited: dict[str, str],
    counted: tuple[Counter[str], set[str]],
) -> Iterator[RawRecord]:  # fmt: skip
    """Yield the visited pages of all WARCs; `counted`: what is passed over, and the addresses met."""
    passed, met = counted
    fetched: set[tuple[str, tuple[RecordProblem, ...]]] = set()
    # The list has the address that was asked for, the WARC those that answered: normal form → in the list.
    asked = {normal_address(address): address for address in reversed(visited)}
    for info in parts:
        if not _is_warc(info.filename):
            continue
        name = f"{blob.name}/{info.filename}"
        if info.flag_bits & 1:
            yield rejected_record(name, 0, "archive-encrypted")
            continue
        warc = blob.member(name, partial(open_zip_member, archive, info), blob.limit, info.file_size)
        skipped: Counter[str] = Counter()
        for record in iter_pages(warc, skipped, partial(_follow, asked)):
            listed = asked.get(normal_address(record.url), "")
            if record.rejected:
                yield record
            elif visited and not listed:
                passed["other pages"] += 1
            elif (record.url, record.problems) in fetched:
                passed["same page again"] += 1
            else:
                fetched.add((record.url, record.problems))
                met.add(listed)
                yield replace(record, page_title=visited.get(listed, ""))
        passed.update(skipped)


def _follow(asked: dict[str, str], address: str, target: str) -> None:
    """Note that the page at `target` is the one that was asked for at `address`."""
    if listed := asked.get(normal_address(address)):
        asked.setdefault(normal_address(target), listed)


def _is_warc(name: str) -> bool:
    folder, endings = _WARCS
    return name.startswith(folder) and name.endswith(endings)


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
    """Return True if a zip is a WACZ: a package that holds WARCs, or others."""
    names = archive.namelist()
    return _PACKAGE in names and any(_is_warc(name) or name.endswith(_CRAWL) for name in names)


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
