"""csv and xlsx files: the header names the fields, every row is an article.

The last tests cover misplaced quotation marks in csv: lines lost in a quotation are read again or counted.
"""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from articles.ingest.transform import parse_and_sanitize
from articles.readers.tables import csv_file
from tests.articles.conftest import records_of
from tests.articles.readers.sample_files import (
    MORE,
    TEXT,
    TITLE,
    make_xlsx,
    parse_file,
    parse_only,
    rejection_code,
)


def test_every_row_of_an_xlsx_is_an_article_with_dates_and_numbers_as_text() -> None:
    data = make_xlsx(
        ["id", "العنوان", "النص", "التاريخ", "المدن"],
        [7, TITLE, TEXT, datetime(2013, 5, 24), "حمص، حلب"],
        [],
        [8.0, "=cmd|'/c calc'!A1", MORE, "2013-05", None],
    )
    first, second = parse_file("أخبار.xlsx", data)
    assert (first.row, first.external_id, first.title, first.body) == (2, "7", TITLE, TEXT)
    assert (first.date, first.cities) == ("2013-05-24", ("حمص", "حلب"))
    assert (second.row, second.external_id, second.date) == (4, "8", "2013-05")


def test_visible_sheets_of_an_xlsx_are_read_and_one_without_known_columns_is_rejected_by_name() -> None:
    book = Workbook()
    book.active.append(["title"])
    book.active.append([TITLE])
    book.create_sheet("أرقام").append(["كم", "متى"])
    hidden = book.create_sheet("مخفي")
    hidden.append(["title"])
    hidden.append(["لا يقرأ"])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    found = parse_file("a.xlsx", out.getvalue())
    assert [(record.title, rejection_code(record)) for record in found] == [(TITLE, ""), ("", "csv-header")]
    assert found[1].file == "a.xlsx/أرقام"


def test_the_bytes_of_an_xlsx_row_do_not_depend_on_its_neighbours() -> None:
    one = parse_only("a.xlsx", make_xlsx(["title"], [TITLE]))
    two = parse_file("b.xlsx", make_xlsx(["title"], [TEXT], [TITLE]))[1]
    assert one.data == two.data


def test_formulas_in_a_csv_stay_text() -> None:
    data = b'title,body\n"=HYPERLINK(""http://x"")","@SUM(1)"\n'
    record = parse_and_sanitize(records_of("a.csv", data)[0])
    assert (record.title, record.body) == ('=HYPERLINK("http://x")', "@SUM(1)")


@pytest.mark.parametrize("delimiter", list(csv_file.DELIMITERS))
def test_csv_columns_have_english_or_arabic_names_and_any_delimiter(delimiter: str) -> None:
    data = delimiter.join(["id", "العنوان", "النص", "المدن"]) + "\n"
    data += delimiter.join(["7", '"عنوان\nفي سطرين"', '"نص"', '"حمص؛ حلب"']) + "\n"
    record = parse_and_sanitize(records_of("a.csv", data.encode("utf-8-sig"))[0])
    assert (record.external_id, record.title, record.body, record.cities) == (
        "7", "عنوان في سطرين", "نص", ("حمص", "حلب"),
    )  # fmt: skip
    assert record.row == 2


def test_a_csv_row_over_the_limit_is_rejected_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_file, "RECORD_BYTES", 1000)
    data = f'title,body\nأ,"{"x" * 2000}"\nب,نص\n'.encode()
    found = records_of("a.csv", data)
    assert [(record.row, record.rejected and record.rejected.code) for record in found] == [
        (2, "record-too-large"),
        (3, None),
    ]


def rows_of(csv_text: str) -> list[tuple[int, str, str]]:
    """Return row, title and problem codes of every record."""
    found = [
        parse_and_sanitize(record) for record in records_of("a.csv", f"id,title,body\n{csv_text}".encode())
    ]
    return [(each.row, each.title, " ".join(problem.code for problem in each.problems)) for each in found]


@pytest.mark.parametrize("next_row", ["2,ب,نص", '2,ب,"نص"', '"2","ب","نص"'])
def test_an_unclosed_quotation_mark_rejects_its_row_and_no_other(next_row: str) -> None:
    assert rows_of(f'1,أ,"نص\n{next_row}\n3,ج,نص\n') == [
        (2, "", "csv-unclosed"),
        (3, "ب", ""),
        (4, "ج", ""),
    ]


def test_swallowed_lines_that_are_not_rows_are_counted() -> None:
    found = records_of("a.csv", 'title,body\nأ,"نص\nسطر\nسطر آخر\n'.encode())
    assert [(record.rejected.code, record.rejected.detail) for record in found if record.rejected] == [
        ("csv-unclosed", "3")
    ]


def test_a_csv_truncated_in_its_last_row_has_that_row_rejected() -> None:
    assert rows_of('1,أ,نص\n2,ب,"نص مقطو') == [(2, "أ", ""), (3, "", "csv-unclosed")]


def test_rows_inside_a_closed_cell_are_noted() -> None:
    assert rows_of('1,أ,"نص\n2,ب,نص\n3,ج,"\n4,د,نص\n') == [(2, "أ", "csv-rows-inside"), (3, "د", "")]


def test_cells_of_several_lines_and_misplaced_marks_within_a_line_are_read() -> None:
    rows = (
        '1,أ,"سطر, ثم سطر, ثم آخر\nقال ""نعم"", ثم ذهب, ثم عاد"',
        '2,"قال "نعم" ثم ذهب",نص',
        '3,قال "نعم",نص',
    )
    assert rows_of("\n".join(rows)) == [(2, "أ", ""), (3, 'قال نعم" ثم ذهب"', ""), (4, 'قال "نعم"', "")]


def test_in_a_csv_full_of_unclosed_marks_every_line_is_a_row_or_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_file, "RECORD_BYTES", 5000)
    found = records_of("a.csv", ("id,title,body\n" + '1,2,3\n1,2","x\n' * 2000).encode())
    refused = [int(record.rejected.detail) for record in found if record.rejected]
    assert sum(refused) + sum(not record.rejected for record in found) == 4000


@settings(deadline=None)
@given(
    lines=st.lists(st.text('ab," ', max_size=12).filter(str.strip), max_size=8),
    short=st.booleans(),
)
def test_every_line_of_a_csv_belongs_to_exactly_one_record(lines: list[str], short: bool) -> None:
    data = "\n".join(["id,title,body" if short else "title,body", *lines])
    texts = [record.data.decode() for record in records_of("a.csv", data.encode())]
    cells = [line for line in lines if line.strip('," ')]
    if cells:
        assert [line for text in texts for line in text.split("\n") if line.strip('," ')] == cells
