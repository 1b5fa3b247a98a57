"""Many rows at once: chunks that fit one SQL statement or one transaction, and quick inserts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    Model,
    PositiveIntegerField,
    TextField,
)

Item = TypeVar("Item")
#: The largest number of a row in either database.
LARGEST_ID = 2**63 - 1
#: Parameters that one SQL statement can have on every database; the lowest limit is that of SQLite, 999.
MAX_SQL_PARAMETERS = 900
#: Fields whose values SQLite takes as they are.
_PLAIN_FIELDS = (BooleanField, CharField, ForeignKey, PositiveIntegerField, TextField)


def chunks(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Yield the items in lists of at most `size`."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def insert_rows(rows: Sequence[Model]) -> None:
    """Insert new rows of one table, in a transaction; unlike `bulk_create` without setting their keys.

    On SQLite this takes less time, most of which goes into an expression for each value. On PostgreSQL one
    statement of many rows is quicker than one for each.
    """
    if not rows:
        return
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    if connection.vendor != "sqlite":
        model._base_manager.bulk_create(rows)
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table, marks = connection.ops.quote_name(model._meta.db_table), ", ".join(["%s"] * len(fields))
    columns = [_column(field, rows, connection) for field in fields]
    with connection.cursor() as cursor:
        insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  names of our own
        cursor.executemany(insert, list(zip(*columns, strict=True)))


def _column(
    field: Field[Any, Any], rows: Sequence[Model], connection: BaseDatabaseWrapper
) -> Sequence[object]:
    """Return the values of a field as the database takes them."""
    values = list(map(attrgetter(field.attname), rows))
    if isinstance(field, _PLAIN_FIELDS):
        return values
    return [field.get_db_prep_save(value, connection) for value in values]
