"""Exports of other programs: every story comes out whole, with its day and source, and nothing else does."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from articles.ingest.transform import parse_and_sanitize
from articles.text.records import RawRecord
from tests.articles.readers.dump_files import DUMPS, Dump
from tests.articles.readers.sample_files import parse_file
from tests.articles.readers.stories import Story, draw_stories

GOLDEN = Path(__file__).parent / "golden"
#: Records over all kinds of files, and the least share of them whose day and source are right.
RECORDS, SHARE = 300, 0.98


def read_stories(dump: Dump, stories: list[Story]) -> list[RawRecord]:
    """Return the records of the files that hold the stories."""
    parts = [stories[at : at + dump.most] for at in range(0, len(stories), dump.most)]
    return [record for part in parts for record in parse_file(dump.name, dump.make(part))]


@pytest.mark.parametrize("kind", DUMPS)
def test_every_story_comes_out_whole_and_nothing_else(kind: str) -> None:
    dump, stories = DUMPS[kind], draw_stories(6, seed=len(kind))
    found = read_stories(dump, stories)
    assert [record.rejected for record in found] == [None] * len(stories)
    for record, story in zip(found, stories, strict=True):
        if kind != "Media Cloud":  # has no texts
            assert story.body in record.body
        assert not dump.has_title or record.title == story.title
        assert not dump.has_author or record.byline == story.author
        assert keeps_original(record, dump.make([story] if dump.most == 1 else stories))


def keeps_original(record: RawRecord, data: bytes) -> bool:
    """Return True if the bytes of a record are a part of its file, or give the same text again.

    Those of a row of a workbook are an object of its cells.
    """
    if record.data and record.data in data:
        return True
    if record.format in {"xlsx", "html-table"}:
        return record.body in json.loads(record.data).values()
    bare = replace(record, title="", body="", date="", problems=())
    return bool(record.data) and parse_and_sanitize(bare).body == record.body


def test_days_and_sources_of_all_kinds_are_right() -> None:
    each = -(-RECORDS // len(DUMPS))
    right = total = 0
    wrong: list[tuple[str, str, str]] = []
    for at, (kind, dump) in enumerate(DUMPS.items()):
        stories = draw_stories(each, seed=100 + at)
        found = read_stories(dump, stories)
        assert len(found) == len(stories), kind
        for record, story in zip(found, stories, strict=True):
            day = record.date[:10] == (story.day.isoformat() if dump.has_date else "")
            source = record.source == (story.source if dump.has_source else "")
            total, right = total + 1, right + (day and source)
            wrong += [] if day and source else [(kind, record.date, record.source)]
    assert total >= RECORDS
    assert right >= SHARE * total, list(islice(wrong, 10))


def summary(record: RawRecord) -> dict[str, object]:
    """Return what a golden file says of a record."""
    fields = ("file", "row", "title", "date", "source", "byline", "url", "external_id", "body")
    said = {name: getattr(record, name) for name in fields if getattr(record, name)}
    problems = [f"{problem.code}: {problem.detail}".rstrip(": ") for problem in record.problems]
    return {**said, "format": record.format, "problems": problems}


@pytest.mark.parametrize("name", sorted(path.name for path in (GOLDEN / "files").iterdir()))
def test_a_golden_file_gives_what_was_read_by_eye(name: str) -> None:
    expected = json.loads((GOLDEN / "expected.json").read_text(encoding="utf-8"))
    found = parse_file(name, (GOLDEN / "files" / name).read_bytes())
    assert list(map(summary, found)) == expected[name]
