"""An export: which articles, read a part at a time, and the columns of a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from search.store.article_rows import ArticleRow, article_rows
from search.store.database import DatabaseStore
from search.web.citation.csl import CslItem, csl_item

#: Rows that are read at once: few enough for flat memory, also with texts.
ROWS_AT_ONCE = 500
#: The columns of a table and their headings for people; the names are an interface and must not change.
COLUMNS: Mapping[str, Any] = {
    "id": pgettext_lazy("column", "number"),
    "title": _("title"),
    "date": _("date"),
    "date_precision": _("precision of the date"),
    "source": _("source"),
    "byline": _("byline"),
    "about": pgettext_lazy("column", "about these places"),
    "places": pgettext_lazy("column", "places"),
    "permalink": pgettext_lazy("column", "permanent address"),
    "url": pgettext_lazy("column", "original address"),
    "file": _("file"),
    "external_id": _("id at the source"),
    "sha256": _("SHA-256 of the original"),
    "story": pgettext_lazy("column", "story"),
    "derived": pgettext_lazy("column", "inferred from the text"),
}
TEXT_COLUMN = {"text": _("text")}
#: Between several values in one cell.
JOINT = "; "


@dataclass
class Export:
    """The articles `ids` for one file. What was hidden since they were listed is left out.

    `record` says how the export was made (query_record.py); `permalink` gives the address of an article.
    """

    ids: Sequence[int]
    record: Mapping[str, Any]
    permalink: Callable[[int], str]
    accessed: date
    language: str
    texts: bool = False
    store: DatabaseStore = field(default_factory=DatabaseStore)
    #: The number of rows read so far.
    rows: int = field(default=0, init=False)

    @property
    def columns(self) -> dict[str, str]:
        """The names of the columns and their headings in the reader's language."""
        labels = {**COLUMNS, **(TEXT_COLUMN if self.texts else {})}
        with translation.override(self.language):
            return {name: str(label) for name, label in labels.items()}

    @property
    def final_record(self) -> dict[str, Any]:
        """The record with the number of rows; true once all parts were read."""
        return {**self.record, "rows": self.rows}

    def parts(self) -> Iterator[list[ArticleRow]]:
        """Yield the rows in order, a part at a time."""
        for start in range(0, len(self.ids), ROWS_AT_ONCE):
            part = article_rows(self.store, self.ids[start : start + ROWS_AT_ONCE], texts=self.texts)
            self.rows += len(part)
            yield part

    def values(self, row: ArticleRow) -> dict[str, Any]:
        """Return the values of a row by the names of the columns; several values as a tuple."""
        known = {
            "id": row.id,
            "title": row.title,
            "date": row.date,
            "date_precision": row.precision,
            "source": row.source,
            "byline": row.byline,
            "about": row.about,
            "places": row.cities,
            "permalink": self.permalink(row.id),
            "url": row.url,
            "file": row.file,
            "external_id": row.external_id,
            "sha256": row.sha256,
            "story": row.story,
            "derived": row.derived,
        }
        return {**known, "text": row.body} if self.texts else known

    def cells(self, row: ArticleRow) -> list[str | int]:
        """Return the values of a row for a table: one text or number each."""
        found = self.values(row).values()
        return [value if isinstance(value, str | int) else JOINT.join(value or ()) for value in found]

    def item(self, row: ArticleRow) -> CslItem:
        """Return the citation of a row."""
        return csl_item(row, self.permalink(row.id), self.accessed)
