"""Many things in parts that one statement or one transaction can take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Thing = TypeVar("Thing")
#: Numbers that one statement can take everywhere: SQLite takes 999.
MAX_SQL_PARAMETERS = 900


def chunks(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """The things in lists of at most so many."""
    iterator = iter(things)
    while chunk := list(islice(iterator, size)):
        yield chunk
