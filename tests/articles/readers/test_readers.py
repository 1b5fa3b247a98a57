"""Formats, and everything that can be wrong with a file."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.ingest.transform import parse_and_sanitize
from articles.readers.tables import csv_file
from articles.text.limits import Limits
from articles.text.problem_messages import MESSAGES, describe
from articles.text.records import RawRecord
from tests.articles.conftest import LIMITS, jsonl_line, records_of
from tests.articles.makers import zipped

TEXT = "وصلت القافلة إلى مدينة حمص القديمة مساء الخميس، وقال الهلال الأحمر إن التوزيع بدأ."


def encrypted_zip() -> bytes:
    data = bytearray(zipped({"a.txt": TEXT.encode()}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1  # the flag in the directory: "encrypted"
    return bytes(data)


def link_zip() -> bytes:
    def as_link(info: zipfile.ZipInfo) -> None:
        info.external_attr = 0o120777 << 16

    return zipped({"a.txt": b"/etc/passwd"}, as_link)


def damaged_zip() -> bytes:
    data = bytearray(zipped({"a.txt": TEXT.encode() * 50}))
    data[60:70] = b"\0" * 10
    return bytes(data)


def zip_with_another_name() -> bytes:
    data = bytearray(zipped({"a.txt": TEXT.encode()}))
    data[data.index(b"a.txt")] = ord("z")  # the member's own header and the directory disagree
    return bytes(data)


def zip_of_unknown_method() -> bytes:
    data = bytearray(zipped({"a.txt": TEXT.encode()}))
    data[data.rindex(b"PK\x01\x02") + 10] = 99
    return bytes(data)


def damaged_lzma_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.txt", "".join(f"{number * number:x} " for number in range(1000)))
    data = bytearray(out.getvalue())
    data[200:600] = bytes(byte ^ 0x5A for byte in data[200:600])
    return bytes(data)


BAD_FILES = {
    "empty file": ("a.txt", b"", "empty-file"),
    "only blanks": ("a.txt", b" \n\n ", "empty"),
    "blank lines only": ("a.jsonl", b"\n\n", "empty-file"),
    "over the limit": ("a.txt", b"x" * (LIMITS.file + 1), "file-too-large"),
    "a picture": ("a.txt", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "binary"),
    "NUL bytes": ("a.csv", b"title,body\n\0\1\2\3\0\xff\xee", "binary"),
    "a RAR named txt": ("a.txt", b"Rar!\x1a\x07\x00", "binary"),
    "unknown ending": ("a.odt", b"\x00\x01", "unsupported"),
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
    "name goes up": ("a.zip", zipped({"../../etc/x.txt": b"x"}), "archive-name"),
    "absolute name": ("a.zip", zipped({"/etc/x.txt": b"x"}), "archive-name"),
    "Windows name goes up": ("a.zip", zipped({"..\\x.txt": b"x"}), "archive-name"),
    "drive letter": ("a.zip", zipped({"C:\\x.txt": b"x"}), "archive-name"),
    "password": ("a.zip", encrypted_zip(), "archive-encrypted"),
    "link": ("a.zip", link_zip(), "archive-link"),
    "member over the limit": ("a.zip", zipped({"a.txt": b"ab" * LIMITS.file}), "file-too-large"),
    "gz bomb": ("a.txt.gz", gzip.compress(b"0" * (8 * 1024**2)), "file-too-large"),
    "damaged gz": ("a.txt.gz", gzip.compress(TEXT.encode() * 99)[:-30], "archive-broken"),
    "empty zip": ("a.zip", zipped({}), "empty-file"),
}


@pytest.mark.parametrize(("name", "data", "code"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_refused_with_its_reason(name: str, data: bytes, code: str) -> None:
    refused = [record.rejected for record in map(parse_and_sanitize, records_of(name, data))]
    assert [problem.code for problem in refused if problem] == [code]
    assert len(refused) == 1
    assert code not in describe(refused[0].code, refused[0].detail)  # a sentence, not a code


def test_an_archive_that_expands_beyond_the_limit_is_refused_whole() -> None:
    data = zipped({f"{number}.txt": TEXT.encode() * 6000 for number in range(6)})
    limits = Limits(file=1024**2, total=2 * 1024**2)
    assert [record.rejected.code for record in records_of("a.zip", data, limits) if record.rejected] == [
        "archive-too-large"
    ]


def test_a_member_that_expands_as_no_text_does_is_refused_and_its_neighbours_are_read() -> None:
    limits = Limits(file=64 * 1024**2, total=64 * 1024**2)
    found = records_of("a.zip", zipped({"bomb.txt": b"0" * (8 * 1024**2), "news.txt": TEXT.encode()}), limits)
    assert [(record.file, record.rejected and record.rejected.code) for record in found] == [
        ("a.zip/bomb.txt", "archive-bomb"),
        ("a.zip/news.txt", None),
    ]


def test_archives_nest_twice_and_no_deeper() -> None:
    data = zipped({"news.txt": TEXT.encode()})
    twice = zipped({"inner.zip": data})
    assert [parse_and_sanitize(record).body for record in records_of("a.zip", twice)] == [TEXT]
    thrice = records_of("a.zip", zipped({"outer.zip": twice}))
    assert [record.rejected.code for record in thrice if record.rejected] == ["archive-too-deep"]


def test_folders_inside_a_zip_stay_in_the_name_and_system_files_are_passed_over() -> None:
    files = {"أخبار/حمص/1.txt": TEXT.encode(), "__MACOSX/._1.txt": b"\0", "أخبار/.DS_Store": b"\0"}
    assert [record.file for record in records_of("a.zip", zipped(files))] == ["a.zip/أخبار/حمص/1.txt"]


def test_one_broken_line_leaves_its_neighbours_alone_and_is_named() -> None:
    lines = [jsonl_line(title="أول"), '{"title": "ناق', jsonl_line(title="ثالث")]
    found = [parse_and_sanitize(record) for record in records_of("a.jsonl", "\n".join(lines).encode())]
    assert [(record.row, record.title, bool(record.rejected)) for record in found] == [
        (1, "أول", False),
        (2, "", True),
        (3, "ثالث", False),
    ]


def test_the_original_of_a_line_is_its_very_bytes_in_every_encoding() -> None:
    line = jsonl_line(title="خبر من حمص عن القافلة", body=TEXT)
    for encoding in ("utf-8", "utf-16-le", "cp1256"):
        data = f"{line}\r\n{line}".encode(encoding)
        assert [record.data for record in records_of("a.jsonl", data)] == [line.encode(encoding)] * 2


def test_broken_bytes_are_shown_as_such_and_said() -> None:
    data = TEXT.encode()[:21] + b"\xff" + TEXT.encode()[22:]
    record = parse_and_sanitize(records_of("a.txt", data)[0])
    assert "\N{REPLACEMENT CHARACTER}" in record.body
    assert "bytes-broken" in [problem.code for problem in record.problems]
    assert record.data == data


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_half_characters_of_utf_16_and_32_are_shown_as_such(name: str, encoding: str) -> None:
    bodies = {
        "a.txt": "خبر \ud800 هنا",
        "a.jsonl": '{"title": "خبر \ud800 هنا"}\n',
        "a.csv": "title\nخبر \ud800 هنا\n",
    }
    data = bodies[name].encode(encoding, "surrogatepass")
    mark = "\ufeff".encode(encoding)
    record = parse_and_sanitize(records_of(name, mark + data + b"\6")[0])  # and half a character at the end
    assert record.rejected is None
    assert "خبر \N{REPLACEMENT CHARACTER} هنا" in f"{record.title} {record.body}"


def test_what_is_said_of_a_file_and_its_cities_can_be_stored() -> None:
    line = jsonl_line(title="خبر", cities=["حمص\0", "\0", "حلب\nالشهباء"])
    assert parse_and_sanitize(records_of("a.jsonl", line.encode())[0]).cities == ("حمص", "حلب الشهباء")
    unknown = "أعمدة لا نعرفها في هذا الملف".encode() + b"\xff,x\n1,2\n"
    for name, data in (("a.csv", unknown), ("a.\udcff", b"x")):
        refused = parse_and_sanitize(records_of(name, data)[0]).rejected
        assert refused is not None
        assert "\N{REPLACEMENT CHARACTER}" in refused.detail
        assert refused.detail.encode()  # no half character


@pytest.mark.parametrize("cities", [None, [], "", [None, ""]])
def test_cities_may_be_left_open(cities: object) -> None:
    record = parse_and_sanitize(records_of("a.jsonl", jsonl_line(title="خبر", cities=cities).encode())[0])
    assert (record.cities, record.problems) == ((), ())


def test_a_number_of_hundreds_of_digits_is_text() -> None:
    record = parse_and_sanitize(
        records_of("a.jsonl", b'{"id": 1' + b"0" * 150 + b', "title": 1' + b"0" * 400 + b"}")[0]
    )
    assert (len(record.external_id), len(record.title), record.problems) == (151, 401, ())


def test_a_refused_field_is_named() -> None:
    line = b'{"body": "x", "cities": {"name": "x"}}'
    refused = parse_and_sanitize(records_of("a.jsonl", line)[0]).rejected
    assert refused is not None
    assert refused.detail == "cities"


def test_formulas_of_a_csv_are_text() -> None:
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


def test_a_huge_csv_field_is_refused_and_the_next_row_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "RECORD_BYTES", 1000)
    data = f'title,body\nأ,"{"x" * 2000}"\nب,نص\n'.encode()
    found = records_of("a.csv", data)
    assert [(record.row, record.rejected and record.rejected.code) for record in found] == [
        (2, "record-too-large"),
        (3, None),
    ]


def test_a_saved_page_gives_its_article_without_the_menu() -> None:
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


@given(
    data=st.binary(max_size=300),
    name=st.sampled_from(["a.txt", "a.jsonl", "a.csv", "a.html", "a.zip", "a.gz"]),
)
def test_no_bytes_make_a_reader_fail(data: bytes, name: str) -> None:
    found = [parse_and_sanitize(record) for record in records_of(name, data)]
    assert found
    assert all(isinstance(record, RawRecord) for record in found)


def test_every_code_that_is_used_has_its_sentence() -> None:
    assert {code for _name, _data, code in BAD_FILES.values()} <= set(MESSAGES)
