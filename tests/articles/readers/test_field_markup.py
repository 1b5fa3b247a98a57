"""HTML in the fields of JSON and tables: exports of web sites hold it, and readers see its text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.readers.field_names import fill_fields
from articles.readers.markup import without_markup
from articles.text.records import RawRecord


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<p>وصلت القافلة.</p>\n<p>وعادت مساء.</p>", "وصلت القافلة.\nوعادت مساء."),
        ("&lt;p&gt;وصلت القافلة.&lt;/p&gt;", "وصلت القافلة."),
        ('قال <a href="https://daffa.example/1">الناطق</a> أمس.\nوأضاف.', "قال الناطق أمس.\nوأضاف."),
        ("سطر أول<br />سطر ثان", "سطر أول\nسطر ثان"),
        ("<DIV CLASS='x'>نص &amp; نص</DIV>", "نص & نص"),
        ("<p>نص</p><script>alert(1)</script>", "نص"),
        ("الحرارة < 5 و> 2", "الحرارة < 5 و> 2"),
        ("كتب <اسم> في الخانة &lt;هنا&gt;", "كتب <اسم> في الخانة &lt;هنا&gt;"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("<p></p>", "<p></p>"),
        ('<p>وصلت القافلة <a href="https://daffa.exa', "وصلت القافلة"),
    ],
)
def test_only_tags_of_a_page_go(written: str, text: str) -> None:
    assert without_markup(written) == text


def test_a_note_says_that_tags_were_taken_out() -> None:
    record = fill_fields(RawRecord("a.json", 1, b"{}"), {"title": "<b>خبر</b>", "body": "بلا وسوم"})
    assert (record.title, record.body) == ("خبر", "بلا وسوم")
    assert [(each.code, each.detail, each.fatal) for each in record.problems] == [("markup", "title", False)]


def test_deep_markup_loses_no_text() -> None:
    deep = "<div class='a'>" * 3000 + "وصلت القافلة." + "</div>" * 3000 + "<p>وعادت.</p>"
    assert without_markup(deep) == deep  # the parser gives up
    begun = f"<p>وصلت القافلة.</p>{deep}"
    assert without_markup(begun) == begun
    assert without_markup(f"<p>وصلت.</p>{'<b>أ ' * 300}") == f"وصلت.\n{'أ ' * 300}".strip()
    long = "م" * 5_010_000  # over ten million bytes
    assert without_markup(f"<p>{long}</p><p>وعادت.</p>").endswith("م\nوعادت.")


@given(st.text(alphabet="ابت <>&;/p=\n"))
def test_letters_stay(text: str) -> None:
    assert [each for each in without_markup(text) if each in "ابت"] == [
        each for each in text if each in "ابت"
    ]
