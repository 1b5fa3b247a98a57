"""Loading of a bag into an empty archive: numbers, revisions and provenance stay as they were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import bagit  # type: ignore[import-untyped]  # it ships no types
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.management.color import no_style
from django.core.serializers.base import DeserializationError
from django.db import DatabaseError, connection, transaction
from django.db.models import Max, Model

from articles.bags.bag_export import user_columns
from articles.bags.bag_tables import CHUNK, FORMAT, NAMES, TABLES, file_columns
from articles.models import Article, ColumnMapping, ErasedRecord, Erasure, EvidenceExport, ImportBatch
from articles.text.fingerprints import sha256_of

#: Errors that a hostile bag, or one written by another program, can raise.
_FAULTS = (
    *(DeserializationError, DatabaseError, OSError, RecursionError),
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError),
)
#: What an archive must be without to load a bag: an article of the bag may have the number of an erased one.
_EMPTY: tuple[type[Model], ...] = (Article, ImportBatch, Erasure, ErasedRecord, EvidenceExport)
#: What an archive without articles may have: a new one begins with names.
_REPLACED: tuple[type[Model], ...] = (*NAMES, ColumnMapping)
#: Bytes of files that are inserted together, beyond the last of them.
PORTION_BYTES = 8 * 1024**2
_SHA256 = re.compile("[0-9a-f]{64}")


class BagRefusedError(Exception):
    """The bag is damaged, of another release, or the archive is not empty; says which."""


def import_bag(folder: Path) -> int:
    """Load a bag, all of it or nothing; return the number of articles. Raises BagRefusedError."""
    payload = _checked_payload(folder)
    if (found := _format(payload)) != FORMAT:
        raise BagRefusedError(f"the bag has format {found}; this release reads {FORMAT}")
    if any(table._default_manager.exists() for table in _EMPTY):
        raise BagRefusedError("the archive is not empty")
    try:
        with transaction.atomic():
            for table in _REPLACED:
                table._default_manager.all().delete()
            users = _users(payload)
            for table in TABLES:
                _load_table(payload, table, users)
            connection.check_constraints()
            _go_on_numbering()
    except _FAULTS as error:
        raise BagRefusedError(f"{type(error).__name__}: {error}") from error
    return Article.objects.count()


def _checked_payload(folder: Path) -> Path:
    """Return the payload of a bag whose files are all there and have the hashes of its manifest."""
    try:
        bagit.Bag(str(folder)).validate()
    except (bagit.BagError, OSError, ValueError) as error:
        raise BagRefusedError(f"not a whole bag: {error}") from error
    if not (folder / "data" / "archive.json").is_file():
        raise BagRefusedError("the bag holds no archive: there is no data/archive.json")
    return folder / "data"


def _format(payload: Path) -> object:
    try:
        return json.loads((payload / "archive.json").read_text(encoding="utf-8")).get("format")
    except _FAULTS as error:
        raise BagRefusedError(f"data/archive.json cannot be read: {type(error).__name__}") from error


def _users(payload: Path) -> dict[int, int]:
    """Return the accounts here for those of the bag, by name; new ones cannot log in."""
    model = get_user_model()
    found: dict[int, int] = {}
    for row in _lines(payload / "tables" / "users.jsonl"):
        user, created = model.objects.get_or_create(username=row["username"], defaults={"is_active": False})
        if created:
            user.set_unusable_password()
            user.save()
        found[row["id"]] = user.pk
    return found


def _load_table(payload: Path, table: type[Model], users: Mapping[int, int]) -> None:
    """Insert the rows of a table."""
    for rows in _portions(_local_rows(payload, table, users), file_columns(table)):
        _insert(table, rows)


def _local_rows(payload: Path, table: type[Model], users: Mapping[int, int]) -> Iterator[Model]:
    """Yield the rows of a table with the accounts of this archive, and articles with their originals."""
    columns = [field.attname for field in user_columns(table)]
    originals = _originals(payload) if table is Article else {}
    for row in _rows(payload, table):
        for column in columns:
            if (known := getattr(row, column)) is not None:
                setattr(row, column, users[known])
        if isinstance(row, Article) and row.pk in originals:
            row.original = _original(payload, originals[row.pk])
        yield row


def _portions(rows: Iterable[Model], files: Sequence[str]) -> Iterator[list[Model]]:
    """Yield rows in lists that memory has room for; `files` are the columns with the bytes of files."""
    portion: list[Model] = []
    size = 0
    for row in rows:
        portion.append(row)
        size += sum(len(getattr(row, column) or b"") for column in files)
        if len(portion) >= CHUNK or size >= PORTION_BYTES:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _rows(payload: Path, table: type[Model]) -> Iterator[Model]:
    with (payload / "tables" / f"{table._meta.model_name}.jsonl").open(encoding="utf-8") as file:
        for found in serializers.deserialize("jsonl", file):
            if type(found.object) is not table:
                raise ValueError(f"a row of {type(found.object).__name__} among those of {table.__name__}")
            yield found.object


def _insert(table: type[Model], rows: list[Model]) -> None:
    """Insert rows with the times that they came with, which Django would set to now."""
    names = [
        field.name
        for field in table._meta.concrete_fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ]
    times = [[getattr(row, name) for name in names] for row in rows]
    table._default_manager.bulk_create(rows)
    for row, known in zip(rows, times, strict=True):
        for name, value in zip(names, known, strict=True):
            setattr(row, name, value)
    if names:
        table._default_manager.bulk_update(rows, names)


def _originals(payload: Path) -> dict[int, str]:
    return {row["article"]: row["sha256"] for row in _lines(payload / "tables" / "originals.jsonl")}


def _original(payload: Path, sha256: str) -> bytes:
    """Return the bytes of an original, which must have the hash that is its name."""
    if not _SHA256.fullmatch(sha256):  # it is part of a path
        raise ValueError(f"not a hash: {sha256[:80]}")
    data = (payload / "originals" / sha256[:2] / sha256).read_bytes()
    if sha256_of(data) != sha256:
        raise ValueError(f"an original has another hash than its name: {sha256}")
    return data


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def _go_on_numbering() -> None:
    """Let new rows get numbers behind those of the bag, and new articles none that an erased one had."""
    table = Article._meta.db_table
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(TABLES)):
            cursor.execute(statement)
        if not (last := _last_number()):
            return
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])
        else:
            cursor.execute("UPDATE sqlite_sequence SET seq = max(seq, %s) WHERE name = %s", [last, table])
            if not cursor.rowcount:
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def _last_number() -> int:
    """Return the highest number that an article has or had."""
    last = Article.objects.aggregate(last=Max("pk"))["last"] or 0
    for table in (Erasure, EvidenceExport):
        last = max(last, table._default_manager.aggregate(last=Max("article_number"))["last"] or 0)
    return int(last)
