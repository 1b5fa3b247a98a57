"""The line with the author as exports write it: "By Leila Nasser", «بقلم: ليلى ناصر»."""

from __future__ import annotations

import re

_LABEL = re.compile(
    r"(?:by|par|von|por|(?:بقلم|كتبه|كتبها|كتبت|كتب|إعداد|اعداد)(?! ال)) *[: ] *(?=\S)", re.IGNORECASE
)


def without_label(text: str) -> str:
    """Return the name in a line with an author."""
    plain = " ".join(text.split())
    found = _LABEL.match(plain)
    return plain[found.end() :] if found else plain
