"""The history of an article as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils.translation import gettext as _

from articles.admin.reasons import told_reason
from articles.differences import Differences, differences
from articles.models import Article, Source
from articles.states import Step


@dataclass(frozen=True, slots=True)
class ToldField:
    """A field that was changed: in words, and for a text also word by word."""

    label: str
    before: str
    after: str
    differences: Differences | None = None


@dataclass(frozen=True, slots=True)
class ToldStep:
    """A revision as the page of the history shows it."""

    pk: int
    when: datetime
    who: str
    reason: str
    fields: tuple[ToldField, ...]
    original_changed: bool
    restorable: bool


#: Compared word by word.
_TEXTS = ("title", "body")


def told_steps(steps: Iterable[Step]) -> list[ToldStep]:
    """For the template."""
    return [
        ToldStep(
            pk=step.revision.pk,
            when=step.revision.made_at,
            who=str(step.revision.made_by or "—"),
            reason=told_reason(step.revision.reason),
            fields=tuple(
                ToldField(
                    field_label(name),
                    value_label(name, before),
                    value_label(name, after),
                    differences(str(before or ""), str(after or "")) if name in _TEXTS else None,
                )
                for name, (before, after) in step.changes.items()
            ),
            original_changed=step.original_changed,
            restorable=step.restorable,
        )
        for step in steps
    ]


def field_label(name: str) -> str:
    """What a column of Article is called on the page."""
    column = _column(name)
    return str(column.verbose_name) if column else name


def value_label(name: str, value: object) -> str:
    """A value of that column as people read it."""
    if name == "source_id":
        return str((Source.objects.filter(pk=value).first() if isinstance(value, int) else None) or "—")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    column = _column(name)
    choices = dict(column.flatchoices) if column else {}
    return str(choices.get(value, value)) if value not in (None, "") else "—"


def _column(name: str) -> Field[object, object] | None:
    """None for a column that articles had once."""
    try:
        found = Article._meta.get_field("source" if name == "source_id" else name)
    except FieldDoesNotExist:
        return None
    return cast("Field[object, object]", found)
