"""The outcome that an import would have, for `import_articles --dry-run`.

Nothing is written, so records are compared with the archive and, among themselves, by key and text only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from articles.boilerplate.rule_store import active_rules
from articles.history.held_updates import awaits_review, was_refused
from articles.ingest.load import (
    CREATED,
    HELD,
    REJECTED,
    UNCHANGED,
    UPDATED,
    erasure_rejection,
    existing_articles,
    find_erased,
    without_restored_cuts,
)
from articles.ingest.pipeline import ImportFile, record_process
from articles.ingest.record_updates import changed_columns
from articles.ingest.transform import TransformedRecord
from articles.metadata.source_resolver import SourceResolver
from articles.models import Article, ImportBatch, ImportRow
from articles.text.limits import Limits

CHUNK = 200
#: The id of a source that the import would create.
NEW_SOURCE = -1


def iter_outcomes(
    files: Iterable[ImportFile], limits: Limits, default_source: str
) -> Iterator[list[ImportRow]]:
    """Yield unsaved rows, in chunks."""
    seen: dict[str, str] = {}
    texts: set[str] = set()
    rules, sources = active_rules(), SourceResolver()
    with record_process(default_source, rules) as process:
        for _upload, blob in files:
            records = process.read(blob, limits)
            while chunk := process.transform_all(list(islice(records, CHUNK))):
                yield _predict_rows(chunk, seen, texts, sources)


def _predict_rows(
    chunk: list[TransformedRecord], seen: dict[str, str], texts: set[str], sources: SourceResolver
) -> list[ImportRow]:
    """Return the unsaved rows of a chunk.

    `seen` maps a record key to the SHA-256 of the last record with it; `texts` has the hashes of new texts.
    The call adds to both.
    """
    known, erased = existing_articles(chunk), find_erased(chunk)
    hashes = {item.text_hash for item in chunk if item.key}
    stored = set(Article.objects.filter(text_hash__in=hashes).values_list("text_hash", flat=True))
    rows = []
    for item in without_restored_cuts(chunk, known):
        row = ImportRow(file_name=item.record.file, row=item.record.row)
        row.notes = [[each.code, each.detail] for each in item.record.problems if not each.fatal]
        article = known.get(item.key)
        if rejected := item.record.rejected or erasure_rejection(item, erased):
            row.outcome, row.reason, row.detail = REJECTED, rejected.code, rejected.detail
        elif item.key in seen:
            row.outcome = UNCHANGED if seen[item.key] == item.sha256 else UPDATED
        elif article and (article.batch is None or article.batch.state not in ImportBatch.NEVER_SHOWN):
            changed = HELD if item.record.held else UPDATED
            same = changed == HELD and not awaits_review(article) and was_refused(article.pk, item.sha256)
            row.outcome = changed if not same and _changes(item, article, sources) else UNCHANGED
        else:
            row.outcome = HELD if item.record.held else CREATED
            row.duplicate = item.text_hash in stored or item.text_hash in texts
            texts.add(item.text_hash)
        if row.outcome == HELD and (held := item.record.held):
            row.reason, row.detail = held.code, held.detail
        if item.key:
            seen[item.key] = item.sha256
        rows.append(row)
    return rows


def _changes(item: TransformedRecord, article: Article, sources: SourceResolver) -> bool:
    """Return True if the record would change the article."""
    name = item.record.source
    source_id = (sources.find(name) or NEW_SOURCE) if name else None
    return bool(changed_columns(item, article, source_id, None))
