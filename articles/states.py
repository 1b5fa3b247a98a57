"""The states an article went through, read from its revisions, and the way back to one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet

from articles.intake.changing import apply_changes, snapshot
from articles.intake.placing import PlaceBook
from articles.models import Article, Revision, Source

#: Whether readers see an article is decided by publishing and withdrawing, not by going back to a text.
NOT_RESTORED = ("state",)


@dataclass(frozen=True, slots=True)
class Step:
    """A revision with what each of its fields was and became: {field: (before, after)}."""

    revision: Revision
    changes: Mapping[str, tuple[Any, Any]]
    original_changed: bool

    @property
    def restorable(self) -> bool:
        """Whether there is something in the state before it to go back to."""
        return self.original_changed or any(name not in NOT_RESTORED for name in self.changes)


def steps(article: Article) -> list[Step]:
    """Every revision, newest first. A revision keeps what was before it; what came after is what the next one
    kept, or what is there now."""
    now = snapshot(article)
    found = []
    revisions = article.revisions.select_related("made_by").defer("original_before").order_by("-pk")
    replaced = set(article.revisions.filter(original_before__isnull=False).values_list("pk", flat=True))
    for revision in revisions:
        changes = {name: (value, now.get(name)) for name, value in revision.before.items()}
        found.append(Step(revision, changes, revision.pk in replaced))
        now |= revision.before
    return found


def state_before(article: Article, revision: Revision) -> tuple[dict[str, Any], bytes | None]:
    """(values, original) of the article just before a revision; None = the original is the same."""
    values, original = snapshot(article), None
    for later in _since(article, revision):
        values |= later.before
        if later.original_before is not None:
            original = bytes(later.original_before)
    return values, original


@transaction.atomic
def restore(article: Article, revision: Revision, *, by: AbstractBaseUser | None, reason: str) -> bool:
    """Make the article what it was just before a revision, as a new Revision. A source that is gone since
    stays as it is now. Returns whether anything was different."""
    now, (values, original) = snapshot(article), state_before(article, revision)
    if values["source_id"] and not Source.objects.filter(pk=values["source_id"]).exists():
        values["source_id"] = now["source_id"]
    changed = {
        name: value for name, value in values.items() if name not in NOT_RESTORED and now.get(name) != value
    }
    known = {name: value for name, value in changed.items() if name in now}
    if not known and original is None:
        return False
    apply_changes(
        article, known, original=original, cities=None, by=by, reason=reason, book=PlaceBook()
    )  # fmt: skip
    return True


def _since(article: Article, revision: Revision) -> QuerySet[Revision]:
    """The revision and those after it, newest first."""
    return article.revisions.filter(pk__gte=revision.pk).order_by("-pk")
