"""Values that are kept for a minute."""

from __future__ import annotations

import pytest

from search import minute_cache
from search.minute_cache import MinuteCache


class Clock:
    """A clock that stands until it is moved."""

    now = 7.0

    def monotonic(self) -> float:
        """Return the time in seconds."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(minute_cache, "time", made)
    return made


def test_a_value_serves_for_a_minute_from_when_it_was_made(clock: Clock) -> None:
    cache: MinuteCache[str, set[int]] = MinuteCache(set, most_keys=2, most_items=9)
    cache.get("a").add(1)
    clock.now += 59
    assert cache.get("a") == {1}
    clock.now += 1
    assert cache.get("a") == set()
    assert cache.get("a") is cache.get("a")


def test_keys_and_items_are_bounded(clock: Clock) -> None:
    cache: MinuteCache[str, set[int]] = MinuteCache(set, most_keys=2, most_items=2)
    for key in "ab":
        cache.get(key).update((1, 2))
    assert cache.get("a") == cache.get("b") == {1, 2}
    cache.get("b").add(3)
    assert cache.get("b") == set()
    assert cache.get("a") == {1, 2}
    cache.get("c")
    assert cache.get("a") == set()
