"""The first and last lines of a text, where byline, source and title are found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Characters at the beginning and at the end within which lines are considered.
HEAD_CHARACTERS, TAIL_CHARACTERS = 900, 260
MAX_FIRST_LINES, MAX_LAST_LINES = 5, 3
#: A longer line is a paragraph.
MAX_LINE_CHARACTERS = 120
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A non-blank line. `has_neighbour`: the text has more lines; `blank_after`: an empty line follows."""

    text: str
    start: int
    has_neighbour: bool
    blank_after: bool = False

    @property
    def end(self) -> int:
        """Offset of the end of the line."""
        return self.start + len(self.text)


def first_lines(body: str) -> list[TextLine]:
    """Return the first lines before the first paragraph."""
    lines: list[TextLine] = []
    for line in _iter_lines(body, 0, HEAD_CHARACTERS):
        if len(line.text) > MAX_LINE_CHARACTERS or len(lines) == MAX_FIRST_LINES:
            break
        lines.append(line)
    return lines


def first_paragraph(body: str) -> TextLine | None:
    """Return the line after the first lines, where the report begins unless it began with them."""
    behind = first_lines(body)
    return next(_iter_lines(body, behind[-1].end if behind else 0, len(body)), None)


def last_lines(body: str) -> list[TextLine]:
    """Return the last lines after the last paragraph, in their order."""
    begin = max(0, len(body) - TAIL_CHARACTERS)
    if begin:
        begin = body.find("\n", begin)
        if begin < 0:
            return []
    elif "\n" not in body:
        return []
    found = list(_iter_lines(body, begin, len(body)))[-MAX_LAST_LINES:]
    while found and len(found[0].text) > MAX_LINE_CHARACTERS:
        found.pop(0)
    return found


def _iter_lines(body: str, begin: int, end: int) -> Iterator[TextLine]:
    several = "\n" in body
    for match in _LINE.finditer(body, begin, end):
        if match[0].strip():
            blank_after = body[match.end() : match.end() + 3].count("\n") > 1
            yield TextLine(match[0], match.start(), several, blank_after)
