"""Web archives, letters, tars and json: what of them becomes an article."""

from __future__ import annotations

import tarfile

import pytest

from tests.articles import makers
from tests.articles.formats import MORE, PAGE, TEXT, TITLE, codes, only, read_of, refusal

# -- WARC


@pytest.mark.parametrize("packed", [True, False])
def test_every_page_of_a_warc_is_an_article_with_its_address(packed: bool) -> None:
    data = makers.warc_of(
        ("http://paper.example/1", "text/html; charset=utf-8", PAGE.encode()),
        ("http://paper.example/a.png", "image/png", b"\x89PNG"),
        ("http://paper.example/2", "text/html", PAGE.replace(TITLE, "ثان").encode("cp1256")),
        packed=packed,
    )
    first, second = read_of("crawl.warc.gz" if packed else "crawl.warc", data)
    assert (first.title, first.url, first.row) == (TITLE, "http://paper.example/1", 1)
    assert TEXT in first.body
    assert (second.title, second.row, second.charset) == ("ثان", 3, "cp1256")
    assert ("warc-fetched", "2012-03-04") in [(problem.code, problem.detail) for problem in second.problems]
    assert ("warc-passed", "image/png 1") in [(problem.code, problem.detail) for problem in second.problems]
    assert first.date != "2012-03-04"  # the day of the fetch is no day of publication


def test_a_warc_that_was_cut_off_gives_the_pages_before_and_says_so() -> None:
    data = makers.warc_of(
        *[(f"http://x.example/{n}", "text/html", PAGE.encode()) for n in range(3)], packed=False
    )
    found = read_of("a.warc", data[: len(data) // 2])
    assert found[0].title == TITLE


# -- letters


def test_a_letter_is_an_article_and_its_attachments_are_read_too() -> None:
    data = makers.eml_of(
        TEXT, TITLE, {"خبر.docx": makers.docx_of(makers.docx_body(MORE)), "صورة.png": b"\x89PNG\0"}
    )
    letter, document = read_of("a.eml", data)
    assert (letter.title, letter.body) == (TITLE, TEXT)
    assert (letter.byline, letter.date, letter.external_id) == (
        "مكتب الأخبار",
        "2013-05-24",
        "1@paper.example",
    )
    assert ("email-attachments", "خبر.docx، صورة.png") in [(p.code, p.detail) for p in letter.problems]
    assert (document.file, document.body) == ("a.eml/خبر.docx", MORE)


def test_a_letter_in_html_gives_its_text() -> None:
    assert (
        only("a.eml", makers.eml_of("", TITLE, html=f"<p>{TEXT}</p><p>{MORE}</p>")).body == f"{TEXT}\n{MORE}"
    )


def test_a_letter_whose_headers_are_raw_windows_1256_is_read() -> None:
    head = f"From: desk@paper.example\nSubject: {TITLE}\nContent-Type: text/plain\n\n{TEXT}"
    record = only("a.eml", head.encode("cp1256"))
    assert (record.title, record.body) == (TITLE, TEXT)


# -- tar, json


@pytest.mark.parametrize(("name", "kind"), [("a.tar", "w"), ("a.tar.gz", "w:gz"), ("a.tgz", "w:gz")])
def test_a_tar_is_read_packed_or_not_and_what_it_holds_may_be_packed_too(name: str, kind: str) -> None:
    inner = makers.zipped({"b.txt": MORE.encode()})
    found = read_of(name, makers.tarred({"أ/خبر.txt": TEXT.encode(), "b.zip": inner}, kind))
    assert [record.body for record in found] == [TEXT, MORE]
    assert found[0].file.endswith("/أ/خبر.txt")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (tarfile.SYMTYPE, "archive-link"),
        (tarfile.LNKTYPE, "archive-link"),
        (tarfile.CHRTYPE, "archive-special"),
        (tarfile.FIFOTYPE, "archive-special"),
    ],
)
def test_what_is_no_plain_file_in_a_tar_is_refused(kind: bytes, code: str) -> None:
    info = tarfile.TarInfo("a.txt")
    info.type, info.linkname = kind, "/etc/passwd"
    assert refusal(only("a.tar", makers.tar_of(info))) == code


@pytest.mark.parametrize("name", ["/etc/x.txt", "../x.txt", "a/../../x.txt"])
def test_a_name_that_leads_out_of_a_tar_is_refused(name: str) -> None:
    assert refusal(only("a.tar", makers.tarred({name: b"x"}))) == "archive-name"


def test_json_may_be_a_list_one_object_an_object_with_a_list_or_lines() -> None:
    two = '{"title": "أ"}, {"title": "ب", "body": "نص"}'
    for written in (f"[{two}]", f'{{"count": 2, "articles": [{two}]}}', two.replace("}, {", "}\n{")):
        assert [record.title for record in read_of("a.json", written.encode())] == ["أ", "ب"]
    assert only("a.json", '{"title": "أ"}'.encode("utf-16")).title == "أ"


# -- what a file is, whatever its name says


@pytest.mark.parametrize(
    ("name", "data", "title"),
    [
        ("story.php", PAGE.encode(), TITLE),
        ("page.txt", b"\xef\xbb\xbf" + PAGE.encode(), TITLE),
        ("rss.aspx", makers.rss_of(f"<item><title>{TITLE}</title></item>"), TITLE),
        ("خبر.txt", makers.docx_of(makers.docx_body(TEXT, title=TITLE)), TITLE),
        ("table.docx", makers.xlsx_of(["title"], [TITLE]), TITLE),
        ("download", makers.tarred({"a.jsonl": f'{{"title": "{TITLE}"}}'.encode()}), TITLE),
        ("crawl", makers.warc_of(("http://x.example/", "text/html", PAGE.encode()), packed=False), TITLE),
    ],
)  # fmt: skip
def test_a_file_is_read_as_what_it_is(name: str, data: bytes, title: str) -> None:
    assert only(name, data).title == title


def test_a_file_that_is_not_what_its_ending_says_is_noted() -> None:
    assert "sniffed" in codes(only("a.txt", makers.pdf_of(TEXT)))
