"""The operators that queries are written with. The parser reads those of every language."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class QueryOperators:
    """How a query says "or", and the names of its fields with their colon."""

    either: str
    title: str
    city: str
    source: str


ENGLISH_OPERATORS = QueryOperators("OR", "title:", "city:", "source:")
ARABIC_OPERATORS = QueryOperators("أو", "عنوان:", "مدينة:", "مصدر:")


def reader_operators() -> QueryOperators:
    """Return the operators of the page's language."""
    return ARABIC_OPERATORS if get_language() == "ar" else ENGLISH_OPERATORS
