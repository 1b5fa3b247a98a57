"""What the fields of a record are called in the files, and how their values become text."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from articles.intake.charset import shown
from articles.intake.records import FIELDS, Problem, RawRecord

#: Column or key (lower case) → field of RawRecord. The first line is the documented interface.
NAMES = {
    "id": "external_id", "title": "title", "body": "body", "date": "date", "source": "source", "url": "url",
    "byline": "byline", "cities": "cities",
    "text": "body", "author": "byline",
    "المعرف": "external_id", "العنوان": "title", "النص": "body", "التاريخ": "date", "المصدر": "source",
    "الرابط": "url", "الكاتب": "byline", "المدن": "cities",
}  # fmt: skip
_BETWEEN_CITIES = re.compile(r"[,،;؛|\n]")


def field_name(name: str) -> str:
    """The field a column or key stands for, "" if it is none of ours."""
    return NAMES.get(name.strip().strip("\ufeff\u200e\u200f").lower(), "")


def fill(record: RawRecord, values: Mapping[str, object]) -> RawRecord:
    """The record with the fields that `values` (key as in the file → value) gives. Where two keys mean one
    field the first that is not empty counts. A value that is no text rejects the record."""
    return _fill(record, ((field_name(key), key, value) for key, value in values.items()))


def fill_columns(record: RawRecord, fields: Sequence[str], cells: Sequence[str]) -> RawRecord:
    """The record with the fields of a row of a table: `fields` names that of each cell, "" for none."""
    return _fill(record, zip(fields, fields, cells, strict=False))


def _fill(record: RawRecord, values: Iterable[tuple[str, str, object]]) -> RawRecord:
    """`values` are (field, its name in the file, value)."""
    texts: dict[str, str] = {}
    cities: tuple[str, ...] = ()
    problems: list[Problem] = []
    for name, key, value in values:
        if name == "cities":
            named = cities_of(value)
            if named is None:
                problems.append(Problem("field-not-text", key, fatal=True))
            cities = cities or named or ()
        elif name and not texts.get(name):
            text = text_of(value)
            if text is None:
                problems.append(Problem("field-not-text", key, fatal=True))
                continue
            texts[name], broken = shown(text)
            problems += broken
    return replace(record, cities=cities).with_fields(texts).noting(*problems)


def text_of(value: object) -> str | None:
    """The value as text: null is empty, a number is written out; None for lists, objects, booleans and what
    JSON has no number for (NaN, Infinity)."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def cities_of(value: object) -> tuple[str, ...] | None:
    """Names of cities from a list of texts, or from text that separates them by commas, semicolons or bars;
    None for anything else. null is no city, in the list too."""
    if isinstance(value, str):
        value = _BETWEEN_CITIES.split(value)
    parts = [] if value is None else value
    if not isinstance(parts, list) or not all(part is None or isinstance(part, str) for part in parts):
        return None
    names = (shown(part)[0].strip() for part in parts if part)
    return tuple(dict.fromkeys(name for name in names if name))


assert set(NAMES.values()) == {*FIELDS, "cities"}  # noqa: S101  the table and the record type must agree
