"""Exports of Factiva and Nexis that differ from the common ones, and reports that are none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

import pytest

from articles.text.records import RawRecord
from tests.articles.readers.database_dumps import factiva_lines, nexis_lines
from tests.articles.readers.sample_files import (
    TEXT,
    make_zip,
    parse_file,
    parse_only,
    problem_codes,
    rejection_code,
)
from tests.articles.readers.stories import Story, draw_stories

TITLE = "صيانة الجسر القديم تبدأ غدا"
NUMBER = "Document NAHR000020130803e98300001"


def factiva(
    *below: str, above: tuple[str, ...] = ("أخبار", TITLE), text: str = f"\n{TEXT}\n\nثم عاد."
) -> RawRecord:
    """Return the record of an article: lines above its count of words, below its paper's code, its text."""
    lines = [*above, "512 words", "3 August 2013", "09:15 GMT", "النهر", "NAHR", *below]
    return parse_only("a.txt", "\n".join([*lines, text, "", NUMBER, ""]).encode())


@pytest.mark.parametrize("language", ["Arabic", "Arabisch", "Englisch", "Inglés", "Árabe", "Ruritanisch", ""])
@pytest.mark.parametrize("rights", ["(c) 2013 النهر. All Rights Reserved.", ""])
@pytest.mark.parametrize("blank", ["\n", ""])
def test_an_article_of_factiva_has_its_text_whatever_its_language_is_called(
    language: str, rights: str, blank: str
) -> None:
    record = factiva(*filter(None, (language, rights)), text=f"{blank}{TEXT}\n\nثم عاد.")
    assert (record.title, record.body, record.date) == (TITLE, f"{TEXT}\n\nثم عاد.", "2013-08-03")


def test_an_article_of_factiva_without_a_text_is_rejected() -> None:
    assert rejection_code(factiva("Arabic", "(c) 2013", text="")) == "office-empty"
    assert rejection_code(factiva("Ruritanisch", text="")) == "office-empty"


@pytest.mark.parametrize(
    ("above", "title", "author"),
    [
        (("أخبار محلية وعربية", "هدوء حذر"), "هدوء حذر", ""),
        (("أخبار محلية وعربية اليوم", "انفجار في دمشق"), "انفجار في دمشق", ""),
        (("أخبار", TITLE, "ليلى ناصر"), TITLE, "ليلى ناصر"),
        (("أخبار", TITLE, "عبد الله الأحمد"), TITLE, "عبد الله الأحمد"),
        (("أخبار", "هدوء حذر", "بقلم: ر. ز."), "هدوء حذر", "ر. ز"),
        (("International News Desk Report", "Calm Returns"), "Calm Returns", ""),
        (
            ("News", "Calm returns to the old town", "John Smith"),
            "Calm returns to the old town",
            "John Smith",
        ),
    ],
)
def test_a_short_headline_of_factiva_is_no_author(above: tuple[str, ...], title: str, author: str) -> None:
    record = factiva("Arabic", above=above)
    assert (record.title, record.byline) == (title, author)


INSIDE = f"{TEXT}\n\nSeries: الجسر القديم\n\nSubject: قال الوزير إن العمل مستمر.\n\nوبلغت النسبة (12%)"
NEW = f"""Documents (1)

{TITLE}
النهر
August 3, 2013 Saturday

Copyright 2013 النهر All Rights Reserved

Section: NEWS; Pg. 3
Edition: 1
Length: 512 words
Byline: ليلى ناصر
Dateline: دمشق

Body

{INSIDE}

Classification

Language: ARABIC
Subject: BRIDGES (90%); ROADS (70%);
RIVERS (60%)

Industry: BUILDING (80%)

Load-Date: August 9, 2019

End of Document
"""
OLD = f"""   1 of 2 DOCUMENTS

   النهر

   August 3, 2013 Saturday

{TITLE}

BYLINE: ليلى ناصر

SECTION: NEWS; Pg. 3

LENGTH: 512 words

HIGHLIGHT: موجز الخبر
في سطرين

DATELINE: دمشق

{INSIDE}

LOAD-DATE: August 9, 2019

LANGUAGE: ARABIC

PUBLICATION-TYPE: Newspaper

   Copyright 2013 النهر
       All Rights Reserved
"""


@pytest.mark.parametrize(
    "text", [NEW, NEW.replace("Body\n\n", ""), NEW.replace("\n\n", "\n"), OLD],
    ids=["new", "without Body", "without blank lines", "old"],
)  # fmt: skip
def test_lines_like_fields_do_not_cut_a_text_of_nexis(text: str) -> None:
    record = parse_only("a.txt", text.encode())
    assert record.body.replace("\n\n", "\n") == INSIDE.replace("\n\n", "\n")
    assert (record.title, record.date, record.source, record.byline) == (
        TITLE, "2013-08-03", "النهر", "ليلى ناصر",
    )  # fmt: skip
    assert problem_codes(record) == set()


@pytest.mark.parametrize(
    "text", [f"{TEXT}\n\nEnd of Document\n", f"{TITLE}\n\n{TEXT}\n\nLength: the end\n\nEnd of Document"]
)
def test_a_report_with_the_words_of_an_end_is_no_export(text: str) -> None:
    record = parse_only("a.txt", text.encode())
    assert record.format == "txt"
    assert TEXT in record.body


def test_articles_of_nexis_without_fields_are_read_and_other_parts_are_counted() -> None:
    bare = f"عنوان ثان\nالنهر\nAugust 4, 2013 Sunday\n\nCopyright 2013 النهر\n\n{TEXT}\n\nEnd of Document\n"
    first, second = parse_file("a.txt", f"{NEW}\nسطر بلا حقول\n\nEnd of Document\n{bare}".encode())
    assert (first.title, second.title, second.body, second.date) == (TITLE, "عنوان ثان", TEXT, "2013-08-04")
    passed = [problem.detail for problem in second.problems if problem.code == "passed-over"]
    assert passed == ["part without day and fields 1"]


def test_an_export_of_nexis_with_nothing_but_its_cover_is_no_empty_file() -> None:
    cover = "User Name: x\nJob Number: 1\nDocuments (1)\nLoad-Date: none\nEnd of Document\n"
    assert rejection_code(
        parse_only("a.txt", cover.replace("Load-Date: none", "1 of 1 DOCUMENTS").encode())
    ) == ("no-articles")


@pytest.mark.parametrize("lines", [factiva_lines, nexis_lines])
def test_an_export_that_libreoffice_saved_is_divided_too(
    lines: Callable[[Sequence[Story]], list[str]],
) -> None:
    stories = draw_stories(2, seed=5)
    body = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines(stories))
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
        f"{body}</office:text></office:body></office:document-content>"
    )
    data = make_zip({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})
    found = parse_file("a.odt", data)
    assert [(each.title, each.source) for each in found] == [(each.title, each.source) for each in stories]
