"""Posts of Facebook's download: texts whose bytes are written as characters, days, and what is no article."""

from __future__ import annotations

import json

from tests.articles.readers.sample_files import MORE, TEXT, parse_file, rejection_code


def as_downloaded(text: str) -> str:
    """Return a text as the download has it."""
    return text.encode().decode("latin-1")


def posts() -> list[dict[str, object]]:
    done = as_downloaded("أضافت هدى صورة جديدة.")
    uri = "photos_and_videos/1/2.jpg"
    picture = {"media": {"uri": uri, "media_metadata": {}, "description": as_downloaded(MORE)}}
    link = {"external_context": {"url": "https://example.org/1"}}
    return [
        {"timestamp": 1375488000, "data": [{"post": as_downloaded(TEXT)}, {"update_timestamp": 1375488001}],
         "attachments": [{"data": [link]}], "title": done},
        {"timestamp": 1375574400, "attachments": [{"data": [picture]}], "title": done},
        {"timestamp": 1375574400, "attachments": [{"data": [{"media": {"uri": uri}}]}], "title": done},
        {"timestamp": "?", "data": [{"post": "plain"}, 7], "attachments": 3},
    ]  # fmt: skip


def test_every_post_with_a_text_is_an_article() -> None:
    found = parse_file("your_posts_1.json", json.dumps(posts()).encode())
    assert [(each.body, each.date, each.title) for each in found] == [
        (TEXT, "2013-08-03", ""),
        (MORE, "2013-08-04", ""),
        ("plain", "", ""),
    ]
    assert [[problem.code for problem in each.problems] for each in found] == [
        ["message-media"],
        ["message-media"],
        ["passed-over"],
    ]


def test_captions_beside_a_text_are_kept_once_each() -> None:
    captions = [TEXT, MORE, "", MORE]
    pictures = [{"media": {"uri": "1.jpg", "description": as_downloaded(each)}} for each in captions]
    post = {
        "timestamp": 1375488000,
        "data": [{"post": as_downloaded(TEXT)}],
        "attachments": [{"data": pictures}],
    }
    (found,) = parse_file("your_posts_1.json", json.dumps([post]).encode())
    assert found.body == f"{TEXT}\n\n{MORE}"


def test_other_lists_with_times_are_no_posts_and_a_cut_one_is_said() -> None:
    (other,) = parse_file(
        "a.json", json.dumps([{"timestamp": 1375488000, "title": "خبر", "text": TEXT}]).encode()
    )
    assert (other.format, other.title) == ("json", "خبر")
    found = parse_file("a.json", json.dumps(posts()).encode()[:-30])
    assert [rejection_code(each) for each in found] == ["", "json-broken-here", ""]
