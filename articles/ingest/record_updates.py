"""The changes that an import of a record makes to an article that is stored already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from arabic.tables.gazetteer import GazetteerEntry
from articles.geotagging.geotagger import metadata_place_names
from articles.history.held_updates import awaits_review
from articles.identity.web_addresses import normal_address
from articles.ingest.transform import TransformedRecord
from articles.metadata.inference_rows import columns_to_keep
from articles.models import Article, ImportBatch, ImportRow
from articles.text.fingerprints import content_mark

#: Columns that change with the bytes of the record.
_WITH_THE_BYTES = ("sha256", "file_name", "title_derived", "ocr_confidence", "low_confidence_words")
#: Notes whose detail is a number of pages without text.
_UNREAD = frozenset(("ocr-pages-failed", "ocr-pages-missing"))
_BROUGHT = (ImportRow.Outcome.CREATED, ImportRow.Outcome.UPDATED, ImportRow.Outcome.HELD)
_COMPARED = ("title", "body", "source_id", "url", "byline", "date", "date_precision")


def changed_columns(
    item: TransformedRecord, article: Article, source_id: int | None, waiting: dict[str, Any] | None
) -> dict[str, Any]:
    """Return the columns that change, with their new values; none if the article stays as it is.

    `waiting` is the update that an earlier row will make. Equal bytes are the same record, whatever staff
    have edited or decided since; they change nothing but the key of an article that had none by its address,
    and the text of one that has pages which OCR did not read before.
    """
    now = {name: getattr(article, name) for name in _COMPARED} | {"sha256": article.sha256}
    now["date"] = article.date.isoformat() if article.date else None
    now |= waiting or {}
    new = record_columns(item) | {"source_id": source_id}
    new["date"] = item.publication_date.first.isoformat() if item.publication_date.first else None
    if new["sha256"] == now["sha256"] and not _has_more_pages(item, article, now):
        return _missing_address(item, article, now)
    review = _review_changes(item, article, waiting)
    if normal_address(str(new["url"])) == normal_address(str(now["url"])):  # spelled in another way
        new["url"] = now["url"]
    new |= columns_to_keep(article, item.inferred, now)
    if not item.publication_date.value:  # a missing value does not empty the field
        new["date"], new["date_precision"] = now["date"], now["date_precision"]
    changed = {
        name: new[name]
        for name in _COMPARED
        if new[name] != now[name] and (new[name] or name in ("title", "body"))
    }
    if not changed and not review and not _other_cities(item, article):
        return {}
    if "date" in changed or "date_precision" in changed:
        changed |= {"date": new["date"], "date_precision": new["date_precision"]}
    return changed | review | {name: new[name] for name in _WITH_THE_BYTES}


def record_columns(item: TransformedRecord) -> dict[str, Any]:
    """Return the columns of the article that the record fills, except source and identity."""
    record, dated = item.record, item.publication_date
    return {
        "title": record.title, "title_derived": item.title_derived, "body": record.body, "url": record.url,
        "byline": record.byline, "date": dated.first, "date_precision": dated.precision,
        "sha256": item.sha256, "text_hash": item.text_hash, "file_name": record.file,
        "ocr_confidence": record.ocr_confidence,
        "low_confidence_words": " ".join(sorted(record.low_confidence_words)),
    }  # fmt: skip


def held_columns(item: TransformedRecord) -> dict[str, Any]:
    """Return the columns of an article whose text has to be reviewed, {} for a good text."""
    held = item.record.held
    reason = f"{held.code}: {held.detail}" if held and held.detail else held.code if held else ""
    return {"state": Article.State.HELD.value, "held_reason": reason[:300]} if held else {}


def pages_added(item: TransformedRecord, article: Article) -> int:
    """Return how many pages a record has a text of that the article lacks, because OCR could not read them.

    Tesseract failed on them, or was not installed, when the article got its text.
    """
    rows = article.importrow_set.filter(outcome__in=_BROUGHT, batch__state=ImportBatch.State.PUBLISHED)
    rows = rows.exclude(outcome=ImportRow.Outcome.HELD, pending__review=True)
    notes = rows.order_by("-pk").values_list("notes", flat=True).first() or ()
    now = _count_unread((problem.code, problem.detail) for problem in item.record.problems)
    return max(0, _count_unread(notes) - now)


def _count_unread(notes: Iterable[Sequence[str]]) -> int:
    """Return how many pages OCR could not read, by the codes and details of a record's notes."""
    return sum(int(detail) for code, detail in notes if code in _UNREAD and detail.isdecimal())


def _has_more_pages(item: TransformedRecord, article: Article, now: Mapping[str, Any]) -> bool:
    """Return True if OCR read pages of the record that it did not read when its bytes came.

    What staff have edited since then stays.
    """
    before = now.get("ocr_confidence", article.ocr_confidence)
    if item.record.ocr_confidence is None or item.record.body == now["body"]:
        return False
    if before is not None and not pages_added(item, article):
        return False
    for values, batch in article.revisions.order_by("-pk").values_list("before", "batch"):
        if "sha256" in values or (batch is not None and "body" in values):
            break
        if not values.keys().isdisjoint(_COMPARED):
            return False
    return True


def _missing_address(item: TransformedRecord, article: Article, now: Mapping[str, Any]) -> dict[str, Any]:
    """Return the address and the key that an article lacks which was known by its bytes until now.

    Earlier releases dropped addresses without a scheme or with a space.
    """
    key = now.get("record_key", article.record_key)
    if key == item.key or key != content_mark(item.sha256):
        return {}
    if Article.objects.filter(record_key=item.key).exists():
        return {}
    return {"record_key": item.key} | ({} if now["url"] else {"url": item.record.url})


def _review_changes(
    item: TransformedRecord, article: Article, waiting: dict[str, Any] | None
) -> dict[str, Any]:
    """Return the state and reason that the record gives an article whose text was held."""
    if not awaits_review(article, waiting):
        return {}
    new = held_columns(item) or {"state": Article.State.PUBLISHED.value, "held_reason": ""}
    return {name: value for name, value in new.items() if getattr(article, name) != value}


def _other_cities(item: TransformedRecord, article: Article) -> bool:
    """Return True if the metadata names cities that differ from those the article has from metadata."""
    given = {
        spot.place.name if isinstance(spot.place, GazetteerEntry) else str(spot.place)
        for spot in item.place_spans
        if spot.field == "metadata"
    }
    return bool(given) and given != set(metadata_place_names(article))
