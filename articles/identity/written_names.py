"""Names of sources and authors, compared as a reader sees them."""

from __future__ import annotations

import unicodedata

from pyarabic import araby  # type: ignore[import-untyped]  # it ships no types

from arabic.text.normalization import normalize

_QUOTES = str.maketrans(dict.fromkeys("\"'«»“”„‟‘’‹›", " "))


def name_as_read(name: str) -> str:
    """Return a name without what the page does not show or a writer adds at will.

    Those are direction marks, tatweel, vowels, quotation marks, case, the forms of letters, and spaces.
    """
    text = unicodedata.normalize("NFKC", name).replace(araby.TATWEEL, "").translate(_QUOTES)
    # A hamza or madda that stands behind its letter becomes part of it above; what is left are vowels.
    kept = (char for char in text if unicodedata.category(char) not in ("Mn", "Cf"))
    return " ".join("".join(kept).casefold().split())


def name_as_spelt_loosely(name: str) -> str:
    """Return what names that may be one have in common: أ is ا, ى is ي, ة is ه, and spaces do not count."""
    return "".join(normalize(name_as_read(name)).split())
