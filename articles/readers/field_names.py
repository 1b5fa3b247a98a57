"""Names that files give the fields of an article, and conversion of the values to text.

Used by the readers of tables, JSON, feeds and e-mails.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from email.utils import parsedate_to_datetime

from articles.readers.markup import without_markup
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
#: Other names, used by scrapers and in tables of newsrooms. Such a name counts only if no documented name
#: of its field is present and its value is text. There are none for the fields that identify an article
#: (id, source, url), so that a record already in the archive stays the same one.
FIELD_SYNONYMS = {
    "headline": "title", "heading": "title",
    "عنوان": "title", "عنوان الخبر": "title", "عنوان المقال": "title", "العنوان الرئيسي": "title",
    "content": "body", "article_body": "body", "articlebody": "body", "full_text": "body",
    "fulltext": "body", "full text": "body", "content_text": "body", "content_html": "body",
    "نص": "body", "نص الخبر": "body", "نص المقال": "body", "المحتوى": "body",
    "published_at": "date", "published_date": "date", "publish_date": "date", "date_published": "date",
    "datepublished": "date", "publication_date": "date", "publication date": "date",
    "pubdate": "date", "publishedat": "date", "pub_date": "date",
    "تاريخ": "date", "تاريخ النشر": "date", "تاريخ الخبر": "date",
    "writer": "byline", "reporter": "byline", "كاتب": "byline", "اسم الكاتب": "byline", "المؤلف": "byline",
}  # fmt: skip
#: Names that count only if the field has no name of the tables above: some also name a summary or an editor,
#: and a file read before they were known keeps its fields.
LATER_SYNONYMS = {
    "body text": "body", "article text": "body", "محتوى الخبر": "body", "التفاصيل": "body",
    "تفاصيل الخبر": "body", "متن الخبر": "body", "النص الكامل": "body",
    "المراسل": "byline", "بقلم": "byline",
    # Tables of content management systems (Drupal, Joomla, WordPress): `created` is when it was first saved.
    "body__value": "body", "body_value": "body", "field_body": "body", "post_content": "body",
    "field_author": "byline", "field_byline": "byline", "author_name": "byline", "created_by_alias": "byline",
    "field_date": "date", "publish_up": "date", "post_date": "date", "created": "date", "created_at": "date",
    "issued": "date",
    "node_title": "title", "post_title": "title",
}  # fmt: skip
_UNDOCUMENTED_NAMES = FIELD_SYNONYMS | LATER_SYNONYMS
#: Days since the epoch of spreadsheets (which counts a 29th of February 1900), and parts of a day.
_SERIAL_DAY = re.compile(r"([2-5]\d{4})(?:\.\d{1,12})?")
_SERIAL_EPOCH = date(1899, 12, 30)
_CITY_SEPARATORS = re.compile(r"[,،;؛|\n]")


def _normalize_key(name: str) -> str:
    return name.strip().strip("\ufeff\u200e\u200f").lower()


def map_field_names(names: Iterable[str]) -> list[str]:
    """Return the field of each column or key, "" for one that is not recognised."""
    plain = list(map(_normalize_key, names))
    found = [""] * len(plain)
    for table in (FIELD_NAMES, FIELD_SYNONYMS, LATER_SYNONYMS):
        named = set(found)
        for index, name in enumerate(plain):
            if not found[index] and (field := table.get(name, "")) not in named:
                found[index] = field
    return found


def fill_fields(record: RawRecord, values: Mapping[str, object]) -> RawRecord:
    """Return the record with the fields of `values`, a mapping of key in the file → value.

    If two keys name the same field, the first value that is not empty counts. A value that is not text
    rejects the record.
    """
    named = zip(map_field_names(values), values.items(), strict=True)
    return _fill(record, ((name, key, value) for name, (key, value) in named if _is_trusted_key(key, value)))


def _is_trusted_key(key: str, value: object) -> bool:
    """Return True if a key is documented or its value is text: "content" may hold anything in other files."""
    return isinstance(value, str) or _normalize_key(key) not in _UNDOCUMENTED_NAMES


def fill_fields_from_row(record: RawRecord, fields: Sequence[str], cells: Sequence[str]) -> RawRecord:
    """Return the record with the fields of a table row; `fields` has the field of each cell, "" for none.

    A date that is a number of spreadsheet days becomes that day, with a note.
    """
    if (at := _index(fields, "date")) < len(cells) and (day := parse_serial_day(cells[at])):
        note = RecordProblem("date-serial", f"{cells[at].strip()} → {day}")
        cells, record = [*cells[:at], day, *cells[at + 1 :]], record.with_problems(note)
    return _fill(record, zip(fields, fields, cells, strict=False))


def _index(fields: Sequence[str], name: str) -> int:
    """Return the place of a field, one behind the last if there is none."""
    return fields.index(name) if name in fields else len(fields)


def parse_serial_day(cell: str) -> str:
    """Return the ISO day of a number of days as spreadsheets count them (41489 is 2013-08-03), else "".

    Only 1954 to 2064: a smaller number may be a year, a greater one a day without separators.
    """
    found = _SERIAL_DAY.fullmatch(cell.strip())
    return (_SERIAL_EPOCH + timedelta(days=int(found[1]))).isoformat() if found else ""


def _fill(record: RawRecord, values: Iterable[tuple[str, str, object]]) -> RawRecord:
    """Return the record with `values`, triples of field, its name in the file, and value."""
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
            if name in ("title", "body") and (plain := without_markup(texts[name])) != texts[name]:
                texts[name] = plain
                problems.append(RecordProblem("markup", key))
    return replace(record, cities=cities).with_fields(texts).with_problems(*problems)


def value_to_text(value: object) -> str | None:
    """Return a value as text: "" for null, a number written out.

    Returns None for lists, objects, booleans and what is not a number in JSON (NaN, Infinity).
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def parse_cities(value: object) -> tuple[str, ...] | None:
    """Return the names of cities in a list of texts or in a text separated by commas, semicolons or bars.

    Returns None for anything else. null, also inside the list, is not a city.
    """
    if isinstance(value, str):
        value = _CITY_SEPARATORS.split(value)
    parts = [] if value is None else value
    if not isinstance(parts, list) or not all(part is None or isinstance(part, str) for part in parts):
        return None
    names = (replace_undecodable(part)[0].strip() for part in parts if part)
    return tuple(dict.fromkeys(name for name in names if name))


def parse_rfc2822_day(text: str) -> str:
    """Return the day of an e-mail date ("Fri, 24 May 2013 09:00:00 +0300") as YYYY-MM-DD, else "".

    The day is that of the date's own time zone.
    """
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


assert set(FIELD_NAMES.values()) == {*FIELDS, "cities"} > set(_UNDOCUMENTED_NAMES.values())  # noqa: S101  the table and the record type must agree
