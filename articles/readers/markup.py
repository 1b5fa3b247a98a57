"""The text of a piece of HTML: what a feed or a letter holds, without a page around it."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own
from lxml import html as lxml_html

_TAG = re.compile(r"<[a-zA-Z!/?][^>]*>")
_INVISIBLE = frozenset(("script", "style", "head", "template", "noscript", "iframe", "object"))
#: Elements that stand on lines of their own.
_LINES = frozenset((
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figure", "figcaption",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p",
    "pre", "section", "table", "td", "th", "tr", "ul",
))  # fmt: skip
_BLANKS = re.compile(r"[ \t\r\f\v\xa0]*\n\s*")
_SPACES = re.compile(r"[ \t\r\f\v\n]+")
#: What XML and lxml refuse to hold.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def strip_control_characters(text: str) -> str:
    """The text without the characters that lxml takes from nobody."""
    return _CONTROLS.sub("", text)


def html_to_text(fragment: str) -> str:
    """The text of HTML, a line for every block; of what is no HTML, the text itself. Never fails."""
    if not _TAG.search(fragment) and "&" not in fragment:
        return fragment.strip()
    try:
        parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True)
        tree = lxml_html.document_fromstring(strip_control_characters(fragment).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    parts: list[str] = []
    _collect(tree, parts)
    return _BLANKS.sub("\n", "".join(parts)).strip()


def _collect(tree: Any, parts: list[str]) -> None:
    """Texts in their order. By events and not by recursion: pages nest deeper than Python's stack."""
    hidden: Any = None
    for event, node in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event == "start":
            if hidden is None and node.tag in _INVISIBLE:
                hidden = node
            if hidden is None:
                parts.append("\n" if node.tag in _LINES else "")
                parts.append(_SPACES.sub(" ", node.text or ""))
            continue
        if event == "end" and hidden is None and node.tag in _LINES:
            parts.append("\n")
        if event == "end" and hidden is node:
            hidden = None
        if hidden is None:
            parts.append(_SPACES.sub(" ", node.tail or ""))
