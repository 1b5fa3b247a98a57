"""Detection of a file's format by its name and its first bytes."""

from __future__ import annotations

import gzip
import io

import pytest

from articles.readers.blob import Blob
from articles.readers.filetype import detect_format
from tests.articles.readers.sample_files import (
    PAGE,
    TEXT,
    TITLE,
    docx_paragraphs,
    make_docx,
    make_pdf,
    make_rss,
    make_tar,
    make_warc,
    make_xlsx,
    make_zip,
    parse_only,
    problem_codes,
)


def tar_head(first_name: bytes) -> bytes:
    """Return the beginning of a tar whose first member has this name."""
    return first_name.ljust(257, b"\0") + b"ustar\0" + b"0" * 200


CONTENTS = {
    "plain text": TEXT.encode(),
    "UTF-16 text": TEXT.encode("utf-16"),
    "web page": b"\xef\xbb\xbf<!-- x --><!DOCTYPE html><p>",
    "XHTML page": b'<?xml version="1.0"?>\n<html lang="ar">',
    "RSS feed": b'<?xml version="1.0"?><!-- x --><rss version="2.0">',
    "page around RSS": b"<!doctype html><rss>",
    "WARC": b"WARC/1.0\r\nWARC-Type: warcinfo\r\n",
    "tar": tar_head(b"a.txt"),
    "tar of a page": tar_head(b"<html>.txt"),
    "tar named %PDF": tar_head(b"%PDF-1.4"),
    "zip": make_zip({"a.txt": b"x"}),
    "empty zip": make_zip({}),
    "broken zip": b"PK\x03\x04 and then nothing",
    "docx": make_zip({"word/document.xml": b"x"}),
    "xlsx": make_zip({"xl/workbook.xml": b"x"}),
    "docx and xlsx": make_zip({"xl/workbook.xml": b"x", "word/document.xml": b"x"}),
    "PDF": b"%PDF-1.4\n",
    "gzip": gzip.compress(b"x", mtime=0),
    "RTF": b"{\\rtf1 x}",
    "Microsoft Office": b"\xd0\xcf\x11\xe0" + b"\0" * 50,
    "PNG": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    "TIFF": b"II*\0" + b"\0" * 50,
    "GIF": b"GIF89a" + b"\0" * 50,
    "NUL": b"title,body\n\0\1\2\3\0\xff\xee",
    "?": b"\1\2\3\4abc",
}
#: Content by extension → key of the format; "bin" is rejected as binary, under the name of the row; "-" is
#: rejected as unsupported, "old" as a file of an old Office version; "sheet" is a table in HTML. Stored
#: records depend on these decisions.
DECISIONS = """
                  .txt  .jsonl .json .csv  .xlsx .html .docx .pdf  .eml  .xml  .warc .tar  .zip  .gz   .bin
plain text        txt   jsonl json  csv   xlsx  html  docx  pdf   eml   feed  warc  tar   zip   gz    -
UTF-16 text       txt   jsonl json  csv   xlsx  html  docx  pdf   eml   feed  warc  tar   zip   gz    -
web page          html  jsonl json  sheet sheet html  html  html  eml   html  html  html  html  html  html
XHTML page        html  jsonl json  sheet sheet html  html  html  eml   html  html  html  html  html  html
RSS feed          feed  jsonl json  csv   feed  html  feed  feed  eml   feed  feed  feed  feed  feed  feed
page around RSS   html  jsonl json  sheet sheet html  html  html  eml   html  html  html  html  html  html
WARC              warc  warc  warc  warc  warc  warc  warc  warc  warc  warc  warc  warc  warc  warc  warc
tar               tar   tar   tar   tar   tar   tar   tar   tar   tar   tar   tar   tar   tar   tar   tar
tar of a page     tar   tar   tar   tar   tar   tar   tar   tar   tar   tar   tar   tar   tar   tar   tar
tar named %PDF    pdf   pdf   pdf   pdf   pdf   pdf   pdf   pdf   pdf   pdf   pdf   tar   pdf   pdf   pdf
zip               zip   zip   zip   zip   xlsx  zip   docx  zip   zip   zip   zip   zip   zip   zip   zip
empty zip         zip   zip   zip   zip   xlsx  zip   docx  zip   zip   zip   zip   zip   zip   zip   zip
broken zip        zip   zip   zip   zip   xlsx  zip   docx  zip   zip   zip   zip   zip   zip   zip   zip
docx              docx  docx  docx  docx  docx  docx  docx  docx  docx  docx  docx  docx  docx  docx  docx
xlsx              xlsx  xlsx  xlsx  xlsx  xlsx  xlsx  xlsx  xlsx  xlsx  xlsx  xlsx  xlsx  xlsx  xlsx  xlsx
docx and xlsx     docx  docx  docx  docx  docx  docx  docx  docx  docx  docx  docx  docx  docx  docx  docx
PDF               pdf   pdf   pdf   pdf   pdf   pdf   pdf   pdf   pdf   pdf   pdf   pdf   pdf   pdf   pdf
gzip              gz    gz    gz    gz    gz    gz    gz    gz    gz    gz    gz    gz    gz    gz    gz
RTF               rtf   rtf   rtf   rtf   rtf   rtf   rtf   rtf   rtf   rtf   rtf   rtf   rtf   rtf   rtf
Microsoft Office  old   old   old   old   xlsx  old   docx  old   old   old   old   old   old   old   old
PNG               image image image image image image image image image image image image image image image
TIFF              image image image image image image image image image image image image image image image
GIF               bin   bin   bin   bin   xlsx  bin   docx  pdf   bin   bin   warc  tar   zip   gz    -
NUL               bin   bin   bin   bin   xlsx  bin   docx  pdf   bin   bin   warc  tar   zip   gz    -
?                 bin   bin   bin   bin   xlsx  bin   docx  pdf   bin   bin   warc  tar   zip   gz    -
"""
EXTENSIONS, *ROWS = DECISIONS.strip("\n").splitlines()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[:18].strip())
def test_the_format_of_every_content_under_every_extension(row: str) -> None:
    name, data = row[:18].strip(), CONTENTS[row[:18].strip()]
    decisions = {
        extension: detect_format(Blob(f"a{extension}", lambda: io.BytesIO(data), 10**6), data)
        for extension in EXTENSIONS.split()
    }
    rejections = {"unsupported": "-", "office-old": "old", f"binary: {name}": "bin"}
    shown = {"html-table": "sheet"}
    assert [
        shown.get(found.key, found.key) if found else rejections[reason]
        for found, reason in decisions.values()
    ] == row[18:].split()


@pytest.mark.parametrize(
    ("name", "data", "title"),
    [
        ("story.php", PAGE.encode(), TITLE),
        ("page.txt", b"\xef\xbb\xbf" + PAGE.encode(), TITLE),
        ("rss.aspx", make_rss(f"<item><title>{TITLE}</title></item>"), TITLE),
        ("خبر.txt", make_docx(docx_paragraphs(TEXT, title=TITLE)), TITLE),
        ("table.docx", make_xlsx(["title"], [TITLE]), TITLE),
        ("download", make_tar({"a.jsonl": f'{{"title": "{TITLE}"}}'.encode()}), TITLE),
        ("crawl", make_warc(("http://x.example/", "text/html", PAGE.encode()), packed=False), TITLE),
    ],
)  # fmt: skip
def test_content_overrules_a_missing_or_wrong_extension(name: str, data: bytes, title: str) -> None:
    assert parse_only(name, data).title == title


def test_a_record_notes_that_its_content_overruled_the_extension() -> None:
    assert "sniffed" in problem_codes(parse_only("a.txt", make_pdf(TEXT)))
