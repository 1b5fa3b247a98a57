"""json and jsonl files, and the encodings they come in."""

from __future__ import annotations

import json

import pytest

from articles.ingest.transform import parse_and_sanitize
from tests.articles.conftest import jsonl_line, records_of
from tests.articles.readers.sample_files import TEXT, parse_file, parse_only


def test_one_broken_line_is_rejected_by_number_and_its_neighbours_are_read() -> None:
    lines = [jsonl_line(title="أول"), '{"title": "ناق', jsonl_line(title="ثالث")]
    found = [parse_and_sanitize(record) for record in records_of("a.jsonl", "\n".join(lines).encode())]
    assert [(record.row, record.title, bool(record.rejected)) for record in found] == [
        (1, "أول", False),
        (2, "", True),
        (3, "ثالث", False),
    ]


def test_the_data_of_a_line_are_its_original_bytes_in_every_encoding() -> None:
    line = jsonl_line(title="خبر من حمص عن القافلة", body=TEXT)
    for encoding in ("utf-8", "utf-16-le", "cp1256"):
        data = f"{line}\r\n{line}".encode(encoding)
        assert [record.data for record in records_of("a.jsonl", data)] == [line.encode(encoding)] * 2


def test_undecodable_bytes_become_replacement_characters_with_a_note() -> None:
    data = TEXT.encode()[:21] + b"\xff" + TEXT.encode()[22:]
    record = parse_and_sanitize(records_of("a.txt", data)[0])
    assert "\N{REPLACEMENT CHARACTER}" in record.body
    assert "bytes-broken" in [problem.code for problem in record.problems]
    assert record.data == data


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_lone_surrogates_of_utf_16_and_32_become_replacement_characters(name: str, encoding: str) -> None:
    bodies = {
        "a.txt": "خبر \ud800 هنا",
        "a.jsonl": '{"title": "خبر \ud800 هنا"}\n',
        "a.csv": "title\nخبر \ud800 هنا\n",
    }
    data = bodies[name].encode(encoding, "surrogatepass")
    mark = "\ufeff".encode(encoding)
    record = parse_and_sanitize(
        records_of(name, mark + data + b"\6")[0]
    )  # and an incomplete character at the end
    assert record.rejected is None
    assert "خبر \N{REPLACEMENT CHARACTER} هنا" in f"{record.title} {record.body}"


@pytest.mark.parametrize("cities", [None, [], "", [None, ""]])
def test_cities_may_be_missing_or_null(cities: object) -> None:
    record = parse_and_sanitize(records_of("a.jsonl", jsonl_line(title="خبر", cities=cities).encode())[0])
    assert (record.cities, record.problems) == ((), ())


def test_a_number_of_hundreds_of_digits_is_text() -> None:
    record = parse_and_sanitize(
        records_of("a.jsonl", b'{"id": 1' + b"0" * 150 + b', "title": 1' + b"0" * 400 + b"}")[0]
    )
    assert (len(record.external_id), len(record.title), record.problems) == (151, 401, ())


def test_a_rejection_names_its_field() -> None:
    line = b'{"body": "x", "cities": {"name": "x"}}'
    refused = parse_and_sanitize(records_of("a.jsonl", line)[0]).rejected
    assert refused is not None
    assert refused.detail == "cities"


def test_json_of_another_program_is_read_by_its_names_or_refused_with_them() -> None:
    item = {"headline": "صيانة الجسر", "content": TEXT, "published_at": "2012-03-04", "reporter": "ليلى ناصر"}
    data = json.dumps({"total": 1, "page": {"size": 50}, "results": [item]}, ensure_ascii=False, indent=1)
    for charset in ("utf-8-sig", "cp1256", "utf-16"):
        record = parse_only("a.json", data.encode(charset))
        assert (record.title, record.body, record.date, record.byline) == tuple(item.values())
        assert json.loads(record.data) == item
    refused = parse_only(
        "a.json", json.dumps({"hits": {"total": 0, "hits": []}, "took": 3}).encode()
    ).rejected
    assert refused is not None
    assert (refused.code, refused.detail) == ("json-no-articles", "hits, took")


def test_json_may_be_a_list_an_object_an_object_holding_a_list_or_lines() -> None:
    two = '{"title": "أ"}, {"title": "ب", "body": "نص"}'
    for written in (f"[{two}]", f'{{"count": 2, "articles": [{two}]}}', two.replace("}, {", "}\n{")):
        assert [record.title for record in parse_file("a.json", written.encode())] == ["أ", "ب"]
    assert parse_only("a.json", '{"title": "أ"}'.encode("utf-16")).title == "أ"
