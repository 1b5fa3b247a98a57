"""Web pages, saved alone or in a WARC: every page is an article."""

from __future__ import annotations

import pytest

from articles.ingest.transform import parse_and_sanitize
from tests.articles.conftest import records_of
from tests.articles.readers.sample_files import PAGE, TEXT, TITLE, make_warc, parse_file, parse_only


def test_a_saved_page_is_an_article_without_its_menu() -> None:
    paragraphs = "".join(f"<p>{TEXT} وأضاف أن {number} عائلة تسلمت حصصها.</p>" for number in range(4))
    page = (
        '<!doctype html><html lang="ar"><head><meta charset="windows-1256"><title>وصول القافلة</title>'
        '<meta property="article:published_time" content="2012-05-24"></head><body><nav>'
        f"<a>الرئيسية</a><a>اتصل بنا</a></nav><article><h1>وصول القافلة</h1>{paragraphs}</article>"
        "<script>alert(1)</script></body></html>"
    )
    record = parse_and_sanitize(records_of("a.html", page.encode("cp1256"))[0])
    assert (record.title, record.date, record.charset) == ("وصول القافلة", "2012-05-24", "cp1256")
    assert record.body.count("القافلة") == 4
    assert "alert" not in record.body
    assert "الرئيسية" not in record.body


def test_control_characters_in_a_page_are_dropped_and_nothing_else() -> None:
    found = parse_only(
        "a.html", PAGE.replace("القديمة", "القديمة\x01", 1).replace(TEXT, f"\x0b{TEXT}").encode()
    )
    assert TEXT in found.body


@pytest.mark.parametrize("packed", [True, False])
def test_every_page_of_a_warc_is_an_article_with_its_url(packed: bool) -> None:
    data = make_warc(
        ("http://paper.example/1", "text/html; charset=utf-8", PAGE.encode()),
        ("http://paper.example/a.png", "image/png", b"\x89PNG"),
        ("http://paper.example/2", "text/html", PAGE.replace(TITLE, "ثان").encode("cp1256")),
        packed=packed,
    )
    first, second = parse_file("crawl.warc.gz" if packed else "crawl.warc", data)
    assert (first.title, first.url, first.row) == (TITLE, "http://paper.example/1", 1)
    assert TEXT in first.body
    assert (second.title, second.row, second.charset) == ("ثان", 3, "cp1256")
    assert ("warc-fetched", "2012-03-04") in [(problem.code, problem.detail) for problem in second.problems]
    assert ("warc-passed", "image/png 1") in [(problem.code, problem.detail) for problem in second.problems]
    assert first.date != "2012-03-04"  # the day of the crawl is not the day of publication


def test_a_truncated_warc_gives_the_pages_before_the_end() -> None:
    data = make_warc(*[(f"http://x.example/{n}", "text/html", PAGE.encode()) for n in range(3)], packed=False)
    found = parse_file("a.warc", data[: len(data) // 2])
    assert found[0].title == TITLE
