"""Corrections of one press on an article's page for readers, each with an undo.

They are recorded as those of the desk are: a Revision for date and state, a PlaceVerdict for a place, a
DateVerdict for a date that the text mentions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.geotagging.geotagger import PlaceResolver, record_override, withdraw_override
from articles.history.held_texts import reopen
from articles.history.inference_review import columns_for_value
from articles.history.revisions import apply_changes, change_state, snapshot
from articles.metadata.date_mentions import accept_date_again, reject_date
from articles.models import Article, DateMention, DateVerdict, Inference, Place, PlaceVerdict, Revision

#: How long a user is offered to take back a correction on the article's page; the desk offers it forever.
UNDO_OFFERED = timedelta(days=1)
DATE_COLUMNS = frozenset(("date", "date_precision"))
State = Article.State


@dataclass(frozen=True, slots=True)
class UndoableCorrection:
    """A correction that its user can take back: what was done, and the fields of the form that undoes it."""

    text: str
    kind: str
    number: int


def hide_article(article: Article, *, by: AbstractBaseUser) -> bool:
    """Withdraw a published article. Returns False if it was not published."""
    if article.state != State.PUBLISHED:
        return False
    return bool(change_state([article.pk], State.WITHDRAWN, by=by, reason=_("hidden on the readers’ page")))


def edit_version(article: Article) -> int:
    """Return the number of the last change of the article's text or facts; 0 if there was none."""
    return article.revisions.order_by("-pk").values_list("pk", flat=True).first() or 0


def reject_place(article: Article, place: Place, *, by: AbstractBaseUser) -> PlaceVerdict:
    """Record that an article does not mean a place by any of its names, and tag it again."""
    reason = _("not meant, said on the readers’ page")
    return record_override(article, place, PlaceVerdict.Kind.NOT_MEANT, by=by, reason=reason)


def reject_mentioned_date(article: Article, mention: DateMention, *, by: AbstractBaseUser) -> DateVerdict:
    """Record that an article does not mention a date, however it is written, and tag it again."""
    return reject_date(mention, article, by=by, reason=_("wrong date, said on the readers’ page"))


def correct_date(article: Article, typed: str, *, by: AbstractBaseUser) -> bool:
    """Set the date as typed; without one the article is undated. Raises InvalidValueError.

    Returns False if that is its date already.
    """
    values: Mapping[str, Any] = {"date": None, "date_precision": ""}
    if typed := " ".join(typed.split()):
        values = columns_for_value(Inference.Field.DATE, typed)
    return _set_columns(article, values, by, _("date corrected on the readers’ page"))


def undo_correction(article: Article, kind: str, number: int, *, by: AbstractBaseUser) -> bool:
    """Undo a correction that `undoable_corrections` lists for the user. Returns False for any other."""
    offered = {(each.kind, each.number) for each in undoable_corrections(article, by)}
    if (kind, number) not in offered:
        return False
    if kind == "place":
        return withdraw_override(article.place_verdicts.get(pk=number), by=by)
    if kind == "spoken":
        return accept_date_again(article.date_verdicts.get(pk=number), by=by)
    before = article.revisions.get(pk=number).before
    reason = _("correction taken back")
    if kind == "state":
        if before["state"] == State.HELD:
            return bool(reopen([article.pk], by=by))
        return bool(change_state([article.pk], before["state"], by=by, reason=reason))
    return _set_columns(article, before, by, reason)


def undoable_corrections(article: Article, by: AbstractBaseUser) -> list[UndoableCorrection]:
    """Return the user's corrections of the last day that still hold, the latest of each kind first."""
    since = timezone.now() - UNDO_OFFERED
    verdicts = article.place_verdicts.filter(
        made_by=by.pk, made_at__gte=since, undone_at__isnull=True, kind=PlaceVerdict.Kind.NOT_MEANT
    ).select_related("place")
    found = [
        UndoableCorrection(
            _("You said that %(place)s is not meant.") % {"place": verdict.place.slug}, "place", verdict.pk
        )
        for verdict in verdicts
    ]
    found += [
        UndoableCorrection(
            _("You said that %(date)s is a wrong date.") % {"date": each.subject}, "spoken", each.pk
        )
        for each in article.date_verdicts.filter(made_by=by.pk, made_at__gte=since, undone_at__isnull=True)
    ]
    hidden = article.revisions.filter(before__has_key="state").order_by("-pk").first()
    if hidden and _is_of(hidden, by) and article.state == State.WITHDRAWN:
        found.append(UndoableCorrection(_("You hid this article from readers."), "state", hidden.pk))
    dated = _last_of_dates(article)
    if dated and _is_of(dated, by):
        found.append(UndoableCorrection(_("You changed the date."), "date", dated.pk))
    return found


def _last_of_dates(article: Article) -> Revision | None:
    """Return the last revision of the date, unless it took another one back."""
    dated = [
        each
        for each in article.revisions.defer("original_before").order_by("-pk")
        if DATE_COLUMNS & each.before.keys()
    ]
    if not dated or dated[0].before.keys() - DATE_COLUMNS:
        return None
    now = snapshot(article)
    is_undo = len(dated) > 1 and all(
        now[name] == dated[1].before.get(name, now[name]) for name in DATE_COLUMNS
    )
    return None if is_undo else dated[0]


def _is_of(revision: Revision, by: AbstractBaseUser) -> bool:
    return revision.made_by_id == by.pk and revision.made_at >= timezone.now() - UNDO_OFFERED


@transaction.atomic
def _set_columns(article: Article, values: Mapping[str, Any], by: AbstractBaseUser, reason: str) -> bool:
    revision = apply_changes(
        article, values, original=None, cities=None, by=by, reason=reason, resolver=PlaceResolver()
    )  # fmt: skip
    return revision is not None
