"""Plain text of HTML fragments, as feeds, e-mails and fields of exports contain them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own
from lxml import html as lxml_html

_TAG_START = re.compile(r"<[a-zA-Z!/?]")
_INVISIBLE = frozenset(("script", "style", "head", "template", "noscript", "iframe", "object"))
#: Elements that begin and end a line.
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figure", "figcaption",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p",
    "pre", "section", "table", "td", "th", "tr", "ul",
))  # fmt: skip
#: Tags that a text in a field is unlikely to have for another reason than being HTML.
_PAGE_TAG = re.compile(
    r"</(?:p|div|span|a|b|i|u|em|strong|font|h[1-6]|ul|ol|li|blockquote|figure|section|article|table|t[dr])>"
    r"|<(?:p|br|br ?/)>|<(?:p|div|span|a|img|font|iframe)\s[a-z]{2,12}=[\"'][^<>]{0,2000}>",
    re.IGNORECASE,
)
_BLOCK_TAG = re.compile(r"<(?:p|br|div|li|h[1-6]|tr|blockquote|section|article)[\s/>]", re.IGNORECASE)
#: A tag in whose attribute a field was cut off.
_CUT_TAG = re.compile(r"<[a-z]{1,10}\s[^=>]{0,200}=[\"'][^>]*\Z", re.IGNORECASE)
#: Behind the HTML of a field: a character that no text has. The parser does not reach it if it gives up.
_END = "\U0010fffd"
_LINE_END = re.compile(r"\r\n?|\n")
_BLANKS = re.compile(r"(?<![ \t\r\f\v\xa0])[ \t\r\f\v\xa0]*+\n\s*+")
_SPACES = re.compile(r"[ \t\r\f\v\n]+")
_ATTRIBUTE_VALUE = r"""(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s<>"']*+))?+"""
#: A tag of more than 200 attributes, as only hostile pages have: libxml2 compares each with all before it.
_CROWDED_TAG = re.compile(
    rf"""(<[a-z][^\s<>/]{{0,40}}+(?:[\s/]++[^\s<>=/"']{{1,99}}+{_ATTRIBUTE_VALUE}){{200}})"""
    rf"""(?:[\s/]++[^\s<>=/"']++{_ATTRIBUTE_VALUE})++""",
    re.IGNORECASE,
)
#: Characters that XML does not allow; lxml raises ValueError for them.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def strip_control_characters(text: str) -> str:
    """Return the text without the characters that lxml refuses."""
    return _CONTROLS.sub("", text)


def prepare_markup(markup: str) -> bytes:
    """Return HTML for the parser: without control characters, and with few attributes in a tag."""
    return _CROWDED_TAG.sub(r"\1", strip_control_characters(markup)).encode()


def html_to_text(fragment: str) -> str:
    """Return the text of HTML with a line for every block element. Text without markup is only stripped.

    Never fails: what cannot be parsed gives "".
    """
    if not _has_tag(fragment) and "&" not in fragment:
        return fragment.strip()
    try:
        # Without huge_tree, what is over 255 tags deep is lost, and so is a text of over 10 million bytes.
        parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
        tree = lxml_html.document_fromstring(prepare_markup(fragment), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    parts: list[str] = []
    _collect(tree, parts)
    return _BLANKS.sub("\n", "".join(parts)).strip()


def without_markup(text: str) -> str:
    """Return the text of a field that may hold HTML, as exports of web sites do, in some of them escaped.

    What has no tag of a page, nothing but tags, or more tags inside each other than the parser reads, is
    returned as it is. Where the HTML has no blocks, the line ends of the field stay.
    """
    if "<" not in text and "&lt;" not in text:
        return text
    markup = text if _PAGE_TAG.search(text) else unescape(text)
    if not _PAGE_TAG.search(markup):
        return text
    lines = markup if _BLOCK_TAG.search(markup) else _LINE_END.sub("<br>", markup)
    if _CUT_TAG.match(lines, cut := lines.rfind("<")):
        lines = lines[:cut]
    plain, end, rest = html_to_text(f"{lines}<p>{_END}</p>").rpartition(_END)
    return plain.rstrip() or text if end and not rest else text


def _has_tag(fragment: str) -> bool:
    """Return True if a ">" comes somewhere after the first beginning of a tag."""
    start = _TAG_START.search(fragment)
    return start is not None and fragment.find(">", start.end()) >= 0


def _collect(tree: Any, parts: list[str]) -> None:
    """Append the texts of the tree in order.

    Iterates over events instead of recursing, since pages nest deeper than Python's stack.
    """
    hidden: Any = None
    for event, node in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        if event == "start":
            if hidden is None and node.tag in _INVISIBLE:
                hidden = node
            if hidden is None:
                parts.append("\n" if node.tag in _BLOCKS else "")
                parts.append(_SPACES.sub(" ", node.text or ""))
            continue
        if event == "end" and hidden is None and node.tag in _BLOCKS:
            parts.append("\n")
        if event == "end" and hidden is node:
            hidden = None
        if hidden is None:
            parts.append(_SPACES.sub(" ", node.tail or ""))
