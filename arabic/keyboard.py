"""Words typed while the keyboard stood on the other layout."""

from __future__ import annotations


def from_keyboard(text: str) -> str | None:
    """What was meant by text typed on the wrong layout; None if it was not."""
    return None
