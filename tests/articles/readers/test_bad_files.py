"""Files that cannot be read: each is rejected with its reason."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.ingest.transform import parse_and_sanitize
from articles.text.problem_messages import MESSAGES, describe
from articles.text.records import RawRecord
from tests.articles.conftest import LIMITS, jsonl_line, records_of
from tests.articles.readers.sample_files import (
    TEXT,
    make_docx,
    make_warc,
    make_zip,
    parse_file,
    rejection_code,
)


def encrypted_zip() -> bytes:
    data = bytearray(make_zip({"a.txt": TEXT.encode()}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1  # the flag "encrypted" in the central directory
    return bytes(data)


def link_zip() -> bytes:
    def as_link(info: zipfile.ZipInfo) -> None:
        info.external_attr = 0o120777 << 16

    return make_zip({"a.txt": b"/etc/passwd"}, as_link)


def damaged_zip() -> bytes:
    data = bytearray(make_zip({"a.txt": TEXT.encode() * 50}))
    data[60:70] = b"\0" * 10
    return bytes(data)


def zip_with_another_name() -> bytes:
    data = bytearray(make_zip({"a.txt": TEXT.encode()}))
    data[data.index(b"a.txt")] = ord("z")  # local header and central directory disagree
    return bytes(data)


def zip_of_unknown_method() -> bytes:
    data = bytearray(make_zip({"a.txt": TEXT.encode()}))
    data[data.rindex(b"PK\x01\x02") + 10] = 99
    return bytes(data)


def damaged_lzma_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", "".join(f"{number * number:x} " for number in range(1000)))
    data = bytearray(out.getvalue())
    data[200:600] = bytes(byte ^ 0x5A for byte in data[200:600])
    return bytes(data)


def encrypted_office_file() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 600
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 99
    )


BAD_FILES = {
    "empty file": ("a.txt", b"", "empty-file"),
    "only blanks": ("a.txt", b" \n\n ", "empty"),
    "blank lines only": ("a.jsonl", b"\n\n", "empty-file"),
    "over the limit": ("a.txt", b"x" * (LIMITS.file + 1), "file-too-large"),
    "a picture": ("a.txt", b"GIF89a" + b"\0" * 50, "binary"),
    "NUL bytes": ("a.csv", b"title,body\n\0\1\2\3\0\xff\xee", "binary"),
    "a RAR named txt": ("a.txt", b"Rar!\x1a\x07\x00", "binary"),
    "unknown ending": ("a.bin", b"\x00\x01", "unsupported"),
    "half-written line": ("a.jsonl", b'{"title": "\xd8\xa7", "body": "x', "json-broken"),
    "a list": ("a.jsonl", b"[1, 2]", "json-not-object"),
    "nested too deep": ("a.jsonl", b'{"title":' + b"[" * 100_000, "json-too-much"),
    "a number of many digits": ("a.jsonl", b'{"id":' + b"9" * 5000 + b"}", "json-too-much"),
    "title is a list": ("a.jsonl", b'{"title": ["x"], "body": "y"}', "field-not-text"),
    "title is not a number": ("a.jsonl", b'{"title": NaN, "body": "y"}', "field-not-text"),
    "id is beyond numbers": ("a.jsonl", b'{"id": -1e999, "body": "y"}', "field-not-text"),
    "cities are an object": ("a.jsonl", b'{"body": "y", "cities": {"name": "x"}}', "field-not-text"),
    "cities are a number": ("a.jsonl", b'{"body": "y", "cities": 7}', "field-not-text"),
    "a city is a number": ("a.jsonl", b'{"body": "y", "cities": ["x", 7]}', "field-not-text"),
    "neither title nor text": ("a.jsonl", b'{"id": "1", "date": "2012-01-01"}', "empty"),
    "id too long": ("a.jsonl", jsonl_line(id="9" * 300, title="x").encode(), "field-too-long"),
    "source too long": ("a.jsonl", jsonl_line(source="س" * 300, title="x").encode(), "field-too-long"),
    "csv without a header": ("a.csv", b"1,2,3\n4,5,6\n", "csv-header"),
    "page without text": ("a.html", b"<html><body><script>1</script></body></html>", "html-empty"),
    "damaged zip": ("a.zip", b"PK\x03\x04 and then nothing", "archive-broken"),
    "damaged member": ("a.zip", damaged_zip(), "archive-broken"),
    "member under another name": ("a.zip", zip_with_another_name(), "archive-broken"),
    "member packed in an unknown way": ("a.zip", zip_of_unknown_method(), "archive-broken"),
    "damaged LZMA member": ("a.zip", damaged_lzma_zip(), "archive-broken"),
    "name goes up": ("a.zip", make_zip({"../../etc/x.txt": b"x"}), "archive-name"),
    "absolute name": ("a.zip", make_zip({"/etc/x.txt": b"x"}), "archive-name"),
    "Windows name goes up": ("a.zip", make_zip({"..\\x.txt": b"x"}), "archive-name"),
    "drive letter": ("a.zip", make_zip({"C:\\x.txt": b"x"}), "archive-name"),
    "password": ("a.zip", encrypted_zip(), "archive-encrypted"),
    "link": ("a.zip", link_zip(), "archive-link"),
    "member over the limit": (
        "a.zip",
        make_zip({"a.txt": b"ab" * LIMITS.file}),
        "file-too-large",
    ),
    "gz bomb": ("a.txt.gz", gzip.compress(b"0" * (8 * 1024**2)), "file-too-large"),
    "damaged gz": ("a.txt.gz", gzip.compress(TEXT.encode() * 99)[:-30], "archive-broken"),
    "empty zip": ("a.zip", make_zip({}), "empty-file"),
}


@pytest.mark.parametrize(("name", "data", "code"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_rejected_with_its_reason(name: str, data: bytes, code: str) -> None:
    refused = [record.rejected for record in map(parse_and_sanitize, records_of(name, data))]
    assert [problem.code for problem in refused if problem] == [code]
    assert len(refused) == 1
    assert code not in describe(refused[0].code, refused[0].detail)  # a sentence, not a code


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.docx", encrypted_office_file(), "encrypted"),
        ("a.xlsx", encrypted_office_file(), "encrypted"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 900, "office-old"),
        ("a.docx", make_docx(""), "office-empty"),
        ("a.docx", make_zip({"word/document.xml": b"0" * 8_000_000}), "archive-bomb"),
        ("a.docx", b"PK\x03\x04 and then nothing", "office-broken"),
        ("a.xlsx", make_zip({"xl/workbook.xml": b"<workbook/>"}), "office-broken"),
        ("a.pdf", b"%PDF-1.4 and then nothing", "pdf-broken"),
        ("a.xml", b"<note><title>x</title></note>", "feed-unknown"),
        ("a.rss", b"no xml at all", "feed-unknown"),
        ("a.eml", b"no letter\n\nat all", "email-broken"),
        ("a.warc", b"no warc at all", "warc-broken"),
        ("a.warc", make_warc(("http://x.example/a.png", "image/png", b"x")), "warc-no-pages"),
        ("a.tar", b"no tar", "archive-broken"),
        ("a.tgz", gzip.compress(b"no tar" * 200, mtime=0), "archive-broken"),
        ("a.json", b'[{"title": "x"}, {"title"', "json-cut"),
        ("a.json", b'{"name": "x"}', "json-no-articles"),
        ("a.json", b"7", "json-not-object"),
        ("a.json", b"[" * 100_000, "json-too-much"),
    ],
)  # fmt: skip
def test_a_bad_document_is_rejected_with_its_reason(name: str, data: bytes, code: str) -> None:
    assert rejection_code(parse_file(name, data)[-1]) == code


def test_cities_and_details_of_rejections_can_be_stored() -> None:
    line = jsonl_line(title="خبر", cities=["حمص\0", "\0", "حلب\nالشهباء"])
    assert parse_and_sanitize(records_of("a.jsonl", line.encode())[0]).cities == ("حمص", "حلب الشهباء")
    unknown = "أعمدة لا نعرفها في هذا الملف".encode() + b"\xff,x\n1,2\n"
    for name, data in (("a.csv", unknown), ("a.\udcff", b"x")):
        refused = parse_and_sanitize(records_of(name, data)[0]).rejected
        assert refused is not None
        assert "\N{REPLACEMENT CHARACTER}" in refused.detail
        assert refused.detail.encode()  # no lone surrogate


@settings(deadline=None)
@given(
    data=st.binary(max_size=300),
    name=st.sampled_from(["a.txt", "a.jsonl", "a.csv", "a.html", "a.zip", "a.gz"]),
)
def test_no_bytes_make_a_reader_raise(data: bytes, name: str) -> None:
    found = [parse_and_sanitize(record) for record in records_of(name, data)]
    assert found
    assert all(isinstance(record, RawRecord) for record in found)


def test_every_code_has_a_message() -> None:
    assert {code for _name, _data, code in BAD_FILES.values()} <= set(MESSAGES)
