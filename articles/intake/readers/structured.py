"""The structured data of a web page (JSON-LD of schema.org), as dictionaries."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from typing import Any

#: So many values are looked at, and so many scripts: a page describes one article, or an attack.
MOST_VALUES, MOST_SCRIPTS = 500, 10


def structured(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of the page's JSON-LD, outer ones first; what cannot be read is left out."""
    scripts = [each for each in tree.iter("script") if "ld+json" in (each.get("type") or "").lower()]
    for script in scripts[:MOST_SCRIPTS]:
        try:
            found = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        yield from _objects(found)


def _objects(found: Any) -> Iterator[dict[str, Any]]:
    waiting = deque([found])
    for _number in range(MOST_VALUES):
        if not waiting:
            return
        value = waiting.popleft()
        if isinstance(value, dict):
            yield value
            waiting.extend(each for each in value.values() if isinstance(each, dict | list))
        elif isinstance(value, list):
            waiting.extend(value[:MOST_VALUES])
