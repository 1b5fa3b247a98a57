"""The last record of a file, which is held back for the note of what was passed over."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator

import pytest

from articles.readers.blob import Blob
from articles.readers.content.passed_over import with_passed_over
from articles.readers.dispatch import read
from articles.text.limits import TooLargeError
from articles.text.records import RawRecord
from tests.articles.conftest import LIMITS
from tests.articles.readers.sample_files import make_warc, problem_codes, rejection_code


def failing() -> Iterator[RawRecord]:
    yield RawRecord("a", 1, b"x")
    yield RawRecord("a", 2, b"y")
    raise TooLargeError


def test_the_record_that_is_held_back_is_not_lost_when_a_file_breaks() -> None:
    records, found = with_passed_over("a", failing(), Counter(draft=3)), []
    with pytest.raises(TooLargeError):
        found += iter(records)  # adds one at a time
    assert [record.row for record in found] == [1, 2]
    assert problem_codes(found[1]) == {"passed-over"}


def test_readers_that_are_not_read_to_the_end_give_nothing_more() -> None:
    records = with_passed_over("a", failing(), Counter())
    assert next(records).row == 1
    records.close()  # type: ignore[attr-defined]  # a generator
    assert list(records) == []


def test_the_last_page_of_a_warc_that_grows_over_the_limit_is_read() -> None:
    page = b"<html><body><h1>x</h1><p>The convoy reached the town on Monday.</p></body></html>"
    pages = [(f"http://paper.example/{at}", "text/html", page) for at in range(2)]
    warc = make_warc(*pages, ("http://paper.example/9", "text/html", b"x" * (2 * LIMITS.file)), packed=False)
    blob = Blob("a.warc", lambda: io.BytesIO(warc), LIMITS.file)  # of unknown size, as in an archive
    found = list(read(blob, LIMITS))
    assert [(record.url, rejection_code(record)) for record in found] == [
        ("http://paper.example/0", ""), ("http://paper.example/1", ""), ("", "file-too-large"),
    ]  # fmt: skip
