"""The tables that a bag holds, and their rows for all articles or for some."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import BinaryField, ForeignKey, Model

from articles import models
from articles.batching import chunks
from articles.text.fingerprints import is_inside_upload

#: Version of the layout of a bag.
FORMAT = 1
CHUNK = 200
#: Rows with files in them, of up to 20 MiB each, that are read at a time.
FILES_CHUNK = 4
#: Rows that belong to no article. Those of names are in each bag; the others only in that of a whole archive.
NAMES: tuple[type[Model], ...] = (
    models.Source,
    models.MergedSource,
    models.Place,
    models.MergedPlace,
    models.Organisation,
    models.CleaningRule,
)
#: The header of a column mapping may be the first article of a table without a header.
WHOLE_ONLY: tuple[type[Model], ...] = (
    models.ColumnMapping,
    models.PlaceRetag,
    models.Erasure,
    models.ErasedRecord,
)
#: Rows of imports, which a bag has for the imports of its articles.
IMPORTS: tuple[type[Model], ...] = (models.ImportBatch, models.Upload)
#: Rows of articles.
OF_ARTICLES: tuple[type[Model], ...] = (
    models.Article,
    models.Revision,
    models.ImportRow,
    models.PlaceMention,
    models.DateMention,
    models.PlaceVerdict,
    models.DateVerdict,
    models.TextCut,
    models.Inference,
    models.StoryBand,
    models.StoryLink,
    models.StoryMember,
    models.StoryVerdict,
    models.MistakeReport,
    models.EvidenceExport,
)
#: Left out: what waits for an index, a worker or a cache of this archive.
NOT_KEPT: tuple[type[Model], ...] = (models.Outbox, models.Worker, models.NameChange)
TABLES = (*NAMES, *IMPORTS, *OF_ARTICLES, *WHOLE_ONLY)
#: How the reason of a revision by an import begins; behind it comes the label, which names files.
_BY_IMPORT = re.compile(r"((?:undo|redo) of )?import \d+")


@dataclass(frozen=True)
class BagContent:
    """What goes into a bag: all articles if `ids` is None."""

    ids: frozenset[int] | None = None

    def rows(self, table: type[Model]) -> Iterator[Model]:
        """Yield the rows of a table, by key or by article."""
        rows = table._default_manager.order_by("pk")
        size = FILES_CHUNK if file_columns(table) else CHUNK
        if self.ids is None or table in NAMES:
            yield from rows.iterator(chunk_size=size)
            return
        if table in IMPORTS:
            column = "pk__in" if table is models.ImportBatch else "batch__in"
            if table is models.Upload:
                rows = rows.defer("content")  # which `_without_others` empties
            for part in chunks(sorted(self._batches), CHUNK):
                for row in rows.filter(**{column: part}).iterator(chunk_size=CHUNK):
                    if not isinstance(row, models.Upload) or self._brought(row):
                        yield self._without_others(row)
        elif table in OF_ARTICLES:
            for part in chunks(sorted(self.ids), CHUNK):
                for row in rows.filter(**{_article_column(table): part}).iterator(chunk_size=size):
                    if self._is_whole(row):
                        yield self._without_others(row)

    @cached_property
    def _batches(self) -> set[int]:
        """Return the imports that the rows of the articles name."""
        found: set[int | None] = set()
        for part in chunks(sorted(self.ids or ()), CHUNK):
            for table in (models.ImportRow, models.Revision):
                found.update(table._default_manager.filter(article__in=part).values_list("batch", flat=True))
            found.update(models.Article.objects.filter(pk__in=part).values_list("batch", flat=True))
        return {pk for pk in found if pk is not None}

    @cached_property
    def _files(self) -> dict[int, set[str]]:
        """Return the names of the files that the articles came from, by import."""
        found: dict[int, set[str]] = defaultdict(set)
        for part in chunks(sorted(self.ids or ()), CHUNK):
            rows = models.ImportRow.objects.filter(article__in=part)
            for batch, name in rows.values_list("batch", "file_name"):
                found[batch].add(name)
        return found

    def _brought(self, upload: models.Upload) -> bool:
        """Return True if one of the articles came from this file."""
        names = self._files.get(upload.batch_id, ())
        return any(is_inside_upload(name, upload.name) for name in names)

    def _is_whole(self, row: Model) -> bool:
        """Return True if each article that a row cannot do without is in the bag."""
        needed = [getattr(row, link.attname) for link in article_links(type(row)) if not link.null]
        return all(pk in (self.ids or ()) for pk in needed)

    def _without_others(self, row: Model) -> Model:
        """Empty what a row says of articles that are not in the bag."""
        if isinstance(row, models.Upload):
            row.content = None  # the file holds other articles too
        elif isinstance(row, models.ImportBatch):  # these name other files, and quote what is in them
            row.preview, row.columns, row.label, row.fault = [], {}, "", ""
        elif isinstance(row, models.Revision) and row.batch_id and (begin := _BY_IMPORT.match(row.reason)):
            row.reason = f"{begin[0]}: …" if begin[1] else begin[0]
        for link in article_links(type(row)):
            if link.null and getattr(row, link.attname) not in (self.ids or ()):
                setattr(row, link.attname, None)
        return row


def file_columns(table: type[Model]) -> list[str]:
    """Return the columns of a table that hold the bytes of files."""
    return [field.attname for field in table._meta.concrete_fields if isinstance(field, BinaryField)]


def article_links(table: type[Model]) -> list[ForeignKey[Any, Any]]:
    """Return the columns of a table that refer to articles."""
    return [
        field
        for field in table._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is models.Article
    ]


def _article_column(table: type[Model]) -> str:
    """Return the condition that a row belongs to some articles."""
    if table is models.Article:
        return "pk__in"
    if table is models.EvidenceExport:
        return "article_number__in"
    return f"{article_links(table)[0].name}__in"
