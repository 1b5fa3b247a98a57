"""Find elements of a page by their classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def has_class(node: Any, *names: str) -> bool:
    """Return True if an element has one of the classes; comments have none."""
    return isinstance(node.tag, str) and not set(names).isdisjoint(node.get("class", "").split())


def iter_with_class(tree: Any, *names: str) -> Iterator[Any]:
    """Yield the elements of a tree that have one of the classes, in the order of the page."""
    return (node for node in tree.iter() if has_class(node, *names))


def is_inside(node: Any, top: Any, *names: str) -> bool:
    """Return True if an element, or one around it below `top`, has one of the classes."""
    while node is not None and node is not top:
        if has_class(node, *names):
            return True
        node = node.getparent()
    return False


def separate_elements(tree: Any, *names: str) -> list[Any]:
    """Return the elements with one of the classes, and take those that stand inside another out of it.

    They do so on damaged pages, where each would be read once more with every one around it.
    """
    found = list(iter_with_class(tree, *names))
    for element in reversed(found):
        if is_inside(element.getparent(), tree, *names):
            element.drop_tree()
    return found
