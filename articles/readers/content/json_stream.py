"""JSON of any size, read value by value: lists and objects may be larger than memory."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator

from articles.readers.blob import Blob
from articles.text.encoding import Charset
from articles.text.limits import RECORD_BYTES
from articles.text.problem_messages import format_size
from articles.text.records import RawRecord, rejected_record

_BLOCK = 256 * 1024
BLANK = re.compile(r"[\s\ufeff\x1a]*")
SEPARATOR = re.compile(r"[\s,]*")
_COLON = re.compile(r"[\s:]*")
_decode = json.JSONDecoder().raw_decode
#: How Telegram writes a control character, which JSON writes as \\u000B.
_HEX_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*+)\\x(?=[0-9A-Fa-f]{2})")


class JsonStream:
    """The decoded text of a file, from a position on. `buffer` is what is decoded and not yet dropped.

    With `hex_escapes`, strings may have the escapes of _HEX_ESCAPE, too.
    """

    def __init__(self, blob: Blob, charset: Charset, *, hex_escapes: bool = False) -> None:
        self.hex_escapes = hex_escapes
        self.stream = blob.open()
        self.stream.read(charset.mark)
        self.decoder = codecs.getincrementaldecoder(charset.name)(charset.errors)
        self.buffer, self.position, self.ended = "", 0, False

    def read_more(self) -> bool:
        """Read another block and return True; return False at the end of the file.

        A block is as long as what is buffered, so that a long value is parsed few times.
        """
        if self.ended:
            return False
        block = self.stream.read(max(_BLOCK, len(self.buffer) - self.position))
        self.ended = not block
        try:
            text = self.decoder.decode(block, final=False)
        except UnicodeDecodeError:  # a code point that is not a character
            self.decoder.reset()
            text = "\N{REPLACEMENT CHARACTER}"
        self.buffer, self.position = self.buffer[self.position :] + text, 0
        return True

    def skip(self, pattern: re.Pattern[str]) -> str:
        """Skip the match and return the character that follows, "" at the end."""
        while True:
            found = pattern.match(self.buffer, self.position)
            self.position = found.end() if found else self.position
            if self.position < len(self.buffer):
                return self.buffer[self.position]
            if not self.read_more():
                return ""

    @property
    def is_too_long(self) -> bool:
        """True if more is buffered of the next value than a record may have."""
        return len(self.buffer) - self.position > RECORD_BYTES

    def rejected_value(self, name: str, row: int, error: Exception) -> RawRecord:
        """Return the rejected record of the next value of a file, which raised `error`."""
        if self.is_too_long:
            return rejected_record(name, row, "record-too-large", format_size(RECORD_BYTES))
        return rejected_record(name, row, "json-broken-here", str(error)[:80])

    def read_value(self) -> tuple[str, object]:
        """Return the next JSON value, as written and as parsed.

        Raises ValueError if it is broken, incomplete or too long, and RecursionError.
        """
        while True:
            try:
                found, end = _decode(self.buffer, self.position)
            except json.JSONDecodeError:
                if self.hex_escapes and self._mend_escapes():
                    continue
                if self.is_too_long or not self.read_more():
                    raise
                continue
            if end == len(self.buffer) and self.read_more():  # a number may continue in the next block
                continue
            text = self.buffer[self.position : end]
            self.position = end
            return text, found

    def _mend_escapes(self) -> bool:
        """Return True if there were escapes in what is buffered that JSON does not know."""
        rest, count = _HEX_ESCAPE.subn(r"\1\\u00", self.buffer[self.position :])
        self.buffer, self.position = (rest, 0) if count else (self.buffer, self.position)
        return count > 0

    def iter_list(self) -> Iterator[tuple[str, object]]:
        """Yield the values of a list, whose bracket is the next character, as `read_value` returns them.

        Ends behind the closing bracket. Raises ValueError if there is none.
        """
        self.position += 1
        while (following := self.skip(SEPARATOR)) != "]":
            if not following:
                raise ValueError("list is not closed")
            yield self.read_value()
        self.position += 1

    def iter_keys(self) -> Iterator[str]:
        """Yield the keys of an object, whose brace is the next character; the caller reads each value.

        Ends behind the closing brace. Raises ValueError if there is none.
        """
        self.position += 1
        while (following := self.skip(SEPARATOR)) != "}":
            if not following:
                raise ValueError("object is not closed")
            _written, key = self.read_value()
            if not isinstance(key, str):
                raise ValueError("key is no string")
            self.skip(_COLON)
            yield key
        self.position += 1
