"""Tweets: the archive that X (Twitter) gives an account, its tweets.js, and the JSON of its API."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from typing import Any

from django.utils.translation import gettext_noop as _

from articles.readers.archive_streams import ARCHIVE_ERRORS, open_seekable, open_zip_member
from articles.readers.blob import Blob
from articles.readers.chats.long_tweets import LongTexts
from articles.readers.chats.tweet_marks import has_tweet, tweet_day
from articles.readers.content.json_stream import BLANK, SEPARATOR, JsonStream
from articles.readers.content.passed_over import with_passed_over
from articles.readers.registry import FileFormat
from articles.readers.text_lines import iter_lines
from articles.text.encoding import with_decoded_fields
from articles.text.limits import EXPANSION_FREE_BYTES, EXPANSION_RATIO, RECORD_BYTES
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, RecordProblem, rejected_record

#: Archives of before 2019 have a script for each month.
_SCRIPT = re.compile(
    r"\s*(?:window\.YTD\.(\w{1,60})\.part\d{1,4}|Grailbird\.data\.(tweets)_\d{4}_\d\d)\s*=\s*"
)
_SCRIPT_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:window\.YTD\.\w{1,60}\.part\d{1,4}|Grailbird\.data\.tweets_\d{4}_\d\d)\s*="
)
_TWEET_PARTS = frozenset(("tweet", "tweets", "note_tweet", "community_tweet"))
#: Names of parts of an archive that hold tweets, wherever its folder is.
_TWEET_FILE = re.compile(
    r"(?:^|/)(?:(?:data/)?(?:(?:community|note)[-_])?tweets?(?:-part\d{1,4})?|data/js/tweets/\d{4}_\d\d)\.js$"
)
_NOTE_FILE = re.compile(r"note[-_]tweets?(?:-part\d{1,4})?\.js$")
_ACCOUNT_FILE = re.compile(r"(?:^|/)(?:(?:data/)?account|data/js/user_details)\.js$")
_ACCOUNT_BYTES = 64 * 1024
_LINK = re.compile(r"https?://t\.co/\w{1,20}")


def read(blob: Blob) -> Iterator[RawRecord]:
    """Yield a record for every tweet; its bytes are the JSON of the tweet."""
    passed: Counter[str] = Counter()
    head = blob.head()
    records = _archive(blob, passed) if head.startswith(b"PK") else _file(blob, passed, "")
    yield from with_passed_over(blob.name, records, passed)


def _archive(blob: Blob, passed: Counter[str]) -> Iterator[RawRecord]:
    """Yield the tweets of a zipped archive, whose account.js says whose they are."""
    with closing(open_seekable(blob)) as stream:
        try:
            archive = zipfile.ZipFile(stream)
            parts = [info for info in archive.infolist() if not info.is_dir()]
            account = next((info for info in parts if _ACCOUNT_FILE.search(info.filename)), None)
            name = _account(archive, account) if account else ""
        except (*ARCHIVE_ERRORS, RuntimeError):
            yield rejected_record(blob.name, 0, "archive-broken")
            return
        notes = LongTexts()
        for info in sorted(parts, key=lambda info: not _NOTE_FILE.search(info.filename)):
            if not _TWEET_FILE.search(info.filename):
                passed["media" if "_media/" in info.filename else "other data"] += 1
            elif info.file_size > max(EXPANSION_FREE_BYTES, EXPANSION_RATIO * info.compress_size):
                yield rejected_record(f"{blob.name}/{info.filename}", 0, "archive-bomb", "")
            elif info.flag_bits & 1:
                yield rejected_record(f"{blob.name}/{info.filename}", 0, "archive-encrypted")
            else:
                opened = partial(open_zip_member, archive, info)
                member = blob.member(f"{blob.name}/{info.filename}", opened, blob.limit, info.file_size)
                records = _file(member, passed, name)
                if _NOTE_FILE.search(info.filename):
                    yield from notes.take(records)
                else:
                    yield from map(notes.join, records)
        yield from notes.left()


def _account(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    """Return the name and user name of the account as JSON, "" if they cannot be read."""
    with archive.open(info) as stream:
        _before, _sign, written = stream.read(_ACCOUNT_BYTES).decode("utf-8", "replace").partition("=")
    try:
        value = json.loads(written)
        account = value if isinstance(value, dict) else value[0]["account"]
        name, handle = account.get("accountDisplayName"), account.get("username")
        return json.dumps({
            "name": name or account.get("full_name"), "screen_name": handle or account.get("screen_name"),
        })  # fmt: skip
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ""


def _file(blob: Blob, passed: Counter[str], account: str) -> Iterator[RawRecord]:
    """Yield the tweets of a list, of a script that holds one, or of lines."""
    charset = blob.charset()
    text = JsonStream(blob, charset)
    row = 0
    try:
        if text.skip(BLANK) not in ("[", "{") and (script := _SCRIPT.match(text.buffer, text.position)):
            text.position = script.end()
            if (part := script[1] or script[2]) not in _TWEET_PARTS:
                passed[part] += 1
                return
        first = text.skip(BLANK)
        if first == "{":
            yield from _objects(blob, text, passed)
        for _written, value in text.iter_list() if first == "[" else ():
            row += 1
            yield from _records(blob.name, row, value, passed, account)
    except (ValueError, RecursionError) as error:
        yield text.rejected_value(blob.name, row + 1, error)
    finally:
        text.stream.close()


def _objects(blob: Blob, text: JsonStream, passed: Counter[str]) -> Iterator[RawRecord]:
    """Yield the tweets of objects: one on every line, or written over several lines."""
    try:
        written, value = text.read_value()
    except (ValueError, RecursionError):  # a damaged line costs only itself
        yield from _lines(blob, passed)
        return
    if "\n" not in written:
        yield from _lines(blob, passed)
        return
    row = 1
    yield from _records(blob.name, row, value, passed, "")
    while text.skip(SEPARATOR):
        row += 1
        yield from _records(blob.name, row, text.read_value()[1], passed, "")


def _lines(blob: Blob, passed: Counter[str]) -> Iterator[RawRecord]:
    charset = blob.charset()
    for line in iter_lines(blob, charset):
        if line.too_long:
            yield rejected_record(blob.name, line.number, "record-too-large", format_size(RECORD_BYTES))
        elif written := line.text.strip("\ufeff \t\r\n\x1a"):
            try:
                value = json.loads(written)
            except (ValueError, RecursionError):
                yield rejected_record(blob.name, line.number, "json-broken", "1", charset.encode(written))
                continue
            yield from _records(blob.name, line.number, value, passed, "")


def _records(name: str, row: int, value: object, passed: Counter[str], account: str) -> Iterator[RawRecord]:
    """Yield the record of a tweet, or those of a page of the programming interface.

    A page has its tweets in `statuses`, or in `data` with their accounts in `includes`.
    """
    if not isinstance(value, dict):
        passed["empty"] += 1
        return
    if isinstance(value.get("statuses"), list):
        tweets = list(_dicts(value["statuses"]))
    elif isinstance(value.get("data"), list | dict):
        users = {each.get("id"): each for each in _dicts(_dict(value.get("includes")).get("users"))}
        data = value["data"] if isinstance(value["data"], list) else [value["data"]]
        tweets = [{**each, "user": users.get(each.get("author_id"), {})} for each in _dicts(data)]
    else:
        tweet = value.get("tweet") or value.get("noteTweet") or value
        tweets = [tweet] if isinstance(tweet, dict) else []
    for tweet in tweets:
        if not _text(tweet).strip():
            passed["empty"] += 1
            continue
        kept = {**tweet, "user": json.loads(account)} if account and not tweet.get("user") else tweet
        yield _record(name, row, kept)


def _record(name: str, row: int, tweet: Mapping[str, Any]) -> RawRecord:
    data = json.dumps(tweet, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return RawRecord(name, row, data, format="tweets", charset="utf-8")


def parse(record: RawRecord) -> RawRecord:
    """Return the record with text, day, account, number and address of the tweet.

    A retweet has the whole text of the tweet, and the account that wrote it as its author.
    """
    tweet = json.loads(record.data.decode("utf-8", "surrogatepass"))
    user, shared = _user(tweet), _dict(tweet.get("retweeted_status"))
    name, handle = _string(user.get("name")), _string(user.get("screen_name") or user.get("username"))
    number = str(tweet.get("id_str") or tweet.get("id") or tweet.get("noteTweetId") or "")
    author = _user(shared) if shared else {}
    by = _string(author.get("name")) or _string(author.get("screen_name"))
    body = _with_links(_text(shared or tweet), shared or tweet)
    # The number of a long text is not that of its tweet.
    has_address = number.isdigit() and not tweet.get("noteTweetId")
    values = {
        "body": f"RT @{_string(author.get('screen_name'))}: {body}" if shared else body,
        "date": tweet_day(_string(tweet.get("created_at") or tweet.get("createdAt"))),
        "source": (name or handle)[:200],
        "byline": by,
        "external_id": f"tweet:{number}"[:200] if number else "",
        "url": f"https://twitter.com/{handle or 'i/web'}/status/{number}" if has_address else "",
    }
    return with_decoded_fields(record, values).with_problems(*_notes(tweet))


def _notes(tweet: Mapping[str, Any]) -> Iterator[RecordProblem]:
    if to := _string(tweet.get("in_reply_to_screen_name")):
        yield RecordProblem("message-reply", f"@{to}"[:100])
    entities = _dict(tweet.get("extended_entities") or tweet.get("entities"))
    if media := [_string(each.get("media_url_https")) for each in _dicts(entities.get("media"))]:
        yield RecordProblem("message-media", "، ".join(name.rpartition("/")[2] for name in media)[:200])


def _text(tweet: Mapping[str, Any]) -> str:
    """Return the whole text: a long one is cut where those of old programs are."""
    long = _dict(tweet.get("note_tweet")).get("text") or _dict(tweet.get("extended_tweet")).get("full_text")
    core = _dict(tweet.get("core"))
    return _string(long or tweet.get("full_text") or tweet.get("text") or core.get("text"))


def _with_links(text: str, tweet: Mapping[str, Any]) -> str:
    """Replace the short links of a text by their addresses; remove those of its own media."""
    entities = _dict(tweet.get("entities"))
    long = _dict(_dict(tweet.get("note_tweet") or tweet.get("extended_tweet")).get("entities"))
    known = {
        _string(each.get("url") or each.get("shortUrl")): _string(
            each.get("expanded_url") or each.get("expandedUrl")
        )
        for of in (entities, long, _dict(tweet.get("core")))
        for each in _dicts(of.get("urls"))
    }
    media = {_string(each.get("url")) for each in _dicts(entities.get("media"))}
    return _LINK.sub(lambda link: "" if link[0] in media else known.get(link[0]) or link[0], text).strip()


def _user(tweet: Mapping[str, Any]) -> Mapping[str, Any]:
    return _dict(tweet.get("user") or tweet.get("author"))


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def is_archive(archive: zipfile.ZipFile) -> bool:
    """Return True if a zip is the archive of an account."""
    names = archive.namelist()
    return any(map(_TWEET_FILE.search, names)) and any(map(_ACCOUNT_FILE.search, names))


def looks_like_script(head: bytes) -> bool:
    """Return True if a file is a part of an archive."""
    return _SCRIPT_HEAD.match(head) is not None


def looks_like_tweets(blob: Blob, head: bytes) -> bool:
    """Return True if JSON holds tweets."""
    return has_tweet(head)


FORMAT = FileFormat(
    key="tweets",
    order=34,
    label="X/Twitter",
    gives=_("every tweet of an archive (zip, tweets.js) or of JSON; day, account as source, address"),
    extensions=(".js",),
    is_text=True,
    matches_zip=is_archive,
    matches_head=looks_like_script,
    overrules=frozenset({"txt", "json", "jsonl"}),
    refines=frozenset({"json", "jsonl"}),
    recognises=looks_like_tweets,
    read=read,
    parse=parse,
)
