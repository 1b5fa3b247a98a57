"""Finds the sentence around a span of text, shown as the evidence for a place or a date."""

from __future__ import annotations

import re

#: A full stop ends a sentence only before a space and not after a single letter: 3.5, ا.ف.ب and د. do not end
#: one.
_END = re.compile(r"[!؟?\n…]+|\.(?<![\s.،(][^\W\d_]\.)(?=\s|$)")
#: Maximum characters of evidence on either side: scraped text may have no sentences.
MAX_REACH = 200


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets of the sentence that contains text[start:end], without surrounding whitespace."""
    first = max(0, start - MAX_REACH)
    for stop in _END.finditer(text, first, start):
        first = stop.end()
    limit = min(len(text), end + MAX_REACH)
    closing = _END.search(text, end, limit)
    last = closing.end() if closing else limit
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last
