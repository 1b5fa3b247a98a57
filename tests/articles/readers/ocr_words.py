"""Words as Tesseract reads them, and pages as the process for PDF files tells them, for tests."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from articles.readers.ocr.ocr_words import OcrWord

#: A text just long enough for an article.
READ = "عادت القافلة من حلب صباح الخميس"


def word_of(text: str, confidence: float) -> OcrWord:
    """Return a word somewhere on a page."""
    return OcrWord(text, confidence, (1, 1), (1, 1), (0, 0, 1, 1))


def words_of(text: str, confidence: float) -> list[OcrWord]:
    """Return the words of a text."""
    return [word_of(word, confidence) for word in text.split()]


def told(*pages: str, pictures: Collection[int] = ()) -> dict[str, Any]:
    """Return what the process tells of a PDF file with these texts on its pages."""
    return {"pages": list(pages), "pictures": pictures, "error": ""}
