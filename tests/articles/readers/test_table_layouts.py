"""Tables as people have them: titles above the header, other names, columns that nobody reads."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils.translation import override
from openpyxl import Workbook

from articles.readers.blob import Blob
from articles.readers.column_mapper import ColumnMapper, TableSample, header_signature
from articles.readers.dispatch import read
from articles.readers.field_names import parse_serial_day
from articles.readers.tables import html_table as html_table_module
from articles.text.records import RawRecord
from tests.articles.conftest import LIMITS, import_paths
from tests.articles.readers.document_dumps import ods, ods_row
from tests.articles.readers.sample_files import (
    MORE,
    TEXT,
    TITLE,
    make_xlsx,
    make_zip,
    parse_file,
    problem_codes,
)

HEADER = ("العنوان", "التاريخ", "النص", "المصدر")
ROW = (TITLE, "04/03/2012", TEXT, "النهر")


def lines(*rows: tuple[str, ...], delimiter: str = ";") -> str:
    return "\r\n".join(delimiter.join(row) for row in rows) + "\r\n"


def html_table(*rows: tuple[str, ...], head: str = "") -> bytes:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<html><head><meta charset="utf-8">{head}</head><table>{body}</table></html>'.encode()


SPREADSHEET = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
    ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="أ"><Table>'
    "<Row>" + "".join(f"<Cell><Data>{name}</Data></Cell>" for name in HEADER) + "</Row>"
    f"<Row><Cell><Data>{TITLE}</Data></Cell><Cell><Data>04/03/2012</Data></Cell><Cell><Data>{TEXT}</Data></Cell>"
    '<Cell ss:Index="4"><Data>النهر</Data></Cell></Row></Table></Worksheet></Workbook>'
).encode()

TABLES = {
    "a line that names the delimiter": ("a.csv", "\ufeffsep=;\r\n" + lines(HEADER, ROW)),
    "a delimiter that would not be guessed": ("a.csv", "sep=^\n" + lines(HEADER, ROW, delimiter="^")),
    "a title and a blank line": ("a.csv", lines(("أرشيف الجريدة", "", "", ""), ("",) * 4, HEADER, ROW)),
    "a title without delimiters": ("a.csv", "أرشيف الجريدة لعام 2012\n" + lines(HEADER, ROW)),
    "four lines above": ("a.tsv", "أ\nب\nج\nد\n" + lines(HEADER, ROW, delimiter="\t")),
    "text of Excel": ("a.txt", lines(HEADER, ROW, delimiter="\t").encode("utf-16")),
    "text of Excel in windows-1256": ("a.txt", lines(HEADER, ROW, delimiter="\t").encode("cp1256")),
    "a name that says nothing": ("export", lines(HEADER, ROW)),
    "csv named as a workbook": ("a.xls", lines(HEADER, ROW)),
    "csv named xlsx": ("a.xlsx", lines(HEADER, ROW)),
    "HTML named as a workbook": ("a.xls", html_table(HEADER, ROW)),
    "HTML named xlsx": ("a.xlsx", html_table(("أرشيف",), HEADER, ROW)),
    "HTML named csv for Excel": ("a.csv", html_table(HEADER, ROW, head="<!-- Excel.Sheet -->")),
    "a page of Calc": ("a.html", html_table((" ",), HEADER, ROW, head="<title></title>")),
    "a table inside a table": ("a.xls", b"<html><table><tr><td>" + html_table(HEADER, ROW)),
    "XML of Excel 2003": ("a.xml", SPREADSHEET),
    "XML of Excel 2003 named as a workbook": ("a.xls", SPREADSHEET),
    "a workbook with a title": ("a.xlsx", make_xlsx(["أرشيف الجريدة"], [], HEADER, ROW)),
    "a workbook named zip": ("a.zip", make_xlsx(HEADER, ROW)),
    "a workbook named csv": ("a.csv", make_xlsx(HEADER, ROW)),
}  # fmt: skip


@pytest.mark.parametrize(("name", "data"), TABLES.values(), ids=TABLES)
def test_a_table_is_read_by_its_content(name: str, data: str | bytes) -> None:
    found = parse_file(name, data.encode() if isinstance(data, str) else data)
    assert [(each.title, each.date, each.body, each.source) for each in found] == [ROW]


@pytest.mark.parametrize(
    "text",
    [
        f"{TITLE}\n{TEXT}\n{MORE}\n",
        "العنوان، النص، التاريخ: هذه هي الحقول التي سأل عنها الموظف.\nثم ذهب.\n",
        "title, text and date of the report were asked for; none came, said the clerk\nThen he left, too.\n",
        "قال: العنوان;النص\nثم مضى\n",
    ],
)
def test_prose_is_no_table(text: str) -> None:
    assert [record.format for record in parse_file("a.txt", text.encode())] == ["txt"]


def test_rows_keep_the_numbers_of_the_file_and_the_lines_above_are_said() -> None:
    found = parse_file("a.csv", ("أرشيف الجريدة\n\n" + lines(HEADER, ROW, ROW)).encode())
    assert [record.row for record in found] == [4, 5]
    assert notes(found[0])["rows-above-header"] == "أرشيف الجريدة"
    assert problem_codes(found[1]) == set()


def notes(record: RawRecord) -> dict[str, str]:
    return {problem.code: problem.detail for problem in record.problems}


@pytest.mark.parametrize("make", ["csv", "xlsx", "xls"])
def test_the_columns_that_nobody_reads_are_said_once(make: str) -> None:
    header = ("م", *HEADER, "رابط الخبر")
    rows = (("1", *ROW, "x"), ("2", *ROW, "y"))
    data = {
        "csv": lambda: lines(header, *rows).encode(),
        "xlsx": lambda: make_xlsx(header, *rows),
        "xls": lambda: html_table(header, *rows),
    }[make]()
    found = parse_file(f"a.{make}", data)
    assert [notes(record).get("columns-unread") for record in found] == ["م، رابط الخبر", None]


@pytest.mark.django_db
def test_the_command_says_them_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(lines(("م", *HEADER), ("1", *ROW)))
    for dry in (True, False):
        (note,) = import_paths(path, dry_run=dry)["notes"]
        assert (note["file"], note["row"]) == ("a.csv", 2)
        assert "م" in note["note"]
    out = io.StringIO()
    with override("en"):
        call_command("import_articles", str(path), dry_run=True, stdout=out, stderr=io.StringIO())
    assert "a.csv:2: Columns of this table that nobody reads: \u2068م\u2069." in out.getvalue()


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("41489", "2013-08-03"), ("41489.375", "2013-08-03"), (" 36526 ", "2000-01-01"),
        ("2013", ""), ("20130803", ""), ("19000", ""), ("61000", ""), ("41489 ", "2013-08-03"), ("٤١٤٨٩", ""),
    ],
)  # fmt: skip
def test_days_since_the_epoch_of_spreadsheets(cell: str, day: str) -> None:
    assert parse_serial_day(cell) == day


def test_columns_of_a_content_management_system_are_read() -> None:
    head = ("nid", "title", "body__value", "created", "field_author", "field_source")
    (record,) = parse_file("a.csv", lines(head, ("1", TITLE, TEXT, "1330560000", "سمر خليل", "x")).encode())
    assert (record.title, record.body, record.date, record.byline) == (TITLE, TEXT, "1330560000", "سمر خليل")


def test_a_documented_date_counts_before_the_day_of_creation() -> None:
    head = ("title", "text", "created", "date")
    (record,) = parse_file("a.csv", lines(head, (TITLE, TEXT, "1330560000", "2011-05-01")).encode())
    assert record.date == "2011-05-01"


def test_a_number_of_days_in_the_column_of_dates_is_a_day_with_a_note() -> None:
    book = Workbook()
    book.active.append(HEADER)
    book.active.append([TITLE, 41489.5, TEXT, "النهر"])
    out = io.BytesIO()
    book.save(out)
    for name, data in (
        ("a.xlsx", out.getvalue()),
        ("a.csv", lines(HEADER, (TITLE, "41489", TEXT, "x")).encode()),
    ):
        (record,) = parse_file(name, data)
        assert record.date == "2013-08-03"
        assert "date-serial" in problem_codes(record)


@pytest.mark.parametrize(
    "header",
    [
        "id,indexed_date,language,media_name,media_url,publish_date,title,url",
        "stories_id,publish_date,title,url,language,ap_syndicated,themes,media_id,media_name,media_url",
    ],
)
def test_media_cloud_names_the_paper(header: str) -> None:
    values = {
        "media_name": "النهر",
        "publish_date": "2013-08-03",
        "title": TITLE,
        "url": "http://nahr.example.org/1",
    }
    row = ",".join(values.get(name, "x") for name in header.split(","))
    (record,) = parse_file("mc.csv", f"{header}\n{row}\n".encode())
    assert (record.source, record.date, record.title, record.url) == tuple(values[name] for name in values)


def test_in_other_tables_that_column_is_not_the_source() -> None:
    (record,) = parse_file("a.csv", f"title,media_name\n{TITLE},صورة\n".encode())
    assert record.source == ""


def test_names_of_files_in_a_zip_are_read_in_the_code_page_they_were_written_in() -> None:
    for charset in ("cp720", "cp1256", "utf-8"):
        for name in ("خبر الجسر.txt", "صحيفة/تقرير 3 آذار.txt", "ورشة.txt"):
            written = name.encode(charset).decode("cp437")
            data = bytearray(make_zip({"?" * len(written.encode("cp437")): TEXT.encode()}))
            data = bytearray(bytes(data).replace(b"?" * len(name.encode(charset)), name.encode(charset)))
            assert [each.file for each in parse_file("a.zip", bytes(data))] == [f"a.zip/{name}"], charset


def rows_of(name: str, data: bytes) -> tuple[list[RawRecord], list[TableSample]]:
    """Return the records of a file and what its preview shows of its tables."""
    samples: list[TableSample] = []
    blob = Blob(name, lambda: io.BytesIO(data), 2**30, len(data), ColumnMapper().with_samples_into(samples))
    return list(read(blob, LIMITS)), samples


UNKNOWN = (("م", "متى", "ماذا"), ("1", "2012", TEXT), ("2", "2013", MORE))


@pytest.mark.parametrize("kind", ["csv", "xlsx", "xls"])
def test_the_preview_asks_about_the_header_and_not_about_the_title_above_it(kind: str) -> None:
    rows = (("أرشيف الجريدة", "", ""), ("", "", ""), *UNKNOWN)
    data = {
        "csv": lambda: lines(*rows).encode(),
        "xlsx": lambda: make_xlsx(*rows),
        "xls": lambda: html_table(*rows),
    }[kind]()
    (refused,), (sample,) = rows_of(f"a.{kind}", data)
    assert refused.rejected
    assert refused.rejected.detail.startswith("أرشيف الجريدة")
    assert sample.header == UNKNOWN[0]
    assert [row[:2] for row in sample.rows] == [("1", "2012"), ("2", "2013")]


def test_a_header_below_a_title_of_which_people_said_one_column_is_found() -> None:
    data = lines(("أرشيف الجريدة", "", ""), *UNKNOWN).encode()
    columns = ColumnMapper(remembered={header_signature(UNKNOWN[0]): {"ماذا": "body"}})
    found = list(read(Blob("a.csv", lambda: io.BytesIO(data), 2**20, len(data), columns), LIMITS))
    assert [record.body for record in found] == [TEXT, MORE]


def test_a_cell_over_many_columns_costs_no_memory() -> None:
    wide = "<tr>" + "<td colspan=256>x</td>" * 1_500 + "</tr>"
    many = "<tr><td>x</td><td colspan=256></td></tr>" * 1_500
    for rows, count in ((wide, 1), (many, 1_500)):
        data = f"<html><table><tr><td>title</td></tr>{rows}</table></html>".encode()
        tracemalloc.start()
        found = sum(record.data == b'{"title": "x"}' for record in iter_rows(data))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert found == count
        assert peak < 1_500_000


def iter_rows(data: bytes) -> Iterator[RawRecord]:
    return read(Blob("a.xls", lambda: io.BytesIO(data), 2**20, len(data)), LIMITS)


def test_a_mail_of_outlook_is_no_workbook() -> None:
    head = '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8">'
    table = f"<table><tr><td>{TITLE}</td></tr></table>"
    page = f"{head}<meta name=ProgId content=Word.Document></head><body><h1>{TITLE}</h1><p>{TEXT}</p>{table}"
    assert {record.format for record in parse_file("a.htm", page.encode())} == {"html"}
    book = f"{head}<meta name=ProgId content=Excel.Sheet></head>".encode() + html_table(HEADER, ROW)
    assert {record.format for record in parse_file("a.htm", book)} == {"html-table"}


DAY = (
    '<table:table-cell office:value-type="date" office:date-value="2012-03-04T00:00:00">'
    "<text:p>٤ آذار</text:p></table:table-cell>"
)
GAP = '<table:table-cell table:number-columns-repeated="1000000"/>'


def test_the_sheets_of_an_ods_are_read_as_those_of_xlsx() -> None:
    note = "<office:annotation><text:p>تعليق</text:p></office:annotation>"
    texts = f'<text:p>{TEXT}</text:p><text:p>{MORE}<text:s text:c="2"/>.</text:p>'
    text = f"<table:table-cell>{note}{texts}</table:table-cell>"
    number = (
        '<table:table-cell office:value-type="float" office:value="7"><text:p>7.0</text:p></table:table-cell>'
    )
    rows = (
        ods_row("أرشيف الجريدة")
        + ods_row(*HEADER[:3], "id", GAP)
        + ods_row(GAP, times=40)
        + f"<table:table-row-group>{ods_row(TITLE, DAY, text, number, GAP)}</table:table-row-group>"
        + ods_row(GAP, times=1_048_000)
    )
    hidden = f"-{ods_row(*HEADER)}{ods_row(*ROW)}"
    first, second = parse_file("a.zip", ods(rows, hidden, ods_row(*HEADER) + ods_row(*ROW, times=900_000)))
    assert (first.title, first.date, first.external_id, first.row) == (TITLE, "2012-03-04", "7", 43)
    assert first.body.split("\n") == [TEXT, f"{MORE}  ."]
    assert problem_codes(first) == {"rows-above-header"}
    assert (second.file, second.source, second.row) == ("a.zip/3", "النهر", 2)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ods(ods_row("أ", "ب") + ods_row("ج", "د")), "csv-header"),
        (ods(ods_row(*HEADER), top='<!DOCTYPE a [<!ENTITY b "c">]>'), "office-broken"),
        (ods("<table:table-row>"), "office-broken"),
        (ods(ods_row(*HEADER), kind="presentation"), "odf-other"),
    ],
)
def test_what_is_no_table_of_articles_is_refused_with_what_to_do(data: bytes, code: str) -> None:
    (found,) = parse_file("a.ods", data)
    assert found.rejected is not None
    assert found.rejected.code == code


def test_a_table_within_an_article_does_not_make_it_a_table() -> None:
    table = html_table((" ",), ("العنوان", "التفاصيل"), ("شارع الجسر", "مغلق"), head="<title>خبر</title>")
    page = table.replace(
        b"<table", b"<p>" + ("قتل ثلاثة أشخاص في انفجار وقع في السوق. " * 9).encode() + b"</p><table", 1
    )
    assert {record.format for record in parse_file("a.html", table)} == {"html-table"}
    assert {record.format for record in parse_file("a.html", page)} == {"html"}


def test_a_page_is_not_parsed_to_find_out_that_it_is_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    parse = html_table_module._parse

    def noted(page: bytes) -> object:
        sizes.append(len(page))
        return parse(page)

    monkeypatch.setattr(html_table_module, "_parse", noted)
    layout = "<table><tr><td><table><tr><td>القائمة</td></tr></table></td></tr></table>"
    page = f"<html><body>{layout}<h1>{TITLE}</h1>{f'<p>{TEXT}</p>' * 9}</body></html>"
    assert {record.format for record in parse_file("a.html", page.encode())} == {"html"}
    assert 0 < sum(sizes) < 100
