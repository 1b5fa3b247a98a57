"""Where programs put articles in JSON, and how they write values that JSON has no type for.

Search engines put an article into a hit, databases into a document, web services into a list somewhere below
the first object; pandas writes a table as columns, as an index or in parts; MongoDB wraps days and numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from articles.readers.field_names import map_field_names
from articles.readers.markup import html_to_text

#: Objects inside each other that are looked at.
_DEPTH = 4
#: Keys under which an article stands inside its record: Elasticsearch, JSON:API, Airtable, GeoJSON, GraphQL,
#: CouchDB.
_INNER = ("_source", "attributes", "fields", "properties", "node", "doc", "document", "article", "item")
#: Keys are ids of articles, not numbers of lines in a table, if all of them are so long and have a digit.
_ID = re.compile(r"(?=.*\d).{4,200}", re.DOTALL)
_NAMED = frozenset(("source", "author", "byline"))
_AUTHORS = "authors"
#: Seconds since the epoch in 2001, from which on a number is no count.
_SECONDS = 1e9
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Types of MongoDB's extended JSON that hold a number or an id as text.
_WRAPPED = frozenset(("$oid", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal", "$uuid"))
#: The shell of MongoDB writes values as calls. Strings are met first, so that a call inside one stays.
_SHELL = re.compile(
    r'"(?:[^"\\]|\\.)*+"'
    r"|(?:new\s++)?(?:ISODate|Date|(?P<id>ObjectId)|NumberLong|NumberInt|NumberDecimal|UUID|Timestamp)"
    r'\s*+\(\s*+(?P<value>"[^"\\]*+"|-?\d++)?[^()"]*+\)'
)
#: Names without quotation marks: the newer shell prints documents as JavaScript.
_SHELL_KEY = re.compile(r"\s*+(?:\[\s*+)?\{\s*+_id\s*+:")
_BETWEEN = re.compile(r"[\s,\ufeff]*+")
_SHELL_CALL = re.compile(r"\b(?:ISODate|ObjectId|Number(?:Long|Int|Decimal)|UUID)\s*+\(")


def find_articles(value: Mapping[str, Any], depth: int = 0) -> list[dict[str, Any]]:
    """Return the articles inside an object, in their order; [] if there are none.

    Sections and authors may have titles, too: beside articles with a text they count for nothing. `depth` is
    the number of objects around the value.
    """
    if rows := find_rows(value):
        return rows
    lists = list(_iter_lists(value, depth)) or [[each] for each in value.values() if is_article(each)]
    whole = [found for found in lists if any(map(has_body, found))]
    return [article for found in whole or lists for article in found]


def is_article(value: object) -> bool:
    """Return True if a value is an object with a title or a text, or holds one."""
    return isinstance(value, dict) and _has_text(inner_article(value))


def has_body(value: object) -> bool:
    """Return True if a value is an object with a text, or holds one."""
    return isinstance(value, dict) and _has_text(inner_article(value), ("body",))


def is_head_of(value: dict[str, Any], found: Sequence[dict[str, Any]]) -> bool:
    """Return True if an object is the head of the articles found in it: it may have a title, but no text.

    Without any text, it is the head of what has each of its own fields: tags and related reports have fewer.
    """
    if not found or has_body(value):
        return False
    own = _named_fields(inner_article(value))
    return any(has_body(each) or own <= _named_fields(inner_article(each)) for each in found)


def section_articles(value: Mapping[str, Any], depth: int = 0) -> list[dict[str, Any]]:
    """Return the articles inside a titled section, [] for an article and for a section without any."""
    if not isinstance(value, dict) or not any(isinstance(each, list | dict) for each in value.values()):
        return []
    found = [] if has_body(value) else find_articles(value, depth)
    return found if is_head_of(value, found) else []


def _named_fields(value: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(map_field_names(value)) - {"", "external_id"}


def rows_below_header(rows: list[Any]) -> list[dict[str, Any]]:
    """Return the rows of a table whose first row names its columns, [] if it is none."""
    head, *rest = rows if rows and all(isinstance(row, list) for row in rows) else [[]]
    names = [name for name in head if isinstance(name, str)]
    if len(names) < len(head) or not {"title", "body"} & set(map_field_names(names)):
        return []
    return [dict(zip(names, row, strict=False)) for row in rest]


def inner_article(value: dict[str, Any]) -> dict[str, Any]:
    """Return the object that has the fields of an article: the value, or one that it wraps, with its id."""
    if _has_text(value):
        return value
    for name in _INNER:
        inner = value.get(name)
        if isinstance(inner, dict) and _has_text(inner):
            outer = value.get("_id", value.get("id"))
            named = {key.lower() for key in inner}
            flat = {key: _only_item(each) for key, each in inner.items()}
            return flat if outer is None or "id" in named else {**flat, "id": outer}
    return value


def plain_values(value: dict[str, Any]) -> dict[str, Any]:
    """Return an object whose days, numbers and texts are values of JSON."""
    if not any(isinstance(each, dict | float | list) for each in value.values()):
        return value
    plain = {key: _named(key, _plain(each)) for key, each in value.items()}
    named = {key.lower() for key in value}
    if _AUTHORS in named and "byline" not in map_field_names(value):
        plain["author"] = author_names(plain)
    if isinstance(value.get("_id"), dict) and "id" not in named and isinstance(plain["_id"], str):
        plain["id"] = plain["_id"]
    # WordPress gives its own address under a name that means anything elsewhere.
    if any(_is_rendered(each) for each in value.values()) and "url" not in named:
        plain["url"] = value.get("link")
    return plain


def author_names(value: Mapping[str, Any]) -> str:
    """Return the names in a list of authors, texts or objects with a name, or of one author; "" for none."""
    authors = value.get(_AUTHORS) or [value.get("author")]
    names = (
        _name_in(each) if isinstance(each, dict) else each
        for each in (authors if isinstance(authors, list) else ())
    )
    return "، ".join(
        dict.fromkeys(" ".join(name.split()) for name in names if isinstance(name, str) and name.strip())
    )


def without_shell_calls(text: str) -> str:
    """Return JSON with the calls of MongoDB's shell replaced by their values."""
    if not _SHELL_CALL.search(text):
        return text
    return _SHELL.sub(_value_of_call, text)


def _value_of_call(call: re.Match[str]) -> str:
    """Return the value of a call as `mongoexport` writes it; a string is returned as it is."""
    if call[0][0] == '"':
        return call[0]
    value = call["value"] or "null"
    return f'{{"$oid": {value}}}' if call["id"] else value


def split_values(text: str) -> list[str]:
    """Return the JSON values that follow each other in a text, as they are written.

    If one of them is broken, the text itself is returned.
    """
    decode, parts, at = json.JSONDecoder().raw_decode, [], 0
    try:
        while (at := _BETWEEN.match(text, at).end()) < len(text):  # type: ignore[union-attr]  # matches anything
            _value, end = decode(text, at)
            parts.append(text[at:end])
            at = end
    except (ValueError, RecursionError):
        return [text]
    return parts


def is_shell_output(text: str) -> bool:
    """Return True if a text has values as MongoDB's shell prints them."""
    return bool(_SHELL_CALL.search(text) or _SHELL_KEY.match(text))


def shell_documents(text: str) -> list[str]:
    """Return the documents that MongoDB's shell printed as JSON; [] if names or values are no JSON."""
    plain = without_shell_calls(text).strip()
    if plain.startswith("[") and plain.endswith("]"):
        plain = plain[1:-1]
    parts = split_values(plain)
    return [] if parts == [plain] and not _is_json(plain) else parts


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _has_text(value: Mapping[str, Any], names: Sequence[str] = ("title", "body")) -> bool:
    """Return True if a key names the title or the text of an article, and its value may be one."""
    fields = map_field_names(value)
    return any(
        field in names and (not isinstance(each, dict) or _is_rendered(each))
        for field, each in zip(fields, value.values(), strict=True)
    )


def _is_rendered(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("rendered"), str)


def _only_item(value: object) -> object:
    """Return the item of a list of one text: search engines may give all values as lists."""
    return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) else value


def _name_in(person: Mapping[str, Any]) -> object:
    """Return the name of an author, also of one with two names as libraries of references write them."""
    if whole := person.get("name") or person.get("literal"):
        return whole
    parts = [person.get("given"), person.get("family")]
    return " ".join(part for part in parts if isinstance(part, str))


def _named(key: str, value: object) -> object:
    """Return the name of a paper or author that has a number or an address, and whole seconds as such."""
    if isinstance(value, list) and key.lower() == "author" and (names := author_names({_AUTHORS: value})):
        return names
    if isinstance(value, dict) and "date-parts" in value:
        return _day_of_parts(value["date-parts"])
    if isinstance(value, dict) and key.lower() in _NAMED and isinstance(value.get("name"), str):
        return value["name"]
    # pandas makes fractions of the seconds of a column with gaps. An id keeps its point: it is known so.
    is_whole = isinstance(value, float) and value.is_integer() and value >= _SECONDS
    return f"{value:.0f}" if is_whole and map_field_names([key]) == ["date"] else value


def _plain(value: object) -> object:
    if not isinstance(value, dict) or not value:
        return value
    if _is_rendered(value):
        return html_to_text(value["rendered"])
    (name, inner), *more = value.items()
    if more or name not in (*_WRAPPED, "$date"):
        return value
    if name != "$date":
        return inner
    inner = _plain(inner)
    try:
        milliseconds = int(inner) if isinstance(inner, int | str) else None
        day = None if milliseconds is None else _EPOCH + timedelta(milliseconds=milliseconds)
    except (ValueError, OverflowError):
        return inner
    return day.date().isoformat() if day else value


def _day_of_parts(parts: object) -> str:
    """Return the day of [[2012, 3, 1]], as CSL-JSON has it, or the year or month of fewer numbers."""
    first = parts[0] if isinstance(parts, list) and parts else None
    numbers = first if isinstance(first, list) else []
    told = [str(each) for each in numbers[:3] if isinstance(each, int | str)]
    return "-".join(each.strip().zfill(2) for each in told)


def find_rows(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a table that is written by its columns, or apart from their names; [] for others."""
    names, data = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(data, list):
        return rows_below_header([names, *data])
    if "values" in value and isinstance(value["values"], list):
        return rows_below_header(value["values"])
    if not {"title", "body"} & set(map_field_names(value)):
        return []
    if all(isinstance(each, list) for each in value.values()):
        longest = max(map(len, value.values()))
        return [{name: each[at] for name, each in value.items() if at < len(each)} for at in range(longest)]
    if all(isinstance(each, dict) and not _is_rendered(each) for each in value.values()):
        keys = dict.fromkeys(key for each in value.values() for key in each)
        return [{name: each.get(key) for name, each in value.items()} for key in keys]
    return []


def _iter_lists(value: object, depth: int) -> Iterator[list[dict[str, Any]]]:
    """Yield each list of articles, and each object whose values are articles, from outside to inside."""
    if not isinstance(value, dict) or depth > _DEPTH:
        return
    inside = list(value.values())
    if len(inside) > 1 and all(map(is_article, inside)) and not any(map(_has_list, inside)):
        has_ids = all(map(_ID.fullmatch, value))
        yield [
            inner
            for key, each in value.items()
            for inner in section_articles(each, depth + 1) or [_with_key(key, each) if has_ids else each]
        ]
        return
    for each in inside:
        if not isinstance(each, list):
            yield from _iter_lists(each, depth + 1)
        elif articles := [item for item in each if is_article(item)]:
            yield [inner for item in articles for inner in section_articles(item, depth + 1) or [item]]
        else:
            for item in each:
                yield from _iter_lists(item, depth + 1)


def _has_list(value: dict[str, Any]) -> bool:
    return not has_body(value) and any(isinstance(each, list) for each in value.values())


def _with_key(key: str, value: dict[str, Any]) -> dict[str, Any]:
    return value if {"id", "_id"} & value.keys() else {**value, "id": key}
