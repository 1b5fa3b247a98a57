"""The summary of the files of an upload: faulty files first, and the columns that nobody has mapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from articles.admin.import_pages.column_mapping_pages import ColumnChoicesForm, TablePreview
from articles.models import ImportBatch
from articles.text.problem_messages import describe_isolated

#: Python's names of encodings → names that users know.
CHARSET_LABELS = {"cp1256": "windows-1256", "iso8859_6": "ISO-8859-6", "utf-8": "UTF-8"}


class FileSummary:
    """A previewed file with sentences for its codes and forms for its tables.

    `file` is a FilePreview as it is stored; previews of older versions have no tables.
    """

    def __init__(
        self, file: Mapping[str, Any], batch: ImportBatch, bound: Mapping[str, ColumnChoicesForm]
    ) -> None:
        self.file = file
        #: Previews of older versions have no held records.
        self.held: int = file.get("held", 0)
        self.found: int = file["records"] - file["rejected"] - self.held
        self.charsets = [CHARSET_LABELS.get(name, name) for name in file["charsets"]]
        self.rejects = [
            (name, row, describe_isolated(code, detail)) for name, row, code, detail in file["rejects"]
        ]
        self.holds = [
            (name, row, describe_isolated(code, detail)) for name, row, code, detail in file.get("holds", ())
        ]
        self.problems = [(count, describe_isolated(code, detail)) for code, count, detail in file["problems"]]
        tables = file.get("tables", ())
        self.columns = [TablePreview(batch, table, bound.get(table["signature"])) for table in tables]

    @property
    def rank(self) -> int:
        """Return 0 if articles would be missing, 1 if something was noticed, 2 for a good file."""
        if (
            self.file["rejected"]
            or self.held
            or not self.found
            or any(not table.readable for table in self.columns)
        ):
            return 0
        return 1 if self.problems or self.file["undated"] else 2

    @property
    def noticed(self) -> int:
        """Return the number of remarks about records that can be imported."""
        return sum(count for count, _sentence in self.problems)

    @property
    def settled(self) -> list[TablePreview]:
        """Return the tables that need no answer; their columns can still be changed."""
        return [table for table in self.columns if not table.asked]


class PreviewTable:
    """The files of an upload in the order in which they need attention."""

    def __init__(self, batch: ImportBatch, bound: Mapping[str, ColumnChoicesForm]) -> None:
        files = [FileSummary(file, batch, bound) for file in batch.preview]
        self.files = sorted(files, key=lambda file: (file.rank, -file.file["rejected"], -file.held))
        self.found = sum(file.found for file in files)
        self.rejected = sum(file.file["rejected"] for file in files)
        self.held = sum(file.held for file in files)
        self.undated = sum(file.file["undated"] for file in files)

    @property
    def faulty(self) -> list[FileSummary]:
        """Return the files with faults, the worst first, then those with remarks."""
        return [file for file in self.files if file.rank < 2]

    @property
    def good(self) -> list[FileSummary]:
        """Return the files without faults or remarks."""
        return [file for file in self.files if file.rank == 2]

    @property
    def asked(self) -> list[TablePreview]:
        """Return the tables with columns that nobody has mapped; unreadable ones first."""
        return sorted((table for table in self._tables() if table.asked), key=lambda table: table.readable)

    @property
    def choosable(self) -> bool:
        """Return True if a table could be imported with other columns."""
        return any(not table.readable for table in self._tables())

    def unread_columns(self) -> list[str]:
        """Return the names of the columns that the import would leave out unless someone maps them."""
        return list(dict.fromkeys(name for table in self.asked for name in table.unmapped))

    def _tables(self) -> Iterator[TablePreview]:
        files: Iterable[FileSummary] = self.files
        return (table for file in files for table in file.columns)
