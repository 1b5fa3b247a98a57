"""Quotation marks of a csv that are out of place: what they swallow is read again, or said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.ingest.transform import parse_and_sanitize
from articles.readers.tables import csv_file
from tests.articles.conftest import records_of


def rows_of(csv_text: str) -> list[tuple[int, str, str]]:
    """Row, title, and why it was refused or what was noticed."""
    found = [
        parse_and_sanitize(record) for record in records_of("a.csv", f"id,title,body\n{csv_text}".encode())
    ]
    return [(each.row, each.title, " ".join(problem.code for problem in each.problems)) for each in found]


@pytest.mark.parametrize("next_row", ["2,ب,نص", '2,ب,"نص"', '"2","ب","نص"'])
def test_a_quotation_mark_that_is_not_closed_refuses_its_row_and_swallows_no_other(next_row: str) -> None:
    assert rows_of(f'1,أ,"نص\n{next_row}\n3,ج,نص\n') == [
        (2, "", "csv-unclosed"),
        (3, "ب", ""),
        (4, "ج", ""),
    ]


def test_lines_that_a_mark_swallowed_and_that_are_no_rows_are_counted() -> None:
    found = records_of("a.csv", 'title,body\nأ,"نص\nسطر\nسطر آخر\n'.encode())
    assert [(record.rejected.code, record.rejected.detail) for record in found if record.rejected] == [
        ("csv-unclosed", "3")
    ]


def test_a_csv_that_was_cut_off_in_its_last_row_says_so() -> None:
    assert rows_of('1,أ,نص\n2,ب,"نص مقطو') == [(2, "أ", ""), (3, "", "csv-unclosed")]


def test_rows_within_a_closed_text_are_said() -> None:
    assert rows_of('1,أ,"نص\n2,ب,نص\n3,ج,"\n4,د,نص\n') == [(2, "أ", "csv-rows-inside"), (3, "د", "")]


def test_texts_of_several_lines_and_marks_out_of_place_within_a_line_are_read_as_before() -> None:
    rows = (
        '1,أ,"سطر, ثم سطر, ثم آخر\nقال ""نعم"", ثم ذهب, ثم عاد"',
        '2,"قال "نعم" ثم ذهب",نص',
        '3,قال "نعم",نص',
    )
    assert rows_of("\n".join(rows)) == [(2, "أ", ""), (3, 'قال نعم" ثم ذهب"', ""), (4, 'قال "نعم"', "")]


def test_of_a_csv_with_nothing_but_open_marks_every_line_is_a_row_or_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(csv_file, "RECORD_BYTES", 5000)
    found = records_of("a.csv", ("id,title,body\n" + '1,2,3\n1,2","x\n' * 2000).encode())
    refused = [int(record.rejected.detail) for record in found if record.rejected]
    assert sum(refused) + sum(not record.rejected for record in found) == 4000


@given(
    lines=st.lists(st.text('ab," ', max_size=12).filter(str.strip), max_size=8),
    short=st.booleans(),
)
def test_every_line_of_a_csv_is_part_of_one_record(lines: list[str], short: bool) -> None:
    data = "\n".join(["id,title,body" if short else "title,body", *lines])
    texts = [record.data.decode() for record in records_of("a.csv", data.encode())]
    cells = [line for line in lines if line.strip('," ')]
    if cells:
        assert [line for text in texts for line in text.split("\n") if line.strip('," ')] == cells
