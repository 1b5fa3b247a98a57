"""Where a place is named in an article, before it is a row."""

from __future__ import annotations

from dataclasses import dataclass

from arabic.tables.gazetteer import Entry

#: A place's first spots in a field are evidence enough; a book of millions of letters has thousands.
SPOTS_OF_A_PLACE = 50


@dataclass(frozen=True, slots=True)
class Spot:
    """A place (by gazetteer entry, by the number of its row, or by a name the gazetteer does not have) and
    where it is named; a spot that the file's metadata gave has no offsets."""

    place: Entry | str | int
    field: str
    start: int | None = None
    end: int | None = None
    evidence: str = ""
