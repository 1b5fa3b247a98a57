"""Draws hits over time as bars, and several searches as lines, into the attributes of an SVG.

Time runs in the direction of the page. The labels are text beside the picture, so that they keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 960, 240
#: The smallest full scale of counts, so that single articles appear as low bars.
MIN_FULL_SCALE = 2.0
#: Dashes of the lines, so that they differ without colour; the marks of the points differ too.
DASHES = ("", "10 5", "2 5", "14 4 2 4", "6 3 2 3 2 3")
MARKS = ("circle", "square", "triangle", "diamond", "cross")
#: Above this number of points a line has no marks on them, which would touch each other.
MOST_MARKED_POINTS = 62
_MARK_SIZE = 5.0


@dataclass(frozen=True, slots=True)
class PeriodBar:
    """A bar, and the slot in which it stands, which is what a pointer hits."""

    label: str
    url: str
    value: str
    is_chosen: bool
    slot_x: float
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A line as the `points` of a polyline, and the `d` of the path of its marks."""

    name: str
    number: int
    dash: str
    points: str
    marks: str
    #: The same dash and mark for the legend, in a box of 48 × 16.
    legend_mark: str


@dataclass(frozen=True, slots=True)
class ChartScale:
    """The highest value of the axis and its labels from top to bottom."""

    top: float
    labels: tuple[str, ...]


def nice_scale(highest: float, *, percent: bool) -> ChartScale:
    """Return a scale from 0 to a round number that is not below the highest value."""
    highest = max(highest, 0.0)
    if not percent:
        highest = max(highest, MIN_FULL_SCALE)
    if highest <= 0:
        highest = 1.0
    unit = 10.0 ** floor(log10(highest))
    top = next(unit * step for step in (1, 2, 4, 6, 8, 10) if unit * step >= highest * 0.9999)
    top = min(top, 100.0) if percent else 2.0 * ceil(top / 2)  # its half is a whole number too
    return ChartScale(top, tuple(_scale_label(value, percent=percent) for value in (top, top / 2, 0.0)))


def _scale_label(value: float, *, percent: bool) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return f"{text}%" if percent else text


def bar_columns(count: int, at: int, *, right_to_left: bool) -> tuple[float, float, float]:
    """Return the start of a slot, the start of its bar and the width of the bar; the bar is centred."""
    slot = WIDTH / count
    place = count - 1 - at if right_to_left else at
    width = min(max(slot - min(2.0, slot / 4), 0.5), 64.0)
    return round(place * slot, 2), round(place * slot + (slot - width) / 2, 2), round(width, 2)


def bar_height(value: float, scale: ChartScale) -> float:
    """Return the height of a bar; the smallest value that is not 0 is visible."""
    return round(max(2.0, HEIGHT * value / scale.top), 2) if value else 0.0


def slot_width(count: int) -> float:
    """Return the width of a slot."""
    return round(WIDTH / max(1, count), 2)


def chart_line(
    name: str, number: int, values: Sequence[float], scale: ChartScale, *, right_to_left: bool
) -> ChartLine:
    """Return the line of a series; `number` chooses its dash, mark and colour."""
    slot = WIDTH / max(1, len(values))
    points = []
    for at, value in enumerate(values):
        place = len(values) - 1 - at if right_to_left else at
        points.append((round((place + 0.5) * slot, 1), round(HEIGHT - HEIGHT * value / scale.top, 1)))
    marked = points if len(points) <= MOST_MARKED_POINTS else []
    return ChartLine(
        name,
        number + 1,
        DASHES[number % len(DASHES)],
        " ".join(f"{x},{y}" for x, y in points),
        "".join(_mark_path(MARKS[number % len(MARKS)], x, y) for x, y in marked),
        _mark_path(MARKS[number % len(MARKS)], 24, 8),
    )


def _mark_path(mark: str, x: float, y: float) -> str:
    """Return the `d` of a mark around a point."""
    r = _MARK_SIZE
    match mark:
        case "circle":
            return f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"
        case "square":
            return f"M{x - r} {y - r}h{2 * r}v{2 * r}h{-2 * r}z"
        case "triangle":
            return f"M{x} {y - r}L{x + r} {y + r}H{x - r}z"
        case "diamond":
            return f"M{x} {y - r - 1}L{x + r + 1} {y}L{x} {y + r + 1}L{x - r - 1} {y}z"
        case _:
            arm = r - 1.5
            return f"M{x - r} {y - 1.5}h{arm}v{-arm}h3v{arm}h{arm}v3h{-arm}v{arm}h-3v{-arm}h{-arm}z"
