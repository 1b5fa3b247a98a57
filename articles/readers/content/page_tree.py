"""Parse a web page, however deep its elements stand inside each other.

libxml2 stops at 256 elements inside each other, and drops what follows. Old pages reach that with tags that
are never closed. Readers of the tree expect it to be flat, as browsers show it.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own
from lxml import html as lxml_html

from articles.readers.markup import prepare_markup

#: Elements inside each other that are kept, and further ones if there are no more.
_DEPTH, _KEPT = 200, 50
#: Tags of looks, which pages leave open.
_LOOKS = re.compile(r"</?(?:a|b|big|center|em|font|i|s|small|span|strike|strong|tt|u)\b[^<>]*+>", re.I)


def parse_page(page: str) -> tuple[Any, bool]:
    """Return the parsed page, or None if it cannot be parsed, and whether all of it was read."""
    data = prepare_markup(page)
    tree, is_whole = _parse(data, huge=False)
    if is_whole:
        return tree, True
    tree, is_whole = _parse(data, huge=True)
    if not is_whole:
        tree, is_whole = _parse(_LOOKS.sub("", data.decode()).encode(), huge=True)
    if tree is not None:
        _flatten(tree)
    return tree, is_whole


def _parse(data: bytes, *, huge: bool) -> tuple[Any, bool]:
    """Return the tree, and whether the parser came to the end of the page."""
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=huge)
    try:
        tree = lxml_html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None, True
    last = parser.error_log.last_error
    return tree, last is None or last.type != etree.ErrorTypes.ERR_RESOURCE_LIMIT


def _flatten(tree: Any) -> None:
    """Make elements that are too deep siblings, in their order, with all their text."""
    levels: dict[Any, int] = {}  # below each element
    depth = 0
    deep = []
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start" and depth == _DEPTH:
            deep.append(node)
        elif event == "end":
            levels[node] = max((levels[each] + 1 for each in node.iterchildren(etree.Element)), default=0)
    for top in deep:
        if levels[top] > _KEPT:
            _make_flat(top, levels)


def _make_flat(top: Any, levels: dict[Any, int]) -> None:
    """Make the elements below another its children, but for those in elements of few levels.

    Where an element ends whose children are not kept in it, a space parts words.
    """
    nodes: list[Any] = []
    tails: list[list[str]] = [[top.text or ""]]
    walk = etree.iterwalk(top, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        if node is top:
            continue
        if event == "start":
            nodes.append(node)
            tails.append([])
            if levels[node] <= _KEPT:
                walk.skip_subtree()
        else:
            is_parted = event == "end" and levels[node] > _KEPT
            tails[-1] += ["\n" if is_parted else "", node.tail or ""]
    for node in reversed((top, *nodes)):  # from inside: lxml walks over all that it takes out
        if levels[node] > _KEPT:
            del node[:]
    top.extend(nodes)
    top.text = "".join(tails[0])
    for node, parts in zip(nodes, tails[1:], strict=True):
        node.tail = "".join(parts)
