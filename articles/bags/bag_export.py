"""Writing of a bag."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import bagit  # type: ignore[import-untyped]  # it ships no types
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import ForeignKey, Model
from django.utils import timezone

from articles.bags.bag_tables import FORMAT, TABLES, BagContent
from articles.bags.web_pages import WebPages
from articles.models import Article, ImportBatch, Source
from articles.text.fingerprints import sha256_of


class ExactEncoder(DjangoJSONEncoder):
    """Writes times to the microsecond: the parent cuts them, and a seal is over the whole."""

    def default(self, o: Any) -> Any:
        """Return times as ISO 8601."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def export_bag(folder: Path, content: BagContent, query: Mapping[str, Any] | None = None) -> int:
    """Write a bag into a new folder; return the number of articles.

    `query` is the record of the search that found them. Everything is read at one point in time. Raises
    FileExistsError if the folder holds anything, and OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    with _one_point_in_time():
        written = _write_payload(folder, content, query)
    bag = bagit.make_bag(str(folder), {"External-Description": "news archive"}, checksums=["sha256"])
    bag.save()
    return written


@contextmanager
def _one_point_in_time() -> Iterator[None]:
    """Let a block read what the database held at its first query, while others write."""
    database: Any = connection  # its type names no attribute of one kind of database
    is_sqlite = database.vendor == "sqlite"
    # PostgreSQL takes the level before the first query of a transaction only, so not within another one.
    is_outermost = not database.in_atomic_block
    if is_sqlite:
        # IMMEDIATE, as in the settings, is for what writes: it would keep all others from it until the end.
        mode, database.transaction_mode = database.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic():
            if database.vendor == "postgresql" and is_outermost:
                database.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    finally:
        if is_sqlite:
            database.transaction_mode = mode


def _write_payload(folder: Path, content: BagContent, query: Mapping[str, Any] | None) -> int:
    tables = folder / "tables"
    tables.mkdir()
    users: set[int] = set()
    for table in TABLES:
        if table is Article:
            continue
        with (tables / f"{table._meta.model_name}.jsonl").open("w", encoding="utf-8") as file:
            _write_rows(file, _noting_users(content.rows(table), table, users))
    written = _write_articles(folder, content, users)
    people = get_user_model().objects.filter(pk__in=users).order_by("pk").values("id", "username")
    _write_lines(tables / "users.jsonl", people)
    applied = MigrationRecorder.Migration.objects.filter(app="articles").values_list("name", flat=True)
    head = {
        "format": FORMAT,
        "written_at": timezone.now(),
        "articles": written,
        "whole_archive": content.ids is None,
        "query": query,
        "migration": max(applied, default=""),
    }
    text = json.dumps(head, cls=ExactEncoder, ensure_ascii=False, indent=1)
    (folder / "archive.json").write_text(text + "\n", encoding="utf-8")
    return written


def _write_articles(folder: Path, content: BagContent, users: set[int]) -> int:
    """Write the rows and originals of the articles, and the published ones for programs that know no states.

    Those programs read articles.jsonl and pages.wacz, and publish what they find; so does `import_articles`.
    """
    written = 0
    with (
        (folder / "articles.jsonl").open("w", encoding="utf-8") as plain,
        (folder / "tables" / "article.jsonl").open("w", encoding="utf-8") as rows,
        (folder / "tables" / "originals.jsonl").open("w", encoding="utf-8") as originals,
        WebPages(folder / "pages.wacz") as pages,
    ):
        sources = dict(Source.objects.values_list("pk", "name"))
        shown = {None, *ImportBatch.objects.filter(state__in=ImportBatch.SHOWN).values_list("pk", flat=True)}
        for article in _noting_users(content.rows(Article), Article, users):
            assert isinstance(article, Article)  # noqa: S101  the rows of this table
            data, article.original = bytes(article.original), b""
            name = _write_original(folder, data) if data else ""
            if name:
                _write_line(originals, {"article": article.pk, "sha256": sha256_of(data)})
            if article.state == Article.State.PUBLISHED and article.batch_id in shown:
                pages.add(article.url, article.title, data, article.created_at)
                _write_line(plain, _plain_record(article, sources.get(article.source_id or 0, ""), name))
            _write_rows(rows, [article])
            written += 1
    return written


def _write_original(folder: Path, data: bytes) -> str:
    """Write bytes under their hash, once; return the name within the bag."""
    sha256 = sha256_of(data)
    path = folder / "originals" / sha256[:2] / sha256
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return f"data/originals/{sha256[:2]}/{sha256}"


def _plain_record(article: Article, source: str, original: str) -> dict[str, Any]:
    length = {"day": 10, "month": 7, "year": 4, "": 0}[article.date_precision]
    return {
        # An article that has an address is known by it, and an id would make another of it.
        "id": article.external_id or ("" if article.url else f"archive-{article.pk}"),
        "title": article.title,
        "body": article.body,
        "date": article.date.isoformat()[:length] if article.date else "",
        "source": source,
        "url": article.url,
        "byline": article.byline,
        "article": article.pk,
        "file": article.file_name,
        "original": original,
    }


def _noting_users(rows: Iterable[Model], table: type[Model], users: set[int]) -> Iterable[Model]:
    """Yield rows; add the accounts that they name to `users`."""
    columns = [field.attname for field in user_columns(table)]
    for row in rows:
        users.update(pk for column in columns if (pk := getattr(row, column)) is not None)
        yield row


def user_columns(table: type[Model]) -> list[ForeignKey[Any, Any]]:
    """Return the columns of a table that refer to accounts."""
    user = get_user_model()
    fields = table._meta.concrete_fields
    return [field for field in fields if isinstance(field, ForeignKey) and field.related_model is user]


def _write_rows(file: TextIO, rows: Iterable[Model]) -> None:
    serializers.serialize("jsonl", rows, stream=file, cls=ExactEncoder, ensure_ascii=False)


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            _write_line(file, row)


def _write_line(file: TextIO, row: Mapping[str, Any]) -> None:
    file.write(json.dumps(row, ensure_ascii=False) + "\n")
