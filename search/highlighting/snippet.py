"""Chooses the parts of a text that a snippet shows: those with the most different words of the query."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

#: A snippet has at most this many parts.
MAX_FRAGMENTS = 3
#: Query words with at most this many characters between them (three short words) count as neighbours.
MAX_NEIGHBOUR_GAP = 15
_SENTENCE_START = re.compile(r"(?:[.!?؟…]\s+|\n\s*)(?=\S)")
#: The zero-width joiner belongs to one grapheme with what follows it.
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class HighlightSpan:
    """text[start:end] matches the query word number `word`."""

    start: int
    end: int
    word: int
    #: How near it is to what was typed, 0 to 3 (`highlighter.match_strength`).
    weight: int = 3


def snippet_spans(text: str, spans: Sequence[HighlightSpan], length: int) -> list[tuple[int, int]]:
    """Return (start, end) of one to MAX_FRAGMENTS parts of `text`, in order.

    Together they have about `length` characters. They are the fewest that show the most different words. Cuts
    fall between sentences or words, never inside a grapheme.
    """
    if len(text) <= length:
        return [(0, len(text))]
    if not spans:
        return [_expand_to_length(text, 0, 0, length)]
    best: list[tuple[int, int]] = []
    covered = 0
    words = len({found.word for found in spans})
    for count in range(1, MAX_FRAGMENTS + 1):
        windows = _windows(spans, length // count, count)
        words_in = len({found.word for start, end in windows for found in spans[start:end]})
        if words_in > covered:
            best, covered = windows, words_in
        if covered == words:
            break
    room = length // len(best)
    pieces = [_expand_to_length(text, spans[start].start, spans[end - 1].end, room) for start, end in best]
    return _merge_overlapping(text, sorted(pieces))


def _windows(spans: Sequence[HighlightSpan], width: int, count: int) -> list[tuple[int, int]]:
    """Return up to `count` runs spans[start:end] of at most `width` characters.

    Each is the run that adds the most different words; ties go to the one with the most spans, then to the
    first.
    """
    seen: set[int] = set()
    chosen: list[tuple[int, int]] = []
    for _ in range(count):
        fresh = [index for index, found in enumerate(spans) if found.word not in seen]
        if not fresh:
            break
        window = _densest_window(spans, width, seen)
        chosen.append(window)
        seen.update(found.word for found in spans[window[0] : window[1]])
    return chosen


def _densest_window(spans: Sequence[HighlightSpan], width: int, seen: set[int]) -> tuple[int, int]:
    """Return the run of at most `width` characters with the most words that are not in `seen`.

    Ties go to the run that has them nearest to the typed words and to each other, then to the one with the
    most spans, then the first.
    """
    if spans[-1].end - spans[0].start <= width:
        return 0, len(spans)  # no other run has more of anything
    best, best_rank = (0, 1), (-1, -1, -1)
    inside: dict[int, list[int]] = {}  # word -> number of spans of each weight
    near = _neighbours(spans)
    end = 0
    for start, first in enumerate(spans):
        while end < len(spans) and (end == start or spans[end].end - first.start <= width):
            inside.setdefault(spans[end].word, [0, 0, 0, 0])[spans[end].weight] += 1
            end += 1
        fresh = inside.keys() - seen
        if len(fresh) >= best_rank[0]:
            typed = 0
            for word in fresh:
                _, one, two, three = inside[word]
                typed += 3 if three else 2 if two else 1 if one else 0
            together = min(near[end - 1] - near[start], len(inside) - 1)
            rank = len(fresh), typed + together, end - start
            if rank > best_rank:
                best, best_rank = (start, end), rank
        counts = inside[first.word]
        counts[first.weight] -= 1
        if not any(counts):
            del inside[first.word]
    return best


def _neighbours(spans: Sequence[HighlightSpan]) -> list[int]:
    """Return the running number of spans that are near the span before them.

    Only spans that match a different word than the span before them count.
    """
    total = 0
    totals = []
    for at, span in enumerate(spans):
        before = spans[at - 1] if at else span
        total += span.word != before.word and span.start - before.end <= MAX_NEIGHBOUR_GAP
        totals.append(total)
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
