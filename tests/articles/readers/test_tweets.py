"""Tweets: what are some and what only looks like them, long texts, pages of the programming interface."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tests.articles.readers.sample_files import TEXT, TITLE, make_zip, parse_file

LONG = f"{TEXT} " * 6 + "آخر السطر."
TWITTER_TIME, ISO_TIME = "Sat Aug 03 23:30:00 +0000 2013", "2013-08-03T23:30:00"
ARTICLE = {"id": 17, "title": TITLE, "full_text": TEXT, "created_at": ISO_TIME, "source": "سانا"}


def dump(value: object, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode()


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"created_at": TWITTER_TIME},
        {"id_str": "17"},
        {"public_metrics": {}},
        {"tweets": [{"id_str": "1"}]},
    ],
)
def test_json_with_titles_holds_articles_of_another_program(changes: Mapping[str, object]) -> None:
    for name, data in (("a.json", dump([ARTICLE | changes])), ("a.jsonl", dump(ARTICLE | changes))):
        (found,) = parse_file(name, data)
        assert (found.title, found.source, found.body, found.url) == (TITLE, "سانا", TEXT, "")


def test_a_time_in_iso_8601_and_a_full_text_are_no_tweet() -> None:
    plain = {key: value for key, value in ARTICLE.items() if key != "title"}
    (found,) = parse_file("a.json", dump([plain]))
    assert (found.format, found.url) == ("json", "")


@pytest.mark.parametrize("key", ["edit_history_tweet_ids", "public_metrics", "author_id", "id_str"])
def test_a_key_that_only_tweets_have_tells_them(key: str) -> None:
    tweet = {
        "id": "1",
        "text": TEXT,
        "created_at": ISO_TIME,
        "entities": {"urls": [{"title": TITLE}]},
        key: "1",
    }
    (found,) = parse_file("a.json", dump([tweet]))
    assert (found.format, found.date) == ("tweets", "2013-08-03")


@pytest.mark.parametrize("indent", [None, 2])
def test_a_page_of_the_programming_interface_is_read_whole(indent: int | None) -> None:
    page = {
        "data": [
            {
                "id": "1", "author_id": "7", "created_at": ISO_TIME, "text": f"{TEXT[:60]}…",
                "note_tweet": {"text": LONG},
            },
            {"id": "2", "author_id": "7", "created_at": ISO_TIME, "text": TEXT},
        ],
        "includes": {"users": [{"id": "7", "name": "النهر", "username": "nahr"}]},
    }  # fmt: skip
    first, second = parse_file("a.json", dump(page, indent))
    assert (first.body, second.body) == (LONG, TEXT)
    assert (first.source, first.url) == ("النهر", "https://twitter.com/nahr/status/1")
    several = parse_file("a.jsonl", dump(page, indent) + b"\n" + dump(page, indent))
    assert [record.body for record in several] == [LONG, TEXT] * 2


def test_a_damaged_line_costs_only_itself() -> None:
    tweet = dump({"id_str": "1", "full_text": TEXT, "created_at": TWITTER_TIME})
    found = parse_file("a.jsonl", tweet[:-1] + b"\n" + tweet)
    assert [record.rejected is None for record in found] == [False, True]


def long_text(number: str, text: str, time: str = "2013-08-03T23:30:00.000Z") -> dict[str, object]:
    return {"noteTweet": {"noteTweetId": number, "createdAt": time, "core": {"text": text, "urls": []}}}


def archive(*notes: object) -> bytes:
    """Return the archive of an account with two tweets, the first a long one."""
    cut = LONG.replace("&", "&amp;")[:270] + "… https://t.co/abc"
    tweets = [
        {"tweet": {"id_str": "1", "full_text": cut, "created_at": TWITTER_TIME}},
        {"tweet": {"id_str": "2", "full_text": TEXT, "created_at": TWITTER_TIME}},
    ]
    return make_zip(
        {
            "data/account.js": b'window.YTD.account.part0 = [{"account": {"username": "nahr"}}]',
            "data/tweets.js": b"window.YTD.tweets.part0 = " + dump(tweets),
            "data/note-tweet.js": b"window.YTD.note_tweet.part0 = " + dump(notes),
        }
    )


@pytest.mark.parametrize("number", ["1", "900"])
def test_a_long_tweet_of_an_archive_has_its_whole_text(number: str) -> None:
    first, second = parse_file("twitter.zip", archive(long_text(number, LONG)))
    assert (first.body, first.external_id, second.body) == (LONG, "tweet:1", TEXT)
    assert first.url == "https://twitter.com/nahr/status/1"


def test_a_long_text_without_a_tweet_is_an_article_without_an_address() -> None:
    others = [long_text("900", f"غير ذلك. {LONG}"), long_text("901", LONG, "2013-08-04T23:30:00.000Z")]
    found = parse_file("twitter.zip", archive(*others))
    assert [record.body for record in found[1:]] == [TEXT, f"غير ذلك. {LONG}", LONG]
    assert [record.url for record in found[2:]] == ["", ""]
    assert [record.date for record in found[2:]] == ["2013-08-03", "2013-08-04"]


def test_an_archive_with_a_damaged_member_is_rejected_with_the_reason() -> None:
    whole = archive(long_text("1", LONG))
    at = whole.index(b"PK\x03\x04", 4)  # of the second member
    (record,) = parse_file("twitter.zip", whole[:at] + b"\0\0" + whole[at + 2 :])
    assert [each.code for each in record.problems] == ["archive-broken"]
