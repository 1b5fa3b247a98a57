"""Runs queries whose SQL the process keeps.

Django takes longer to write a query than the database to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from articles.source_scope import hidden_sources

#: Returns the query for some ids; a function of a module, so that it can be kept.
QueryOfIds = Callable[[Sequence[int]], QuerySet[Any, Any]]
#: There is one for each query and each number of ids.
_MAX_KEPT_QUERIES = 256


def kept_rows(queryset: QueryOfIds, ids: Sequence[int] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a query for some ids, with the values of the database's own driver.

    The query must have each id once among its parameters; it may be one without ids.
    """
    sql, parameters, places = _kept_query(queryset, len(ids), connection.vendor, hidden_sources())
    values = list(parameters)
    for at, id in zip(places, ids, strict=True):
        values[at] = id
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@lru_cache(_MAX_KEPT_QUERIES)
def _kept_query(
    queryset: QueryOfIds, number: int, vendor: str, hidden: frozenset[int]
) -> tuple[str, tuple[Any, ...], tuple[int, ...]]:
    """Return the SQL for this number of ids, its parameters, and the positions of the ids among them.

    `hidden` are the sources that the SQL leaves out for this reader.
    """
    ids = range(-number, 0)  # no article has them, and no other parameter
    sql, parameters = queryset(ids).query.sql_with_params()
    places = tuple(parameters.index(id) for id in ids)
    return sql, parameters, places


def as_date(value: Any) -> date | None:
    """Return the date in a column, which a driver may give as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
