"""JSON Feed: the feed is the source of its items, and its authors are those of items without one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from articles.identity.record_keys import older_record_keys, record_key
from articles.readers.content import json_stream
from articles.text.records import RawRecord
from tests.articles.readers.sample_files import MORE, TEXT, TITLE, parse_file

VERSION = "https://jsonfeed.org/version/1.1"
ITEM = {
    "id": "https://example.org/1",
    "title": TITLE,
    "content_html": f"<p>{TEXT}</p>",
    "date_published": "2013-08-03",
}


def feed(*items: dict[str, Any], first: tuple[str, ...] = (), **more: Any) -> bytes:
    head = {"version": VERSION, "title": "صحيفة  الحي", "home_page_url": "https://example.org/", **more}
    value = (
        {**{key: head[key] for key in first}, "items": list(items), **head}
        if first
        else {**head, "items": items}
    )
    return json.dumps(value, ensure_ascii=False).encode()


def read(*items: dict[str, Any], **more: Any) -> list[RawRecord]:
    return parse_file("feed.json", feed(*items, **more))


@pytest.mark.parametrize("first", [(), ("version",)])
def test_the_feed_is_the_source_wherever_its_title_stands(first: tuple[str, ...]) -> None:
    (record,) = read(ITEM, first=first)
    assert (record.title, record.body, record.date) == (TITLE, TEXT, "2013-08-03")
    assert (record.source, record.url, record.external_id) == ("صحيفة الحي", ITEM["id"], ITEM["id"])


@pytest.mark.parametrize(
    ("of_feed", "of_item", "byline"),
    [
        ({"authors": [{"name": "ليلى ناصر"}, {"url": "https://example.org"}]}, {}, "ليلى ناصر"),
        ({"author": {"name": "ليلى ناصر"}}, {}, "ليلى ناصر"),
        ({"author": {"name": "ليلى ناصر"}}, {"authors": [{"name": "كريم حداد"}]}, "كريم حداد"),
        ({"authors": []}, {"author": {"name": "كريم حداد"}}, "كريم حداد"),
        ({"authors": [{"name": "صحيفة الحي"}]}, {}, ""),
        ({}, {}, ""),
    ],
)
def test_authors_are_those_of_the_item_or_of_the_feed(
    of_feed: dict[str, Any], of_item: dict[str, Any], byline: str
) -> None:
    (record,) = read({**ITEM, **of_item}, **of_feed)
    assert record.byline == byline


@pytest.mark.parametrize(
    ("texts", "body"),
    [
        ({"content_html": f"<p>{TEXT}</p><p>{MORE}</p>", "content_text": "مختصر"}, f"{TEXT}\n{MORE}"),
        ({"content_html": "", "content_text": f"{TEXT} <غير وسم>"}, f"{TEXT} <غير وسم>"),
        ({"content_html": None, "summary": TEXT}, TEXT),
    ],
)
def test_the_text_is_the_fullest_that_an_item_has(texts: dict[str, Any], body: str) -> None:
    (record,) = read({**ITEM, **texts})
    assert record.body == body


def test_an_item_that_was_imported_without_the_source_is_known() -> None:
    (record,) = read(ITEM)
    (before,) = parse_file("items.json", json.dumps([ITEM], ensure_ascii=False).encode())
    assert before.source == ""
    assert record_key(before) in older_record_keys(record)


def test_a_feed_larger_than_a_record_is_read_item_by_item(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "RECORD_BYTES", 2000)
    monkeypatch.setattr(json_stream, "_BLOCK", 500)
    records = read(*({**ITEM, "id": str(number)} for number in range(50)), first=("version",))
    assert [(record.external_id, record.source) for record in records] == [
        (str(number), "صحيفة الحي") for number in range(50)
    ]


def test_a_feed_that_is_cut_says_so_behind_its_items() -> None:
    *records, cut = parse_file("feed.json", feed(ITEM, {**ITEM, "id": "2"})[:-30])
    assert [record.external_id for record in records] == [ITEM["id"]]
    assert cut.rejected
