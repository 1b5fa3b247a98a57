"""The geographic focus of an article: which of the places that it mentions it is about.

A place named in the title is one, and so is one named in the lead, or again and again. A dateline, a place in
a long list and an institution called after a place do not count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Place = TypeVar("Place", bound=Hashable)
#: The lead ends with the first sentence that ends behind the first number of characters, at the latest with
#: the second.
_LEAD, _LONG_LEAD = 120, 320
_SENTENCE_END = re.compile(r"[.!؟\n]\s")
#: Maximum distance of the end of a dateline from the beginning, in characters, and the signs that end it:
#: "سبق – نجران:".
_DATELINE_REACH = 60
_BEHIND_DATELINE = re.compile(r"\s*[-–—−ـ:：/|(\n]")
#: The day behind the place that opens a report of an agency.
_DAY = re.compile(r"[\s،,]*\d")
#: A place with one of these before it belongs to a sentence.
_IN_SENTENCE = re.compile(r"(?:\w|(?:^|\s)و?(?:في|من|إلى|على|مدينة|محافظة|منطقة)\s+)$")
#: Characters between two members of a list in one sentence: a comma or "and", and perhaps a member that is no
#: known place.
_LIST_GAP = 25
_LIST_BREAK = re.compile(r"[.!؟?\n:؛]")
_LIST_MEMBERS = 4
#: Numbers of mentions from which on a place is in focus, with their least share of all that count.
_REPEATED = ((2, 0.5), (3, 0.25))
#: Maximum length of a short article in characters. If it names at most _FEW places, those named within its
#: first _EARLY characters are in focus.
_SHORT, _EARLY, _FEW = 1_500, 500, 2
#: Before the place of an office: "the crown prince of Abu Dhabi" is named wherever he is.
_OFFICE = re.compile(r"(?:عهد|حاكم)\s+$")
_OFFICE_REACH = 10


@dataclass(frozen=True, slots=True)
class Mention(Generic[Place]):
    """A mention of a place at [start, end) of the title or of the body."""

    place: Place
    in_title: bool
    start: int
    end: int
    institution: bool = False


def places_in_focus(body: str, mentions: Iterable[Mention[Place]]) -> set[Place]:
    """Return the places that an article is about."""
    mentions = list(mentions)
    focus = {each.place for each in mentions if each.in_title}
    in_body = sorted((each for each in mentions if not each.in_title), key=lambda each: each.start)
    listed = _in_lists(body, in_body)
    lead = _lead_end(body)
    counted: Counter[Place] = Counter()
    early: set[Place] = set()
    for at, each in enumerate(in_body):
        if at in listed or each.institution or _is_dateline(body, each):
            continue
        counted[each.place] += 1
        if each.start < _EARLY:
            early.add(each.place)
        if each.start < lead and not _OFFICE.search(body, max(0, each.start - _OFFICE_REACH), each.start):
            focus.add(each.place)
    total = sum(counted.values())
    for place, times in counted.items():
        if any(times >= number and times >= share * total for number, share in _REPEATED):
            focus.add(place)
    if not focus and len(counted) <= _FEW and len(body) <= _SHORT:
        focus |= early
    return focus


def _lead_end(body: str) -> int:
    """Return the offset at which the lead ends."""
    found = _SENTENCE_END.search(body, _LEAD, _LONG_LEAD)
    return found.end() if found else _LONG_LEAD


def _is_dateline(body: str, mention: Mention[Place]) -> bool:
    """Return True if a mention is the place at the head of the report."""
    before = body[: mention.start]
    if mention.end > _DATELINE_REACH or "." in before or _IN_SENTENCE.search(before):
        return False
    opens = not before.strip() and _DAY.match(body, mention.end) is not None
    return opens or _BEHIND_DATELINE.match(body, mention.end) is not None


def _in_lists(body: str, mentions: Sequence[Mention[Place]]) -> set[int]:
    """Return the indexes of mentions, in order, that are members of a long list of places."""
    found: set[int] = set()
    run: list[int] = []
    for at, each in enumerate(mentions):
        if run and not _are_listed(body, mentions[run[-1]], each):
            found |= _if_long(run, mentions)
            run = []
        run.append(at)
    return found | _if_long(run, mentions)


def _are_listed(body: str, first: Mention[Place], second: Mention[Place]) -> bool:
    """Return True if two mentions are close together in one sentence."""
    gap = body[first.end : second.start]
    return len(gap) <= _LIST_GAP and _LIST_BREAK.search(gap) is None


def _if_long(run: list[int], mentions: Sequence[Mention[Place]]) -> set[int]:
    return set(run) if len({mentions[at].place for at in run}) >= _LIST_MEMBERS else set()
