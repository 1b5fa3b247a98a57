"""Time and memory of a hostile file grow with its size, for every reader and for what comes after it."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
from datetime import date

import pytest

from articles.ingest.transform import transform_record
from articles.readers.blob import Blob
from articles.readers.dispatch import read
from articles.text.limits import Limits
from tests.articles.readers.hostile_files import KINDS

LIMITS = Limits(2**30, 2**30)
SIZE, FACTOR = 1_500, 4
#: FACTOR if it is linear, FACTOR² if it is quadratic.
WORST_RATIO = 10.0
#: Processor seconds and bytes that are too few to judge.
CHEAP_SECONDS, CHEAP_BYTES = 0.15, 4 * 1024**2
#: Kinds whose size changes nothing or is capped, or whose bytes are random.
UNSIZED = {
    "pdf-cycle", "zip-tiny", "eml-parts", "docx-bomb", "rss-bomb", "tar-claims", "tar-damaged",
    "docx-damaged", "xlsx-damaged", "ods-damaged", "pdf-damaged",
    "noise", "zip-noise", "gz-noise", "deflate-noise",
    "eml-attached", "epub-tiny", "mbox-begins", "nexis-ends", "table-rows", "rtf-binary", "odt-bomb",
    "jpeg-noise",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _loaded_tables() -> None:
    """Read the tables of the language, which is no cost of a file."""
    consume("txt", "خبر من حمص يوم 3 آذار 2013.".encode())


def consume(extension: str, data: bytes) -> None:
    """Read a file and transform its records."""
    for record in read(Blob(f"a.{extension}", lambda: io.BytesIO(data), 2**30, len(data)), LIMITS):
        transform_record(record, date(2026, 1, 1))


def processor_time(extension: str, data: bytes) -> float:
    started = time.process_time()
    consume(extension, data)
    return time.process_time() - started


def grows_slowly(small: tuple[str, bytes], large: tuple[str, bytes], long: float) -> bool:
    """Compare the shortest times of both files. `long` is a time of the large one.

    They are measured in turn, up to three times, as a processor changes its speed.
    """
    short = float("inf")
    for _attempt in range(3):
        short = min(short, processor_time(*small))
        if long < WORST_RATIO * short or long < CHEAP_SECONDS:
            return True
        long = min(long, processor_time(*large))
    return long < WORST_RATIO * short


def memory(extension: str, data: bytes) -> int:
    """Return the most memory that Python's objects take."""
    tracemalloc.start()
    try:
        consume(extension, data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - UNSIZED))
def test_time_and_memory_grow_no_faster_than_the_size(kind: str) -> None:
    small, large = (KINDS[kind](size, random.Random(1)) for size in (SIZE, FACTOR * SIZE))  # noqa: S311  not a secret
    if (long := processor_time(*large)) > CHEAP_SECONDS:
        assert grows_slowly(small, large, long)
    if (much := memory(*large)) > CHEAP_BYTES:
        assert much < WORST_RATIO * memory(*small)
