"""What an import would do, without doing it. Nothing is written, so records are compared with the archive
and, among themselves, by key and text only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from articles.intake.limits import Limits
from articles.intake.pipeline import File, prepared
from articles.intake.preparing import Prepared
from articles.intake.rulebook import active_rules
from articles.intake.saving import (
    CREATED,
    REJECTED,
    UNCHANGED,
    UPDATED,
    erased_among,
    existing_articles,
    refusal,
)
from articles.models import Article, ImportBatch, ImportRow

CHUNK = 200


def outcomes(files: Iterable[File], limits: Limits, default_source: str) -> Iterator[list[ImportRow]]:
    """Unsaved rows, in chunks."""
    seen: dict[str, str] = {}
    texts: set[str] = set()
    rules = active_rules()
    for _upload, blob in files:
        chunk: list[Prepared] = []
        for item in prepared(blob, limits, default_source, rules):
            chunk.append(item)
            if len(chunk) == CHUNK:
                yield _judge(chunk, seen, texts)
                chunk = []
        yield _judge(chunk, seen, texts)


def _judge(chunk: list[Prepared], seen: dict[str, str], texts: set[str]) -> list[ImportRow]:
    """`seen`: record key → SHA-256 of the last record with it; `texts`: hashes of new texts."""
    known, erased = existing_articles(chunk), erased_among(chunk)
    hashes = {item.text_hash for item in chunk if item.key}
    stored = set(Article.objects.filter(text_hash__in=hashes).values_list("text_hash", flat=True))
    rows = []
    for item in chunk:
        row = ImportRow(file_name=item.record.file, row=item.record.row)
        article = known.get(item.key)
        if rejected := item.record.rejected or refusal(item, erased):
            row.outcome, row.reason, row.detail = REJECTED, rejected.code, rejected.detail
        elif item.key in seen:
            row.outcome = UNCHANGED if seen[item.key] == item.sha256 else UPDATED
        elif article and (article.batch is None or article.batch.state not in ImportBatch.NEVER_SHOWN):
            row.outcome = UNCHANGED if same_content(item, article) else UPDATED
        else:
            row.outcome = CREATED
            row.duplicate = item.text_hash in stored or item.text_hash in texts
            texts.add(item.text_hash)
        if item.key:
            seen[item.key] = item.sha256
        rows.append(row)
    return rows


def same_content(item: Prepared, article: Article) -> bool:
    """Whether importing the record would leave the article as it is."""
    if item.sha256 == article.sha256:
        return True
    new = (
        item.record.title,
        item.record.body,
        item.record.url or article.url,
        item.dated.first or article.date,
    )
    return new == (article.title, article.body, article.url, article.date)
