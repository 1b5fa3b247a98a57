"""The rows of a sheet of a workbook, each an article, whatever program wrote it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from articles.readers.blob import Blob
from articles.readers.column_mapper import SAMPLE_ROWS, TableSample
from articles.readers.field_names import fill_fields_from_row
from articles.readers.tables.cell_links import Links, linked_address
from articles.readers.tables.header_row import HEADER_ROWS, find_header, likely_header, table_notes
from articles.text.records import RawRecord, rejected_record

#: Excel's own limit; a file may declare any row number.
MAX_ROWS = 1_048_576
#: The number of a row, its cells, and the addresses behind them.
NumberedRow = tuple[int, list[str], Links]


def read_sheet(blob: Blob, name: str, rows: Iterator[NumberedRow], key: str) -> Iterator[RawRecord]:
    """Yield a record for every row below the header of a sheet; `key` is the format.

    `row` is the number that the program shows. A row has no bytes of its own: see `row_record`.
    """
    top = list(islice(rows, HEADER_ROWS + SAMPLE_ROWS))
    if not top:
        return
    at = find_header([cells for _number, cells, _links in top], blob.columns)
    found = at >= 0
    at = at if found else likely_header([cells for _number, cells, _links in top])
    header, first = top[at][1], top[at + 1 :]
    fields = blob.columns.map_header(header)
    samples = tuple(tuple(cells) for _number, cells, _links in first[:SAMPLE_ROWS])
    blob.columns.add_sample(TableSample(name, tuple(header), samples))
    if not found:
        yield rejected_record(name, top[0][0], "csv-header", ", ".join(top[0][1])[:80])
        return
    notes = table_notes(header, [cells for _number, cells, _links in top[:at]], blob.columns)
    for row in chain(first, rows):
        yield row_record(name, row, header, fields, key).with_problems(*notes)
        notes = ()


def row_record(
    name: str, row: NumberedRow, header: Sequence[str], fields: Sequence[str], key: str
) -> RawRecord:
    """Return the record of a row of the format `key`: its bytes are JSON of its cells by column name."""
    number, cells, links = row
    values = {column: cell for column, cell in zip(header, cells, strict=False) if cell}
    data = json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")
    record = fill_fields_from_row(RawRecord(name, number, data, format=key), fields, cells)
    address = linked_address(fields, cells, links)
    return replace(record, url=address) if address else record
