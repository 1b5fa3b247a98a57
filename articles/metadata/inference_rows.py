"""Rows of inferred values (Inference), written with an article and updated when the article changes.

A later prediction never replaces what a librarian wrote or decided: `columns_to_keep` holds an update back,
`close_open_inferences` closes a prediction whose field was changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from articles.metadata.inference import InferredValue
from articles.models import Article, ImportBatch, Inference, Revision

Field, State = Inference.Field, Inference.State
MAX_VALUE_CHARACTERS = 300
#: The columns of each field; a dateline has none.
FIELD_COLUMNS: dict[str, tuple[str, ...]] = {
    Field.TITLE: ("title", "title_derived"),
    Field.BYLINE: ("byline",),
    Field.SOURCE: ("source_id",),
    Field.DATE: ("date", "date_precision"),
    Field.DATELINE: (),
}
#: Values of the columns of an empty field.
EMPTY: dict[str, Any] = {
    "title": "", "title_derived": False, "byline": "", "source_id": None, "date": None, "date_precision": "",
}  # fmt: skip


def build_inference_rows(
    article_id: int, inferred: Iterable[InferredValue], before: Mapping[str, Any] = EMPTY
) -> list[Inference]:
    """Build unsaved rows; `before` are the columns of the article before the predictions were used."""
    return [
        Inference(
            article_id=article_id, field=each.field, value=each.value[:MAX_VALUE_CHARACTERS],
            confidence=round(each.confidence, 3), method=each.method, evidence=each.evidence,
            start=each.start, end=each.end, used=each.used,
            before={name: before[name] for name in FIELD_COLUMNS[each.field]} if each.used else {},
        )
        for each in inferred
    ]  # fmt: skip


def current_value(article: Article, field: str) -> str:
    """Return the current value of a field in the form that an Inference has; "" if it is empty."""
    if field == Field.TITLE:
        return article.title
    if field == Field.BYLINE:
        return article.byline
    if field == Field.SOURCE:
        return article.source.name if article.source else ""
    if field == Field.DATE and article.date:
        length = {"day": 10, "month": 7, "year": 4}[article.date_precision]
        return article.date.isoformat()[:length]
    return ""


def current_columns(article: Article, field: str) -> dict[str, Any]:
    """Return the columns of a field, as JSON types."""
    values = {name: getattr(article, name) for name in FIELD_COLUMNS[field]}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def columns_to_keep(
    article: Article, inferred: Iterable[InferredValue], now: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the columns that an update's predictions must not change, with the values they keep.

    These are fields that a file or a librarian filled, and fields for which a librarian rejected the
    prediction. `now` are the article's columns.
    """
    used = {each.field: each.value for each in inferred if each.used and FIELD_COLUMNS[each.field]}
    if not used:
        return {}
    known = list(article.inferences.filter(field__in=used))
    replaceable = {row.field for row in known if row.state == State.PROPOSED and row.used}
    refused = {(row.field, row.value) for row in known if row.state in (State.REJECTED, State.CORRECTED)}
    kept: dict[str, Any] = {}
    for field, value in used.items():
        filled = bool(now[FIELD_COLUMNS[field][0]])
        derived = field == "title" and article.title_derived
        if (filled and field not in replaceable and not derived) or (field, value) in refused:
            kept |= {name: now.get(name, getattr(article, name)) for name in FIELD_COLUMNS[field]}
    return kept


def replace_open_inferences(
    article: Article, inferred: Iterable[InferredValue], revision: Revision | None
) -> None:
    """Replace the undecided inferences after an update, if fields are empty or have the predicted value.

    `revision` holds the values before the update.
    """
    if not (inferred := list(inferred)):
        return
    before = {
        name: current_columns(article, field)[name]
        for field in FIELD_COLUMNS
        for name in FIELD_COLUMNS[field]
    }
    before |= {name: value for name, value in (revision.before if revision else {}).items() if name in before}
    article.inferences.filter(state=State.PROPOSED, field__in=[each.field for each in inferred]).delete()
    decided = set(article.inferences.values_list("field", "value"))
    Inference.objects.bulk_create(
        build_inference_rows(
            article.pk, [each for each in inferred if _is_open(article, each, decided)], before
        )
    )


def _is_open(article: Article, each: InferredValue, decided: set[tuple[str, str]]) -> bool:
    """Return True if a prediction is undecided and its field has its value (empty if it is not used)."""
    if (each.field, each.value) in decided:
        return False
    now = current_value(article, each.field)
    if not FIELD_COLUMNS[each.field]:
        return True
    return now == each.value if each.used else not now


def close_open_inferences(
    article: Article,
    changed: Iterable[str],
    *,
    by: AbstractBaseUser | None,
    batch: ImportBatch | None,
) -> None:
    """Close the undecided inferences about columns that were changed.

    A change by a librarian counts as a decision; after an import the rows are deleted, because
    `replace_open_inferences` writes new ones.
    """
    columns = set(changed)
    fields = [field for field, names in FIELD_COLUMNS.items() if columns & set(names)]
    rows = list(article.inferences.filter(state=State.PROPOSED, field__in=fields)) if fields else []
    if batch is not None:
        Inference.objects.filter(pk__in=[row.pk for row in rows]).delete()
        return
    for row in rows:
        row.decided_value = current_value(article, row.field)[:MAX_VALUE_CHARACTERS]
        row.state = _decided_state(row)
        row.decided_by, row.decided_at = by, timezone.now()
    Inference.objects.bulk_update(rows, ["state", "decided_value", "decided_by", "decided_at"])


def _decided_state(row: Inference) -> str:
    if row.decided_value == row.value:
        return State.ACCEPTED
    return State.CORRECTED if row.decided_value else State.REJECTED
