"""Types of arguments of commands: what no database takes is refused with a sentence, not with a traceback."""

from __future__ import annotations

from argparse import ArgumentTypeError

from articles.batching import LARGEST_ID


def row_number(text: str) -> int:
    """Return the number of an article or of another row. Raises ArgumentTypeError."""
    try:
        number = int(text)
    except ValueError:  # also for thousands of digits
        number = -1
    if not 0 <= number <= LARGEST_ID:
        raise ArgumentTypeError(f"{text[:40]!r} is no number of an article")
    return number


def plain_text(text: str) -> str:
    """Return a text that can be stored. Raises ArgumentTypeError for bytes that are no letters.

    Python passes such bytes on as halves of a pair of surrogates, which neither database takes.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ArgumentTypeError(f"{text[:40]!r} is not in the encoding of this terminal") from None
    return text
