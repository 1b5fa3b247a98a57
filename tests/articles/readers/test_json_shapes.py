"""JSON as search engines, databases, web services and pandas write it: each article once, or what to do."""

from __future__ import annotations

import json
from time import process_time
from typing import Any

import pytest

from articles.identity.record_keys import older_record_keys
from articles.readers.content import json_stream
from articles.readers.exports import json_file, large_json
from articles.text.fingerprints import content_mark, sha256_of
from articles.text.limits import RECORD_BYTES, Limits
from articles.text.sanitize import escape_formula
from tests.articles.conftest import records_of
from tests.articles.readers.sample_files import TEXT, parse_file, rejection_code

FIRST = {"title": "صيانة الجسر", "body": TEXT, "date": "2012-03-04"}
SECOND = {"title": "سوق الخضار", "body": f"{TEXT} ثانية.", "date": "2012-03-05"}
BOTH = [FIRST, SECOND]
HIT = {"_index": "news", "_id": "AbC-1", "_score": 1.0}
HITS = [{**HIT, "_source": each} for each in BOTH]
BULK = [{"index": {"_index": "news", "_id": "7"}}, FIRST, {"index": {"_id": "8"}}, SECOND]


def written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def as_lists(value: dict[str, str]) -> dict[str, list[str]]:
    return {name: [each] for name, each in value.items()}


def table(orient: str) -> Any:
    names = list(FIRST)
    return {
        "columns": {name: {str(at): each[name] for at, each in enumerate(BOTH)} for name in names},
        "list": {name: [each[name] for each in BOTH] for name in names},
        "index": {str(at): each for at, each in enumerate(BOTH)},
        "split": {"columns": names, "index": [0, 1], "data": [list(each.values()) for each in BOTH]},
        "table": {
            "schema": {
                "fields": [{"name": name, "type": "string"} for name in names],
                "primaryKey": ["index"],
            },
            "data": [{"index": at, **each} for at, each in enumerate(BOTH)],
        },
        "sheet": {"range": "A1:C3", "values": [names, *(list(each.values()) for each in BOTH)]},
        "rows": [names, *(list(each.values()) for each in BOTH)],
    }[orient]


SHAPES = {
    "Elasticsearch": written({"took": 3, "hits": {"total": 2, "hits": HITS}}),
    "OpenSearch fields": written({"hits": {"hits": [{"fields": as_lists(each)} for each in BOTH]}}),
    "elasticdump": "\n".join(map(written, HITS)),
    "bulk": "\n".join(map(written, BULK)),
    "Solr": written({"responseHeader": {"status": 0}, "response": {"numFound": 2, "docs": BOTH}}),
    "CouchDB": written({"total_rows": 2, "rows": [{"id": "x1", "key": "x1", "doc": each} for each in BOTH]}),
    "JSON:API": written({"data": [{"id": "31a", "attributes": each} for each in BOTH], "links": {}}),
    "GraphQL": written({"data": {"articles": {"edges": [{"node": each} for each in BOTH]}}}),
    "Airtable": written({"records": [{"id": "rec1", "fields": each} for each in BOTH]}),
    "service": written({"status": "ok", "page": {"title": "أخبار"}, "data": {"items": BOTH}}),
    "with sections": written({"sections": [{"title": "محليات"}, {"title": "رياضة"}], "articles": BOTH}),
    "feed": written({"title": "صحيفة الضفاف", "home_page_url": "https://example.org", "items": BOTH}),
    "two lists": written({"news": [FIRST], "opinion": [SECOND]}),
    "by id": written({"news-2012-1": FIRST, "news-2012-2": SECOND}),
    "below a key": written({"articles": {"-Mx1a": FIRST, "-Mx1b": SECOND}}),
    "pages": written([{"page": 1, "articles": [FIRST]}, {"page": 2, "articles": [SECOND]}]),
    "side by side": written(FIRST) + written(SECOND),
    "old line ends": written(FIRST) + "\r" + written(SECOND) + "\r",
    "with commas": written(FIRST) + ",\n" + written(SECOND) + ",\n",
    "printed one by one": "\n".join(json.dumps(each, ensure_ascii=False, indent=2) for each in BOTH),
    **{f"pandas {name}": written(table(name)) for name in ("columns", "index", "split", "table", "list")},
    "pandas rows": written(table("rows")),
    "a sheet": written(table("sheet")),
}  # fmt: skip


@pytest.mark.parametrize("kind", SHAPES)
@pytest.mark.parametrize("name", ["a.json", "a.txt"])
def test_every_article_is_read_once(kind: str, name: str) -> None:
    found = parse_file(name, SHAPES[kind].encode())
    assert [rejection_code(record) for record in found] == ["", ""]
    assert [(each.title, each.body, each.date) for each in found] == [tuple(each.values()) for each in BOTH]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    "name", ["a", "a.txt", "a.csv", "a.md", "a.html", "a.xml", "a.eml", "a.log", "a.docx"]
)
@pytest.mark.parametrize("kind", ["Elasticsearch", "elasticdump", "a sheet"])
def test_the_name_of_another_format_does_not_mislead(kind: str, name: str, encoding: str) -> None:
    found = parse_file(name, SHAPES[kind].encode(encoding))
    assert [(each.title, each.body) for each in found] == [(each["title"], each["body"]) for each in BOTH]


def test_a_list_in_utf_16_is_no_json_lines_and_text_in_brackets_no_json() -> None:
    found = parse_file("a.jsonl", written(BOTH).encode("utf-16"))
    assert [each.title for each in found] == [each["title"] for each in BOTH]
    for text in (f"[عاجل] {TEXT}", f"{{ {TEXT} }}", f'["قال"] {TEXT}'):
        assert [each.format for each in parse_file("a.md", text.encode())] == ["markdown"]


@pytest.mark.parametrize(
    "kind", ["elasticdump", "bulk", "side by side", "old line ends", "pandas rows", "printed one by one"]
)
def test_the_name_of_json_lines_does_not_mislead(kind: str) -> None:
    found = parse_file("a.jsonl", SHAPES[kind].encode())
    assert [record.title for record in found if not record.rejected] == [FIRST["title"], SECOND["title"]]
    assert len(found) == 2


def test_ids_are_those_of_the_articles_and_never_numbers_of_lines() -> None:
    ids = {
        kind: [each.external_id for each in parse_file("a.json", SHAPES[kind].encode())] for kind in SHAPES
    }
    assert ids["Elasticsearch"] == ids["elasticdump"] == ["AbC-1", "AbC-1"]
    assert (ids["bulk"], ids["CouchDB"], ids["JSON:API"]) == (["7", "8"], ["x1", "x1"], ["31a", "31a"])
    assert (ids["by id"], ids["below a key"]) == (["news-2012-1", "news-2012-2"], ["-Mx1a", "-Mx1b"])
    assert {each for kind in SHAPES if "pandas" in kind for each in ids[kind]} == {""}


def test_numbers_of_many_lines_are_no_ids() -> None:
    rows = {str(at): {"title": f"خبر {at}", "body": TEXT} for at in range(1002)}
    assert {each.external_id for each in parse_file("a.json", written(rows).encode())} == {""}


def test_a_line_of_the_bulk_format_gives_the_whole_id() -> None:
    actions: list[dict[str, object]] = [{"_id": "a,{1}"}, {"_id": 12}, {"_id": None}]
    lines = [line for each in actions for line in ({"index": each}, FIRST)]
    found = parse_file("a.jsonl", "\n".join(map(written, lines)).encode())
    assert [each.external_id for each in found] == ["a,{1}", "12", ""]


def test_an_id_with_a_point_stays_and_documents_of_the_bulk_format_are_known_by_their_bytes() -> None:
    (record,) = parse_file("a.json", written([{**FIRST, "id": 1375488000.0}]).encode())
    assert (record.external_id, older_record_keys(record)) == ("1375488000.0", ())
    (record,) = parse_file("a.jsonl", "\n".join(map(written, BULK[:2])).encode())
    assert older_record_keys(record) == (content_mark(sha256_of(record.data)),)


def test_a_list_in_each_line_and_a_feed_in_html_are_read() -> None:
    lines = f"{written([FIRST])}\n{written([SECOND])}"
    assert [each.title for each in parse_file("a.jsonl", lines.encode())] == [each["title"] for each in BOTH]
    feed = {"title": "موقع", "items": [{"id": "1", "title": "خبر", "content_html": f"<p>{TEXT}</p>"}]}
    (record,) = parse_file("feed.json", written(feed).encode())
    assert (record.title, record.body) == ("خبر", TEXT)


@pytest.mark.parametrize("text", ["ISODate(" * 10_000, '{"index":{' + '"_id":' * 10_000])
def test_calls_without_an_end_cost_little(text: str) -> None:
    started = process_time()
    parse_file("a.jsonl", text.encode())
    assert process_time() - started < 1.0


def test_a_long_indentation_costs_a_formula_little() -> None:
    started = process_time()
    assert escape_formula("\n" + " " * 40_000 + "نص").startswith("\n ")
    assert process_time() - started < 1.0


def test_what_mongodb_writes_is_read() -> None:
    number = "5f1b2c3d4e5f6a7b8c9d0e1f"
    days: tuple[object, ...] = (
        {"$date": "2013-08-03T20:00:00Z"},
        {"$date": {"$numberLong": "1375560000000"}},
        {"$date": 1375560000000},
    )
    for day in days:
        line = written(
            {"_id": {"$oid": number}, "title": "خبر", "body": TEXT, "date": day, "n": {"$numberInt": "3"}}
        )
        for name in ("a.json", "a.jsonl"):
            (record,) = parse_file(name, line.encode())
            assert (record.rejected, record.date[:10], record.external_id) == (None, "2013-08-03", number)
            assert older_record_keys(record) == (content_mark(sha256_of(record.data)),)
    shell = (
        f'{{ "_id" : ObjectId("{number}"), "title" : "قال ISODate(1)", "body" : "{TEXT}",\n'
        '  "date" : ISODate("2013-08-03T20:00:00Z"), "views" : NumberLong(12) }'
    )
    (record,) = parse_file("a.json", shell.encode())
    assert (record.title, record.date[:10]) == ("قال ISODate(1)", "2013-08-03")
    assert parse_file("a.jsonl", shell.replace("\n", "").encode())[0].date[:10] == "2013-08-03"
    found = parse_file("a.json", f"[{shell},\n{shell}]".encode())
    assert [each.external_id for each in found] == [number] * 2
    (refused,) = parse_file("a.json", f"{{ _id: ObjectId('{number}'), title: 'خبر' }}".encode())
    assert rejection_code(refused) == "json-shell"


def test_papers_as_objects_and_seconds_with_a_point_are_read() -> None:
    item = {**FIRST, "source": {"id": None, "name": "الضفاف"}, "date": 1375488000.0}
    (record,) = parse_file("a.json", written([item]).encode())
    assert (record.rejected, record.source, record.date) == (None, "الضفاف", "1375488000")
    feed = {"title": "موقع", "items": [{"id": "1", "title": "خبر", "content_text": TEXT}]}
    feed["items"][0]["authors"] = [{"name": "ليلى ناصر"}, {"url": "https://example.org"}, "كريم"]  # type: ignore[index]  # a list
    (record,) = parse_file("a.json", written(feed).encode())
    assert (record.title, record.body, record.byline) == ("خبر", TEXT, "ليلى ناصر، كريم")


def test_the_texts_of_a_wordpress_service_are_read_without_their_markup() -> None:
    item = {
        "id": 12, "date": "2013-08-03T10:00:00", "link": "https://example.org/12",
        "title": {"rendered": "خبر &amp; خبر"},
        "content": {"rendered": f"<p>{TEXT}</p><p>ثانية</p>", "protected": False},
    }  # fmt: skip
    (record,) = parse_file("posts.json", written([item]).encode())
    assert (record.title, record.body) == ("خبر & خبر", f"{TEXT}\nثانية")
    assert (record.url, record.external_id) == ("https://example.org/12", "12")


@pytest.mark.parametrize("value", [[["أ", "ب"], ["ج", "د"]], {"index": [0], "data": [["أ", "ب"]]}])
def test_rows_without_names_are_refused_with_what_to_do(value: object) -> None:
    assert [rejection_code(each) for each in parse_file("a.json", written(value).encode())] == [
        "json-unnamed"
    ]


def test_an_object_with_a_text_is_an_article_whatever_lists_it_holds() -> None:
    item = {**FIRST, "related": [{"title": "خبر آخر", "body": "نص"}], "comments": [{"text": "تعليق"}]}
    assert [record.title for record in parse_file("a.json", written(item).encode())] == [FIRST["title"]]


def test_an_answer_larger_than_a_record_is_read_piece_by_piece() -> None:
    padding = "م" * (RECORD_BYTES // 8)
    hits = [{**HIT, "_source": {**FIRST, "body": padding}} for _number in range(10)]
    data = written({"took": 1, "hits": {"hits": hits}}).encode()
    assert len(data) > RECORD_BYTES
    found = records_of("a.json", data, Limits(file=10**9, total=10**9))
    assert [rejection_code(each) for each in found] == [""] * 10


def large_object(monkeypatch: pytest.MonkeyPatch, *, text: bool) -> bytes:
    """Return an object over the limit of a record: sections, and a list of which one article has no text."""
    monkeypatch.setattr(json_file, "RECORD_BYTES", 100_000)
    monkeypatch.setattr(json_stream, "RECORD_BYTES", 100_000)
    long = {"body": "م" * 1000} if text else {"lead": "م" * 1000}
    items = [{"title": f"خبر {number}", **(long if number else {})} for number in range(300)]
    return written({"sections": [{"title": "محليات"}, {"title": "رياضة"}], "data": {"items": items}}).encode()


def test_titles_without_a_text_in_a_large_object_are_articles_beside_others_or_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = records_of("a.json", large_object(monkeypatch, text=True))
    assert [json.loads(each.data)["title"] for each in found] == [f"خبر {number}" for number in range(300)]
    assert ("passed-over", "titles without text 2") in [
        (each.code, each.detail) for each in found[-1].problems
    ]


@pytest.mark.parametrize("most", ["_MOST_TITLES", "_MOST_TITLE_CHARACTERS"])
def test_few_titles_of_a_large_object_are_kept_until_a_text_follows(
    most: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_file, "RECORD_BYTES", 100_000)
    monkeypatch.setattr(json_stream, "RECORD_BYTES", 100_000)
    titles = [{"title": f"خبر {number}", "lead": "م" * 1000} for number in range(100)]
    monkeypatch.setattr(large_json, most, 10 if most == "_MOST_TITLES" else len(written(titles[:10])))
    found = records_of("a.json", written({"items": [*titles, FIRST], "rest": "م" * 100_000}).encode())
    assert [json.loads(each.data)["title"] for each in found] == [
        *(each["title"] for each in titles[:10]), FIRST["title"]
    ]  # fmt: skip
    assert [(each.code, each.detail) for each in found[-1].problems] == [
        ("passed-over", "titles without text 90")
    ]


SECTION_ITEMS = [
    [FIRST, SECOND],
    [{"title": "خبر", "url": "https://example.org/1"}, {"title": "آخر", "url": "https://example.org/2"}],
    [{"title": "خبر"}, {"title": "آخر"}],
]


@pytest.mark.parametrize("items", SECTION_ITEMS)
@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("wrap", ["object", "list", "named"])
def test_the_items_of_titled_sections_are_the_articles(
    items: list[dict[str, str]], is_large: bool, wrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sections: Any = [{"title": name, "data": {"items": items}} for name in ("محليات", "رياضة")]
    if wrap == "named":
        sections = {f"section {number}": each for number, each in enumerate(sections)}
    value = (
        sections if wrap == "list" else {"title": "الصحيفة", "sections": sections, "notes": 9 * ["م" * 99]}
    )
    if is_large:
        monkeypatch.setattr(json_stream, "RECORD_BYTES", 300)
        monkeypatch.setattr(json_stream, "_BLOCK", 100)
    found = [each for each in parse_file("a.json", written(value).encode()) if not each.rejected]
    assert [each.title for each in found] == 2 * [each["title"] for each in items]


def test_tags_and_related_reports_are_no_articles_beside_the_one_that_has_them() -> None:
    tags = [{"title": "سوريا"}, {"title": "حمص"}]
    item = {"title": "خبر", "url": "https://example.org/1", "tags": tags, "related": {"list": tags}}
    for value in (item, [item], {"items": [item]}):
        assert [record.title for record in parse_file("a.json", written(value).encode())] == ["خبر"]


def test_titles_are_the_articles_of_a_large_object_without_any_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(records_of("a.json", large_object(monkeypatch, text=False))) == 302


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        (["سمر خليل", "أحمد العلي"], "سمر خليل، أحمد العلي"),
        ([{"family": "العلي", "given": "أحمد"}, {"literal": "لجان التنسيق"}], "أحمد العلي، لجان التنسيق"),
        ([{"name": "سمر خليل", "url": "https://example.org"}], "سمر خليل"),
    ],
)
def test_a_list_of_authors_is_read(author: list[object], byline: str) -> None:
    (record,) = parse_file("a.json", written([{**FIRST, "author": author}]).encode())
    assert (record.rejected, record.byline) == (None, byline)


@pytest.mark.parametrize(
    ("parts", "day"),
    [([[2012, 3, 1]], "2012-03-01"), ([["2012", "3"]], "2012-03"), ([[2012]], "2012"), ([], "")],
)
def test_the_parts_of_a_date_are_a_date(parts: list[object], day: str) -> None:
    item = {key: value for key, value in FIRST.items() if key != "date"} | {"issued": {"date-parts": parts}}
    (record,) = parse_file("a.json", written([item]).encode())
    assert (record.rejected, record.date) == (None, day)
