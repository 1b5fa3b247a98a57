"""Markdown (md): the file is one article; a head as site generators write it has fields."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.documents.markdown_head import split_head
from articles.readers.registry import FileFormat
from articles.text.encoding import detect_encoding, with_decoded_fields
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord

_FIRST_HEADING = re.compile(r"\s*+#[ \t]++([^\n]{1,300}?)[ \t#]*+(?:\n|\Z)")
#: What stands at the beginning of a line: headings, quotations, lists, fences of code, rules.
_LINE_MARK = re.compile(
    r"^[ \t]*+(?:(?:>[ \t]?)++|#{1,6}+[ \t]++|(?:[-*_=][ \t]*+){3,}+$|[-*+][ \t]++|(?:```|~~~)[^\n]{0,80}$)",
    re.MULTILINE,
)
#: Links and pictures keep their text: its brackets, the exclamation mark and the address are taken out.
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\((?:[^()\n]|\([^()\n]{0,200}\)){0,2000}\)")
_EMPHASIS = re.compile(r"(\*{1,3}|(?<![\w_])_{1,3}|~~|`)(?=\S)([^*_~`\n]{1,1000})(?<=\S)\1(?!\w)")


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield the file as one record, not yet decoded."""
    yield RawRecord(blob.name, 0, blob.read_all(RECORD_BYTES), format="markdown")


def parse(record: RawRecord) -> RawRecord:
    """Return the record with the fields of its head and the text without marks.

    Without a title in the head it is the heading above the text.
    """
    charset = detect_encoding(record.data)
    text = charset.decode(record.data[charset.mark :]).replace("\r\n", "\n")
    values, text = split_head(text)
    if heading := _FIRST_HEADING.match(text):
        title = plain_text(heading[1]).strip()
        if values.setdefault("title", title) == title:
            text = text[heading.end() :]
    return with_decoded_fields(record.with_problems(*charset.problems), {**values, "body": plain_text(text)})


def plain_text(text: str) -> str:
    """Return Markdown without the marks of headings, quotations, lists, links and emphasis."""
    text = _LINK.sub(r"\1", _LINE_MARK.sub("", text))
    return _EMPHASIS.sub(r"\2", text).strip()


FORMAT = FileFormat(
    key="markdown",
    order=12,
    label="Markdown (md)",
    gives=_("the file is an article; title, date and author from its head, or the title from its heading"),
    extensions=(".md", ".markdown"),
    is_text=True,
    read=read,
    parse=parse,
)
