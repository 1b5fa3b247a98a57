"""Posts of Facebook's download as HTML: one article each, as from its JSON, and pages that are no posts."""

from __future__ import annotations

import json
from datetime import date

import pytest

from articles.ingest.transform import transform_record
from tests.articles.readers.sample_files import MORE, TEXT, parse_file, rejection_code

TODAY = date(2026, 1, 1)
NAME = "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.html"
STYLE = "<style>" + "._x{color:red}" * 1_000 + "</style>"


def card(*parts: str, told: str = "Aug 03, 2013 11:30:05 pm") -> str:
    """Return a post as pages of today have it."""
    inner = "".join(f'<div class="_2pin"><div>{part}</div></div>' for part in parts)
    return (
        '<section class="_3-95 _a6-g"><h2 class="_2ph_ _a6-h _a6-i">نشرت هدى شيئاً.</h2>'
        f'<div class="_2ph_ _a6-p"><div>{inner}</div></div><footer class="_3-94 _a6-o">'
        '<a href="https://www.facebook.com/dyi/l/?l=A">'
        f'<div class="_a72d">{told}</div></a></footer></section>'
    )


def old_card(text: str) -> str:
    """Return a post as pages before 2021 have it."""
    return (
        '<div class="pam _3-95 _2pi0 _2lej uiBoxWhite noborder"><div class="_3-96 _2pio _2lek _2lel">نشرت هدى'
        f'</div><div class="_3-96 _2let"><div><div class="_2pin"><div>{text}</div></div></div></div>'
        '<div class="_3-94 _2lem">Aug 3, 2013, 11:30 PM</div></div>'
    )


def page(*cards: str, title: str = "Your posts") -> bytes:
    return f"<html><head><title>{title}</title>{STYLE}</head><body>{''.join(cards)}</body></html>".encode()


def test_every_post_with_a_text_is_an_article_and_the_others_are_counted() -> None:
    picture = '<a href="media/2.jpg"><img src="media/2.jpg"></a>'
    exif = "<table><tr><td>Upload IP address</td><td>203.0.113.7</td></tr></table>"
    link = '<a href="https://example.org/1">https://example.org/1</a>'
    cards = card(TEXT, link, "Updated Aug 04, 2013 1:02:03 am"), card(f"{picture}<div>{MORE}</div>{exif}")
    found = parse_file(NAME, page(*cards, card(picture)))
    assert [(each.format, each.body, each.title) for each in found] == [
        ("facebook-html", TEXT, ""),
        ("facebook-html", MORE, ""),
    ]
    assert [[(each.code, each.detail) for each in record.problems] for record in found] == [
        [("message-media", "https://example.org/1")],
        [("passed-over", "media without text 1"), ("message-media", "2.jpg")],
    ]


@pytest.mark.parametrize(
    "told", ["Aug 03, 2013 11:30:05 pm", "3 أغسطس 2013، 11:30 م", "3 آب 2013, 23:30", "Aug 3, 2013, 11:30 PM"]
)
def test_days_in_both_languages_are_read(told: str) -> None:
    (found,) = parse_file(NAME, page(card(TEXT, told=told)))
    assert str(transform_record(found, TODAY).publication_date.first) == "2013-08-03"


def test_old_pages_and_renamed_ones_are_read() -> None:
    assert [each.body for each in parse_file("posts/your_posts_1.html", page(old_card(TEXT)))] == [TEXT]
    assert [each.body for each in parse_file("a.html", page(card(TEXT), card(MORE)))] == [TEXT, MORE]


def test_a_post_inside_an_unclosed_one_is_read_once() -> None:
    broken = page(card(TEXT).replace("</section>", ""), card(MORE))
    assert [each.body for each in parse_file(NAME, broken)] == [TEXT, MORE]


def test_a_post_gives_the_same_text_as_in_json() -> None:
    post = {
        "timestamp": 1375488000,
        "data": [{"post": TEXT.encode().decode("latin-1")}],
        "attachments": [],
    }
    (other,) = parse_file("your_posts_1.json", json.dumps([post]).encode())
    (found,) = parse_file(NAME, page(card(TEXT)))
    left, right = transform_record(found, TODAY), transform_record(other, TODAY)
    assert left.text_hash == right.text_hash


def test_messages_are_no_posts_and_a_page_without_texts_says_what_it_holds() -> None:
    (chat,) = parse_file("messages/inbox/huda/message_1.html", page(card(TEXT), card(MORE), title="هدى"))
    assert chat.format == "html"
    assert [rejection_code(each) for each in parse_file(NAME, page(card("")))] == ["no-articles"]
