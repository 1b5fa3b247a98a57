"""Markdown (md): the file is one article; a head as site generators write it has fields.

The head is YAML between dashes or TOML between plus signs. Of both only the values on one line are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from articles.readers.blob import Blob
from articles.readers.field_names import map_field_names
from articles.readers.registry import FileFormat
from articles.text.encoding import detect_encoding, with_decoded_fields
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord

_HEAD = re.compile(
    r"\s*+(?:---[ \t]*+\n(.{0,20000}?)\n(?:---|\.\.\.)|\+\+\+[ \t]*+\n(.{0,20000}?)\n\+\+\+)[ \t]*+(?:\n|\Z)",
    re.DOTALL,
)
#: A key and its value on a line, of YAML and of TOML; what is indented belongs to another key.
_VALUE = re.compile(r"^([^\W\d][\w -]{0,40}?)[ \t]*+:[ \t]++(\S[^\n]{0,2000})$", re.MULTILINE)
_TOML_VALUE = re.compile(r"^\"?([^\W\d][\w-]{0,40}+)\"?[ \t]*+=[ \t]*+(\S[^\n]{0,2000})$", re.MULTILINE)
#: A table begins: its keys are not those of the article.
_TOML_TABLE = re.compile(r"^\[", re.MULTILINE)
#: Quoted texts; in double quotes a backslash escapes, in single ones YAML doubles the quote.
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*+)\"|'((?:[^']|'')*+)'")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(.))")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\n", "0": ""}
_COMMENT = re.compile(r"(?:^|[ \t])#.*+")
#: The first line of a head is a key, with or without a value, or a comment.
_KEY = re.compile(r"\s*+(?:#|[^\W\d][\w -]{0,40}+:(?:\s|\Z))")
#: The sign of a value that follows on the next lines.
_BLOCK = re.compile(r"[>|][+-]?\d?")
_WEB = ("http://", "https://")
_READ = frozenset(("title", "date", "source", "byline", "url"))
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
    values: dict[str, str] = {}
    head = _HEAD.match(text)
    if head and head[2] is not None:
        text = text[head.end() :]
        values = _fields(_TOML_VALUE.findall(_TOML_TABLE.split(head[2], maxsplit=1)[0]))
    elif head and _KEY.match(head[1]):  # else text between two rules
        text = text[head.end() :]
        values = _fields(_VALUE.findall(head[1]))
    if heading := _FIRST_HEADING.match(text):
        title = plain_text(heading[1]).strip()
        if values.setdefault("title", title) == title:
            text = text[heading.end() :]
    return with_decoded_fields(record.with_problems(*charset.problems), {**values, "body": plain_text(text)})


def _fields(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return the fields of the keys and values of a head; the first key of a field counts."""
    names = map_field_names(name for name, _value in pairs)
    found: dict[str, str] = {}
    for name, (_key, written) in zip(names, pairs, strict=True):
        text = "" if _BLOCK.fullmatch(written.strip()) else _value(written.strip())
        if name in _READ and text and (name != "url" or text.startswith(_WEB)):
            found.setdefault(name, text)
    return found


def _value(written: str) -> str:
    """Return the text of a value: without its quotes, escapes and comment; of a list the items, joined."""
    if written.startswith("[") and (items := _list_items(written)) is not None:
        return "، ".join(filter(None, items))
    if (quoted := _QUOTED.match(written)) and not _COMMENT.sub("", written[quoted.end() :]).strip():
        return _unquoted(quoted)
    return _COMMENT.sub("", written).strip()


def _list_items(written: str) -> list[str] | None:
    """Return the items of a list on one line, None if it is no list: a title may begin with a bracket."""
    items, at = [""], 1
    while at < len(written) and written[at] != "]":
        quoted = None if items[-1].strip() else _QUOTED.match(written, at)
        if quoted:
            items[-1] = _unquoted(quoted)
            at = quoted.end()
            continue
        if written[at] == ",":
            items.append("")
        else:
            items[-1] += written[at]
        at += 1
    if at == len(written) or _COMMENT.sub("", written[at + 1 :]).strip():
        return None
    return [item.strip() for item in items]


def _unquoted(quoted: re.Match[str]) -> str:
    if quoted[1] is None:
        return quoted[2].replace("''", "'").strip()
    return _ESCAPE.sub(_escaped, quoted[1]).strip()


def _escaped(escape: re.Match[str]) -> str:
    """Return the character of an escape; a number that is no character stays as it is written."""
    number = int(escape[1] or escape[2] or escape[3] or "0", 16)
    if not number:
        return _ESCAPED.get(escape[4] or "", escape[4] or "")
    return escape[0] if number > 0x10FFFF or 0xD800 <= number < 0xE000 else chr(number)


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
