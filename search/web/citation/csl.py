"""The CSL-JSON item of an article (https://docs.citationstyles.org); every other citation is made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from articles.text.publishers import find_agency
from search.store.article_rows import ArticleRow

CslItem = Mapping[str, Any]
_SPACE = re.compile(r"\s+")
_ARABIC = re.compile(r"[\u0620-\u064a]")


def csl_item(row: ArticleRow, permalink: str, accessed: date) -> CslItem:
    """Return the item of an article, without what is unknown.

    The author is the byline, or else the agency if the source is one. `custom` has what CSL has no name for:
    the address at the source, the hash of the original, and the fields that were inferred from the text.
    """
    author = one_line(row.byline) or (one_line(row.source) if is_agency(row.source) else "")
    custom = {"original_url": row.url, "sha256": row.sha256, "inferred": list(row.derived)}
    values: dict[str, Any] = {
        "id": f"article{row.id}",
        "type": "article-newspaper",
        "title": one_line(row.title),
        "author": [{"literal": author}] if author else [],
        "container-title": one_line(row.source),
        "issued": {"date-parts": [[int(part) for part in row.date.split("-")]]} if row.date else {},
        "URL": permalink,
        "accessed": {"date-parts": [[accessed.year, accessed.month, accessed.day]]},
        "archive": _("News archive"),
        "archive_location": str(row.id),
        "language": "ar" if _ARABIC.search(row.title) else "",
        "custom": {name: value for name, value in custom.items() if value},
    }
    return {name: value for name, value in values.items() if value}


def is_agency(name: str) -> bool:
    """Return True for the name of a news agency, which is an author and no newspaper."""
    return bool(find_agency(name)) or name.startswith("وكالة ")


def author_of(item: CslItem) -> str:
    """Return the author of an item, or ""."""
    return "; ".join(author["literal"] for author in item.get("author", ()))


def date_of(item: CslItem, name: str = "issued") -> str:
    """Return a date of an item as YYYY, YYYY-MM or YYYY-MM-DD, or ""."""
    parts = item.get(name, {}).get("date-parts", [[]])[0]
    return "-".join(f"{part:0{width}}" for part, width in zip(parts, (4, 2, 2), strict=False))


def one_line(text: str) -> str:
    """Return the text without line breaks, control characters and repeated spaces."""
    kept = "".join(letter if letter.isprintable() or letter in "\u200c\u200d" else " " for letter in text)
    return _SPACE.sub(" ", kept).strip()
