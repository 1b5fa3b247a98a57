"""Exports of other programs as those programs write them: a function makes a file of some stories."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from xml.sax.saxutils import escape

from tests.articles.readers import chat_dumps, database_dumps, document_dumps
from tests.articles.readers.sample_files import make_warc, make_zip
from tests.articles.readers.stories import Story

HEADER = ("title", "date", "body", "source", "url")


def table_rows(stories: Sequence[Story]) -> list[tuple[str, ...]]:
    return [
        HEADER,
        *((each.title, each.day.isoformat(), each.body, each.source, each.url) for each in stories),
    ]


def csv_with_title(stories: Sequence[Story]) -> bytes:
    lines = ["sep=;", "أرشيف الجريدة;;;;", *(";".join(row) for row in table_rows(stories))]
    return "\r\n".join(lines).encode("utf-8-sig")


def utf16_table(stories: Sequence[Story]) -> bytes:
    return "\r\n".join("\t".join(row) for row in table_rows(stories)).encode("utf-16")


def html_workbook(stories: Sequence[Story]) -> bytes:
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in table_rows(stories)
    )
    return f'<html><meta charset="utf-8"><table>{rows}</table></html>'.encode()


def media_cloud(stories: Sequence[Story]) -> bytes:
    lines = ["stories_id,publish_date,title,url,language,media_name,media_url"]
    lines += [
        f"{each.number},{each.day} 09:00:00,{each.title},{each.url},ar,{each.source},x" for each in stories
    ]
    return "\n".join(lines).encode()


def wordpress(stories: Sequence[Story]) -> bytes:
    """Return a WXR in which a draft and an attachment follow each post."""
    items = []
    for each in stories:
        for kind, status in (("post", "publish"), ("post", "draft"), ("attachment", "inherit")):
            dated = f"{each.day} 23:30:00" if status == "publish" else "0000-00-00 00:00:00"
            items.append(
                f"<item><title>{escape(each.title)}</title><link>{each.url}</link>"
                f"<pubDate>Wed, 30 Nov -0001 00:00:00 +0000</pubDate><dc:creator>leila</dc:creator>"
                f"<content:encoded><![CDATA[[caption id='1']صورة[/caption]{each.body}\n\nفقرة ثانية.]]>"
                "</content:encoded>"
                f"<wp:post_id>{each.number}</wp:post_id><wp:post_date>{dated}</wp:post_date>"
                f"<wp:post_type>{kind}</wp:post_type><wp:status>{status}</wp:status></item>"
            )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!-- This is a WordPress eXtended RSS file -->'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">'
        f"<channel><title>{stories[0].source}</title><wp:author><wp:author_login>leila</wp:author_login>"
        f"<wp:author_display_name>{stories[0].author}</wp:author_display_name></wp:author>"
        f"{''.join(items)}</channel></rss>"
    ).encode()


def page(story: Story) -> bytes:
    return (
        f'<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>{story.title}</title>'
        f'<meta property="og:site_name" content="{story.source}">'
        f'<meta property="article:published_time" content="{story.day}T09:00:00+03:00"></head>'
        f"<body><article><h1>{story.title}</h1><p>{story.body}</p><p>وأضاف المصدر أن العمل يستمر.</p>"
        "</article></body></html>"
    ).encode()


def wacz(stories: Sequence[Story]) -> bytes:
    """Return a WACZ whose WARC also holds a frame and a style sheet."""
    listed = [{"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}]
    listed += [
        {"id": str(each.number), "url": each.url, "ts": "2012-03-04T10:00:00Z", "title": each.title}
        for each in stories
    ]
    pages = [(each.url, "text/html", page(each)) for each in stories]
    frame = (
        "http://ads.example.org/frame",
        "text/html",
        b"<html><body><p>" + "إعلان ".encode() * 30 + b"</p></body></html>",
    )
    warc = make_warc(*pages, frame, ("http://nahr.example.org/a.css", "text/css", b"p {}"))
    return make_zip(
        {
            "datapackage.json": b'{"profile": "data-package", "title": "x", "resources": []}',
            "archive/data.warc.gz": warc,
            "pages/pages.jsonl": "\n".join(json.dumps(line, ensure_ascii=False) for line in listed).encode(),
            "indexes/index.cdx": b"",
        }
    )


def mbox(stories: Sequence[Story]) -> bytes:
    parts = []
    for each in stories:
        message = EmailMessage()
        message["From"] = f"{each.author} <desk@nahr.example.org>"
        message["Subject"] = each.title
        message["Date"] = f"{each.day:%a, %d %b %Y} 23:30:00 +0300"
        message["Message-ID"] = f"<{each.number}@nahr.example.org>"
        message.set_content(f"{each.body}\n\nFrom here on it goes on.\n", cte="8bit")
        written = message.as_bytes().replace(b"\nFrom here", b"\n>From here")
        parts.append(b"From desk@nahr.example.org Sun Mar  4 09:00:00 2012\n" + written + b"\n")
    return b"".join(parts)


def mhtml(stories: Sequence[Story]) -> bytes:
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = stories[0].url
    message["Subject"] = stories[0].title
    message["Date"] = "Sun, 4 Mar 2012 09:00:00 -0000"
    message.set_content(page(stories[0]).decode(), subtype="html", cte="quoted-printable")
    message.add_related(b"\xff\xd8\xff", "image", "jpeg")
    message.get_payload(0)["Content-Location"] = stories[0].url  # type: ignore[index, union-attr]  # a multipart
    return message.as_bytes()


@dataclass(frozen=True, slots=True)
class Dump:
    """A kind of file: its name, how it is made, and which fields of a story come out of it."""

    name: str
    make: Callable[[Sequence[Story]], bytes]
    #: Stories that one file holds; 1 where the file is the article.
    most: int = 50
    has_date: bool = True
    has_source: bool = True
    has_title: bool = True
    has_author: bool = True


DUMPS = {
    "csv": Dump("a.csv", csv_with_title, has_author=False),
    "text of Excel": Dump("a.txt", utf16_table, has_author=False),
    "HTML workbook": Dump("a.xls", html_workbook, has_author=False),
    "Media Cloud": Dump("mc.csv", media_cloud, has_author=False),
    "WordPress": Dump("blog.xml", wordpress),
    "Telegram JSON": Dump("result.json", chat_dumps.telegram_json, has_title=False),
    "Telegram account": Dump("result.json", chat_dumps.telegram_account, has_title=False),
    "Telegram HTML": Dump("messages.html", chat_dumps.telegram_html, has_title=False, has_author=False),
    "WhatsApp Android": Dump("WhatsApp Chat with النهر.txt", chat_dumps.whatsapp_android, has_title=False),
    "WhatsApp iOS": Dump("WhatsApp Chat - النهر.zip/_chat.txt", chat_dumps.whatsapp_ios, has_title=False),
    "tweets.js": Dump(
        "tweets.js", chat_dumps.tweets_script, has_source=False, has_title=False, has_author=False
    ),
    "Twitter archive": Dump("twitter.zip", chat_dumps.twitter_archive, has_title=False, has_author=False),
    "tweets": Dump("tweets.json", chat_dumps.tweets_json, has_title=False, has_author=False),
    "retweets": Dump("tweets.jsonl", chat_dumps.retweets_lines, has_title=False),
    "WACZ": Dump("crawl.wacz", wacz, has_author=False),
    "RTF": Dump(
        "a.rtf",
        document_dumps.rtf,
        most=1,
        has_date=False,
        has_source=False,
        has_title=False,
        has_author=False,
    ),
    "ODT": Dump("a.odt", document_dumps.odt, most=1, has_date=False, has_source=False, has_author=False),
    "EPUB": Dump("a.epub", document_dumps.epub, most=1),
    "mbox": Dump("inbox.mbox", mbox, has_source=False),
    "MHTML": Dump("a.mht", mhtml, most=1, has_author=False),
    "Factiva TXT": Dump("Factiva.txt", database_dumps.factiva_txt),
    "Factiva codes": Dump("Factiva-codes.txt", database_dumps.factiva_coded),
    "Factiva RTF": Dump("Factiva.rtf", database_dumps.factiva_rtf),
    "Factiva DOCX": Dump("Factiva.docx", database_dumps.factiva_docx),
    "Factiva HTML": Dump("Factiva.html", database_dumps.factiva_html),
    "Nexis DOCX": Dump("Nexis.docx", database_dumps.nexis_docx),
    "Nexis RTF": Dump("Nexis.rtf", database_dumps.nexis_rtf),
    "Nexis HTML": Dump("Nexis.html", database_dumps.nexis_html),
    "Nexis old": Dump("Nexis.txt", database_dumps.nexis_old_txt),
    "NewsML-G2": Dump("news.xml", document_dumps.newsml),
    "ALTO": Dump(
        "page.xml", document_dumps.alto, has_date=False, has_source=False, has_title=False, has_author=False
    ),
}
