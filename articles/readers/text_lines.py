"""Lines of a text file with the bytes they are made of, for files of any size."""

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
    """A line with its end. `number` counts from 1; a line longer than a record may be is `too_long` and
    empty."""

    number: int
    text: str
    too_long: bool = False


def iter_lines(blob: Blob, charset: Charset) -> Iterator[NumberedLine]:
    """Every line, decoded so that `charset.encode(line.text)` gives its very bytes."""
    with blob.open() as stream:
        stream.read(charset.mark)
        source = _wide_lines if charset.name.startswith(("utf-16", "utf-32")) else _byte_lines
        for number, text in enumerate(source(stream, charset), start=1):
            yield NumberedLine(number, "", too_long=True) if text is None else NumberedLine(number, text)


def _byte_lines(stream: LimitedReader, charset: Charset) -> Iterator[str | None]:
    """For encodings in which byte 0A is a line end and nothing else. None = a line that is too long."""
    while line := stream.readline(RECORD_BYTES + 1):
        if len(line) <= RECORD_BYTES:
            yield charset.decode(line)
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(RECORD_BYTES)
        yield None


def _wide_lines(stream: LimitedReader, charset: Charset) -> Iterator[str | None]:
    """For UTF-16 and UTF-32: decoded by blocks, then cut."""
    decoder = codecs.getincrementaldecoder(charset.name)(charset.errors)
    rest, dropped = "", False
    while True:
        block = stream.read(_BLOCK)
        *lines, rest = (rest + _decoded(decoder, block)).split("\n")
        for line in lines:
            yield None if dropped else line + "\n"
            dropped = False
        if len(rest) > RECORD_BYTES:
            rest, dropped = "", True
        if not block:
            break
    if rest or dropped:
        yield None if dropped else rest


def _decoded(decoder: codecs.IncrementalDecoder, block: bytes) -> str:
    """Text of a block; a half character at the very end of the file becomes U+FFFD."""
    if block:
        try:
            return decoder.decode(block)
        except UnicodeDecodeError:  # a number that is no character, as UTF-32 may hold
            decoder.reset()
            return "\N{REPLACEMENT CHARACTER}"
    pending, _ = decoder.getstate()
    return "\N{REPLACEMENT CHARACTER}" if pending else ""
