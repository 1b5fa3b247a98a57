"""Loading of transformed records into the database, in transactions of a fraction of a second.

New articles are written at once, but belong to a batch that is not shown yet. Changes to articles that
readers see wait in their ImportRow until the batch is published (articles/ingest/publish.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from articles.batching import insert_rows
from articles.boilerplate.text_cuts import build_cut_rows_for_new, drop_refused_cuts, restored_lines
from articles.geotagging.geotagger import PlaceResolver
from articles.history.erasure import erased_records
from articles.history.held_updates import awaits_review, held_updates, was_refused
from articles.history.revisions import apply_changes
from articles.ingest.record_updates import changed_columns, held_columns, pages_added, record_columns
from articles.ingest.transform import TransformedRecord
from articles.metadata.date_mentions import build_date_mentions
from articles.metadata.inference_rows import build_inference_rows, replace_open_inferences
from articles.metadata.source_resolver import SourceResolver
from articles.models import (
    Article,
    ImportBatch,
    ImportRow,
    Inference,
    TextCut,
    Upload,
)
from articles.near_duplicates.clusters import members_of_clusters, update_clusters
from articles.outbox.bulk_mode import low_priority_beside
from articles.text.boilerplate_filter import FIELDS, Cut
from articles.text.document import make_document
from articles.text.fingerprints import content_mark, text_hash
from articles.text.records import RecordProblem

#: Attempts at a save that loses a race for a key, a source or a place; more failures indicate a bug.
ATTEMPTS = 4
#: The bytes of a rejected record are kept so that it can be corrected; a larger record is only in its file.
REJECT_BYTES = 256 * 1024
CREATED, UPDATED, UNCHANGED, HELD, REJECTED = ImportRow.Outcome.values


@dataclass(slots=True)
class RecordLoader:
    """Saves the records of one batch; caches sources and places, so use one for a whole import."""

    batch: ImportBatch
    sources: SourceResolver = field(default_factory=SourceResolver)
    places: PlaceResolver = field(default_factory=PlaceResolver)

    def save(self, items: Sequence[tuple[TransformedRecord, Upload]]) -> list[ImportRow]:
        """Save all records, with the files they came from, or none; return their rows in order.

        Also adds the records to `rows_done` of their uploads.
        """
        for _attempt in range(ATTEMPTS - 1):
            try:
                return self._save(items)
            except IntegrityError:
                # Another process created the same article, source or place, or merged one away.
                self.sources.clear_cache()
                self.places.clear_cache()
        return self._save(items)

    def _save(self, items: Sequence[tuple[TransformedRecord, Upload]]) -> list[ImportRow]:
        rows: list[ImportRow] = []
        items = _with_whole_files_noted(items)
        uploads = {id(upload): upload for _prepared, upload in items}
        before = {key: (upload.pk, upload.rows_done) for key, upload in uploads.items()}
        try:
            with (
                transaction.atomic(),
                low_priority_beside(lambda: members_of_clusters(row.article_id for row in rows)),
            ):
                self.places.reload_if_renamed()
                for part in distinct_keys([prepared for prepared, _upload in items]):
                    rows += self._save_distinct(part)
                _count_done(items, uploads.values())
        except BaseException:
            for key, upload in uploads.items():
                upload.pk, upload.rows_done = before[key]
            raise
        return rows

    def _save_distinct(self, part: Sequence[TransformedRecord]) -> list[ImportRow]:
        """Save records that all belong to different articles."""
        known = existing_articles(part)
        part = without_restored_cuts(part, known)
        waiting = _waiting_updates(self.batch, known)
        erased = find_erased(part)
        rows, articles, new = [], [], []
        for item in part:
            row, article = self._row(item), known.get(item.key) if item.key else None
            if refused := erasure_rejection(item, erased):  # only the rejection is kept
                row.outcome, row.reason, row.detail = REJECTED, refused.code, refused.detail
                row.notes, article = [], None
            elif item.record.rejected:
                row.outcome, row.reason = REJECTED, item.record.rejected.code
                row.detail = item.record.rejected.detail[:300]
                if len(item.record.data) <= REJECT_BYTES:
                    row.pending_original = item.record.data
            elif article is None:
                row.outcome, article = HELD if item.record.held else CREATED, self._new_article(item)
                new.append((item, article))
            else:
                self._compare(row, item, article, waiting.get(article.pk))
            if row.outcome == HELD and (held := item.record.held):
                row.reason, row.detail = held.code, held.detail[:300]
            rows.append(row)
            articles.append(article)
        self._insert(new)
        for row, article in zip(rows, articles, strict=True):
            if article:
                row.article = article
                row.duplicate = row.outcome in (CREATED, HELD) and article.duplicate_of_id is not None
        return ImportRow.objects.bulk_create(rows)

    def _row(self, item: TransformedRecord) -> ImportRow:
        record = item.record
        problems = (each for each in record.problems if not each.fatal and each is not record.held)
        notes = [[problem.code, problem.detail] for problem in problems]
        return ImportRow(batch=self.batch, file_name=record.file, row=record.row, notes=notes)

    def _new_article(self, item: TransformedRecord) -> Article:
        record = item.record
        return Article(
            batch=self.batch, record_key=item.key, original=record.data, external_id=record.external_id,
            source_id=self.sources.source_id(record.source), **record_columns(item), **held_columns(item),
        )  # fmt: skip

    def _insert(self, new: Sequence[tuple[TransformedRecord, Article]]) -> None:
        """Insert new articles with their mentions, and mark those that repeat an earlier text."""
        first = _first_with_text({item.text_hash for item, _article in new})
        for item, article in new:
            article.duplicate_of_id = first.get(item.text_hash)
        Article.objects.bulk_create([article for _item, article in new])
        repeats = []
        for item, article in new:
            root = first.setdefault(item.text_hash, article.pk)
            if root != article.pk and article.duplicate_of_id is None:
                article.duplicate_of_id = root
                repeats.append(article)
        if repeats:
            Article.objects.bulk_update(repeats, ["duplicate_of"])
        insert_rows(
            self.places.mentions_of_all((article, item.document, item.place_spans) for item, article in new)
        )
        insert_rows(
            [mention for item, article in new for mention in build_date_mentions(article.pk, item.date_spans)]
        )
        TextCut.objects.bulk_create(
            build_cut_rows_for_new([(article, item.cuts) for item, article in new], self.batch.created_by)
        )
        Inference.objects.bulk_create(
            [row for item, article in new for row in build_inference_rows(article.pk, item.inferred)]
        )
        sketches = {article.pk: item.sketch for item, article in new if item.sketch}
        update_clusters([article.pk for _item, article in new], sketches)

    def _compare(
        self, row: ImportRow, item: TransformedRecord, article: Article, waiting: dict[str, Any] | None
    ) -> None:
        """Apply an update at once while the article is not shown, else leave it to publishing."""
        adopted = article.batch is not None and article.batch.state in ImportBatch.NEVER_SHOWN
        held, unread = item.record.held is not None, awaits_review(article, waiting)
        taken_over = adopted and article.batch_id != self.batch.pk
        if taken_over:
            # Left by an import that did not finish: it becomes part of this one. Changes wait, so that the
            # article returns unchanged if this import is cancelled and the other resumed (`publish.cancel`).
            article.batch = self.batch
            article.save(update_fields=["batch"])
            row.outcome = HELD if held and unread else CREATED
            row.notes.append([RecordProblem("adopted").code, ""])
        changes = changed_columns(item, article, self.sources.source_id(item.record.source), waiting)
        if not changes:
            row.outcome = row.outcome or UNCHANGED
            return
        if held and not unread and row.outcome:
            return  # its good text stays, and the row is needed to undo this import
        if held and not unread and was_refused(article.pk, item.sha256):
            row.outcome = UNCHANGED
            return
        cities = list(item.record.cities) or None
        if "sha256" not in changes:  # the same bytes, of which the archive lacks the address
            item, cities = replace(item, cuts=(), inferred=()), None
        elif changes["sha256"] == article.sha256 and (added := pages_added(item, article)):
            row.notes.append([RecordProblem("ocr-pages-added").code, str(added)])
        row.outcome = row.outcome or (HELD if held else UPDATED)
        replaces_good_text = held and not unread
        if adopted and not taken_over and not waiting and not replaces_good_text:
            revision = apply_changes(
                article, changes, original=item.record.data, cities=cities, by=self.batch.created_by,
                reason=import_reason(self.batch), resolver=self.places, batch=self.batch, cuts=item.cuts,
            )  # fmt: skip
            replace_open_inferences(article, item.inferred, revision)
        else:
            row.pending = {
                "values": changes,
                "cities": cities,
                "cuts": list(map(astuple, item.cuts)),
                "inferred": list(map(asdict, item.inferred)),
                "review": replaces_good_text,
            }
            row.pending_original = item.record.data


def to_be_applied(rows: QuerySet[ImportRow]) -> QuerySet[ImportRow]:
    """Return the rows with an update that is applied when their batch is published."""
    return rows.filter(pending__isnull=False).exclude(pk__in=held_updates(rows).values("pk"))


def import_reason(batch: ImportBatch) -> str:
    """Return the reason given in a Revision: the number and label of the import."""
    return f"import {batch.pk} {batch.label}".strip()


def distinct_keys(items: Sequence[TransformedRecord]) -> list[list[TransformedRecord]]:
    """Split the items, in order, so that no part has a key twice."""
    parts: list[list[TransformedRecord]] = [[]]
    keys: set[str] = set()
    for item in items:
        own = {item.key, item.repaired_key} - {""}
        if own & keys:
            parts.append([])
            keys.clear()
        parts[-1].append(item)
        keys |= own
    return [part for part in parts if part]


def existing_articles(items: Sequence[TransformedRecord]) -> dict[str, Article]:
    """Return the articles that are stored already, by the record key of the items.

    Of several articles that an older release made of one address, each record finds its own.
    """
    keys = [key for item in items if item.key for key in _lookup_keys(item)]
    found = Article.objects.filter(record_key__in=keys).exclude(record_key="").select_related("batch")
    stored = {article.record_key: article for article in found}
    known: dict[str, Article] = {}
    for item in items:
        if article := next((stored[key] for key in _lookup_keys(item) if key in stored), None):
            known[item.key] = article
    return known


def _lookup_keys(item: TransformedRecord) -> tuple[str, ...]:
    """Return the keys under which the record may be stored, the most particular first."""
    return *item.older_keys, item.key, item.repaired_key


def without_restored_cuts(
    items: Sequence[TransformedRecord], known: Mapping[str, Article]
) -> list[TransformedRecord]:
    """Return the records, keeping text that a librarian restored to their articles."""
    refused = restored_lines(known[item.key].pk for item in items if item.cuts and item.key in known)
    return [
        _without_restored(item, refused[known[item.key].pk])
        if item.cuts and item.key in known and known[item.key].pk in refused
        else item
        for item in items
    ]


def _without_restored(item: TransformedRecord, refused: Collection[str]) -> TransformedRecord:
    """Return the record with the lines whose `line_key` is in `refused` put back."""
    values: dict[str, str] = {}
    cuts: list[Cut] = []
    for name in FIELDS:
        mine = [each for each in item.cuts if each.field == name]
        values[name], kept = drop_refused_cuts(getattr(item.record, name), mine, refused)
        cuts += kept
    record = item.record.with_fields(values)
    document = make_document(record.title, record.body)
    hashed = text_hash(document.title.words, document.body.words)
    return replace(item, record=record, cuts=tuple(cuts), text_hash=hashed, sketch=None, document=document)


def _with_whole_files_noted(
    items: Sequence[tuple[TransformedRecord, Upload]],
) -> list[tuple[TransformedRecord, Upload]]:
    """Return the items; the first of a file says so if the whole file is an article, as a plain text.

    Its name or an earlier release made it one. A draft, or what is hidden, is not named: the reader of the
    note may not see it.
    """
    noted = list(items)
    marks: dict[str, int] = {}
    for at, (item, upload) in enumerate(items):
        if not upload.rows_done and (mark := content_mark(upload.sha256)) not in _lookup_keys(item):
            marks.setdefault(mark, at)
    found = Article.objects.visible().filter(record_key__in=marks)
    for mark, pk in found.values_list("record_key", "pk"):
        item, upload = items[marks[mark]]
        note = RecordProblem("file-is-article", f"#{pk}")
        noted[marks[mark]] = replace(item, record=item.record.with_problems(note)), upload
    return noted


def find_erased(items: Sequence[TransformedRecord]) -> dict[str, int]:
    """Return {key or "sha:…": article} of records that were erased by law (articles/history/erasure.py)."""
    marks = {mark for item in items for mark in _erasure_marks(item)}
    return erased_records(marks - {""})


def _erasure_marks(item: TransformedRecord) -> tuple[str, ...]:
    return *_lookup_keys(item), content_mark(item.sha256)


def erasure_rejection(item: TransformedRecord, erased: Mapping[str, int]) -> RecordProblem | None:
    """Return the reason to reject a record that was erased, else None; `erased` is from `find_erased`."""
    number = next((erased[mark] for mark in _erasure_marks(item) if mark in erased), 0)
    return RecordProblem("erased", f"#{number}", fatal=True) if number else None


def _first_with_text(hashes: set[str]) -> dict[str, int]:
    """Return the oldest article with each of the texts."""
    found: dict[str, int] = {}
    rows = Article.objects.filter(text_hash__in=hashes).order_by("pk").values_list("text_hash", "pk")
    for hashed, pk in rows:
        found.setdefault(hashed, pk)
    return found


def _waiting_updates(batch: ImportBatch, known: dict[str, Article]) -> dict[int, dict[str, Any]]:
    """Return the changes that earlier rows of this batch will make, by article; later rows prevail."""
    waiting: dict[int, dict[str, Any]] = {}
    ids = [article.pk for article in known.values()]
    if ids:
        for row in to_be_applied(batch.rows.all()).filter(article_id__in=ids).order_by("pk"):
            waiting.setdefault(row.article_id or 0, {}).update((row.pending or {})["values"])
    return waiting


def _count_done(items: Sequence[tuple[TransformedRecord, Upload]], uploads: Iterable[Upload]) -> None:
    """Add the saved records to the counts of their uploads, and save the uploads."""
    for _prepared, upload in items:
        upload.rows_done += 1
    stored: list[Upload] = []
    new: list[Upload] = []
    for upload in uploads:
        (stored if upload.pk else new).append(upload)
    Upload.objects.bulk_update(stored, ["rows_done"])
    Upload.objects.bulk_create(new)
