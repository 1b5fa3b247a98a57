"""Names of news agencies and newspapers, as they are written in signatures of reports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from arabic.tables.gazetteer import name_key

DATA = Path(__file__).resolve().parents[1] / "data"
#: Length of the longest signature, in characters.
MAX_CHARACTERS = 60
#: Separators between several agencies: "سانا، رويترز", "أ ف ب + وكالات".
_SEPARATOR = re.compile(r"(?:(?<!\s)\s++)?[،,+/&؛;-]\s*+|(?<!\s)\s++و\s*+(?=[^\W\d_])")
#: Words such as "agencies" that name no particular one.
_AGENCIES = frozenset(
    map(name_key, ("وكالات", "الوكالات", "وكالات الأنباء", "وكالات أنباء", "مواقع", "متابعات"))
)
_PUBLISHER = re.compile(
    r"(?:صحيفة|جريدة|مجلة|موقع|شبكة|قناة|راديو|إذاعة|وكالة|مركز)\s+[«\"“]?([^\W\d_][^«»\"“”\n]{1,35})[»\"”]?"
)


def iter_table_rows(table: str) -> Iterator[list[str]]:
    """Yield the rows of a table of articles/data, tab-separated, without comments (#) and column names."""
    with (DATA / table).open(encoding="utf-8") as lines:
        kept = (line.rstrip("\n").split("\t") for line in lines if not line.startswith("#"))
        next(kept)
        yield from kept


@cache
def _latin_names() -> dict[str, str]:
    return {name_key(name): latin for name, latin in iter_table_rows("latin_publishers.tsv")}


def latin_publisher(name: str) -> str:
    """Return the name in Latin letters of a known agency or paper, "" for any other."""
    return _latin_names().get(name_key(name), "")


@cache
def _signatures() -> dict[str, str]:
    known = {}
    for name, signatures in iter_table_rows("agencies.tsv"):
        for form in (name, *signatures.split("|")):
            known[name_key(form)] = name
    return known


@cache
def _papers() -> dict[str, str]:
    known = {}
    for name, signatures in iter_table_rows("papers.tsv"):
        for form in (name, *signatures.split("|")):
            known[name_key(form)] = name
    return known


def find_paper(text: str) -> str:
    """Return the newspaper or site with this unambiguous name, as the archive names it; "" if none."""
    return _papers().get(name_key(text), "") if 1 < len(text) <= MAX_CHARACTERS else ""


def find_agency(text: str) -> str:
    """Return the agency with this signature, as the archive names it; "" if none."""
    return _signatures().get(name_key(text), "") if 1 < len(text) <= MAX_CHARACTERS else ""


def find_agencies(text: str) -> list[str]:
    """Return all agencies of a signature; [] if it names anything else."""
    if found := find_agency(text):
        return [found]
    if len(text) > 2 * MAX_CHARACTERS:
        return []
    found_all = []
    for part in filter(None, _SEPARATOR.split(text.strip())):
        found = find_agency(part)
        if not found and name_key(part) not in _AGENCIES:
            return []
        found_all.append(found)
    return list(dict.fromkeys(filter(None, found_all)))


def is_unnamed_agency(text: str) -> bool:
    """Return True if a signature says only "agencies"."""
    return name_key(text) in _AGENCIES


def find_publisher(text: str) -> str:
    """Return a newspaper of the table, or the name in "صحيفة كذا" or «كذا»; "" if the text is neither."""
    text = text.strip(" .")
    if known := find_paper(text.strip('«»“”"')):
        return known
    if _PUBLISHER.fullmatch(text):
        return " ".join(text.replace("«", "").replace("»", "").replace('"', "").split())
    if len(text) > 4 and text[0] in '«“"' and text[-1] in '»”"' and len(text.split()) <= 4:
        return text[1:-1].strip()
    return ""


def find_agency_or_publisher(text: str) -> str:
    """Return the agency or newspaper if the text names nothing else, as the archive names it; else ""."""
    return find_agency(text) or find_publisher(text)
