"""A citation as a record of RIS, which every reference manager reads."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import pgettext

from search.web.citation.csl import CslItem, author_of, date_of


def ris_record(item: CslItem) -> str:
    """Return the record of an item, from TY to ER, with an empty line at its end."""
    lines = [f"{tag}  - {value}" for tag, value in _tags(item) if value]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def _tags(item: CslItem) -> Iterator[tuple[str, str]]:
    """Yield tags and values. A date is YYYY/MM/DD/, where an unknown part is empty but its slash stays."""
    day = date_of(item)
    year, month, of_month = [*day.split("-"), "", ""][:3]
    yield "TY", "NEWS"
    yield "ID", item["id"]
    yield "AU", author_of(item)
    yield "TI", item.get("title") or pgettext("citation", "[untitled]")
    yield "T2", item.get("container-title", "")
    yield "PY", year
    yield "DA", f"{year}/{month}/{of_month}/" if day else ""
    yield "UR", item["URL"]
    yield "Y2", date_of(item, "accessed").replace("-", "/") + "/"
    yield "DB", item["archive"]
    yield "AN", item["archive_location"]
    yield "LA", item.get("language", "")
