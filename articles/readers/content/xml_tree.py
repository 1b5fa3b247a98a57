"""XML of any size: its elements one after the other, with no entity expanded and nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # has no stubs of its own

from articles.readers.blob import Blob
from articles.text.limits import RECORD_BYTES

_BLOCK = 64 * 1024
#: Bytes of XML 1.0 that are no characters and stop a parser; exports of databases are full of them.
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
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

    Recovers from broken XML. An element of more than RECORD_BYTES is yielded as None, and its rest is not
    kept. Elements of these names inside another one come first.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"), recover=True, resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    open_since, read = 0, 0
    depth = 0
    with blob.open() as stream:
        while block := stream.read(_BLOCK):
            read += len(block)
            wide = b"\0" in block
            try:
                parser.feed(block if wide else _CONTROLS.sub(b"", block))
            except (etree.XMLSyntaxError, ValueError, LookupError):
                return
            for event, node in parser.read_events():
                if local_name(node) not in names:
                    if event == "end" and not depth:
                        _drop(node)
                    continue
                if event == "start":
                    depth += 1
                    open_since = open_since or read
                    continue
                depth -= 1
                yield node
                if not depth:
                    open_since = 0
                    _drop(node)
            if open_since and read - open_since > RECORD_BYTES:
                yield None
                return


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


def children(node: Any, *path: str) -> list[Any]:
    """Return the elements at a path of local names below an element."""
    found = [node]
    for name in path:
        found = [child for each in found for child in each if local_name(child) == name]
    return found
