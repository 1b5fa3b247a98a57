"""Names in Latin letters: the shipped tables of known ones, and a test of what can be a name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from arabic.tables.gazetteer import gazetteer, read_table

_PARTICLE = re.compile(r"\b(?:al|el|ad|ar|as|ash|at|an|az|ez|er|es|ed|et|en)[ -]+")
_NO_LETTER = re.compile(r"[^a-z]")
#: No name begins with four consonants, or has five consonants or four vowels in a row.
_UNPRONOUNCEABLE = re.compile(
    r"[^aeiouy]{5}|[aeiou]{4}|^[^aeiouy]{4}|q[^uaeoi]|[jvwx][bcdfghjklmnpqrtvwxz]|^[^aeiouy]+$|(.)\1\1|wv|vw"
    r"|[bcdfghjkmpqtvwxz][jqvx]"
)


def latin_name_key(name: str) -> str:
    """Return a Latin name in lower case without diacritics, article, spaces and hyphens, for comparison."""
    plain = unicodedata.normalize("NFKD", name).lower()
    return _NO_LETTER.sub("", _PARTICLE.sub("", plain)) or _NO_LETTER.sub("", plain)


def arabic_name(latin: str) -> str | None:
    """Return the Arabic name for a Latin one (Homs, Deir ez-Zor, Egypt, Hezbollah), or None if not known."""
    return _names().get(latin_name_key(latin))


def is_known_latin_name(latin: str) -> bool:
    """Return True if the tables have a Latin name."""
    return latin_name_key(latin) in _names()


def is_pronounceable(latin: str) -> bool:
    """Return True if lower-case Latin letters can be a name at all."""
    return _UNPRONOUNCEABLE.search(latin) is None


@cache
def latin_labels() -> dict[str, str]:
    """Map places and first divisions to the one name by which English pages call them.

    The keys are those of the gazetteer and of `governorates`.
    """
    return {row["key"]: row["name"] for row in read_table("labels/latin_labels.tsv")}


@cache
def _names() -> dict[str, str]:
    """Map the keys of Latin names to Arabic names; hand-written tables take precedence over GeoNames."""
    entries = gazetteer().by_key
    rows = [(row["names"], row["arabic"]) for row in read_table("exonyms.tsv")]
    rows += [(row["names"], entries[row["key"]].name) for row in read_table("latin_names.tsv")]
    found: dict[str, str] = {}
    for names, arabic in rows:
        for name in names.split("|"):
            found.setdefault(latin_name_key(name), arabic)
    return found
