"""Lines of text files of any size, decoded so that their original bytes can be restored."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from articles.readers.blob import Blob
from articles.text.encoding import Charset
from articles.text.limits import RECORD_BYTES, LimitedReader

_BLOCK = 256 * 1024


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line with its line end. `number` counts from 1.

    A line of more than RECORD_BYTES is `too_long` and its text is empty.
    """

    number: int
    text: str
    too_long: bool = False


def iter_lines(blob: Blob, charset: Charset) -> Iterator[NumberedLine]:
    """Yield every line, decoded so that `charset.encode(line.text)` gives its original bytes."""
    with blob.open() as stream:
        stream.read(charset.mark)
        source = _wide_lines if charset.name.startswith(("utf-16", "utf-32")) else _byte_lines
        for number, text in enumerate(source(stream, charset), start=1):
            yield NumberedLine(number, "", too_long=True) if text is None else NumberedLine(number, text)


def _byte_lines(stream: LimitedReader, charset: Charset) -> Iterator[str | None]:
    """Yield the lines of an encoding in which byte 0A is always a line end; None for one that is too long."""
    while line := stream.readline(RECORD_BYTES + 1):
        if len(line) <= RECORD_BYTES:
            yield charset.decode(line)
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(RECORD_BYTES)
        yield None


def _wide_lines(stream: LimitedReader, charset: Charset) -> Iterator[str | None]:
    """Yield the lines of UTF-16 or UTF-32, which is decoded before it is split; None for one too long."""
    decoder = codecs.getincrementaldecoder(charset.name)(charset.errors)
    rest, dropped = "", False
    while True:
        block = stream.read(_BLOCK)
        *lines, rest = (rest + _decode_block(decoder, block)).split("\n")
        for line in lines:
            yield None if dropped else line + "\n"
            dropped = False
        if len(rest) > RECORD_BYTES:
            rest, dropped = "", True
        if not block:
            break
    if rest or dropped:
        yield None if dropped else rest


def _decode_block(decoder: codecs.IncrementalDecoder, block: bytes) -> str:
    """Return the text of a block. An incomplete character at the end of the file becomes U+FFFD."""
    if block:
        try:
            return decoder.decode(block)
        except UnicodeDecodeError:  # a code point that is not a character, which UTF-32 may contain
            decoder.reset()
            return "\N{REPLACEMENT CHARACTER}"
    pending, _ = decoder.getstate()
    return "\N{REPLACEMENT CHARACTER}" if pending else ""
