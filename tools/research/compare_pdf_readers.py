"""Compare libraries that read PDF files: the share of words that come out right, and in the right order.

usage: PYTHONPATH=. python tools/research/compare_pdf_readers.py FOLDER [--each]

FOLDER holds files of `make_pdf_samples`. Words are compared without vowel marks, except in the column
"marks", which counts the words of vowelled texts as they are. Needs pypdf, pypdfium2 and pdfminer.six; "own
order" places their glyphs with `articles.readers.page_layout`.
"""

from __future__ import annotations

import ctypes
import re
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pdfminer.high_level
import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
from pdfminer.layout import LTChar

from arabic.spelling.bidi import to_logical_order
from articles.readers.page_layout.glyphs import LOST_LETTER, Glyph, plain_text
from articles.readers.page_layout.lines import page_text

_WORD = re.compile(r"[\w%\u064b-\u0652\u066a]+(?:[.,][0-9]+%?)?")
_MARK = re.compile("[\u064b-\u0652\u0670\u0640]")


def pypdf_text(path: Path) -> str:
    """Return pypdf's own text."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def pypdf_glyphs(path: Path) -> str:
    """Return the text of pypdf's glyphs in our order."""
    from articles.readers.page_layout.pdf_glyphs import page_glyphs  # noqa: PLC0415  it exchanges a class of pypdf

    return "\n".join(_ordered(page_glyphs(page)) for page in pypdf.PdfReader(path).pages)


def _ordered(directions: list[list[Glyph]]) -> str:
    return to_logical_order(page_text(directions))[0]


def pdfium_text(path: Path) -> str:
    """Return pdfium's own text."""
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path))


def pdfium_glyphs(path: Path) -> str:
    """Return the text of pdfium's characters in our order."""
    return "\n".join(
        _ordered([list(_pdfium_page(page.get_textpage()))]) for page in pypdfium2.PdfDocument(path)
    )


def _pdfium_page(text: Any) -> Iterator[Glyph]:
    """Yield the glyphs; characters at one place are a ligature, whose order pdfium turns: lam before alef."""
    pending: Glyph | None = None
    for at in range(pdfium.FPDFText_CountChars(text)):
        if pdfium.FPDFText_IsGenerated(text, at):
            continue
        box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetLooseCharBox(text, at, box)
        pdfium.FPDFText_GetCharOrigin(text, at, x, y)
        char = chr(pdfium.FPDFText_GetUnicode(text, at))
        char = LOST_LETTER if char == "\0" else plain_text(char)
        glyph = Glyph(char, box.left, box.right, y.value, pdfium.FPDFText_GetFontSize(text, at) or 1.0)
        if pending and pending.left == glyph.left and pending.right == glyph.right and not glyph.is_mark:
            both = pending.text + char
            glyph = Glyph(both[::-1] if both[0] in "اأإآ" else both, *_place(glyph))
            pending = None
        if pending:
            yield pending
        pending = glyph
    if pending:
        yield pending


def _place(glyph: Glyph) -> tuple[float, float, float, float]:
    return glyph.left, glyph.right, glyph.base, glyph.size


def pdfminer_text(path: Path) -> str:
    """Return pdfminer's own text."""
    return pdfminer.high_level.extract_text(path)


def pdfminer_glyphs(path: Path) -> str:
    """Return the text of pdfminer's glyphs in our order."""
    return "\n".join(
        _ordered([[_miner_glyph(char) for char in _chars(page)]])
        for page in pdfminer.high_level.extract_pages(path, laparams=None)
    )


def _chars(part: Any) -> Iterator[LTChar]:
    if isinstance(part, LTChar):
        yield part
    elif hasattr(part, "__iter__"):
        for each in part:
            yield from _chars(each)


def _miner_glyph(char: LTChar) -> Glyph:
    text = char.get_text()
    text = LOST_LETTER if text.startswith("(cid:") or "\0" in text else plain_text(text)
    return Glyph(text, char.x0, char.x1, char.matrix[5], char.size)


#: pypdf's own text first: reading its glyphs exchanges a class of it.
READERS: dict[str, Callable[[Path], str]] = {
    "pypdf": pypdf_text,
    "pypdf, own order": pypdf_glyphs,
    "pdfium": pdfium_text,
    "pdfium, own order": pdfium_glyphs,
    "pdfminer": pdfminer_text,
    "pdfminer, own order": pdfminer_glyphs,
}


def words_of(text: str, *, marks: bool) -> list[str]:
    """Return the words of a text in standard letters."""
    plain = unicodedata.normalize("NFKC", text)
    return _WORD.findall(unicodedata.normalize("NFC", plain) if marks else _MARK.sub("", plain))


def shares(text: str, truth: str) -> tuple[float, float, float | None]:
    """Return the shares of right words, of words in the right order, and of right vowelled words."""
    found, wanted = words_of(text, marks=False), words_of(truth, marks=False)
    right = sum((Counter(found) & Counter(wanted)).values())
    matcher = SequenceMatcher(None, wanted, found, autojunk=False)
    ordered = sum(block.size for block in matcher.get_matching_blocks())
    marked = [word for word in words_of(truth, marks=True) if _MARK.search(word)]
    whole = sum((Counter(words_of(text, marks=True)) & Counter(marked)).values())
    return right / len(wanted), ordered / len(wanted), whole / len(marked) if marked else None


def main() -> None:
    """Print the table for all files, by producer with --each."""
    files = sorted(Path(sys.argv[1]).glob("*.pdf"))
    found: dict[tuple[str, str], list[tuple[float, float, float | None]]] = defaultdict(list)
    print("| reader | words | in order | marks | ms per file |")
    print("| --- | --- | --- | --- | --- |")
    for name, read in READERS.items():
        started = time.process_time()
        for path in files:
            result = shares(read(path), path.with_suffix(".truth").read_text(encoding="utf-8"))
            found[name, ""].append(result)
            found[name, path.stem].append(result)
        spent = (time.process_time() - started) / len(files) * 1000
        _row(name, found[name, ""], f"{spent:.0f}")
    if "--each" in sys.argv:
        for path in files:
            for name in READERS:
                _row(f"{path.stem}: {name}", found[name, path.stem], "")


def _row(name: str, results: list[tuple[float, float, float | None]], spent: str) -> None:
    marks = [marked for _, _, marked in results if marked is not None]
    right, ordered = (sum(values) / len(results) for values in list(zip(*results, strict=True))[:2])
    whole = f"{sum(marks) / len(marks):.3f}" if marks else ""
    print(f"| {name} | {right:.3f} | {ordered:.3f} | {whole} | {spent} |")


if __name__ == "__main__":
    main()
