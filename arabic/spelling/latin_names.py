"""Names in Latin letters that a table knows, and what can be one."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from arabic.tables.gazetteer import gazetteer, read_table

_PARTICLE = re.compile(r"\b(?:al|el|ad|ar|as|ash|at|an|az|ez|er|es|ed|et|en)[ -]+")
_NO_LETTER = re.compile(r"[^a-z]")
#: Two consonants open a word, three in a row are rare, four are no name; so are three vowels.
_UNPRONOUNCEABLE = re.compile(
    r"[^aeiouy]{5}|[aeiou]{4}|^[^aeiouy]{4}|q[^uaeoi]|[jvwx][bcdfghjklmnpqrtvwxz]|^[^aeiouy]+$|(.)\1\1|wv|vw"
    r"|[bcdfghjkmpqtvwxz][jqvx]"
)


def latin_name_key(name: str) -> str:
    """What Latin names are compared by: small letters without marks, article, spaces and hyphens."""
    plain = unicodedata.normalize("NFKD", name).lower()
    return _NO_LETTER.sub("", _PARTICLE.sub("", plain)) or _NO_LETTER.sub("", plain)


def arabic_name(latin: str) -> str | None:
    """The Arabic name of what goes by a Latin one (Homs, Deir ez-Zor, Egypt, Hezbollah); else None."""
    return _names().get(latin_name_key(latin))


def is_known_latin_name(latin: str) -> bool:
    """Whether something goes by this name."""
    return latin_name_key(latin) in _names()


def is_pronounceable(latin: str) -> bool:
    """Whether small Latin letters can be a name at all."""
    return _UNPRONOUNCEABLE.search(latin) is None


@cache
def _names() -> dict[str, str]:
    """Key of a Latin name -> the name in Arabic. What was written by hand goes before GeoNames."""
    entries = gazetteer().by_key
    rows = [(row["names"], row["arabic"]) for row in read_table("exonyms.tsv")]
    rows += [(row["names"], entries[row["key"]].name) for row in read_table("latin_names.tsv")]
    found: dict[str, str] = {}
    for names, arabic in rows:
        for name in names.split("|"):
            found.setdefault(latin_name_key(name), arabic)
    return found
