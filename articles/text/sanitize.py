"""Sanitizing of text so that it can be stored and shown; letters stay as they were written.

Removed characters are counted, and the original bytes are stored separately.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace

from articles.text.records import FIELDS, RawRecord, RecordProblem

_NEWLINES = re.compile("\r\n|[\r\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ufeff]")
#: Characters that turn the order of what follows: U+202E makes "\u202efdp.exe" look like "exe.pdf".
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SURROGATES = re.compile("[\ud800-\udfff]")
#: What the three find.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\ufeff]")
#: HTML entities that scrapers leave behind. Not all of HTML: "&copy" in a URL is not an entity.
_ENTITY = re.compile(
    r"&(?:amp|quot|apos|lt|gt|nbsp|laquo|raquo|ldquo|rdquo|lsquo|rsquo|ndash|mdash|hellip|bull|middot|zwnj|rlm|lrm"
    r"|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});"
)
_SPACES = re.compile(r"\s+")
#: A spreadsheet program runs a cell that begins so as a formula, also after spaces. Where the separator of
#: lists is a semicolon, as in most Arabic countries, it reads a CSV otherwise: a cell begins behind each
#: semicolon and, since a quotation mark inside a cell means nothing, behind each line break. LibreOffice
#: cuts at tabs, too. There a sign before an Arabic word stays as it is: many lists begin so, and no formula
#: does. Apostrophes that are there already count as part of it, so that one more can be taken away again.
_BEGINS_FORMULA = (
    r"(?:^|(?<=;))(?='*[^\S\n\r]*[=+\-@\t\r＝＋－＠])"
    r"|(?<=[;\t\n\r])(?='*+[^\S\t\n\r]*+\"*+[^\S\t\n\r]*+"
    r"(?:[=@＝＠]|[+\-＋－][^\S\t\n\r]*[\w(\"'.=@+\-](?<![\u0600-\u06ff])))"
)
_FORMULA = re.compile(_BEGINS_FORMULA)
_ESCAPED_FORMULA = re.compile(f"(?:{_BEGINS_FORMULA})'")
ONE_LINE = frozenset(FIELDS) - {"body"}


def sanitize_text(text: str) -> tuple[str, dict[str, int]]:
    """Sanitize a text; return it with a count per problem code.

    Line ends become LF, control characters are removed, lone surrogates become U+FFFD, HTML entities become
    characters, and white space at the ends is removed.
    """
    counts = {}
    if "&" in text:
        text, counts["entities"] = _ENTITY.subn(lambda code: html.unescape(code[0]), text)
    if _UNSAFE.search(text):  # one search says that most texts need none of the three
        text = _NEWLINES.sub("\n", text)
        text, counts["characters-removed"] = _CONTROLS.subn("", text)
        text, counts["surrogates"] = _SURROGATES.subn("\N{REPLACEMENT CHARACTER}", text)
    return text.strip(), {code: count for code, count in counts.items() if count}


def sanitize_record(record: RawRecord) -> RawRecord:
    """Return the record with sanitized fields, all but the body on one line, and a note per kind of change.

    Details of earlier problems may quote the record, and are sanitized too.
    """
    values, totals = {}, dict.fromkeys(("entities", "characters-removed", "surrogates"), 0)
    for name in FIELDS:
        text, counts = sanitize_text(getattr(record, name))
        values[name] = _SPACES.sub(" ", text) if name in ONE_LINE else text
        for code, count in counts.items():
            totals[code] += count
    notes = [RecordProblem(code, str(count)) for code, count in totals.items() if count]
    cities = (_SPACES.sub(" ", sanitize_text(city)[0]) for city in record.cities)
    said = (replace(problem, detail=_storable(problem.detail)) for problem in record.problems)
    record = replace(
        record,
        cities=tuple(city for city in cities if city),
        page_title=_SPACES.sub(" ", sanitize_text(record.page_title)[0]),
        problems=tuple(said),
    )
    return record.with_fields(values).with_problems(*notes)


def sanitize_file_name(name: str) -> str:
    """Return a file name as it may be shown, shortened to its last 500 characters.

    Control characters are removed; one that turns the order of letters becomes U+FFFD, so that an ending
    stands where it is.
    """
    return _storable(name.replace("\n", " "))[-500:]


def _storable(text: str) -> str:
    """Remove characters that databases reject, or that make a name or a message look like another.

    PostgreSQL rejects NUL, both databases reject lone surrogates, and terminals obey control characters.
    """
    text = _OVERRIDES.sub("\N{REPLACEMENT CHARACTER}", _CONTROLS.sub("", text))
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def escape_formula(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula."""
    return _FORMULA.sub("'", cell)


def unescape_formula(cell: str) -> str:
    """Return a cell as it was before `escape_formula`."""
    return _ESCAPED_FORMULA.sub("", cell)
