"""Reads parameters of an address that were encoded otherwise than in UTF-8, or more than once.

Old forms and programs send windows-1256 (`%E3%CF`), scripts of their time `%u062D`, links that were escaped
again `%25D8%25AD`, and texts that were saved wrongly bring "Ø­Ù…Øµ". All of them mean Arabic words, and read
as they come they find nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote_plus, unquote_to_bytes, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

from articles.text.mojibake import repair_line

#: An address without any of these is plain.
_ENCODED = re.compile("%[89A-Fa-f][0-9A-Fa-f]|%25|%u0|[^\x00-\x7f]")
#: Not the halves of a surrogate pair, which are no letters.
_ESCAPED_LETTER = re.compile("%u(?![dD][89a-fA-F])([0-9A-Fa-f]{4})", re.ASCII)
_ARABIC = re.compile("[\u0621-\u064a]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
#: Parameters with words, names and dates as a reader types them. In any other, such as the address `next`, a
#: second layer of percent signs belongs to the value.
TYPED_PARAMETERS = frozenset(
    [
        *("q", "vs", "with", "without", "in", "name", "prefix"),
        *("country", "governorate", "city", "source", "not_place", "not_source", "place_name", "source_name"),
        *("date", "from", "to", "event", "event_from", "event_to", "not_date"),
        *("every_words", "phrase_words", "some_words", "none_words", "title_words"),
    ]
)
#: Times that an address may have been escaped.
_MAX_PASSES = 3


class AddressCharsetMiddleware:
    """Replaces the parameters of a request by what they mean; a plain address is left as it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        raw = request.META.get("QUERY_STRING", "")
        # Django refuses more parameters than the setting says, when they are first read.
        if _ENCODED.search(raw) and raw.count("&") < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
            pairs = read_pairs(raw)
            if pairs is not None:
                # What builds links reads the address again.
                request.META["QUERY_STRING"] = urlencode(pairs)
                request.GET = QueryDict(urlencode(pairs))
        return self.get_response(request)


def read_pairs(raw: str) -> list[tuple[str, str]] | None:
    """Return the parameters of a query string as it came (a byte for each character); None if it is plain."""
    pairs: list[tuple[str, str]] = []
    has_changed = False
    for part in raw.split("&"):
        name, _, value = part.partition("=")
        if part:
            key, data = _bytes(name).decode("utf-8", "replace"), _bytes(value)
            plain = data.decode("utf-8", "replace")
            read = _decoded(data, plain)
            if key in TYPED_PARAMETERS:
                read = _meant(read)
            has_changed |= read != plain
            pairs.append((key, read))
    return pairs if has_changed else None


def _bytes(value: str) -> bytes:
    return unquote_to_bytes(value.replace("+", " ").encode("latin-1", "replace"))


def _decoded(data: bytes, text: str) -> str:
    """Return `text`, the value in UTF-8, or the value in windows-1256 if that has more of its letters."""
    if _REPLACEMENT not in text:
        return text
    windows = data.decode("cp1256")
    # A link that was cut within a letter has one wrong byte.
    return (
        windows
        if text.count(_REPLACEMENT) > len(_ARABIC.findall(text)) < len(_ARABIC.findall(windows))
        else text
    )


def _meant(text: str) -> str:
    """Return a value without what a second encoding did to it; only what becomes Arabic is changed."""
    again = text
    for _pass in range(_MAX_PASSES if "%" in text else 0):
        again = _unescaped(_ESCAPED_LETTER.sub(lambda letter: chr(int(letter[1], 16)), again))
        if _ARABIC.search(again) and not _ARABIC.search(text):
            text = again
            break
    fixed = repair_line(text)[0]
    return text if _REPLACEMENT in fixed else fixed


def _unescaped(text: str) -> str:
    """Return a text without one layer of percent signs, if what they stand for is UTF-8."""
    try:
        return unquote_plus(text, errors="strict")
    except UnicodeDecodeError:
        return text
