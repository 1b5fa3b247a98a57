"""The history of an article as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from articles.history.revisions import RevisionStep
from articles.history.step_labels import field_label, translate_reason, value_label
from articles.text.diff import TextDiff, diff_texts


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A changed field with its label, and for a text the word diff."""

    label: str
    before: str
    after: str
    differences: TextDiff | None = None


@dataclass(frozen=True, slots=True)
class RevisionEntry:
    """A revision on the history page."""

    pk: int
    when: datetime
    who: str
    reason: str
    fields: tuple[FieldChange, ...]
    original_changed: bool
    restorable: bool


#: Fields with a word diff.
_TEXTS = ("title", "body")


def describe_revisions(steps: Iterable[RevisionStep]) -> list[RevisionEntry]:
    """Return the revisions of an article for the template."""
    return [
        RevisionEntry(
            pk=step.revision.pk,
            when=step.revision.made_at,
            who=str(step.revision.made_by or "—"),
            reason=translate_reason(step.revision.reason),
            fields=tuple(
                FieldChange(
                    field_label(name),
                    value_label(name, before),
                    value_label(name, after),
                    diff_texts(str(before or ""), str(after or "")) if name in _TEXTS else None,
                )
                for name, (before, after) in step.changes.items()
            ),
            original_changed=step.original_changed,
            restorable=step.restorable,
        )
        for step in steps
    ]
