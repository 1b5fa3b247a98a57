"""What tells tweets from other JSON: keys that only they have, and how their time is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from articles.readers.field_names import map_field_names

_TWITTER_DATE = "%a %b %d %H:%M:%S %z %Y"
_TWITTER_TIME = re.compile(rb'"[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:')
_ISO_TIME = re.compile(rb'"\d{4}-\d\d-\d\dT')
#: Keys beside a time in Twitter's own form, and beside one in ISO 8601, which many programs write.
_KEYS = frozenset((
    "full_text", "id_str", "in_reply_to_status_id", "public_metrics", "conversation_id",
    "edit_history_tweet_ids",
))  # fmt: skip
_SURE_KEYS = frozenset(("edit_history_tweet_ids", "public_metrics", "author_id", "id_str"))
_TEXT_KEYS = frozenset(("full_text", "text", "note_tweet", "extended_tweet"))
#: Brackets, and strings; those that are keys with the number or string that follows.
_JSON_TOKEN = re.compile(
    rb'"((?:[^"\\]|\\.)*+)(?:"|\\?\Z)(?:\s*:\s*("(?:[^"\\]|\\.)*+"?|[\d.+-]*)()|)|([{}\[\]])', re.DOTALL
)


@dataclass(slots=True)
class _Object:
    """The keys of an object as far as it was read, with their plain values."""

    values: dict[str, bytes] = field(default_factory=dict)

    @property
    def has_title(self) -> bool:
        return "title" in map_field_names(self.values)

    def is_tweet(self, closed: bool) -> bool:
        """Return True for a tweet; of one that goes on behind the first bytes the text may be missing."""
        time, keys = self.values.get("created_at", b""), self.values.keys()
        sure = _KEYS if _TWITTER_TIME.match(time) else _SURE_KEYS if _ISO_TIME.match(time) else frozenset()
        return bool(keys & sure) and (not closed or bool(keys & _TEXT_KEYS))


def has_tweet(head: bytes) -> bool:
    """Return True if the first objects of JSON are tweets; one with a title, or inside such a one, is none.

    Other programs, too, write `full_text` and `created_at`. Their articles have titles.
    """
    stack: list[_Object | None] = []
    for token in _JSON_TOKEN.finditer(head):
        _string, value, is_key, bracket = token.groups()
        if bracket in (b"{", b"["):
            stack.append(_Object() if bracket == b"{" else None)
        elif bracket:
            closed = stack.pop() if stack else None
            if closed is not None and "created_at" in closed.values:
                above = [each for each in (*stack, closed) if each is not None]
                if any(each.has_title for each in above):
                    return False
                if closed.is_tweet(closed=True):
                    return True
        elif is_key is not None and stack and (current := stack[-1]) is not None:
            current.values.setdefault(token[1].decode("utf-8", "replace"), value)
    opened = [each for each in stack if each is not None]
    return not any(each.has_title for each in opened) and any(each.is_tweet(closed=False) for each in opened)


def tweet_day(written: str) -> str:
    """Return the ISO day of "Sat Aug 03 09:00:00 +0000 2013" or of an ISO 8601 time, else "".

    Old archives have a space in place of its T.
    """
    if re.match(r"\d{4}-\d\d-\d\d[T ]", written):
        return written[:10]
    try:
        return datetime.strptime(written, _TWITTER_DATE).date().isoformat()
    except ValueError:
        return ""
