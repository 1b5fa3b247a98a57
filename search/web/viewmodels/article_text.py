"""The text of an article for its page: paragraphs with numbered highlights that links can walk through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from search.results import Segment, Snippet


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of text; `hit` is the number of the highlight, counted from 1 through title and text, or 0."""

    text: str
    hit: int = 0
    #: The numbers of the previous and the next highlight, 0 at the ends.
    previous: int = 0
    next: int = 0


@dataclass(frozen=True, slots=True)
class ArticleText:
    """Title and paragraphs of an article, and the number of highlights in them."""

    title: tuple[TextRun, ...]
    paragraphs: tuple[tuple[TextRun, ...], ...]
    hits: int


def build_article_text(title: Snippet, body: Snippet) -> ArticleText:
    """Split the body at line breaks and number the highlights of title and body."""
    total = len(title.marked) + len(body.marked)
    numbers = count(1)
    title_runs = tuple(_numbered(title.segments, numbers, total))
    body_runs = list(_numbered(body.segments, numbers, total))
    return ArticleText(title_runs, tuple(_paragraphs(body_runs)), total)


def _numbered(segments: Iterable[Segment], numbers: Iterator[int], total: int) -> Iterator[TextRun]:
    for segment in segments:
        if segment.marked:
            hit = next(numbers)
            yield TextRun(segment.text, hit, hit - 1, hit + 1 if hit < total else 0)
        else:
            yield TextRun(segment.text)


def _paragraphs(runs: Iterable[TextRun]) -> Iterator[tuple[TextRun, ...]]:
    """Yield every line that is not blank; a highlight across a line end (of a phrase) stays in one piece."""
    line: list[TextRun] = []
    for run in runs:
        if run.hit:
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
