"""Files that are cut off, changed, nested or made to do harm: no crash, no hang, nothing on disk."""

from __future__ import annotations

import builtins
import gzip
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.ingest.transform import parse_and_sanitize
from articles.readers import pdf_worker
from articles.readers.documents import pdf
from tests.articles import makers
from tests.articles.conftest import jsonl_line, records_of

TEXT = "وصلت القافلة إلى مدينة حمص القديمة مساء الخميس."
ITEM = f"<item><title>{TEXT}</title><description><![CDATA[<p>{TEXT}</p>]]></description></item>"
PAGE = f"<html><body><h1>{TEXT}</h1><p>{TEXT}</p></body></html>".encode()
BOMB = "<!DOCTYPE x [<!ENTITY a0 'x'>" + "".join(
    f"<!ENTITY a{at} '{f'&a{at - 1};' * 10}'>" for at in range(1, 12)
) + "]>"  # fmt: skip
FILES: dict[str, bytes] = {
    "a.txt": TEXT.encode(),
    "a.jsonl": jsonl_line(title=TEXT, body=TEXT).encode(),
    "a.json": f"[{jsonl_line(title=TEXT)}, {jsonl_line(title=TEXT)}]".encode(),
    "a.csv": f'title,body\n"{TEXT}",=cmd|x\n'.encode(),
    "a.html": PAGE,
    "a.docx": makers.docx_of(makers.docx_body(TEXT, title=TEXT)),
    "a.xlsx": makers.xlsx_of(["title", "body"], [TEXT, 7]),
    "a.rss": makers.rss_of(ITEM),
    "a.eml": makers.eml_of(TEXT, TEXT, {"b.txt": TEXT.encode()}),
    "a.warc": makers.warc_of(("http://x.example/", "text/html", PAGE), packed=False),
    "a.warc.gz": makers.warc_of(("http://x.example/", "text/html", PAGE)),
    "a.tar": makers.tarred({"b.txt": TEXT.encode()}),
    "a.tgz": makers.tarred({"b.txt": TEXT.encode()}, "w:gz"),
    "a.zip": makers.zipped({"b.jsonl": jsonl_line(title=TEXT).encode()}),
}
#: Seconds that a file of some kilobytes may take on a busy machine.
PATIENCE = 20


class TooSlowError(Exception):
    """A reader did not come to an end."""


@contextmanager
def guarded(seconds: int = PATIENCE) -> Iterator[None]:
    """Fails what takes longer than `seconds`, or writes to a file outside the folder for temporary ones."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooSlowError

    temporary = Path(tempfile.gettempdir()).resolve()
    whole, low = builtins.open, os.open

    def opening(file: object, mode: str = "r", *args: object, **kwargs: object) -> object:
        if isinstance(file, str | Path) and set(mode) & set("wax+"):
            assert temporary in Path(file).resolve().parents, f"{file} was written"
        return whole(file, mode, *args, **kwargs)  # type: ignore[call-overload]  # stands in for a file

    def opening_low(path: object, flags: int, *args: object, **kwargs: object) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            assert temporary in [Path(str(path)).resolve(), *Path(str(path)).resolve().parents], path
        return low(path, flags, *args, **kwargs)  # type: ignore[arg-type]  # stands in for a file

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    builtins.open, os.open = opening, opening_low  # type: ignore[assignment]  # stands in for a file
    try:
        yield
    finally:
        builtins.open, os.open = whole, low
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def look_at(name: str, data: bytes) -> list[str]:
    """Read a file under guard; the codes of what was refused. There is always at least one record."""
    with guarded():
        found = [parse_and_sanitize(record) for record in records_of(name, data)]
    assert found
    return [record.rejected.code for record in found if record.rejected]


SLOW = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
names = st.sampled_from(sorted(FILES))


@SLOW
@given(names, st.floats(0, 1))
def test_a_file_that_was_cut_off_makes_no_reader_fail(name: str, part: float) -> None:
    look_at(name, FILES[name][: int(len(FILES[name]) * part)])


@SLOW
@given(names, st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=4)), max_size=8))
def test_a_file_that_was_changed_makes_no_reader_fail(name: str, changes: list[tuple[int, bytes]]) -> None:
    data = bytearray(FILES[name])
    for at, new in changes:
        place = at % len(data)
        data[place : place + len(new)] = new
    look_at(name, bytes(data))


@SLOW
@given(names, names)
def test_a_file_under_a_wrong_name_makes_no_reader_fail(name: str, other: str) -> None:
    look_at(name, FILES[other])


@SLOW
@given(names, st.binary(max_size=300))
def test_no_bytes_behind_a_good_beginning_make_a_reader_fail(name: str, rest: bytes) -> None:
    look_at(name, FILES[name][:40] + rest)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=4)), max_size=6),
    st.floats(0.2, 1),
)
def test_no_pdf_makes_its_reader_fail(changes: list[tuple[int, bytes]], part: float) -> None:
    data = bytearray(makers.pdf_of(TEXT))
    for at, new in changes:
        data[at % len(data)] = new[0]
    with guarded():
        found = pdf_worker.extract_pdf_text(bytes(data[: int(len(data) * part)]), 10)
    assert set(found) == {"pages", "error"}


HOSTILE = {
    "billion laughs in a feed": ("a.rss", makers.rss_of("<item><title>&a11;</title></item>", before=BOMB)),
    "billion laughs in a docx": ("a.docx", makers.docx_of("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", before=BOMB)),  # noqa: E501  bytes of a file
    "billion laughs in an xlsx": (
        "a.xlsx", makers.zipped({"xl/workbook.xml": (BOMB + "<workbook>&a11;</workbook>").encode()}),
    ),
    "deep XML": ("a.rss", makers.rss_of("<item>" + "<a>" * 50_000)),
    "deep HTML": ("a.html", b"<div>" * 50_000 + TEXT.encode()),
    "deep HTML in a feed": ("a.rss", makers.rss_of(f"<item><description><![CDATA[{'<div>' * 20_000}]]></description></item>")),  # noqa: E501  bytes of a file
    "deep docx": ("a.docx", makers.docx_of("<w:p>" * 20_000)),
    "deep JSON": ("a.json", b'{"a":' * 100_000),
    "deep parts of a letter": (
        "a.eml",
        b"Subject: x\n" + b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (at, at) for at in range(400)),  # noqa: E501  bytes of a file
    ),
    "a line without an end": ("a.jsonl", b'{"title": "' + b"x" * 900_000),
    "a cell without an end": ("a.csv", b'title\n"' + b"x\n" * 300_000),
    "nothing but commas": ("a.csv", b"title," + b"," * 500_000 + b"\n" + b"," * 400_000),
    "NUL bytes": ("a.jsonl", b'{"title": "\0\0", "body": "\\u0000"}'),
    "a warc of a bomb": (
        "a.warc", makers.warc_of(("http://x/", "text/html", gzip.compress(b"0" * 30_000_000)), packed=False, head="Content-Encoding: gzip\r\n"),  # noqa: E501  bytes of a file
    ),
    "a warc that claims a size": ("a.warc", b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),  # noqa: E501  bytes of a file
    "a tar that claims a size": ("a.tar", makers.tarred({"b.txt": b"x"}).replace(b"00000000001\0", b"77777777777\0")),  # noqa: E501  bytes of a file
    "gz in gz in gz": ("a.gz.gz.gz.gz", gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"x"))))),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_comes_to_an_end(name: str, data: bytes) -> None:
    look_at(name, data)


def sheet_with(row: str) -> bytes:
    """A workbook whose sheet holds this row as XML."""
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
    return makers.zipped({name: text.encode() for name, text in parts.items()})


@pytest.mark.parametrize("number", ["2", "99999999999999", "-5", "x"])
def test_a_sheet_that_claims_any_number_of_rows_comes_to_an_end(number: str) -> None:
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>title</t></is></c></row>'
    look_at(
        "a.xlsx", sheet_with(f'{head}<row r="{number}"><c t="inlineStr"><is><t>{TEXT}</t></is></c></row>')
    )


CYCLES = {
    "pages that hold themselves": makers.pdf_of(TEXT).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"),
    "a stream whose length is itself": makers.pdf_of(TEXT).replace(b"/Length ", b"/Length 4 0 R %", 1),
    "a form that draws itself": makers.pdf_of(
        TEXT, extra=["<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 6 /Resources << /XObject << /A 7 0 R"  # noqa: E501  bytes of a file
                     " >> >> >>\nstream\n/A Do \nendstream"],
    ).replace(b"/Resources <<", b"/Resources << /XObject << /A 7 0 R >>", 1).replace(b"BT /F1", b"/A Do BT /F1"),  # noqa: E501  bytes of a file
    "brackets without an end": makers.pdf_of(TEXT).replace(b"BT /F1", b"[" * 50_000),
}  # fmt: skip


@pytest.mark.parametrize("data", CYCLES.values(), ids=CYCLES)
def test_a_pdf_that_goes_in_circles_comes_to_an_end(data: bytes) -> None:
    with guarded(90):
        assert set(pdf.extract_pages(data)) == {"pages", "error"}


def test_a_pdf_reader_that_loops_is_stopped_and_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    loop = tmp_path / "loop.py"
    loop.write_text("import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass\n")
    monkeypatch.setattr(pdf, "WORKER_PROGRAM", loop)
    with guarded(60):
        assert pdf.extract_pages(b"%PDF-")["error"] == "pdf-heavy"


def test_a_locked_pdf_is_said_to_be_locked() -> None:
    locked = makers.pdf_of(
        TEXT,
        trailer="/Encrypt << /Filter /Standard /V 1 /R 2 /O ("
        + "x" * 32
        + ") /U ("
        + "y" * 32
        + ") /P -4 >> /ID [(a) (b)]",
    )
    assert pdf.extract_pages(locked)["error"] == "encrypted"


def test_the_guard_sees_what_is_written(tmp_path: Path) -> None:
    with pytest.raises(AssertionError), guarded():
        open("/var/outside.txt", "w")  # noqa: PTH123, SIM115  the test means it
