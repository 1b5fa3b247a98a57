"""The visible text of a web page as runs: the text between two breaks that a browser would show.

A run knows its place among the elements, so that `story` can choose the runs of the article; joined, they are
its text. Nothing between two blocks is lost, and words of different blocks are never joined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

_INVISIBLE = frozenset((
    "script", "style", "head", "template", "noscript", "iframe", "object", "embed", "svg", "math", "canvas",
    "audio", "video", "map", "button", "select", "option", "textarea", "input", "datalist", "dialog", "title",
))  # fmt: skip
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_CELLS = frozenset(("td", "th"))
#: Elements that are no part of a story, by name, role, or a word of their class or id.
_FURNITURE_TAGS = frozenset(("nav", "footer", "menu"))
_FURNITURE_ROLES = frozenset(("navigation", "search", "contentinfo", "menu", "menubar", "toolbar", "dialog"))
_FURNITURE_NAME = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|shares|social|socials|related|recommended|comments?|respond|breadcrumbs?|navbar"
    r"|nav|menu|pagination|pager|sidebar|newsletter|subscribe|advert|advertisement|ads|cookies?|popup|copyright"
    r"|toolbar|taglist|readmore|most-?read|trending)(?:$|[\s_-])",
    re.I,
)
_HIDDEN_NAME = re.compile(r"(?:^|\s)(?:visually-hidden|sr-only|screen-reader-text)(?:$|\s)")
_CHANGED_NAME = re.compile(r"(?:^|[\s_-])(?:updated|modified|last-?mod|edited)(?:$|[\s_-])", re.I)
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item)", re.I)
_CAPTION_NAME = re.compile(
    r"(?:^|[\s_-])(?:caption|figcaption|photo-?credit|image-?caption)(?:$|[\s_-])", re.I
)
#: A longer link is a paragraph inside a link that was never closed; scripts without spaces are measured by
#: letters, of which no word has so many.
MAX_LINK_WORDS, WIDE_WORD = 30, 12
WHOLE_LINK = 0.8
#: A longer cell is part of a layout, not of a table of data.
MAX_CELL_CHARACTERS = 250
#: Characters of a class or id that are read, and number of menus inside each other that are told apart.
MAX_NAME_CHARACTERS, MAX_MENUS = 200, 8


@dataclass(slots=True)
class PageRun:
    """Text between two breaks.

    `linked`: the share of it that is a link; `furniture`: the menus, lists of shares or comments that it is
    in, as numbers, outermost first; `row`: the row of a table of data, 0 if none; `prefix`: the mark of an
    item of a list; `changed`: it is marked as the day of a change.
    """

    text: str
    words: int
    linked: float
    caption: bool
    prefix: str
    furniture: tuple[int, ...]
    row: int
    cell: int
    heading: bool
    changed: bool

    @property
    def link(self) -> bool:
        """Whether the run is a link and little else."""
        return self.linked >= WHOLE_LINK and self.words <= MAX_LINK_WORDS


@dataclass(slots=True)
class PageRuns:
    """The runs of a page in their order, and for every block element the range of its runs."""

    runs: list[PageRun] = field(default_factory=list)
    spans: dict[Any, tuple[int, int]] = field(default_factory=dict)


def read_runs(tree: Any) -> PageRuns:
    """Return the runs of a parsed page."""
    return _Reader(tree).read()


def join_runs(runs: Sequence[PageRun]) -> str:
    """Return the text of some runs, a line each; the cells of a row of data stand on one line, apart."""
    lines: list[str] = []
    row = cell = 0
    for run in runs:
        text = f"[{run.text}]" if run.caption else run.prefix + run.text
        if run.row and run.row == row:
            lines[-1] += (" " if run.cell == cell else " | ") + text
        else:
            lines.append(text)
        row, cell = run.row, run.cell
    return "\n".join(lines)


class _Reader:
    """Walks over a page once. It does not recurse: pages may nest deeper than Python's stack."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        self.found = PageRuns()
        self.parts: list[str] = []
        self.linked = self.changed = 0
        self.changes: list[Any] = []
        self.links: list[Any] = []
        self.captions: list[Any] = []
        self.furniture: list[tuple[Any, tuple[int, ...]]] = []
        self.furniture_count = 0
        self.headings: list[Any] = []
        self.verses: list[Any] = []
        self.articles = 0
        self.prefix = ""
        self.rows: list[Any] = []
        self.row = self.cell = 0
        self.counters: list[int | None] = []
        self.data_tables = _data_tables(tree)
        self.in_data: list[Any] = []

    def read(self) -> PageRuns:
        """Return all runs."""
        hidden: Any = None
        starts: list[tuple[Any, int]] = []
        for event, node in etree.iterwalk(self.tree, events=("start", "end", "comment", "pi")):
            if event == "start":
                if hidden is None and _is_hidden(node):
                    self._flush_if_block(node)
                    hidden = node
                if hidden is None:
                    if self._is_block(node):
                        self._flush()
                        starts.append((node, len(self.found.runs)))
                    self._enter(node)
                    self._add(node.text, lines=bool(self.verses))
                continue
            if event == "end" and hidden is None:
                self._leave(node)
                if starts and starts[-1][0] is node:
                    self._flush()
                    self.found.spans[node] = (starts.pop()[1], len(self.found.runs))
            if event == "end" and hidden is node:
                hidden = None
            if hidden is None:
                self._add(node.tail, lines=bool(self.verses))
        self._flush()
        return self.found

    def _is_block(self, node: Any) -> bool:
        return node.tag in _BLOCKS or bool(_BLOCK_STYLE.search(node.get("style") or ""))

    def _flush_if_block(self, node: Any) -> None:
        if node.tag in ("iframe", "video", "audio", "object"):
            self._flush()

    def _enter(self, node: Any) -> None:
        tag = node.tag
        if tag == "a" and node.get("href") is not None:
            self.links.append(node)
        elif tag in ("ul", "ol"):
            self.counters.append(_first_number(node) if tag == "ol" else None)
        elif tag == "li":
            self.prefix = "- "
            if self.counters and (number := self.counters[-1]) is not None:
                self.prefix, self.counters[-1] = f"{number}. ", number + 1
        elif tag == "table" and node in self.data_tables:
            self.in_data.append(node)
        elif tag == "tr" and self.in_data:
            self.row += 1
        elif tag in _CELLS and self.in_data:
            self.cell += 1
        elif tag == "q":
            self.parts.append("«")
        elif tag == "time":
            self.parts.append(" ")
        elif tag == "pre":
            self.verses.append(node)
        elif tag == "article":
            self.articles += 1
        self._enter_part(node, _names(node))

    def _enter_part(self, node: Any, names: str) -> None:
        """Note the caption, heading or menu that begins; `names` are its class and id."""
        tag = node.tag
        if tag in ("figcaption", "caption") or (names and _CAPTION_NAME.search(names)):
            self.captions.append(node)
        if tag[:1] == "h" and tag[1:] in {"1", "2", "3", "4", "5", "6"}:
            self.headings.append(node)
        if (names and _CHANGED_NAME.search(names)) or node.get("itemprop") == "dateModified":
            self.changes.append(node)
        if _is_furniture(node, names) or (tag == "aside" and not self.articles):
            self.furniture_count += 1
            around = self._menus()[: MAX_MENUS - 1]
            self.furniture.append((node, (*around, self.furniture_count)))

    def _leave(self, node: Any) -> None:
        if node.tag == "q":
            self.parts.append("»")
        elif node.tag == "time":
            self.parts.append(" ")
        elif node.tag == "article":
            self.articles -= 1
        elif self.verses and self.verses[-1] is node:
            self._flush()
            self.verses.pop()
        if node.tag in ("ul", "ol") and self.counters:
            self.counters.pop()
        if node.tag == "table" and self.in_data and self.in_data[-1] is node:
            self._flush()
            self.in_data.pop()
        if node.tag == "li":
            self._flush()
            self.prefix = ""
        for stack in (self.captions, self.headings):
            if stack and stack[-1] is node:
                self._flush()
                stack.pop()
        if self.furniture and self.furniture[-1][0] is node:
            self._flush()
            self.furniture.pop()
        for stack in (self.links, self.changes):
            if stack and stack[-1] is node:
                stack.pop()

    def _menus(self) -> tuple[int, ...]:
        """Return the numbers of the menus around the place that is read."""
        return self.furniture[-1][1] if self.furniture else ()

    def _add(self, text: str | None, *, lines: bool = False) -> None:
        """Add text to the run; `lines`: each line of it is a run."""
        if not text:
            return
        if lines and "\n" in text:
            for line in text.split("\n"):
                self._add(line)
                self._flush()
            return
        self.parts.append(text)
        if self.links or self.changes:
            size = len("".join(text.split()))
            self.linked += size if self.links else 0
            self.changed += size if self.changes else 0

    def _flush(self) -> None:
        if not self.parts:
            return
        words = "".join(self.parts).split()
        self.parts.clear()
        linked, self.linked = self.linked, 0
        changed, self.changed = self.changed, 0
        if not words:
            return
        size = sum(map(len, words))
        self.found.runs.append(
            PageRun(
                " ".join(words), max(len(words), size // WIDE_WORD),
                linked / size, bool(self.captions), self.prefix,
                self._menus(), self.row if self.in_data else 0, self.cell,
                bool(self.headings), changed >= WHOLE_LINK * size,
            )
        )  # fmt: skip
        self.prefix = ""


def is_apart(node: Any) -> bool:
    """Return True if the text of an element may be no part of a story: a link, hidden, a menu, an aside."""
    return any(
        each.tag in ("a", "aside") or _is_hidden(each) or _is_furniture(each, _names(each))
        for each in (node, *node.iterancestors())
    )


def _names(node: Any) -> str:
    """Return class and id of an element, "" if it has none."""
    names = " ".join((node.get(name) or "")[:MAX_NAME_CHARACTERS] for name in ("class", "id"))
    return names if names != " " else ""


def _is_furniture(node: Any, names: str) -> bool:
    return node.tag not in ("html", "body") and bool(
        node.tag in _FURNITURE_TAGS
        or (node.get("role") or "") in _FURNITURE_ROLES
        or (names and _FURNITURE_NAME.search(names))
    )


def _is_hidden(node: Any) -> bool:
    return (
        node.tag in _INVISIBLE
        or node.get("hidden") is not None
        or node.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(node.get("style") or ""))
        or bool(_HIDDEN_NAME.search((node.get("class") or "")[:MAX_NAME_CHARACTERS]))
    )


def _first_number(node: Any) -> int:
    start = node.get("start") or ""
    return int(start) if start.isascii() and start.isdigit() and len(start) < 5 else 1


def _data_tables(tree: Any) -> set[Any]:
    """Return the tables that hold data, not the layout of the page: two rows or more of short cells."""
    around: list[Any] = []
    found: set[Any] = set()
    nesting: set[Any] = set()
    for event, table in etree.iterwalk(tree, events=("start", "end"), tag="table"):
        if event == "start":
            found.add(table)
            nesting.update(around[-1:])
            around.append(table)
        else:
            around.pop()
    return {table for table in found - nesting if _holds_data(table)}


def _holds_data(table: Any) -> bool:
    if table.get("role") == "presentation":
        return False
    rows = several = linked = cells = 0
    for row in table.iter("tr"):
        rows += 1
        here = [cell for cell in row if cell.tag in _CELLS]
        several += len(here) > 1
        for cell in here:
            text = " ".join(cell.text_content().split())
            if len(text) > MAX_CELL_CHARACTERS:
                return False
            cells += 1
            linked += cell.find(".//a") is not None
    return rows > 1 and several * 2 > rows and linked * 2 <= cells
