"""Long tweets of an archive: note-tweet.js has their whole texts, tweets.js all the rest.

A long text has a number of its own. Where that is not the number of a tweet, the day and the beginning of the
text tell which tweet it belongs to.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from articles.readers.chats.tweet_marks import tweet_day
from articles.text.limits import RECORD_BYTES
from articles.text.records import RawRecord

#: Letters that the beginnings of the same text share; a long tweet is cut behind some 270.
BEGINNING = 60
#: Long texts of one day and beginning that a tweet is compared with.
MAX_ALIKE = 20
_LINK = re.compile(r"https?://\S*")


@dataclass(slots=True)
class _LongText:
    record: RawRecord
    note: Mapping[str, Any]
    plain: str
    joined: bool = False


@dataclass(slots=True)
class LongTexts:
    """The long texts of an archive, which its tweets get; one that no tweet gets is an article itself."""

    size: int = 0
    by_number: dict[str, _LongText] = field(default_factory=dict)
    by_beginning: dict[tuple[str, str], list[_LongText]] = field(default_factory=dict)

    def take(self, records: Iterable[RawRecord]) -> Iterator[RawRecord]:
        """Keep the records of long texts; yield rejected ones, and those that are too many to be kept."""
        for record in records:
            self.size += len(record.data)
            if record.rejected or self.size > RECORD_BYTES:
                yield record
                continue
            note = _load(record)
            kept = _LongText(record, note, _plain(_core(note).get("text")))
            self.by_number[str(note.get("noteTweetId") or record.row)] = kept
            key = tweet_day(str(note.get("createdAt"))), kept.plain[:BEGINNING]
            self.by_beginning.setdefault(key, []).append(kept)

    def join(self, record: RawRecord) -> RawRecord:
        """Return the record of a tweet with the whole text if that was kept."""
        if not self.by_number or record.rejected:
            return record
        tweet = _load(record)
        found = self._find(tweet)
        if found is None:
            return record
        found.joined = True
        core = _core(found.note)
        long = {"text": core.get("text"), "entities": {"urls": core.get("urls")}}
        joined = json.dumps({**tweet, "note_tweet": long}, ensure_ascii=False)
        return replace(record, data=joined.encode("utf-8", "surrogatepass"))

    def left(self) -> Iterator[RawRecord]:
        """Yield the records of the texts that belong to no tweet."""
        for alike in self.by_beginning.values():
            yield from (each.record for each in alike if not each.joined)

    def _find(self, tweet: Mapping[str, Any]) -> _LongText | None:
        if (same := self.by_number.get(str(tweet.get("id_str") or tweet.get("id")))) and not same.joined:
            return same
        written = _plain(tweet.get("full_text") or tweet.get("text"))
        if len(written) < BEGINNING:
            return None
        alike = self.by_beginning.get((tweet_day(str(tweet.get("created_at"))), written[:BEGINNING]), [])
        for each in alike[:MAX_ALIKE]:
            if not each.joined and each.plain.startswith(written):
                alike.remove(each)
                return each
        return None


def _load(record: RawRecord) -> Mapping[str, Any]:
    value = json.loads(record.data.decode("utf-8", "surrogatepass"))
    return value if isinstance(value, dict) else {}


def _core(note: Mapping[str, Any]) -> Mapping[str, Any]:
    core = note.get("core")
    return core if isinstance(core, dict) else {}


def _plain(text: object) -> str:
    """Return a text without what differs between a tweet and its long text: links, escapes, ellipsis."""
    without_links = _LINK.sub("", html.unescape(text)) if isinstance(text, str) else ""
    return " ".join(without_links.split()).rstrip("… ")
