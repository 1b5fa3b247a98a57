"""A value that the text of an article suggests, with its confidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Field = Literal["title", "byline", "source", "dateline", "date"]


@dataclass(frozen=True, slots=True)
class Prediction:
    """A value read at [start, end) of a text.

    `confidence`, 0 to 1, is the expected share of such predictions that are correct; `method` names the rule.
    """

    field: Field
    value: str
    confidence: float
    method: str
    start: int
    end: int
