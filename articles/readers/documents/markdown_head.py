"""The head of a Markdown file, as site generators write it: YAML between dashes or TOML between plus signs.

Of YAML what such heads have is read: texts on one line or on several, and lists of them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date

from articles.readers.field_names import map_field_names

_HEAD = re.compile(
    r"\s*+(?:---[ \t]*+\n(.{0,20000}?)\n(?:---|\.\.\.)|\+\+\+[ \t]*+\n(.{0,20000}?)\n\+\+\+)[ \t]*+(?:\n|\Z)",
    re.DOTALL,
)
#: A key of YAML and what stands behind it on its line; what is indented belongs to it.
_VALUE = re.compile(r"([^\W\d][\w -]{0,40}?)[ \t]*+:(?:[ \t]++([^\n]*+))?")
#: An item of a list, and a key inside a value.
_ITEM = re.compile(r"[ \t]*+-(?:[ \t]++|\Z)")
_INNER_KEY = re.compile(r"[ \t]*+(?:-[ \t]++)?([\w-]{1,40}+):(?:[ \t]++([^\n]*+))?")
#: A key and its value in TOML that is damaged.
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
#: The sign of a text that follows on the next lines: folded, or line by line.
_BLOCK = re.compile(r"([>|])[+-]?\d?[+-]?(?:[ \t]++#.*+)?")
_WEB = ("http://", "https://")
_READ = frozenset(("title", "date", "source", "byline", "url"))


def split_head(text: str) -> tuple[dict[str, str], str]:
    """Return the fields of a text's head, and the text behind it; {} and the text if it has no head."""
    head = _HEAD.match(text)
    if head and head[2] is not None:
        return _fields(list(_toml_pairs(head[2]))), text[head.end() :]
    if head and _KEY.match(head[1]):  # else text between two rules
        return _fields(list(_yaml_pairs(head[1].split("\n")))), text[head.end() :]
    return {}, text


def _fields(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return the fields of the keys and values of a head; the first key of a field counts."""
    names = map_field_names(name for name, _value in pairs)
    found: dict[str, str] = {}
    for name, (_key, written) in zip(names, pairs, strict=True):
        text = " ".join(written.split())
        if name in _READ and text and (name != "url" or text.startswith(_WEB)):
            found.setdefault(name, text)
    return found


def _toml_pairs(head: str) -> Iterator[tuple[str, str]]:
    """Yield the keys above the tables of a head in TOML, and their values."""
    try:
        table = tomllib.loads(head)
    except (ValueError, RecursionError):
        found = _TOML_VALUE.findall(_TOML_TABLE.split(head, maxsplit=1)[0])
        yield from ((key, _value(written.strip())) for key, written in found)
        return
    for key, value in table.items():
        values = value if isinstance(value, list) else [value]
        yield key, "، ".join(_toml_text(each) for each in values if not isinstance(each, dict | list))


def _toml_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _yaml_pairs(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the keys of a head in YAML, and their values."""
    key, value = None, [""]
    for line in lines:
        if found := _VALUE.fullmatch(line):
            if key is not None:
                yield key, _yaml_value(value)
            key, value = found[1], [(found[2] or "").strip()]
        else:
            value.append(line)
    if key is not None:
        yield key, _yaml_value(value)


def _yaml_value(lines: list[str]) -> str:
    """Return the text of a value, of what stands behind its key and of the lines below."""
    first, *below = lines
    if _BLOCK.fullmatch(first):
        return "\n".join(below)
    first = "" if _COMMENT.fullmatch(first) else first
    below = [line.strip() for line in below if line.strip() and not _COMMENT.match(line.strip())]
    if first or not below:
        return _value(" ".join((first, *below)))
    if _ITEM.match(below[0]):
        return "، ".join(filter(None, map(_item, _list_lines(below))))
    return _item(below)


def _list_lines(lines: list[str]) -> list[list[str]]:
    """Return the lines of every item of a list."""
    items: list[list[str]] = []
    for line in lines:
        if sign := _ITEM.match(line):
            items.append([line[sign.end() :]])
        else:
            items[-1].append(line)
    return items


def _item(lines: list[str]) -> str:
    """Return the text of a value below its key; of an author with several facts it is the name."""
    keys = [found for line in lines if (found := _INNER_KEY.fullmatch(line))]
    if len(keys) == len(lines):
        return next((_value((key[2] or "").strip()) for key in keys if key[1] in {"name", "title"}), "")
    return _value(" ".join(lines).strip())


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
