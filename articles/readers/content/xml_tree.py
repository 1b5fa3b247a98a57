"""XML of any size: its elements one after the other, with no entity expanded and nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.blob import Blob
from articles.readers.content.xml_bytes import utf8_blocks
from articles.text.limits import RECORD_BYTES
from articles.text.problem_messages import format_size
from articles.text.records import RecordProblem

#: What libxml2 says of a file that was cut off.
_CUT = re.compile(r"Premature end of data in tag (\S+) line")
_ROOT = re.compile(
    rb"\s*+(?:<\?[^>]*+>\s*+|(?><!--.*?-->)\s*+|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\])?+>\s*+)*+<([^\s/>!?]+)([^>]*+)",
    re.S,
)


def local_name(node: Any) -> str:
    """Return the name of an element without its namespace, "" for other nodes."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def root_element(head: bytes) -> tuple[str, bytes]:
    """Return the local name of the first element of a file, and its attributes as written."""
    found = _ROOT.match(head.removeprefix(b"\xef\xbb\xbf"))
    return (found[1].rpartition(b":")[2].decode("ascii", "replace"), found[2]) if found else ("", b"")


def iter_elements(blob: Blob, *names: str) -> Iterator[Any]:
    """Yield each element of these local names when its end is read; it is emptied before the next.

    Recovers from broken XML. Elements of these names inside another one come first. Where reading ends before
    the file does, the last thing yielded is a RecordProblem that says so: an element of more than
    RECORD_BYTES, a file that was cut off, a place behind which nothing was read. An element that was cut off
    is not yielded.
    """
    depth, open_since, read = 0, 0, 0
    for event, node in _events(blob):
        if event == "read":
            read += node
            if depth and read - open_since > RECORD_BYTES:
                yield RecordProblem("record-too-large", format_size(RECORD_BYTES), fatal=True)
                return
        elif event == "broken":
            yield RecordProblem("xml-broken", fatal=True)
        elif local_name(node) not in names:
            if event == "end" and not depth:
                _drop(node)
        elif event == "start":
            open_since = open_since if depth else read
            depth += 1
        else:
            depth -= 1
            yield node
            if not depth:
                _drop(node)


def _events(blob: Blob) -> Iterator[tuple[str, Any]]:
    """Yield ("start" or "end", element), and ("read", number of bytes) before those of a block.

    The last is ("broken", None) if the file is not read to its end.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"), recover=True, resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    root: Any = None
    is_whole = False
    for block in utf8_blocks(blob):
        yield "read", len(block)
        if not block:
            continue
        try:
            parser.feed(block)
        except (etree.XMLSyntaxError, ValueError):
            break
        for event, node in parser.read_events():
            root = node if root is None else root
            is_whole = is_whole or (event == "end" and node is root)
            yield event, node
    with suppress(etree.XMLSyntaxError, ValueError):
        parser.close()  # which gives what the parser still held back
    cut = _cut_tag(parser)
    for event, node in _complete(list(parser.read_events()), cut):
        is_whole = is_whole or (event == "end" and node is root)
        yield event, node
    if cut or not is_whole or _lost_the_rest(parser, root):
        yield "broken", None


def _cut_tag(parser: Any) -> str:
    """Return the name of the innermost element that was open when the file ended, "" if none was."""
    ends = (_CUT.match(error.message) for error in parser.feed_error_log)
    return next((end[1] for end in ends if end), "")


def _complete(events: list[tuple[str, Any]], cut: str) -> list[tuple[str, Any]]:
    """Return the events without the ends that the parser made up for the elements that were cut off."""
    if not cut:
        return events
    begin = next((at for at in range(len(events), 0, -1) if events[at - 1][0] == "start"), 0)
    made_up = (at for at in range(begin, len(events)) if _plain_name(events[at][1]) == cut)
    return events[: next(made_up, len(events))]


def _lost_the_rest(parser: Any, root: Any) -> bool:
    """Return True if text follows the end of the root, or another element's end closed it."""
    closed = f"mismatch: {_plain_name(root)} line "
    return any(
        error.type_name == "ERR_DOCUMENT_END" or closed in error.message for error in parser.feed_error_log
    )


def _plain_name(node: Any) -> str:
    return local_name(node).rpartition(":")[2]


def _drop(node: Any) -> None:
    """Empty an element that was read, and take the ones before it out of the tree."""
    node.clear(keep_tail=False)
    parent = node.getparent()
    while parent is not None and node.getprevious() is not None:
        del parent[0]


def parse_element(data: bytes) -> Any:
    """Return the root of an element as `to_bytes` wrote it, None if it is none."""
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        encoding="utf-8",
    )
    try:
        tree = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if tree is not None:
        etree.strip_elements(tree, etree.Entity, with_tail=False)
    return tree


def to_bytes(node: Any) -> bytes:
    """Return an element as UTF-8."""
    written: bytes = etree.tostring(node, encoding="utf-8", with_tail=False)
    return written.removeprefix(b"<?xml version='1.0' encoding='utf-8'?>\n")


def text_of(node: Any) -> str:
    """Return all text in an element, on one line; "" for None."""
    return "" if node is None else " ".join("".join(node.itertext(tag=None, with_tail=True)).split())


def child_text(node: Any, *path: str) -> str:
    """Return the text of the first element at a path of local names below an element, "" if there is none."""
    return next(map(text_of, children(node, *path)), "")


def children(node: Any, *path: str) -> list[Any]:
    """Return the elements at a path of local names below an element."""
    found = [node]
    for name in path:
        found = [child for each in found for child in each if local_name(child) == name]
    return found
