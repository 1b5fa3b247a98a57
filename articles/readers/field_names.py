"""What the fields of a record are called in the files, and how their values become text."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from articles.text.encoding import replace_undecodable
from articles.text.records import FIELDS, RawRecord, RecordProblem

#: Column or key (lower case) → field of RawRecord. The first line is the documented interface.
FIELD_NAMES = {
    "id": "external_id", "title": "title", "body": "body", "date": "date", "source": "source", "url": "url",
    "byline": "byline", "cities": "cities",
    "text": "body", "author": "byline",
    "المعرف": "external_id", "العنوان": "title", "النص": "body", "التاريخ": "date", "المصدر": "source",
    "الرابط": "url", "الكاتب": "byline", "المدن": "cities",
}  # fmt: skip
#: What scrapers and tables of newsrooms say as well. Such a name counts only where none of the documented
#: ones names its field and where its value is text. None of a field that tells which article it is (id,
#: source, url): a record that an archive has must stay the same one.
FIELD_SYNONYMS = {
    "headline": "title", "heading": "title",
    "عنوان": "title", "عنوان الخبر": "title", "عنوان المقال": "title", "العنوان الرئيسي": "title",
    "content": "body", "article_body": "body", "articlebody": "body", "full_text": "body",
    "fulltext": "body", "نص": "body", "نص الخبر": "body", "نص المقال": "body", "المحتوى": "body",
    "published_at": "date", "published_date": "date", "publish_date": "date", "date_published": "date",
    "datepublished": "date", "publication_date": "date", "pubdate": "date", "pub_date": "date",
    "تاريخ": "date", "تاريخ النشر": "date", "تاريخ الخبر": "date",
    "writer": "byline", "reporter": "byline", "كاتب": "byline", "اسم الكاتب": "byline", "المؤلف": "byline",
}  # fmt: skip
_CITY_SEPARATORS = re.compile(r"[,،;؛|\n]")


def _normalize_key(name: str) -> str:
    return name.strip().strip("\ufeff\u200e\u200f").lower()


def map_field_names(names: Iterable[str]) -> list[str]:
    """The field that each column or key stands for, "" where it is none of ours."""
    plain = list(map(_normalize_key, names))
    documented = [FIELD_NAMES.get(name, "") for name in plain]
    named = set(documented)
    others = (FIELD_SYNONYMS.get(name, "") for name in plain)
    return [sure or ("" if other in named else other) for sure, other in zip(documented, others, strict=True)]


def fill_fields(record: RawRecord, values: Mapping[str, object]) -> RawRecord:
    """The record with the fields that `values` (key as in the file → value) gives. Where two keys mean one
    field the first that is not empty counts. A value that is no text rejects the record."""
    told = zip(map_field_names(values), values.items(), strict=True)
    return _fill(record, ((name, key, value) for name, (key, value) in told if _is_trusted_key(key, value)))


def _is_trusted_key(key: str, value: object) -> bool:
    """Whether a key is documented, or its value text: "content" may be anything in a file of others."""
    return isinstance(value, str) or _normalize_key(key) not in FIELD_SYNONYMS


def fill_fields_from_row(record: RawRecord, fields: Sequence[str], cells: Sequence[str]) -> RawRecord:
    """The record with the fields of a row of a table: `fields` names that of each cell, "" for none."""
    return _fill(record, zip(fields, fields, cells, strict=False))


def _fill(record: RawRecord, values: Iterable[tuple[str, str, object]]) -> RawRecord:
    """`values` are (field, its name in the file, value)."""
    texts: dict[str, str] = {}
    cities: tuple[str, ...] = ()
    problems: list[RecordProblem] = []
    for name, key, value in values:
        if name == "cities":
            named = parse_cities(value)
            if named is None:
                problems.append(RecordProblem("field-not-text", key, fatal=True))
            cities = cities or named or ()
        elif name and not texts.get(name):
            text = value_to_text(value)
            if text is None:
                problems.append(RecordProblem("field-not-text", key, fatal=True))
                continue
            texts[name], broken = replace_undecodable(text)
            problems += broken
    return replace(record, cities=cities).with_fields(texts).noting(*problems)


def value_to_text(value: object) -> str | None:
    """The value as text: null is empty, a number is written out; None for lists, objects, booleans and what
    JSON has no number for (NaN, Infinity)."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def parse_cities(value: object) -> tuple[str, ...] | None:
    """Names of cities from a list of texts, or from text that separates them by commas, semicolons or bars;
    None for anything else. null is no city, in the list too."""
    if isinstance(value, str):
        value = _CITY_SEPARATORS.split(value)
    parts = [] if value is None else value
    if not isinstance(parts, list) or not all(part is None or isinstance(part, str) for part in parts):
        return None
    names = (replace_undecodable(part)[0].strip() for part in parts if part)
    return tuple(dict.fromkeys(name for name in names if name))


assert set(FIELD_NAMES.values()) == {*FIELDS, "cities"} > set(FIELD_SYNONYMS.values())  # noqa: S101  the table and the record type must agree
