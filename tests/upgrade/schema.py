"""The schema of a database in a form that does not depend on the order in which columns were added."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import psycopg

#: PostgreSQL: the columns, constraints, indexes and triggers of the public schema, one text each.
_POSTGRES_QUERIES = (
    "SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length, is_nullable,"
    " column_default, identity_generation) FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)


def sqlite_schema(path: Path) -> list[str]:
    """Return every table, index and trigger of an SQLite file, the columns of a table sorted."""
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    finally:
        connection.close()
    return sorted(f"{name}: {_with_sorted_columns(sql)}" for name, sql in rows)


def postgres_schema(url: str) -> list[str]:
    """Return the same of a PostgreSQL database."""
    with psycopg.connect(url) as connection:
        return sorted(text for query in _POSTGRES_QUERIES for (text,) in connection.execute(query))


def _with_sorted_columns(sql: str) -> str:
    """Sort the parts between the outer brackets of a CREATE TABLE; leave other statements alone."""
    sql = sql.replace('"', "")  # SQLite quotes a table that was renamed, and the others not
    table = re.fullmatch(r"(CREATE TABLE \S+) \((.*)\)", sql, re.DOTALL)
    if table is None:
        return sql
    parts, depth = [""], 0
    for character in table[2]:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return f"{table[1]} ({', '.join(sorted(part.strip() for part in parts))})"
