"""What identifies a post of Facebook, which has no number: the same in its export as JSON and as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from arabic.dates.tagger import find_dates
from articles.readers.chats.message_keys import HOURS_AHEAD, moments_elsewhere
from articles.text.fingerprints import sha256_of

#: The zones of the region first: the time of a text that was posted at several hours may fit in several.
_HOURS_AHEAD = sorted(HOURS_AHEAD, key=lambda hours: abs(hours - 3))
#: Characters of the digest of a text.
_DIGEST = 32
_CLOCK = re.compile(
    r"(?<!\d)(\d{1,2}):(\d\d)(?::\d\d)?(?!\d) ?(?:([ap])\.? ?m\b|([صم])(?!\w)|(صباح|مساء))?", re.I
)
_NOON = 12


def keys_of_moment(parts: Iterable[str], moment: datetime) -> tuple[str, ...]:
    """Return the key of a post by its minute in UTC, then those by its minute in all time zones."""
    digest = _text_digest(parts)
    return _utc_key(digest, moment), *_shifted(digest, moment, is_utc=True)


def keys_of_page(parts: Iterable[str], told: str) -> tuple[str, ...]:
    """Return the key of a post by the time on its page, then those by the minutes in UTC that may be.

    The page does not tell the time zone, which is that of the account. () if the time cannot be read.
    """
    local = _local_time(told)
    if local is None:
        return ()
    digest = _text_digest(parts)
    return _local_key(digest, local), *_shifted(digest, local, is_utc=False)


def _shifted(digest: str, moment: datetime, *, is_utc: bool) -> tuple[str, ...]:
    """Return the keys in UTC of a time in an unknown zone, or the other way round.

    The two have different forms: a bot that posts the same text at every full hour has a key for each.
    """
    key = _local_key if is_utc else _utc_key
    return tuple(key(digest, each) for each in moments_elsewhere(moment, _HOURS_AHEAD, is_utc=is_utc))


def _utc_key(digest: str, moment: datetime) -> str:
    return f"facebook:{digest}:{moment:%Y%m%dT%H%M}Z"


def _local_key(digest: str, moment: datetime) -> str:
    """Return a key to the minute: pages of before 2021 have no seconds."""
    return f"facebook:{digest}:{moment:%Y%m%dT%H%M}"


def _text_digest(parts: Iterable[str]) -> str:
    """Return a digest of the letters of the longest part of a post.

    The exports order its parts otherwise, divide its lines otherwise, and name places and links in one only.
    """
    longest = max(
        ("".join(filter(str.isalnum, part.casefold())) or part for part in parts), key=_length_first
    )
    return sha256_of(longest.encode("utf-8", "replace"))[:_DIGEST]


def _length_first(text: str) -> tuple[int, str]:
    return len(text), text


def _local_time(told: str) -> datetime | None:
    """Return the time in a line such as «3 آب 2013، 11:30 م», None if it has none."""
    clock = _CLOCK.search(told)
    days = [tag for tag in find_dates(told) if tag.precision == "day" and tag.first == tag.last]
    if clock is None or not days:
        return None
    hour, half = int(clock[1]), (clock[3] or clock[4] or clock[5] or "").lower()[:1]
    if half and hour <= _NOON:
        hour = hour % _NOON + (_NOON if half in "pم" else 0)
    day = days[0].first
    try:
        return datetime(day.year, day.month, day.day, hour, int(clock[2]))
    except ValueError:
        return None
