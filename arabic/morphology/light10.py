"""The light10 stemmer (Larkey, Ballesteros and Connell 2007).

It has the length checks of Lucene's ArabicStemmer, so that Elasticsearch's `arabic_stem` filter gives the
same stem for the same normalized word.
"""

from __future__ import annotations

#: Only the first matching prefix is removed.
_PREFIXES = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
#: Each suffix is tried once, in this order. (Normalization has turned ة into ه; the entries with ة are
#: Lucene's.)
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")
#: Letters that must remain; one more if the single letter waw is removed.
_MIN_REST = 2


def strip_suffixes(word: str) -> str:
    """Return the word without light10's suffixes; at least two letters remain."""
    if not word.endswith(_SUFFIXES):  # most words
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) >= len(suffix) + _MIN_REST:
            word = word[: -len(suffix)]
    return word


def light10(word: str) -> str:
    """Return the light stem of a normalized word."""
    for prefix in _PREFIXES if word.startswith(_PREFIXES) else ():
        min_rest = _MIN_REST + (len(prefix) == 1)
        if word.startswith(prefix) and len(word) >= len(prefix) + min_rest:
            word = word[len(prefix) :]
            break
    return strip_suffixes(word)
