"""Spans of text that name a place, before they are stored as mentions."""

from __future__ import annotations

from dataclasses import dataclass

from arabic.tables.gazetteer import GazetteerEntry

#: Mentions stored of one place in one field; a text of millions of characters would have thousands.
MAX_SPANS_PER_PLACE = 50


@dataclass(frozen=True, slots=True)
class PlaceSpan:
    """A place and the span that names it; without offsets if the file's metadata names it.

    The place is a gazetteer entry, the id of a Place row, or a name that the gazetteer does not contain.
    """

    place: GazetteerEntry | str | int
    field: str
    start: int | None = None
    end: int | None = None
    evidence: str = ""
