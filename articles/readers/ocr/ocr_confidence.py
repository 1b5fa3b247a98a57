"""What OCR confidence decides: which words tell nothing, which texts are held, what is no text at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from arabic.text.tokenizer import normalized_terms
from articles.readers.ocr.ocr_words import OcrWord
from articles.text.records import RawRecord, RecordProblem, number_ranges

#: OCR confidence in percent below which a word tells neither a date nor a place.
MIN_WORD_CONFIDENCE = 70
#: A text with less is held for review; so is one that has a page of _PAGE_WORDS or more words with less.
MIN_TEXT_CONFIDENCE, _PAGE_WORDS = 65, 20
#: What a text has at least: words of two letters with confidence, and their letters. A logo has less, and so
#: has what is read into a photograph; most headlines have more.
_LEAST_WORDS, _LEAST_LETTERS = 5, 20

#: A word and its OCR confidence in percent.
WordConfidence = tuple[str, float]


def word_confidences(words: Iterable[OcrWord]) -> list[WordConfidence]:
    """Return the words with their confidence alone."""
    return [(word.text, word.confidence) for word in words]


def mean_confidence(words: Sequence[WordConfidence]) -> int:
    """Return the mean OCR confidence of some words in percent, 0 for none."""
    return round(fmean(percent for _text, percent in words)) if words else 0


def low_confidence_words(words: Iterable[WordConfidence]) -> frozenset[str]:
    """Return the normalized words that were nowhere read with confidence."""
    high: set[str] = set()
    low: set[str] = set()
    for text, percent in words:
        (high if percent >= MIN_WORD_CONFIDENCE else low).update(normalized_terms(text))
    return frozenset(low - high)


def is_text(pages: Iterable[Sequence[OcrWord] | None]) -> bool:
    """Return whether what was read in a picture is a text, and no logo or photograph."""
    words = [word for page in pages for word in page or () if word.confidence >= MIN_WORD_CONFIDENCE]
    sizes = [size for word in words if (size := sum(map(str.isalnum, word.text))) > 1]
    return len(sizes) >= _LEAST_WORDS and sum(sizes) >= _LEAST_LETTERS


def with_ocr(record: RawRecord, pages: Mapping[int, Sequence[WordConfidence]], known: str = "") -> RawRecord:
    """Return the record with the OCR confidence of its body and its low-confidence words.

    `pages` are the words that OCR read, by page; `known` is the rest of the text. The record is held if the
    confidence of the text, or of a whole page of it, is low.
    """
    words = [word for page in pages.values() for word in page]
    percent = mean_confidence(words)
    low_pages = [
        number
        for number, page in pages.items()
        if len(page) >= _PAGE_WORDS and len(pages) > 1 and mean_confidence(page) < MIN_TEXT_CONFIDENCE
    ]
    notes = [RecordProblem("ocr-confidence", f"{percent}%")]
    if percent < MIN_TEXT_CONFIDENCE:
        notes = [RecordProblem("ocr-low-confidence", str(percent), holds=True)]
    if low_pages:
        notes.append(RecordProblem("ocr-pages-low-confidence", number_ranges(low_pages), holds=True))
    low = low_confidence_words(words) - frozenset(normalized_terms(known))
    return replace(record, ocr_confidence=percent, low_confidence_words=low).with_problems(*notes)


def failed_pages(number: int) -> tuple[RecordProblem, ...]:
    """Return a note of how many pages could not be read, nothing for none. Blank pages do not count."""
    return (RecordProblem("ocr-pages-failed", str(number)),) if number else ()
