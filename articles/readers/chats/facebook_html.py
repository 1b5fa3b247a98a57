"""Posts of Facebook's download as HTML (your_posts_1.html): each with a text is an article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_noop as _
from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.blob import Blob
from articles.readers.chats.post_keys import keys_of_page
from articles.readers.content.element_classes import has_class, iter_with_class, separate_elements
from articles.readers.content.page_tree import parse_page
from articles.readers.content.passed_over import with_passed_over
from articles.readers.markup import html_to_text
from articles.readers.registry import FileFormat
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord, RecordProblem, rejected_record

#: Classes of today's pages and of those before 2021: a post, its text, its foot and a part of its text.
_POST, _TEXT, _FOOT, _PART = ({"_a6-g", "_2lej"}, {"_a6-p", "_2let"}, {"_a6-o", "_2lem"}, {"_2pin"})
_DATE = {"_a72d"}
#: Messages, comments and logins have the same classes: only the page's title and name tell posts.
_NAME = re.compile(r"(?:^|[/\\_])posts?(?:_|\.|\b)", re.I)
_TITLE = re.compile(r"<title>[^<]{0,200}?(?:\bposts?\b|منشورات)", re.I)
_CLASS = re.compile(rb'class="[^"]*(?:_a6-[gp]|_2lej|_2let)\b')
#: What is searched for the first post: the style of the page stands before it.
_LOOKED_AT = 262_144
_CLOCK = re.compile(r"[,،]? ?\d{1,2}:\d\d(?::\d\d)?(?: ?(?:[ap]\.?m\.?|[صم]))?$", re.I)
_UPDATED = re.compile(r"(?:updated|تم التحديث)\b[^\n]{0,60}\b\d{4}\b[^\n]{0,20}", re.I)
_ADDRESS = re.compile(r"https?://\S+")


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every post with a text; its bytes are the HTML of the post."""
    passed: Counter[str] = Counter()
    yield from with_passed_over(blob.name, _posts(blob, passed), passed)


def _posts(blob: Blob, passed: Counter[str]) -> Iterator[RawRecord]:
    tree, _is_whole = parse_page(blob.read_all(RECORD_BYTES).decode("utf-8", "replace"))
    if tree is None:
        yield rejected_record(blob.name, 0, "html-empty")
        return
    found = separate_elements(tree, *_POST)
    for row, post in enumerate(found, start=1):
        data = etree.tostring(post, encoding="utf-8", method="html", with_tail=False)
        if _texts(post):
            yield RawRecord(blob.name, row, data, format="facebook-html", charset="utf-8")
        else:
            passed["media without text"] += 1
    if not found:
        passed["page without posts"] += 1


def parse(record: RawRecord) -> RawRecord:
    """Return the record with text and day of the post. Its heading says that something was posted."""
    tree, _is_whole = parse_page(record.data.decode("utf-8", "replace"))
    post = next(iter_with_class(tree, *_POST), None) if tree is not None else None
    if post is None:
        return record.with_problems(RecordProblem("html-empty", fatal=True))
    files = [_file_name(each.get("href") or each.get("src") or "") for each in post.iter("a", "img", "video")]
    names = "، ".join(dict.fromkeys(filter(None, files)))
    notes = (RecordProblem("message-media", names[:200]),) if names else ()
    texts, told = _texts(post), _told_time(post)
    keys = (texts and keys_of_page(texts, told)) or ("",)
    # The time of day is that of the account.
    values = {"body": "\n\n".join(texts), "date": _CLOCK.sub("", told), "external_id": keys[0]}
    return replace(record, known_as=keys[1:]).with_fields(values).with_problems(*notes)


def _texts(post: Any) -> list[str]:
    """Return the text of a post and captions, each once; without tables of the camera and bare addresses."""
    texts = list(iter_with_class(post, *_TEXT))
    for text in texts:
        for table in list(text.iter("table")):
            if table.getparent() is not None:
                table.drop_tree()
    parts = [part for text in texts for part in iter_with_class(text, *_PART) if not _holds(part)]
    written = (
        html_to_text(etree.tostring(part, encoding="unicode", method="html", with_tail=False)).strip()
        for part in parts or [text for text in texts if not _holds(text)]
    )
    kept = (each for each in written if not (_UPDATED.fullmatch(each) or _ADDRESS.fullmatch(each)))
    return list(dict.fromkeys(filter(None, kept)))


def _holds(node: Any) -> bool:
    """Return True if an element contains a part or a text of a post, which is read by itself."""
    return any(each is not node and has_class(each, *_PART, *_TEXT) for each in node.iter())


def _told_time(post: Any) -> str:
    """Return day and time as they are written."""
    dates = [*iter_with_class(post, *_DATE), *iter_with_class(post, *_FOOT)]
    return " ".join(dates[0].text_content().split())[:80] if dates else ""


def _file_name(address: str) -> str:
    """Return the name of a file of the download, or an address that was shared; "" for Facebook's own."""
    if "facebook.com/dyi/" in address:
        return ""
    return address if _ADDRESS.match(address) else address.rpartition("/")[2]


def looks_like_posts(blob: Blob, head: bytes) -> bool:
    """Return True if a web page is named or titled as posts and has the classes of Facebook's download."""
    if not (_NAME.search(blob.name) or _TITLE.search(head.decode("utf-8", "replace"))):
        return False
    with blob.open() as stream:
        return bool(_CLASS.search(stream.read(_LOOKED_AT)))


FORMAT = FileFormat(
    key="facebook-html",
    order=63,
    label="Facebook (HTML)",
    gives=_("as from Facebook's JSON, with the day as it is written"),
    extensions=(),
    is_text=True,
    refines=frozenset({"html"}),
    recognises=looks_like_posts,
    read=read,
    parse=parse,
)
