"""Title and body of an article on their way through the import, read once for all stages.

Date, metadata, places, hash and sketch of an article all need its normalized words. They take them from one
`Document` (articles/ingest/transform.py), which computes only what a stage requests.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from typing import NamedTuple

from arabic.dates.tagger import DateSearch, find_dates
from arabic.dates.values import DateTag
from arabic.text.tokenized_text import TokenizedText, tokenize_text
from arabic.text.tokenizer import tokenize

#: A sign that is no letter, for each character of a word that was read without confidence.
_MASK = "\N{WHITE SQUARE}"


class DocumentField:
    """A text that is normalized, split into words and searched for dates at most once.

    With `whole=False`, `dates_between` searches only the given part, not the whole text.
    """

    def __init__(self, text: str, *, whole: bool = True) -> None:
        self.text = text
        self._whole = whole

    def __reduce__(self) -> tuple[Callable[[str, TokenizedText | None], DocumentField], tuple[object, ...]]:
        """Send the normalized text to another process; the dates have been read by then."""
        return _restore, (self.text, self.__dict__.get("words"))

    @cached_property
    def words(self) -> TokenizedText:
        """The normalized text and its words, with offsets into the text."""
        return tokenize_text(self.text)

    @cached_property
    def dates(self) -> DateSearch:
        """The search for dates in all of the text."""
        return DateSearch(self.words)

    def dates_between(self, start: int, end: int) -> list[DateTag]:
        """Return the dates of text[start:end] taken by itself, with offsets from `start`.

        `start` must be 0 or follow white space.
        """
        return self.dates.tags_between(start, end) if self._whole else find_dates(self.text[start:end])


class Document(NamedTuple):
    """The two texts of an article."""

    title: DocumentField
    body: DocumentField

    def items(self) -> tuple[tuple[str, DocumentField], ...]:
        """Return the fields with their names, in the order in which mentions are stored."""
        return ("title", self.title), ("body", self.body)

    def with_title(self, title: str) -> Document:
        """Return the document with another title; results already computed for the body are kept."""
        return self if title == self.title.text else Document(DocumentField(title), self.body)


def make_document(title: str, body: str) -> Document:
    """Return the document of these texts, none of which is read yet."""
    return Document(DocumentField(title), DocumentField(body))


def mask_low_confidence(document: Document, words: Collection[str]) -> Document:
    """Replace the words of a document that were read without confidence with signs; keep all offsets.

    `words` are normalized. Dates and places are looked for in it.
    """
    if not words:
        return document
    return Document(*(DocumentField(mask_words(field.text, words)) for field in document))


def mask_words(text: str, words: Collection[str]) -> str:
    """Return a text of the same length with signs in place of these normalized words."""
    if not words:
        return text
    tokens = tokenize(text)
    parts: list[str] = []
    done = 0
    for word, start, end in zip(tokens.normalized, *tokens.offsets(), strict=True):
        if word in words:
            parts += text[done:start], _MASK * (end - start)
            done = end
    return "".join((*parts, text[done:]))


def _restore(text: str, words: TokenizedText | None) -> DocumentField:
    field = DocumentField(text)
    if words is not None:
        field.words = words
    return field
