"""What an import would do, without doing it. Nothing is written, so records are compared with the archive
and, among themselves, by key and text only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from articles.boilerplate.rule_store import active_rules
from articles.boilerplate.text_cuts import leaving_put_back
from articles.ingest.load import (
    CREATED,
    REJECTED,
    UNCHANGED,
    UPDATED,
    erased_among,
    existing_articles,
    refusal,
)
from articles.ingest.pipeline import File, prepared
from articles.ingest.record_updates import changes_of
from articles.ingest.transform import Prepared
from articles.metadata.source_resolver import SourceBook
from articles.models import Article, ImportBatch, ImportRow
from articles.text.limits import Limits

CHUNK = 200
#: Stands for a source that the import would make.
NEW_SOURCE = -1


def outcomes(files: Iterable[File], limits: Limits, default_source: str) -> Iterator[list[ImportRow]]:
    """Unsaved rows, in chunks."""
    seen: dict[str, str] = {}
    texts: set[str] = set()
    rules, sources = active_rules(), SourceBook()
    for _upload, blob in files:
        chunk: list[Prepared] = []
        for item in prepared(blob, limits, default_source, rules):
            chunk.append(item)
            if len(chunk) == CHUNK:
                yield _judge(chunk, seen, texts, sources)
                chunk = []
        yield _judge(chunk, seen, texts, sources)


def _judge(
    chunk: list[Prepared], seen: dict[str, str], texts: set[str], sources: SourceBook
) -> list[ImportRow]:
    """`seen`: record key → SHA-256 of the last record with it; `texts`: hashes of new texts."""
    known, erased = existing_articles(chunk), erased_among(chunk)
    hashes = {item.text_hash for item in chunk if item.key}
    stored = set(Article.objects.filter(text_hash__in=hashes).values_list("text_hash", flat=True))
    rows = []
    for item in leaving_put_back(chunk, known):
        row = ImportRow(file_name=item.record.file, row=item.record.row)
        article = known.get(item.key)
        if rejected := item.record.rejected or refusal(item, erased):
            row.outcome, row.reason, row.detail = REJECTED, rejected.code, rejected.detail
        elif item.key in seen:
            row.outcome = UNCHANGED if seen[item.key] == item.sha256 else UPDATED
        elif article and (article.batch is None or article.batch.state not in ImportBatch.NEVER_SHOWN):
            row.outcome = UPDATED if _changes(item, article, sources) else UNCHANGED
        else:
            row.outcome = CREATED
            row.duplicate = item.text_hash in stored or item.text_hash in texts
            texts.add(item.text_hash)
        if item.key:
            seen[item.key] = item.sha256
        rows.append(row)
    return rows


def _changes(item: Prepared, article: Article, sources: SourceBook) -> bool:
    name = item.record.source
    source_id = (sources.find(name) or NEW_SOURCE) if name else None
    return bool(changes_of(item, article, source_id, None))
