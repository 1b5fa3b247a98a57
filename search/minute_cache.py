"""Values that requests share for a minute: what they tell may be that old, and no older."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sized
from typing import Generic, TypeVar

_SECONDS = 60.0

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value", bound=Sized)


class MinuteCache(Generic[Key, Value]):
    """Sets or dicts by key, which callers fill; a minute after it was made each gives way to an empty one."""

    def __init__(self, make: Callable[[], Value], *, most_keys: int, most_items: int) -> None:
        """`make` returns an empty value; one of more than `most_items` is replaced before its time."""
        self._make, self._most_keys, self._most_items = make, most_keys, most_items
        #: With the time from which a value is not used any more.
        self._kept: dict[Key, tuple[float, Value]] = {}

    def get(self, key: Key) -> Value:
        """Return the value of a key, which the caller may fill."""
        until, value = self._kept.get(key, (0.0, None))
        if value is None or time.monotonic() >= until or len(value) > self._most_items:
            if key not in self._kept and len(self._kept) >= self._most_keys:
                self._kept.clear()
            value = self._make()
            self._kept[key] = time.monotonic() + _SECONDS, value
        return value
