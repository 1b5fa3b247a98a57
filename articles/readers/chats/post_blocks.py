"""The posts on a page of Facebook whose classes are not known: told by the times that stand in each.

Facebook's classes change every few months. What stays: posts follow each other in one element, each with a
heading, a text and a line that is a time. Before 2018 the line with the time stood above the post.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.chats.post_keys import is_time_line

#: Posts that a page must hold: one time by itself divides nothing.
MIN_POSTS = 2
#: Longest heading that no element says to be one: "Huda updated her status.", in characters.
_HEADING_CHARACTERS = 120
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "header"))
#: Elements that do not begin a line.
_INLINE = frozenset(("a", "b", "br", "em", "font", "i", "img", "s", "small", "span", "strong", "u", "wbr"))
_CELLS = frozenset(("td", "th"))
_UNREAD = frozenset(("head", "script", "style", "table"))


def find_post_blocks(tree: Any) -> list[Any]:
    """Return the elements of the posts, in order; [] if the page has no row of blocks with a time each."""
    parts: defaultdict[Any, list[Any]] = defaultdict(list)
    seen, times = set(), set()
    for time in _time_elements(tree):
        times.add(time)
        child = time
        for parent in time.iterancestors():
            if child in seen:
                break
            seen.add(child)
            parts[parent].append(child)
            child = parent
    # Of equal ones the outermost: a post may hold another time.
    around = max(parts, key=lambda each: (len(parts[each]), -_depth(each)), default=None)
    if around is None or len(parts[around]) < MIN_POSTS:
        return []
    return _with_followers(parts[around]) if times.issuperset(parts[around]) else parts[around]


def _time_elements(tree: Any) -> Iterator[Any]:
    nodes = (node for node in tree.iter() if isinstance(node.tag, str) and node.tag not in _CELLS)
    return (node for node in nodes if is_time_line(node.text or ""))


def _depth(node: Any) -> int:
    return sum(1 for _each in node.iterancestors())


def _with_followers(times: list[Any]) -> list[Any]:
    """Return an element for each time that holds it and what follows it up to the next."""
    posts = []
    ends = set(times)
    for time in times:
        post = etree.Element("div")
        time.addprevious(post)
        post.append(time)
        while (node := post.getnext()) is not None and node not in ends:
            post.append(node)
        posts.append(post)
    return posts


def time_of(post: Any) -> str:
    """Return the line with the time of a post: the last, as those inside it belong to what it shares."""
    lines = [" ".join((node.text or "").split()) for node in _time_elements(post)]
    return lines[-1] if lines else ""


def text_parts(post: Any) -> list[Any]:
    """Return the elements with the lines of a post, without its heading, its times and tables of a camera."""
    told = [child for child in post if isinstance(child.tag, str) and "".join(child.itertext()).strip()]
    first = " ".join("".join(told[0].itertext()).split()) if len(told) > MIN_POSTS else ""
    is_heading = first.endswith(".") and len(first) <= _HEADING_CHARACTERS and not is_time_line(first)
    return [part for child in told[is_heading:] for part in _parts(child)]


def _parts(node: Any) -> Iterator[Any]:
    """Yield the innermost elements that hold whole lines."""
    if not isinstance(node.tag, str) or node.tag in _UNREAD or node.tag in _HEADINGS:
        return
    own = (node.text or "").strip() or any(
        (child.tail or "").strip() or (child.tag in _INLINE and "".join(child.itertext()).strip())
        for child in node
    )
    if not own and len(node):
        for child in node:
            yield from _parts(child)
    elif not is_time_line("".join(node.itertext())):
        yield node
