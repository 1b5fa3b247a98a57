"""Files that are truncated, corrupted, nested or malicious: no crash, no hang, nothing written to disk."""

from __future__ import annotations

import builtins
import gzip
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.ingest.transform import parse_and_sanitize
from articles.readers import pdf_worker
from articles.readers.documents import pdf
from articles.text.limits import Limits
from tests.articles.conftest import jsonl_line, records_of
from tests.articles.readers.dump_files import DUMPS
from tests.articles.readers.sample_files import (
    ENTITY_BOMB,
    docx_paragraphs,
    make_docx,
    make_eml,
    make_pdf,
    make_rss,
    make_tar,
    make_warc,
    make_xlsx,
    make_zip,
)
from tests.articles.readers.stories import draw_stories

TEXT = "وصلت القافلة إلى مدينة حمص القديمة مساء الخميس."
ITEM = f"<item><title>{TEXT}</title><description><![CDATA[<p>{TEXT}</p>]]></description></item>"
PAGE = f"<html><body><h1>{TEXT}</h1><p>{TEXT}</p></body></html>".encode()
FILES: dict[str, bytes] = {
    "a.txt": TEXT.encode(),
    "a.jsonl": jsonl_line(title=TEXT, body=TEXT).encode(),
    "a.json": f"[{jsonl_line(title=TEXT)}, {jsonl_line(title=TEXT)}]".encode(),
    "a.csv": f'title,body\n"{TEXT}",=cmd|x\n'.encode(),
    "a.html": PAGE,
    "a.docx": make_docx(docx_paragraphs(TEXT, title=TEXT)),
    "a.xlsx": make_xlsx(["title", "body"], [TEXT, 7]),
    "a.rss": make_rss(ITEM),
    "a.eml": make_eml(TEXT, TEXT, {"b.txt": TEXT.encode()}),
    "a.warc": make_warc(("http://x.example/", "text/html", PAGE), packed=False),
    "a.warc.gz": make_warc(("http://x.example/", "text/html", PAGE)),
    "a.tar": make_tar({"b.txt": TEXT.encode()}),
    "a.tgz": make_tar({"b.txt": TEXT.encode()}, "w:gz"),
    "a.zip": make_zip({"b.jsonl": jsonl_line(title=TEXT).encode()}),
}
FILES |= {dump.name: dump.make(draw_stories(1, seed=1)) for dump in DUMPS.values()}
#: Seconds after which a reader counts as hanging: more than the limits of the PDF worker, on any machine.
HANG_SECONDS = 150


class HangError(BaseException):
    """Raised when a reader does not terminate; not an Exception, which readers of damaged files catch."""


@contextmanager
def guarded() -> Iterator[None]:
    """Fail if the block exceeds HANG_SECONDS or writes to a file outside the folder for temporary files."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise HangError

    temporary = Path(tempfile.gettempdir()).resolve()
    whole, low = builtins.open, os.open

    def opening(file: object, mode: str = "r", *args: object, **kwargs: object) -> object:
        if isinstance(file, str | Path) and set(mode) & set("wax+"):
            assert temporary in Path(file).resolve().parents, f"{file} was written"
        return whole(file, mode, *args, **kwargs)  # type: ignore[call-overload]  # replaces the builtin

    def opening_low(path: object, flags: int, *args: object, **kwargs: object) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            assert temporary in [Path(str(path)).resolve(), *Path(str(path)).resolve().parents], path
        return low(path, flags, *args, **kwargs)  # type: ignore[arg-type]  # replaces the builtin

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(HANG_SECONDS)
    builtins.open, os.open = opening, opening_low  # type: ignore[assignment]  # replaces the builtin
    try:
        yield
    finally:
        builtins.open, os.open = whole, low
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def assert_terminates(name: str, data: bytes) -> None:
    """Read a file under guard and require at least one record."""
    with guarded():
        found = [parse_and_sanitize(record) for record in records_of(name, data)]
    assert found


SLOW = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
names = st.sampled_from(sorted(FILES))


@SLOW
@given(names, st.floats(0, 1))
def test_truncated_files_make_no_reader_raise(name: str, part: float) -> None:
    assert_terminates(name, FILES[name][: int(len(FILES[name]) * part)])


@SLOW
@given(names, st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=4)), max_size=8))
def test_corrupted_files_make_no_reader_raise(name: str, changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(FILES[name])
    for at, new in changes:
        place = at % len(data)
        data[place : place + len(new)] = new
    assert_terminates(name, bytes(data))


@SLOW
@given(names, names)
def test_files_under_a_wrong_name_make_no_reader_raise(name: str, other: str) -> None:
    assert_terminates(name, FILES[other])


@SLOW
@given(names, st.binary(max_size=300))
def test_random_bytes_after_a_valid_beginning_make_no_reader_raise(name: str, rest: bytes) -> None:
    assert_terminates(name, FILES[name][:40] + rest)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=4)), max_size=6),
    st.floats(0.2, 1),
)
def test_corrupted_pdfs_make_the_worker_return_an_error(
    changes: list[tuple[int, bytes]], part: float
) -> None:
    data = bytearray(make_pdf(TEXT))
    for at, new in changes:
        data[at % len(data)] = new[0]
    with guarded():
        told = list(pdf_worker.read_pages(bytes(data[: int(len(data) * part)]), 10, 1e9, 10))
    assert ["error" in each for each in told] == [False] * (len(told) - 1) + [True]


HOSTILE = {
    "billion laughs in a feed": ("a.rss", make_rss("<item><title>&a11;</title></item>", before=ENTITY_BOMB)),
    "billion laughs in a docx": (
        "a.docx", make_docx("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", before=ENTITY_BOMB),
    ),
    "billion laughs in an xlsx": (
        "a.xlsx", make_zip({"xl/workbook.xml": (ENTITY_BOMB + "<workbook>&a11;</workbook>").encode()}),
    ),
    "deep XML": ("a.rss", make_rss("<item>" + "<a>" * 50_000)),
    "deep HTML": ("a.html", b"<div>" * 50_000 + TEXT.encode()),
    "deep HTML in a feed": ("a.rss", make_rss(f"<item><description><![CDATA[{'<div>' * 20_000}]]></description></item>")),  # noqa: E501  bytes of a file
    "deep docx": ("a.docx", make_docx("<w:p>" * 20_000)),
    "deep JSON": ("a.json", b'{"a":' * 100_000),
    "deep parts of a message": (
        "a.eml",
        b"Subject: x\n" + b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (at, at) for at in range(400)),  # noqa: E501  bytes of a file
    ),
    "a line without an end": ("a.jsonl", b'{"title": "' + b"x" * 900_000),
    "a cell without an end": ("a.csv", b'title\n"' + b"x\n" * 300_000),
    "nothing but commas": ("a.csv", b"title," + b"," * 500_000 + b"\n" + b"," * 400_000),
    "NUL bytes": ("a.jsonl", b'{"title": "\0\0", "body": "\\u0000"}'),
    "a warc of a bomb": (
        "a.warc", make_warc(("http://x/", "text/html", gzip.compress(b"0" * 30_000_000)), packed=False, head="Content-Encoding: gzip\r\n"),  # noqa: E501  bytes of a file
    ),
    "a warc that claims a size": ("a.warc", b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),  # noqa: E501  bytes of a file
    "a tar that claims a size": ("a.tar", make_tar({"b.txt": b"x"}).replace(b"00000000001\0", b"77777777777\0")),  # noqa: E501  bytes of a file
    "comments before no page": ("a.txt", b"<!---->" * 40 + b"x"),
    "gz in gz in gz": ("a.gz.gz.gz.gz", gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"x"))))),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_terminates(name: str, data: bytes) -> None:
    assert_terminates(name, data)


#: A size, and a function that makes a file of it; reading time must not grow with its square.
GROWING = {
    "unclosed cells": (6_000, lambda size: ("a.csv", b'title\n"' + b"x\n" * size)),
    "commas": (40_000, lambda size: ("a.csv", b"title," + b"," * size + b"\n" + b"," * size)),
    "a long line": (1_000_000, lambda size: ("a.jsonl", b'{"title": "' + b"x" * size)),
    "a long list": (5_000, lambda size: ("a.json", b"[" + b'{"title": "x"},' * size)),
    "a long value": (1_000_000, lambda size: ("a.json", b'[{"title": "' + b"x" * size)),
    "comments": (270, lambda size: ("a.txt", b"<!---->" * size + b"x")),
    "many entries": (2_500, lambda size: ("a.rss", b"<rss>" + b"<item><title>x</title></item>" * size)),
}


@pytest.mark.parametrize(("size", "file"), GROWING.values(), ids=GROWING)
def test_reading_time_does_not_grow_with_the_square_of_the_size(
    size: int, file: Callable[[int], tuple[str, bytes]]
) -> None:
    def processor_time(size: int) -> float:
        name, data = file(size)
        started = time.process_time()
        records_of(name, data, Limits(2**30, 2**30))
        return time.process_time() - started

    times = [min(processor_time(each) for _ in range(3)) for each in (size, 8 * size)]
    assert times[1] < 24 * times[0]  # 8 if it is linear, 64 if it is quadratic


def sheet_with(row: str) -> bytes:
    """Return a workbook whose sheet contains this XML of rows."""
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='  # noqa: E501  bytes of a file
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1"'  # noqa: E501  bytes of a file
        ' r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<dimension ref="A1:XFD1048576"/><sheetData>{row}</sheetData></worksheet>',
    }
    return make_zip({name: text.encode() for name, text in parts.items()})


@pytest.mark.parametrize("number", ["2", "99999999999999", "-5", "x"])
def test_a_sheet_with_any_declared_row_number_terminates(number: str) -> None:
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>title</t></is></c></row>'
    assert_terminates(
        "a.xlsx", sheet_with(f'{head}<row r="{number}"><c t="inlineStr"><is><t>{TEXT}</t></is></c></row>')
    )


def test_a_row_at_the_end_of_a_sheet_costs_no_more_than_any_other() -> None:
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>title</t></is></c></row>'

    def calls(number: int) -> int:
        row = f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{TEXT}</t></is></c></row>'
        count = 0

        def counted(_frame: FrameType, _event: str, _argument: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(counted)
        try:
            found = records_of("a.xlsx", sheet_with(head + row))
        finally:
            sys.setprofile(None)
        assert [record.row for record in found] == [number]
        return count

    assert calls(1_048_576) < 2 * calls(2)


CYCLES = {
    "pages that contain themselves": make_pdf(TEXT).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"),
    "a stream whose length is itself": make_pdf(TEXT).replace(b"/Length ", b"/Length 4 0 R %", 1),
    "a form that draws itself": make_pdf(
        TEXT, extra=["<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 6 /Resources << /XObject << /A 7 0 R"  # noqa: E501  bytes of a file
                     " >> >> >>\nstream\n/A Do \nendstream"],
    ).replace(b"/Resources <<", b"/Resources << /XObject << /A 7 0 R >>", 1).replace(b"BT /F1", b"/A Do BT /F1"),  # noqa: E501  bytes of a file
    "brackets without an end": make_pdf(TEXT).replace(b"BT /F1", b"[" * 50_000),
}  # fmt: skip


@pytest.mark.parametrize("data", CYCLES.values(), ids=CYCLES)
def test_a_pdf_with_cyclic_objects_terminates(data: bytes) -> None:
    with guarded():
        assert set(pdf.extract_pages(data)) == {"pages", "pictures", "error"}


def test_a_pdf_worker_that_loops_is_killed_and_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    loop = tmp_path / "loop.py"
    loop.write_text("import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass\n")
    monkeypatch.setattr(pdf, "WORKER_PROGRAM", loop)
    with guarded():
        assert pdf.extract_pages(b"%PDF-")["error"] == "pdf-heavy"


def test_an_encrypted_pdf_is_reported_as_such() -> None:
    encrypted = make_pdf(
        TEXT,
        trailer="/Encrypt << /Filter /Standard /V 1 /R 2 /O ("
        + "x" * 32
        + ") /U ("
        + "y" * 32
        + ") /P -4 >> /ID [(a) (b)]",
    )
    assert pdf.extract_pages(encrypted)["error"] == "encrypted"


def test_the_guard_detects_a_write(tmp_path: Path) -> None:
    with pytest.raises(AssertionError), guarded():
        open("/var/outside.txt", "w")  # noqa: PTH123, SIM115  the write under test
