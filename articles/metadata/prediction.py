"""A value that the text of an article suggests, with its confidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Field = Literal["title", "byline", "source", "dateline", "date"]


@dataclass(frozen=True, slots=True)
class Prediction:
    """A value read at [start, end) of a text. `confidence` is 0 to 1: of so many such guesses, that share is
    expected to be right. `method` names the rule that made it."""

    field: Field
    value: str
    confidence: float
    method: str
    start: int
    end: int
