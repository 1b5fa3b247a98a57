"""The text of an article for its page: paragraphs with numbered highlights, places and dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal

from arabic.text.direction import text_direction
from search.results import Segment, Snippet


@dataclass(frozen=True, slots=True)
class NamedSpot:
    """A place or date at [start, end) of title or body; `target` is the id of its entry below the text."""

    field: str
    start: int
    end: int
    target: str
    label: str


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of text; `hit` is the number of the highlight, counted from 1 through title and text, or 0."""

    text: str
    hit: int = 0
    #: The numbers of the previous and the next highlight, 0 at the ends.
    previous: int = 0
    next: int = 0
    #: The place or date that the run names.
    spot: NamedSpot | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text, and the direction of most of its letters."""

    runs: tuple[TextRun, ...]
    direction: Literal["rtl", "ltr"]


@dataclass(frozen=True, slots=True)
class ArticleText:
    """Title and paragraphs of an article, and the number of highlights in them."""

    title: Paragraph
    paragraphs: tuple[Paragraph, ...]
    hits: int


def build_article_text(title: Snippet, body: Snippet, spots: Iterable[NamedSpot] = ()) -> ArticleText:
    """Split the body at line breaks, number the highlights, and say where title and body name `spots`.

    A no-break space is drawn as a space: pages of newspapers have runs of both, which would stay as gaps.
    """
    total = len(title.marked) + len(body.marked)
    numbers = count(1)
    known = list(spots)
    title_runs = _with_spots(_numbered(title.segments, numbers, total), known, "title")
    body_runs = _with_spots(_numbered(body.segments, numbers, total), known, "body")
    return ArticleText(_paragraph(tuple(title_runs)), tuple(map(_paragraph, _lines(list(body_runs)))), total)


def _paragraph(runs: tuple[TextRun, ...]) -> Paragraph:
    return Paragraph(runs, text_direction("".join(run.text for run in runs)))


def _numbered(segments: Iterable[Segment], numbers: Iterator[int], total: int) -> Iterator[TextRun]:
    for segment in segments:
        if segment.marked:
            hit = next(numbers)
            yield TextRun(segment.text, hit, hit - 1, hit + 1 if hit < total else 0)
        else:
            yield TextRun(segment.text.replace("\xa0", " "))


def _with_spots(runs: Iterable[TextRun], spots: Sequence[NamedSpot], field: str) -> Iterator[TextRun]:
    """Split runs where a spot begins or ends; a highlight stays whole, and takes the first spot in it."""
    left = list(_apart(spots, field))
    start = 0
    for run in runs:
        end = start + len(run.text)
        inside = [spot for spot in left if spot.start < end and spot.end > start]
        if run.hit:
            yield replace(run, spot=inside[0]) if inside else run
        else:
            at = start
            for spot in inside:
                first, last = max(spot.start, start), min(spot.end, end)
                if first > at:
                    yield TextRun(run.text[at - start : first - start])
                yield TextRun(run.text[first - start : last - start], spot=spot)
                at = last
            if at < end:
                yield TextRun(run.text[at - start :])
        left = [spot for spot in left if spot.end > end]
        start = end


def _apart(spots: Sequence[NamedSpot], field: str) -> Iterator[NamedSpot]:
    """Yield the spots of a field in order, of overlapping ones the first and longest."""
    end = 0
    for spot in sorted(spots, key=lambda spot: (spot.start, -spot.end)):
        if spot.field == field and end <= spot.start < spot.end:
            yield spot
            end = spot.end


def _lines(runs: Iterable[TextRun]) -> Iterator[tuple[TextRun, ...]]:
    """Yield every line that is not blank; a highlight across a line end (of a phrase) stays in one piece."""
    line: list[TextRun] = []
    for run in runs:
        if run.hit or run.spot:
            line.append(run)
            continue
        first, *others = run.text.splitlines() or [""]
        ended = run.text[-1:] in ("\n", "\r")
        line.append(TextRun(first))
        for other in others:
            if any(part.text.strip() for part in line):
                yield tuple(line)
            line = [TextRun(other)]
        if ended:
            if any(part.text.strip() for part in line):
                yield tuple(line)
            line = []
    if any(part.text.strip() for part in line):
        yield tuple(line)
