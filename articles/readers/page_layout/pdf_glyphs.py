"""Read the glyphs of a PDF page with pypdf, each with its place.

pypdf turns content streams into text in the order of drawing, which is that of the program that wrote the
file. Its interpreter is used here, its text is not: a subclass notes where each glyph comes to stand.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pypdf import PageObject, _page
from pypdf._text_extraction import mult
from pypdf._text_extraction._text_extractor import TextExtraction

from articles.readers.page_layout.glyphs import LOST_LETTER, Glyph, plain_text

_IDENTITY = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
#: Encodings that number the glyphs of the font: without a table of characters nothing is known of them.
_GLYPH_NUMBERS = ("/Identity-H", "/Identity-V")
#: Type 3 fonts give widths in units of their own; other fonts in thousandths of the size.
_THOUSANDTH = 0.001
#: The code to which PDF applies word spacing.
_SPACE = 32
#: Characters and glyphs of a shaped cluster at most: a longer ActualText is of a line, a picture or a page.
_CLUSTER_CHARACTERS, _CLUSTER_GLYPHS = 8, 8


class GlyphCollector(TextExtraction):
    """Interpreter of a content stream that notes glyphs instead of text.

    `glyphs` has a list for each direction of writing, in quarter turns. pypdf makes a further interpreter
    for each form that a page draws; the form is placed by the matrix of the one that was last at work.
    """

    glyphs: ClassVar[dict[int, list[Glyph]]] = {}
    active: ClassVar[GlyphCollector | None] = None
    base: list[float]
    pen: float
    #: The open marked contents: the ActualText of each ("" for none), and how many glyphs came before it.
    spans: list[tuple[str, dict[int, int]]]

    def initialize_extraction(self, *args: Any, **options: Any) -> None:
        """Begin a page or a form."""
        super().initialize_extraction(*args, **options)
        outer = GlyphCollector.active
        self.base = mult(outer.cm_matrix, outer.base) if outer else _IDENTITY
        self.pen = 0.0
        self.spans = []

    def process_operation(self, operator: bytes, operands: list[Any]) -> None:
        """Follow one operator."""
        GlyphCollector.active = self
        if operator in (b"Td", b"Tm", b"T*", b"BT"):
            self.pen = 0.0
        if operator in (b"BDC", b"BMC"):
            self.spans.append((_actual_text(operands), {at: len(each) for at, each in self.glyphs.items()}))
        elif operator == b"EMC" and self.spans:
            self._end_span(*self.spans.pop())
        elif operator in self.operation_handlers:
            self.operation_handlers[operator](operands)
            self.text = self.output = ""

    def _end_span(self, text: str, before: dict[int, int]) -> None:
        """Give a cluster of glyphs the text that the file tells of it.

        The font's table has one text for each glyph, although a letter with its mark may be drawn as other
        glyphs; programs that shape text therefore tell the characters of such clusters beside them.
        """
        for turn, noted in self.glyphs.items() if text else ():
            cluster = noted[before.get(turn, 0) :]
            if not 0 < len(cluster) <= _CLUSTER_GLYPHS:
                continue
            wide = [each for each in cluster if each.right > each.left]
            letter = max(wide, key=lambda each: each.right - each.left, default=cluster[-1])
            left = min((each.left for each in wide), default=letter.left)
            right = max((each.right for each in wide), default=left)
            if right - left <= len(text) * letter.size:
                noted[before.get(turn, 0) :] = [Glyph(text, left, right, letter.base, letter.size)]

    def process_tj_offset(self, offset: float, space_width: float) -> None:
        """Move the pen by a number of a TJ array, in thousandths of the size."""
        self.pen -= offset * _THOUSANDTH * self.font_size * self.char_scale

    def _handle_tj_operation(self, operands: list[Any]) -> float:
        if not operands or not isinstance(operands[0], (str, bytes)):
            return 0.0
        matrix = mult(mult(self.tm_matrix, self.cm_matrix), self.base)
        noted = self.glyphs.setdefault(_quarter_turns(matrix), [])
        size = self.font_size * (matrix[2] ** 2 + matrix[3] ** 2) ** 0.5
        unit = self._width_unit() * self.font_size
        for text, width, is_space in self._characters(operands[0]):
            start = self.pen
            self.pen += width * unit * self.char_scale
            if text:
                left, base = _place(matrix, start)
                right, _ = _place(matrix, self.pen)
                noted.append(Glyph(text, left, max(left, right), base, size))
            self.pen += (self.char_spacing + (self.space_scale - 1.0 if is_space else 0.0)) * self.char_scale
        return 0.0

    def _characters(self, shown: str | bytes) -> list[tuple[str, float, bool]]:
        """Return (characters, width in the font's units, whether word spacing applies) of each code."""
        font = self.font
        if isinstance(shown, str):
            return [(char, font.get_text_width(char), char == " ") for char in shown]
        if not isinstance(font.encoding, str):
            return [self._simple_character(code) for code in shown]
        try:
            codes = shown.decode(font.encoding, "surrogatepass")
        except UnicodeDecodeError:
            codes = shown.decode(font.encoding, "replace")
        known = self._codes_are_characters()
        usual = self._usual_width()
        told = []
        for code in codes:
            width = font.character_widths.get(code, usual)
            text = font.character_map.get(code, code if known else LOST_LETTER)
            told.append((_told(text, width), width, False))
        return told

    def _simple_character(self, code: int) -> tuple[str, float, bool]:
        """Return the same of a code of a font with at most 256 glyphs."""
        char = self.font.encoding.get(code, chr(code)) if isinstance(self.font.encoding, dict) else chr(code)
        width = self.font.get_text_width(chr(code))
        return _told(self.font.character_map.get(char, char), width), width, code == _SPACE

    def _codes_are_characters(self) -> bool:
        resource: dict[Any, Any] = self.font_resource or {}
        return resource.get("/Subtype") != "/Type0" or resource.get("/Encoding") not in _GLYPH_NUMBERS

    def _usual_width(self) -> float:
        """Return the width of glyphs that have none of their own, which pypdf guesses; marks have 0."""
        resource: Any = self.font_resource or {}
        try:
            return float(resource["/DescendantFonts"][0].get_object().get("/DW", 1000))
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            return float(self.font.character_widths["default"])

    def _width_unit(self) -> float:
        if self.font.sub_type == "Type3" and self.font_resource:
            matrix: Any = self.font_resource.get("/FontMatrix")
            return abs(float(matrix[0])) if matrix else _THOUSANDTH
        return _THOUSANDTH


def page_glyphs(page: PageObject) -> list[list[Glyph]]:
    """Return the glyphs of a page in the order of drawing, a list for each direction, the fullest first."""
    setattr(_page, "TextExtraction", GlyphCollector)  # noqa: B010  mypy: pypdf does not export the name
    GlyphCollector.glyphs = {}
    GlyphCollector.active = None
    page.extract_text()
    return sorted(GlyphCollector.glyphs.values(), key=len, reverse=True)


def _actual_text(operands: list[Any]) -> str:
    """Return the ActualText of a marked content if it is that of a cluster, else ""."""
    properties = operands[1] if len(operands) > 1 else None
    told = properties.get("/ActualText", b"") if isinstance(properties, dict) else b""
    if isinstance(told, bytes):
        told = told.decode("utf-16" if told.startswith((b"\xfe\xff", b"\xff\xfe")) else "utf-8", "replace")
    return plain_text(told) if isinstance(told, str) and 0 < len(told.strip()) <= _CLUSTER_CHARACTERS else ""


def _told(text: str, width: float) -> str:
    """Return the characters of a glyph, or what stands for a lost letter.

    A lost shape without width is a vowel mark; the word can be found without it.
    """
    if not text or LOST_LETTER in text or any(char < " " and char not in "\t\n\r" for char in text):
        return LOST_LETTER if width else ""
    return plain_text(text)


def _quarter_turns(matrix: list[float]) -> int:
    across, up = matrix[0], matrix[1]
    if abs(across) >= abs(up):
        return 0 if across >= 0 else 2
    return 1 if up > 0 else 3


def _place(matrix: list[float], pen: float) -> tuple[float, float]:
    """Return the place of a pen along and across the direction of writing."""
    x, y = matrix[4] + pen * matrix[0], matrix[5] + pen * matrix[1]
    return {0: (x, y), 1: (y, -x), 2: (-x, -y), 3: (-y, x)}[_quarter_turns(matrix)]
