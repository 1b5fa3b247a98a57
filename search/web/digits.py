"""The digits of a page: Western, or Arabic-Indic for readers of Arabic who chose them.

Everything that a page counts or dates goes through `digits`: dates in `labels.date_label`, numbers by the
template filter of the same name. Texts, names and addresses keep their digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, TypeVar

DigitSystem = Literal["western", "arabic"]
DIGIT_SYSTEMS: tuple[DigitSystem, ...] = ("western", "arabic")
Shown = TypeVar("Shown", int, str)
#: With the separators of thousands and decimals.
_ARABIC_INDIC = str.maketrans("0123456789,.%", "٠١٢٣٤٥٦٧٨٩٬٫٪")
_chosen: ContextVar[DigitSystem] = ContextVar("digits", default="western")


@contextmanager
def digits_of_reader(system: DigitSystem) -> Iterator[None]:
    """Write numbers in this system of digits."""
    token = _chosen.set(system)
    try:
        yield
    finally:
        _chosen.reset(token)


def digit_system() -> DigitSystem:
    """Return the system of digits of this page."""
    return _chosen.get()


class ShownNumber(int):
    """A number that templates and messages write in the reader's digits; it still chooses the plural form."""

    def __str__(self) -> str:
        return _in_digits(f"{int(self):,}", numeric=True)


def digits(value: Shown) -> Shown:
    """Return a number, or a text such as a date, that is written in the reader's digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return ShownNumber(value)
    return _in_digits(value, numeric=False) if isinstance(value, str) else value


def shown_digits(value: int | str) -> str:
    """Return the text of `digits`, for a template that writes it at once."""
    return _in_digits(f"{value:,}", numeric=True) if isinstance(value, int) else digits(value)


def _in_digits(text: str, *, numeric: bool) -> str:
    if _chosen.get() != "arabic":
        return text
    # In a text, points and commas may end a sentence.
    return text.translate(_ARABIC_INDIC if numeric else _DIGITS_ALONE)


_DIGITS_ALONE = {key: value for key, value in _ARABIC_INDIC.items() if chr(key).isdigit()}
