"""Chooses the parts of a text that a snippet shows: those with the most different words of the query."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

#: A snippet has at most this many parts.
MAX_FRAGMENTS = 3
#: Query words with at most this many characters between them (three short words) count as neighbours.
MAX_NEIGHBOUR_GAP = 15
_MAX_WEIGHT = 3
_SENTENCE_START = re.compile(r"(?:[.!?؟…]\s++|\n[^\S\n]*+)(?=\S)")
#: The zero-width joiner belongs to one grapheme with what follows it.
_JOINER = "\u200d"


class HighlightSpan(NamedTuple):
    """text[start:end] matches the query word number `word`."""

    start: int
    end: int
    word: int
    #: How near it is to what was typed, 0 to _MAX_WEIGHT (`highlighter.match_strength`).
    weight: int = _MAX_WEIGHT


def snippet_spans(text: str, spans: Sequence[HighlightSpan], length: int) -> list[tuple[int, int]]:
    """Return (start, end) of one to MAX_FRAGMENTS parts of `text`, in order.

    Together they have about `length` characters. They are the fewest that show the most different words. Cuts
    fall between sentences or words, never inside a grapheme.
    """
    if len(text) <= length:
        return [(0, len(text))]
    if not spans:
        return [_expand_to_length(text, 0, 0, length)]
    matches = _Matches(spans)
    best: list[tuple[int, int]] = []
    covered = 0
    for count in range(1, MAX_FRAGMENTS + 1):
        windows, words = matches.windows(length // count, count)
        if words > covered:
            best, covered = windows, words
        if covered == matches.words:
            break
    room = length // len(best)
    pieces = [_expand_to_length(text, spans[start].start, spans[end - 1].end, room) for start, end in best]
    return _merge_overlapping(text, sorted(pieces))


class _Matches:
    """The spans of a text in columns, with a bit for each word."""

    def __init__(self, spans: Sequence[HighlightSpan]) -> None:
        self._starts, self._ends, words, self._weights = zip(*spans, strict=True)
        bits = {word: 1 << number for number, word in enumerate(dict.fromkeys(words))}
        #: The number of different words.
        self.words = len(bits)
        self._bits = [bits[word] for word in words]
        self._near = _neighbours(spans)

    def windows(self, width: int, count: int) -> tuple[list[tuple[int, int]], int]:
        """Return up to `count` runs [start, end) of at most `width` characters, and how many words they have.

        Each is the run that adds the most different words.
        """
        seen = 0
        chosen: list[tuple[int, int]] = []
        while len(chosen) < count and seen.bit_count() < self.words:
            start, end = self._densest_window(width, seen)
            chosen.append((start, end))
            for bit in self._bits[start:end]:
                seen |= bit
        return chosen, seen.bit_count()

    def _densest_window(self, width: int, seen: int) -> tuple[int, int]:
        """Return the run of at most `width` characters with the most words that are not in `seen`.

        Ties go to the run that has them nearest to the typed words and to each other, then to the one with
        the most spans, then the first.
        """
        starts, ends, bits, near, total = self._starts, self._ends, self._bits, self._near, len(self._bits)
        if ends[-1] - starts[0] <= width:
            return 0, total  # no other run has more of anything
        best, best_rank = (0, 1), (-1, -1, -1)
        end = before = 0
        for start in range(total):
            limit = starts[start] + width
            if end == start:
                end += 1
            while end < total and ends[end] <= limit:
                end += 1
            # A run that ends where the one before it ended has less of everything.
            if end == before or end - start < best_rank[0]:
                continue
            before = end
            words = 0
            for bit in bits[start:end]:
                words |= bit
            fresh = words & ~seen
            together = min(near[end - 1] - near[start], words.bit_count() - 1)
            if (fresh.bit_count(), _MAX_WEIGHT * fresh.bit_count() + together, end - start) > best_rank:
                rank = fresh.bit_count(), self._typed(start, end, fresh) + together, end - start
                if rank > best_rank:
                    best, best_rank = (start, end), rank
            if end == total:
                break
        return best

    def _typed(self, start: int, end: int, words: int) -> int:
        """Return the sum of the highest weights of these words in a run."""
        highest: dict[int, int] = {}
        for bit, weight in zip(self._bits[start:end], self._weights[start:end], strict=True):
            if bit & words and weight > highest.get(bit, 0):
                highest[bit] = weight
        return sum(highest.values())


def _neighbours(spans: Sequence[HighlightSpan]) -> list[int]:
    """Return the running number of spans that are near the span before them.

    Only spans that match a different word than the span before them count.
    """
    total = last_end = 0
    last_word = spans[0].word
    totals = []
    for start, end, word, _ in spans:
        if word != last_word and start - last_end <= MAX_NEIGHBOUR_GAP:
            total += 1
        totals.append(total)
        last_end, last_word = end, word
    return totals


def _expand_to_length(text: str, start: int, end: int, length: int) -> tuple[int, int]:
    """Return the span with its surroundings, at most `length` characters unless the span alone is longer.

    A third of the room goes before the span, because what follows a word explains more.
    """
    room = max(0, length - (end - start))
    low = max(0, start - room // 3)
    high = min(len(text), low + (end - start) + room)
    low = max(0, min(low, high - length)) if high == len(text) else low
    return _start_near(text, low, start), _end_near(text, end, high)


def _start_near(text: str, low: int, limit: int) -> int:
    """Return the start of the first sentence from `low` to `limit`, or of the first word if there is none."""
    if low == 0:
        return 0
    if sentence := _SENTENCE_START.search(text, max(0, low - 2), limit):
        return sentence.end()
    at = low
    while at < limit and not (text[at - 1].isspace() and not text[at].isspace()):
        at += 1
    if at == limit and limit - low > 30:  # one very long word: show part of it
        at = low
    while at > 0 and not _is_grapheme_boundary(text, at):
        at -= 1
    return at


def _end_near(text: str, limit: int, high: int) -> int:
    """Return the last end of a word from `limit` to `high`."""
    if high == len(text):
        return high
    at = high
    while at > limit and not (text[at].isspace() and not text[at - 1].isspace()):
        at -= 1
    if at == limit and high - limit > 30:
        at = high
    while at < len(text) and not _is_grapheme_boundary(text, at):
        at += 1
    return at


def _is_grapheme_boundary(text: str, at: int) -> bool:
    """Return True if a cut before text[at] splits no grapheme.

    Follows Unicode UAX 29, except for its rules for old Hangul and Indic conjuncts.
    """
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if before == "\r" and after == "\n":
        return False
    if _JOINER in (before, after) or "\U0001f3fb" <= after <= "\U0001f3ff":
        return False
    if _is_flag_letter(before) and _is_flag_letter(after):
        return False
    return not unicodedata.category(after).startswith("M")


def _is_flag_letter(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


def _merge_overlapping(text: str, pieces: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the parts without overlaps; those that touch, or are separated by spaces only, become one."""
    joined = [pieces[0]]
    for start, end in pieces[1:]:
        last_start, last_end = joined[-1]
        if start <= last_end or not text[last_end:start].strip():
            joined[-1] = (last_start, max(end, last_end))
        else:
            joined.append((start, end))
    return joined
