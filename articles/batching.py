"""Splitting of long sequences into chunks that fit one SQL statement or one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
#: Parameters that one SQL statement can have on every database; the lowest limit is that of SQLite, 999.
MAX_SQL_PARAMETERS = 900


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in lists of at most `size`."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
