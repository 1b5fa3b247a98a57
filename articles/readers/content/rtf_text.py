"""Paragraphs of RTF (Microsoft's specification 1.9.1), in one pass.

Encodings are those of the fonts: Arabic of older programs is in windows-1256 by the character set of its
font, in a file that says 1252.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from articles.readers.content.paragraphs import Paragraph

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z'])|([{}])|([^\\{}\r\n]+)|[\\\r\n]",
    re.DOTALL,
)
#: Character sets of fonts (\fcharset) as Python's encodings; 1 is that of the file.
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
#: Code pages (\ansicpg) that Python has under another name.
_CODEPAGES = {708: "iso8859_6", 10000: "mac_roman", 10004: "mac_arabic", 65001: "utf-8"}
#: Groups that hold no text of the document.
_NO_TEXT = frozenset((
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "objdata", "header", "headerl", "headerr",
    "headerf", "footer", "footerl", "footerr", "footerf", "listtable", "listoverridetable", "revtbl",
    "rsidtbl", "generator", "themedata", "colorschememapping", "latentstyles", "datastore", "xmlnstbl",
    "fldinst", "nonshppict", "template", "filetbl", "mmathPr", "pgdsctbl", "bkmkstart", "bkmkend", "atnid",
    "atnauthor", "annotation", "atntime", "atnref", "sn", "sv", "sp", "pntext", "pnseclvl", "userprops",
    "listtext", "ftnsep", "aftnsep", "ftncn", "xe", "tc",
))  # fmt: skip
#: Optional groups (\*) that hold text nevertheless: boxes.
_TEXT_GROUPS = frozenset(("shpinst", "shptxt", "nesttableprops"))
_CHARACTERS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ", "tab": " ", "line": "\n", "softline": "\n",
    "zwj": "\u200d", "zwnj": "\u200c", "ltrmark": "\u200e", "rtlmark": "\u200f", "lbr": "\n",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "-", b"-": "", b"|": "", b":": ""}
_PARAGRAPH_ENDS = frozenset(("par", "sect", "page", "cell", "row", "nestcell", "nestrow", "column"))
#: Half points of a headline.
_HEADLINE_SIZE = 36
#: More groups inside groups are no document.
_DEPTH = 2_000


@dataclass(slots=True)
class _Group:
    """What a group inherits and may change."""

    silent: bool = False
    destination: str = ""
    font: int = -1
    associated: int = -1
    fallback: int = 1
    hidden: bool = False
    style: int = 0
    bold: bool = False
    #: In half points.
    size: int = 24


@dataclass(slots=True)
class _Reader:
    codepage: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    styles: dict[int, str] = field(default_factory=dict)
    paragraphs: list[Paragraph] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    pending: bytearray = field(default_factory=bytearray)
    group: _Group = field(default_factory=_Group)
    stack: list[_Group] = field(default_factory=list)
    #: Characters that old programs show in place of the Unicode one before them.
    skip: int = 0
    optional: bool = False
    default_font: int = -1
    #: Paragraphs of the footnotes of the open paragraph, which follow it; and for each open footnote the
    #: depth of its group and the parts of the paragraph around it.
    notes: list[Paragraph] = field(default_factory=list)
    around: list[tuple[int, list[str]]] = field(default_factory=list)
    #: Whether the open paragraph is a headline by its looks: pandoc writes no styles.
    is_first: bool = True
    is_large: bool = True
    is_outlined: bool = False

    def charset(self) -> str:
        """Return the encoding of bytes in the present font.

        windows-1256 has the accented letters of 1252 that French uses, so it is right for both if one of the
        fonts or the file is Arabic.
        """
        own = self.fonts.get(self.group.font if self.group.font >= 0 else self.default_font, self.codepage)
        if own == "cp1252" and "cp1256" in (self.fonts.get(self.group.associated), self.codepage):
            return "cp1256"
        return own

    def open_group(self) -> None:
        """Begin a group, which inherits from the one around it."""
        self.stack.append(self.group)
        self.group = replace(self.group)
        if self.group.destination == "upr":  # the text for programs without Unicode, unless \\*\\ud follows
            self.group.silent, self.group.destination = True, "ansi"
        self.skip = 0

    def close_group(self) -> None:
        """Go back to what held before the group; the style of a paragraph stays until it ends."""
        self.flush()
        is_note = False
        while self.around and self.around[-1][0] == len(self.stack):
            self.close_footnote()
            is_note = True
        inner = self.group
        self.group = self.stack.pop() if self.stack else _Group()
        if not self.group.silent and not inner.silent and not is_note:
            self.group.style = inner.style
        self.skip = 0

    def flush(self) -> None:
        """Decode the bytes that wait for the rest of a character."""
        if self.pending:
            self.parts.append(bytes(self.pending).decode(self.charset(), "replace"))
            self.pending.clear()

    def end_paragraph(self) -> None:
        self.flush()
        text = "".join(self.parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self.parts.clear()
        if self.around:
            self.notes += [("", text.strip())] if text.strip() else []
            return
        looks = "title" if self.is_outlined or (self.is_first and self.is_large) else ""
        self.is_first = self.is_first and not text.strip()
        self.paragraphs += [(self.styles.get(self.group.style, "") or looks, text), *self.notes]
        self.notes.clear()
        self.is_large, self.is_outlined = True, False

    def open_footnote(self) -> None:
        """Begin a footnote, which is the rest of the present group."""
        self.flush()
        self.around.append((len(self.stack), self.parts))
        self.parts = []

    def close_footnote(self) -> None:
        """End the innermost footnote and go on with the paragraph around it."""
        self.end_paragraph()
        self.parts = self.around.pop()[1]

    def add_text(self, text: bytes) -> None:
        """Take plain characters; some stand for the Unicode character before them."""
        if self.skip:
            taken = min(self.skip, len(text))
            self.skip -= taken
            text = text[taken:]
        if self.group.destination == "stylesheet":
            name = text.decode("ascii", "replace").partition(";")[0].strip()
            self.styles[self.group.style] = self.styles.get(self.group.style, "") + name
        elif text and not self.group.silent and not self.group.hidden:
            self.pending += text
            self.note_looks(text.strip())

    def note_looks(self, text: bytes | str) -> None:
        """Note whether a text is as large and bold as all of a headline is."""
        if text:
            self.is_large = self.is_large and self.group.bold and self.group.size >= _HEADLINE_SIZE

    def add_character(self, text: str) -> None:
        self.skip = 0
        if not self.group.silent and not self.group.hidden:
            self.flush()
            self.parts.append(text)
            self.note_looks(text.strip())


def rtf_paragraphs(data: bytes) -> list[Paragraph] | None:
    """Return the paragraphs of an RTF file, None if its groups nest too deep."""
    reader = _Reader()
    at = 0
    while found := _TOKEN.match(data, at):
        at = found.end()
        word, number, byte, symbol, brace, text = found.groups()
        if brace:
            if len(reader.stack) > _DEPTH:
                return None
            (reader.open_group if brace == b"{" else reader.close_group)()
        elif byte or text:
            reader.add_text(bytes.fromhex(byte.decode()) if byte else text)
        elif word == b"bin":
            at += max(int(number or 0), 0)
        elif word:
            _control(reader, word.decode(), int(number) if number else None)
        elif symbol:
            _symbol(reader, symbol)
        reader.optional = symbol == b"*"
    reader.flush()
    while reader.around:  # the file was cut off in a footnote
        reader.close_footnote()
    reader.end_paragraph()
    return reader.paragraphs


def _symbol(reader: _Reader, symbol: bytes) -> None:
    """Obey a control symbol: a sign after a backslash."""
    if symbol in (b"\n", b"\r"):
        _control(reader, "par", None)
    elif symbol != b"*":
        reader.add_character(_SYMBOLS.get(symbol, symbol.decode("latin-1")))


def _control(reader: _Reader, word: str, value: int | None) -> None:
    """Obey a control word."""
    group = reader.group
    if word == "u" and value is not None:
        reader.add_character(chr(value % 65536))
        reader.skip = group.fallback
    elif word == "footnote":
        if not group.silent:
            reader.open_footnote()
    elif word == "upr":
        reader.flush()
        group.destination = word
    elif word == "ud" and group.destination == "ansi":
        group.silent, group.destination = reader.stack[-1].silent, ""
    elif word in _NO_TEXT or (reader.optional and word not in _TEXT_GROUPS):
        reader.flush()
        group.silent, group.destination = True, word
    elif word in _PARAGRAPH_ENDS:
        if not group.silent:
            reader.end_paragraph()
    elif word in _CHARACTERS:
        reader.add_character(_CHARACTERS[word])
    elif change := _CHANGES.get(word):
        reader.flush()
        change(reader, value)


def _set_font(reader: _Reader, value: int | None) -> None:
    reader.group.font = value or 0


def _set_associated(reader: _Reader, value: int | None) -> None:
    reader.group.associated = value or 0


def _set_charset(reader: _Reader, value: int | None) -> None:
    """Note the character set of a font of the table."""
    reader.fonts[reader.group.font] = _CHARSETS.get(value or 0, reader.codepage)


def _set_codepage(reader: _Reader, value: int | None) -> None:
    name = _CODEPAGES.get(value or 0, f"cp{value}")
    try:
        codecs.lookup(name)
    except LookupError:
        return
    reader.codepage = name


def _set_fallback(reader: _Reader, value: int | None) -> None:
    reader.group.fallback = min(max(1 if value is None else value, 0), 10)


def _set_hidden(reader: _Reader, value: int | None) -> None:
    reader.group.hidden = value != 0


def _set_style(reader: _Reader, value: int | None) -> None:
    reader.group.style = value or 0


def _set_bold(reader: _Reader, value: int | None) -> None:
    reader.group.bold = value != 0


def _set_size(reader: _Reader, value: int | None) -> None:
    reader.group.size = value or 24


def _set_outline(reader: _Reader, value: int | None) -> None:
    reader.is_outlined = reader.is_outlined or (value == 0 and not reader.group.silent)


def _reset_paragraph(reader: _Reader, value: int | None) -> None:
    reader.group.style = 0


def _reset_characters(reader: _Reader, value: int | None) -> None:
    reader.group.hidden, reader.group.bold, reader.group.size = False, False, 24


def _set_default_font(reader: _Reader, value: int | None) -> None:
    reader.default_font = value or 0


_CHANGES: dict[str, Callable[[_Reader, int | None], None]] = {
    "f": _set_font, "af": _set_associated, "fcharset": _set_charset, "ansicpg": _set_codepage,
    "uc": _set_fallback, "v": _set_hidden, "deleted": _set_hidden, "s": _set_style, "pard": _reset_paragraph,
    "plain": _reset_characters, "deff": _set_default_font, "b": _set_bold, "ab": _set_bold, "fs": _set_size,
    "afs": _set_size, "outlinelevel": _set_outline,
}  # fmt: skip
