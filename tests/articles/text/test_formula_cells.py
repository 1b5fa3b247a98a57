"""Cells that a spreadsheet would run are written so that it does not, and read as they were."""

from __future__ import annotations

import pytest

from articles.text.sanitize import escape_formula, unescape_formula


def test_a_formula_behind_a_semicolon_is_none() -> None:
    assert escape_formula("خبر;=HYPERLINK(A1);نص") == "خبر;'=HYPERLINK(A1);نص"
    assert escape_formula("3 - 2; 5") == "3 - 2; 5"


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("نص\n=cmd|x", "نص\n'=cmd|x"),
        ("نص\r\n +1", "نص\r\n' +1"),
        ("نص\t@SUM(A1)", "نص\t'@SUM(A1)"),
        ('نص;"=1"', 'نص;\'"=1"'),
        ("نص\n-2+3", "نص\n'-2+3"),
        ("نص\n- قال", "نص\n- قال"),
        ("نص\n'=1", "نص\n''=1"),
    ],
)
def test_a_formula_behind_a_line_break_or_tab_is_none_and_comes_back(cell: str, safe: str) -> None:
    """A spreadsheet whose separator is a semicolon does not know that a quoted cell goes on."""
    assert escape_formula(cell) == safe
    assert unescape_formula(safe) == cell
