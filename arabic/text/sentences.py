"""The sentence around a spot of a text: the evidence that is shown for a place or a date."""

from __future__ import annotations

import re

#: A full stop ends a sentence only before a space and not behind a single letter: 3.5, ا.ف.ب and د. go on.
_END = re.compile(r"[!؟?\n…]+|\.(?<![\s.،(][^\W\d_]\.)(?=\s|$)")
#: Scraped text may have no sentences; no evidence is longer than this to either side.
MAX_REACH = 200


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Offsets of the sentence that holds text[start:end], without spaces at its ends."""
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
