"""The bytes of an XML file as UTF-8 that a parser reads to the end.

A parser that is fed in blocks waits for the ";" of a bare "&" until the file is over, and stops at a
bare "<".
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html.entities import name2codepoint

from articles.readers.blob import Blob
from articles.text.encoding import Charset, detect_encoding, fits_declaration, read_sample

BLOCK = 64 * 1024
#: Bytes of XML 1.0 that are no characters and stop a parser; exports of databases are full of them.
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,150}?encoding\s*=\s*["']([\w.:-]{2,40})""")
#: What begins a part in which "&" and "<" are themselves, and what ends it.
_VERBATIM = re.compile(rb"<!\[CDATA\[|<!--|<\?")
_ENDS = {b"<![CDATA[": b"]]>", b"<!--": b"-->", b"<?": b"?>"}
_SIGN = re.compile(
    rb"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z_][\w.-]{0,31});)?|<(?![A-Za-z_:/!?\x80-\xff])"
)
#: Bytes at the end of a block that may be the beginning of a reference or a tag.
_UNSURE = 40
_XML_NAMES = frozenset(("lt", "gt", "amp", "quot", "apos"))


def utf8_blocks(blob: Blob) -> Iterator[bytes]:
    """Yield the file in blocks: as UTF-8, with bare signs escaped and HTML's names as numbers.

    Its encoding is the declared one, or another one if its bytes contradict the declaration.
    """
    with blob.open() as stream:
        sample = read_sample(stream)
    charset = xml_charset(sample)
    decoder = None
    if charset.name != "utf-8":
        decoder = codecs.getincrementaldecoder(charset.name)("replace")
    escaper, left = _Escaper(), charset.mark
    with blob.open() as stream:
        while block := stream.read(BLOCK):
            block, left = block[left:], max(left - len(block), 0)
            written = decoder.decode(block).encode("utf-8", "replace") if decoder else block
            yield escaper.feed(_CONTROLS.sub(b"", written))
        yield escaper.feed(b"", is_last=True)


def xml_charset(sample: bytes) -> Charset:
    """Return the encoding of a file with this sample: the declared one, unless the bytes contradict it."""
    found = detect_encoding(sample)
    declared = _DECLARED.search(sample[:200])
    if found.mark or declared is None:
        return found
    name = declared[1].decode()
    return Charset(codecs.lookup(name).name) if fits_declaration(sample, name, found) else found


class _Escaper:
    """Escapes bare signs in blocks whose borders may divide anything."""

    def __init__(self) -> None:
        self.rest = b""
        #: What ends the part that is left as it is, b"" outside of one.
        self.until = b""

    def feed(self, block: bytes, *, is_last: bool = False) -> bytes:
        """Return what is sure of the bytes so far; the rest comes with the next block."""
        data, at, out = self.rest + block, 0, []
        while True:
            if self.until:
                end = data.find(self.until, at)
                unsure = 0 if is_last else len(self.until) - 1
                stop = end + len(self.until) if end >= 0 else max(len(data) - unsure, at)
                out.append(data[at:stop])
                at = stop
                if end < 0:
                    break
                self.until = b""
            opened = _VERBATIM.search(data, at)
            stop = opened.start() if opened else (len(data) if is_last else _sure_end(data, at))
            out.append(_SIGN.sub(_escaped, data[at:stop]))
            at = stop
            if opened is None:
                break
            self.until = _ENDS[opened[0]]
        self.rest = data[at:]
        return b"".join(out)


def _sure_end(data: bytes, at: int) -> int:
    """Return where the last reference or tag begins that may go on in the next block, else the end."""
    first = max(at, len(data) - _UNSURE)
    began = max(data.rfind(b"&", first), data.rfind(b"<", first))
    return began if began >= 0 else len(data)


def _escaped(found: re.Match[bytes]) -> bytes:
    if found[0] == b"<":
        return b"&lt;"
    if found[1] is None:
        return b"&amp;"
    name = found[1].decode()
    code = name2codepoint.get(name)
    return found[0] if code is None or name in _XML_NAMES else b"&#%d;" % code
