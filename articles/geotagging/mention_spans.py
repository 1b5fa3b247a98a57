"""Where a place is named in an article, before it is a row."""

from __future__ import annotations

from dataclasses import dataclass

from arabic.tables.gazetteer import GazetteerEntry

#: A place's first spots in a field are evidence enough; a book of millions of letters has thousands.
MAX_SPANS_PER_PLACE = 50


@dataclass(frozen=True, slots=True)
class PlaceSpan:
    """A place (by gazetteer entry, by the number of its row, or by a name the gazetteer does not have) and
    where it is named; a spot that the file's metadata gave has no offsets."""

    place: GazetteerEntry | str | int
    field: str
    start: int | None = None
    end: int | None = None
    evidence: str = ""
