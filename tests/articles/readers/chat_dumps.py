"""Exports of messengers and of X, as they write them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tests.articles.readers.sample_files import make_zip
from tests.articles.readers.stories import Story


def telegram_json(stories: Sequence[Story]) -> bytes:
    messages: list[dict[str, object]] = [
        {"id": 1, "type": "service", "date": "2012-01-01T00:00:00", "action": "create"}
    ]
    for each in stories:
        first, _, rest = each.body.partition(" ")
        messages.append(
            {
                "id": each.number + 10,
                "type": "message",
                "date": f"{each.day}T23:30:00",
                "from": each.source,
                "from_id": "channel1234",
                "author": each.author,
                "reply_to_message_id": 3,
                "photo": "photos/photo_1.jpg",
                "forwarded_from": "قناة أخرى",
                "text": [
                    {"type": "bold", "text": first},
                    " ",
                    rest,
                    {"type": "text_link", "text": "هنا", "href": each.url},
                ],
            }
        )
        messages.append(
            {
                "id": each.number,
                "type": "message",
                "date": f"{each.day}T23:31:00",
                "file": "a.mp4",
                "text": "",
            }
        )
    chat = {"name": stories[0].source, "type": "public_channel", "id": 1234, "messages": messages}
    return json.dumps(chat, ensure_ascii=False, indent=1).encode()


def telegram_account(stories: Sequence[Story]) -> bytes:
    """Return the export of a whole account, in which chats stand in a list."""
    chat = json.loads(telegram_json(stories))
    export = {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 1},
        "contacts": {"about": "", "list": [{"first_name": "أحمد"}]},
        "chats": {"about": "", "list": [chat]},
    }
    return json.dumps(export, ensure_ascii=False).encode()


def telegram_html(stories: Sequence[Story]) -> bytes:
    parts = [
        '<div class="message service" id="message-1"><div class="body details">1 January 2012</div></div>'
    ]
    for each in stories:
        parts.append(  # noqa: PERF401  a template reads better in a loop
            f'<div class="message default clearfix" id="message{each.number}"><div class="body">'
            f'<div class="pull_right date details" title="{each.day:%d.%m.%Y} 23:30:00 UTC+03:00">23:30</div>'
            f'<div class="from_name">{each.source}</div>'
            '<div class="reply_to details">In reply to <a href="#go_to_message3">this message</a></div>'
            '<div class="media_wrap clearfix"><a class="photo_wrap" href="photos/photo_1.jpg"></a></div>'
            f'<div class="text"><strong>{each.body}</strong><br>سطر ثان</div></div></div>'
            '<div class="message default clearfix joined"><div class="body"><div'
            f' class="pull_right date details" title="{each.day:%d.%m.%Y} 23:31:00 UTC+03:00">23:31</div>'
            '<a class="video_file_wrap" href="video/1.mp4"></a></div></div>'
        )
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"/><title>Exported Data</title></head><body>'
        '<div class="page_wrap"><div class="page_header"><div class="content"><div class="text bold">'
        f'{stories[0].source}</div></div></div><div class="page_body chat_page"><div class="history">'
        f"{''.join(parts)}</div></div></div></body></html>"
    ).encode()


def whatsapp_android(stories: Sequence[Story]) -> bytes:
    lines = [f"{stories[0].day:%d/%m/%Y}, 08:00 - Messages and calls are end-to-end encrypted."]
    for each in stories:
        lines += [
            f"{each.day:%d/%m/%Y}, 09:15 - {each.author}: {each.body}",
            "سطر ثان",
            f"{each.day:%d/%m/%Y}, 09:16 - {each.author}: <Media omitted>",
        ]
    return "\n".join(lines).encode()


def whatsapp_ios(stories: Sequence[Story]) -> bytes:
    digits = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    lines = []
    for each in stories:
        day = f"{each.day.day}\u200f/{each.day.month}\u200f/{each.day.year}".translate(digits)
        lines.append(f"\u200f[{day}، ٩:١٥:٢٢ ص] {each.author}: {each.body}")
        lines.append(f"\u200f[{day}، ٩:١٦:٠٠ م] {each.author}: \u200e<المرفق: 00012-PHOTO.jpg>")
    return "\r\n".join(lines).encode()


def tweet(story: Story) -> dict[str, object]:
    return {
        "created_at": f"{story.day:%a %b %d} 23:30:00 +0000 {story.day.year}",
        "id_str": str(story.number),
        "full_text": f"{story.body} https://t.co/abc",
        "in_reply_to_screen_name": "baladiya",
        "entities": {"urls": [{"url": "https://t.co/abc", "expanded_url": story.url}]},
    }


def tweets_script(stories: Sequence[Story]) -> bytes:
    tweets = [{"tweet": tweet(each)} for each in stories]
    return f"window.YTD.tweets.part0 = {json.dumps(tweets, ensure_ascii=False)}".encode()


def twitter_archive(stories: Sequence[Story]) -> bytes:
    account = json.dumps([{"account": {"username": "nahr", "accountDisplayName": stories[0].source}}])
    return make_zip(
        {
            "data/account.js": f"window.YTD.account.part0 = {account}".encode(),
            "data/tweets.js": tweets_script(stories),
            "data/like.js": b"window.YTD.like.part0 = []",
            "data/tweets_media/1.jpg": b"\xff\xd8\xff",
        }
    )


def tweets_json(stories: Sequence[Story]) -> bytes:
    tweets = [{**tweet(each), "user": {"name": each.source, "screen_name": "nahr"}} for each in stories]
    return json.dumps(tweets, ensure_ascii=False).encode()


def retweets_lines(stories: Sequence[Story]) -> bytes:
    lines = [
        {
            **tweet(each),
            "full_text": f"RT @leila: {each.body[:20]}…",
            "user": {"name": each.source, "screen_name": "nahr"},
            "retweeted_status": {**tweet(each), "user": {"name": each.author, "screen_name": "leila"}},
        }
        for each in stories
    ]
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines).encode()
