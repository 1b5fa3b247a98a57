"""SQLite refuses in the tests what PostgreSQL would refuse, so that no error of it is seen there first.

SQLite stores a text of any length in any column, an integer of 64 bits in each, and U+0000 as a letter like
others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.db import DataError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.signals import connection_created
from django.db.models import Field, JSONField

_NAME_OF = {"AutoField": "IntegerField", "BigAutoField": "BigIntegerField"}
_INTEGERS = BaseDatabaseOperations.integer_field_ranges  # PostgreSQL's; SQLite says that it has no limits
_HOLDS_NO_LENGTH = ("TextField", "BinaryField", "JSONField")


def install() -> None:
    """Refuse from now on, in all threads, what goes into SQLite databases."""
    for kind in (Field, JSONField):
        kind.get_db_prep_save = _checked(kind.get_db_prep_save)  # type: ignore[method-assign]  # on purpose
    connection_created.connect(_watch, dispatch_uid="tests.strict_columns")


def _checked(prepare: Callable[..., Any]) -> Callable[..., Any]:
    def get_db_prep_save(field: Field, value: Any, connection: BaseDatabaseWrapper) -> Any:
        # A bare number in an expression has a field, too, but no column.
        is_column = hasattr(field, "model")
        if is_column and connection.vendor == "sqlite" and not hasattr(value, "as_sql"):
            _check_value(field, value)
        return prepare(field, value, connection)

    return get_db_prep_save


def _check_value(field: Field, value: Any) -> None:
    kind = field.get_internal_type()
    if isinstance(value, str) and field.max_length and kind not in _HOLDS_NO_LENGTH:
        # PostgreSQL cuts spaces behind the length away in silence; that would be a loss, too.
        if len(value) > field.max_length:
            raise DataError(f"{field} takes {field.max_length} characters, got {len(value)}")
    elif isinstance(value, int):
        least, most = _INTEGERS.get(_NAME_OF.get(kind, kind), (None, None))
        if least is not None and not least <= value <= most:
            raise DataError(f"{field} takes {least} to {most}, got {value}")
    elif kind == "JSONField" and value is not None:
        # As jsonb: the escapes \u0000 and of lone surrogates are not text for PostgreSQL.
        for text in _texts(json.loads(json.dumps(value, cls=field.encoder))):
            _check_text(text)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _check_text(text: str) -> None:
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise DataError(f"U+0000 or half a pair of surrogates in a text: {text[:80]!r}")


def _watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if connection.vendor == "sqlite" and _refuse_nul not in connection.execute_wrappers:
        connection.execute_wrappers.append(_refuse_nul)


def _refuse_nul(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    for row in params if many and isinstance(params, (list, tuple)) else [params or ()]:
        for value in row.values() if isinstance(row, dict) else row:
            if isinstance(value, str) and "\0" in value:
                raise DataError(f"U+0000 in a parameter: {value[:80]!r}")
    return execute(sql, params, many, context)
