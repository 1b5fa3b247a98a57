"""The first and the last lines of a text, with what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Facts stand in the first and the last lines, within so many characters.
HEAD, TAIL = 900, 260
FIRST, LAST = 5, 3
#: Longer ones are paragraphs.
SHORT = 120
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line with something in it; `has_neighbour` = the text has more lines; `blank_after` = an empty one
    follows it."""

    text: str
    start: int
    has_neighbour: bool
    blank_after: bool = False

    @property
    def end(self) -> int:
        """Offset of its end."""
        return self.start + len(self.text)


def first_lines(body: str) -> list[TextLine]:
    """The first lines until one that is a paragraph, which is not among them."""
    lines: list[TextLine] = []
    for line in _lines(body, 0, HEAD):
        if len(line.text) > SHORT or len(lines) == FIRST:
            break
        lines.append(line)
    return lines


def first_paragraph(body: str) -> TextLine | None:
    """The line behind the first lines: where the report begins, if it did not begin with them."""
    behind = first_lines(body)
    return next(_lines(body, behind[-1].end if behind else 0, len(body)), None)


def last_lines(body: str) -> list[TextLine]:
    """The last lines, in their order, behind the last paragraph."""
    begin = max(0, len(body) - TAIL)
    if begin:
        begin = body.find("\n", begin)
        if begin < 0:
            return []
    elif "\n" not in body:
        return []
    found = list(_lines(body, begin, len(body)))[-LAST:]
    while found and len(found[0].text) > SHORT:
        found.pop(0)
    return found


def _lines(body: str, begin: int, end: int) -> Iterator[TextLine]:
    several = "\n" in body
    for match in _LINE.finditer(body, begin, end):
        if match[0].strip():
            blank_after = body[match.end() : match.end() + 3].count("\n") > 1
            yield TextLine(match[0], match.start(), several, blank_after)
