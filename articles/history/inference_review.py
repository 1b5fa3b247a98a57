"""Review of inferred metadata: librarians accept, correct or reject a value, and may undo the decision.

An article changes as it does on its own page, with a Revision. Every call may be repeated, or made by two
librarians at once: the first decision counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from arabic.dates.tagger import parse_date
from articles.batching import chunks
from articles.geotagging.geotagger import PlaceResolver
from articles.history.revisions import apply_changes
from articles.metadata.headline import first_sentence
from articles.metadata.inference import REVIEW_BELOW
from articles.metadata.inference_rows import (
    FIELD_COLUMNS,
    MAX_VALUE_CHARACTERS,
    current_columns,
    current_value,
)
from articles.metadata.publication_date import FIRST_YEAR
from articles.metadata.source_resolver import SourceResolver
from articles.models import Article, ImportBatch, Inference, Revision
from articles.text.limits import MAX_SOURCE
from articles.text.sanitize import sanitize_text

Field, State = Inference.Field, Inference.State
#: Number of inferences accepted in one transaction if their articles do not change.
CHUNK = 500
#: Maximum number of values that one press of a button accepts; the page shows how many are left.
MAX_ACCEPTED_AT_ONCE = 2000


class InvalidValueError(Exception):
    """A value that is invalid for the field; the message is shown to the librarian."""


class ChangedSinceError(Exception):
    """The field was changed after the decision, which therefore cannot be undone."""


def reviewable_inferences() -> QuerySet[Inference]:
    """Return the inferences of articles that are not withdrawn, held or in an unpublished import."""
    shown = Q(article__batch__isnull=True) | Q(article__batch__state=ImportBatch.State.PUBLISHED)
    return Inference.objects.filter(shown).exclude(
        article__state__in=(Article.State.WITHDRAWN, Article.State.HELD)
    )


def uncertain_inferences() -> QuerySet[Inference]:
    """Return the undecided inferences whose confidence is too low to be used without review."""
    return reviewable_inferences().filter(state=State.PROPOSED, confidence__lt=REVIEW_BELOW)


def count_uncertain(person: AbstractBaseUser | AnonymousUser, batch: ImportBatch | None = None) -> int:
    """Count the uncertain inferences of one import or of all; 0 if the user may not decide about them."""
    if not isinstance(person, PermissionsMixin) or not person.has_perm("articles.change_inference"):
        return 0
    facts = uncertain_inferences()
    return (facts if batch is None else facts.filter(article__batch=batch)).count()


def accept(fact: Inference, *, by: AbstractBaseUser) -> bool:
    """Accept a value. Returns False if a decision had been made already."""
    values: Mapping[str, Any] = {}
    if not fact.used:
        values = columns_for_value(fact.field, fact.value)
    elif fact.field == Field.TITLE:
        values = {"title_derived": False}
    return _decide(fact, State.ACCEPTED, values, fact.value, by)


def correct(fact: Inference, value: str, *, by: AbstractBaseUser) -> bool:
    """Correct a value; "" rejects it. Raises InvalidValueError."""
    value = " ".join(sanitize_text(value)[0].split())
    if not value:
        return reject(fact, by=by)
    if value == fact.value:
        return accept(fact, by=by)
    return _decide(fact, State.CORRECTED, columns_for_value(fact.field, value), value, by)


def reject(fact: Inference, *, by: AbstractBaseUser) -> bool:
    """Reject a value and restore the earlier value of the field."""
    values = dict(fact.before) if fact.used else {}
    if (
        fact.used
        and fact.field == Field.TITLE
        and not values.get("title")
        and fact.method != "first-sentence"
    ):
        values = {"title": first_sentence(fact.article.body), "title_derived": True}
    return _decide(fact, State.REJECTED, values, "", by)


def columns_for_value(field: str, value: str) -> dict[str, Any]:
    """Return the columns of an article with this value, as in a snapshot. Raises InvalidValueError."""
    if len(value) > (MAX_SOURCE if field == Field.SOURCE else MAX_VALUE_CHARACTERS):
        raise InvalidValueError(_("This is too long."))
    if field == Field.TITLE:
        return {"title": value, "title_derived": False}
    if field == Field.BYLINE:
        return {"byline": value}
    if field == Field.SOURCE:
        return {"source_id": SourceResolver().source_id(value)}
    if field == Field.DATE:
        given = parse_date(value)
        read = given.covering if given else None
        if read is None or not FIRST_YEAR <= read.first.year <= date.today().year + 1:
            raise InvalidValueError(_("This is no date. Write it as 2012-05-24, 2012-05 or 2012."))
        return {"date": read.first.isoformat(), "date_precision": read.precision}
    return {}


@transaction.atomic
def _decide(fact: Inference, state: str, values: Mapping[str, Any], value: str, by: AbstractBaseUser) -> bool:
    article = Article.objects.select_related("source").get(pk=fact.article_id)
    was = current_columns(article, fact.field)
    becomes = {**was, **values}
    won = Inference.objects.filter(pk=fact.pk, state=State.PROPOSED).update(
        state=state, decided_value=value[:MAX_VALUE_CHARACTERS], decided_by=by, decided_at=timezone.now(),
        used=state != State.REJECTED, undecided={"columns": was, "after": becomes, "used": fact.used},
    )  # fmt: skip
    if won and becomes != was:
        _change(article, becomes, by, _reason(fact.field, state))
    return bool(won)


def undo_decision(fact: Inference, *, by: AbstractBaseUser) -> bool:
    """Undo a decision: restore the article and make the inference undecided again.

    Returns False if there is nothing to undo. Raises ChangedSinceError.
    """
    kept = fact.undecided
    if fact.state == State.PROPOSED or not kept:
        return False
    try:
        with transaction.atomic():
            article = Article.objects.select_related("source").get(pk=fact.article_id)
            now = current_columns(article, fact.field)
            if any(now[name] != value for name, value in kept["after"].items()):
                raise ChangedSinceError
            if kept["columns"] != kept["after"]:
                _change(article, kept["columns"], by, _("decision about an inferred fact taken back"))
            Inference.objects.filter(pk=fact.pk).update(
                state=State.PROPOSED, decided_value="", decided_by=None, decided_at=None, undecided=None,
                used=kept["used"],
            )  # fmt: skip
    except IntegrityError as error:  # an import brought another prediction in the meantime
        raise ChangedSinceError from error
    return True


def accept_all(facts: QuerySet[Inference], *, by: AbstractBaseUser) -> int:
    """Accept up to MAX_ACCEPTED_AT_ONCE values; return how many were accepted."""
    accepted = 0
    rows = list(facts.order_by("pk").values_list("pk", "field", "used")[:MAX_ACCEPTED_AT_ONCE])
    plain = [pk for pk, field, used in rows if field == Field.DATELINE or (used and field != Field.TITLE)]
    titles = [pk for pk, field, used in rows if used and field == Field.TITLE]
    for ids, change in ((plain, _no_change), (titles, _no_longer_derived)):
        for some in chunks(ids, CHUNK):
            accepted += _accept_alike(some, change, by)
    changing = sorted({pk for pk, _field, _used in rows} - {*plain, *titles})
    for fact in Inference.objects.filter(pk__in=changing).order_by("pk"):
        accepted += accept(fact, by=by)
    return accepted


@transaction.atomic
def _accept_alike(ids: Sequence[int], change: Any, by: AbstractBaseUser) -> int:
    """Accept inferences by a bulk update; `change` applies what follows for their articles."""
    open_ones = Inference.objects.filter(pk__in=ids, state=State.PROPOSED)
    facts = list(open_ones.only("article_id", "value", "used"))
    undecided = change([fact.article_id for fact in facts], by)
    for fact in facts:
        fact.state, fact.decided_value, fact.decided_by = State.ACCEPTED, fact.value, by
        fact.decided_at, fact.undecided = timezone.now(), {**undecided, "used": fact.used}
        fact.used = True
    Inference.objects.bulk_update(
        facts, ["state", "decided_value", "decided_by", "decided_at", "undecided", "used"], batch_size=100
    )
    return len(facts)


def _no_change(_articles: Sequence[int], _by: AbstractBaseUser) -> dict[str, Any]:
    return {"columns": {}, "after": {}}


def _no_longer_derived(articles: Sequence[int], by: AbstractBaseUser) -> dict[str, Any]:
    derived = {"title_derived": True}
    Revision.objects.bulk_create(
        Revision(article_id=pk, made_by=by, reason=_reason(Field.TITLE, State.ACCEPTED), before=derived)  # type: ignore[misc]  # any user model
        for pk in articles
    )
    Article.objects.filter(pk__in=articles).update(title_derived=False, updated_at=timezone.now())
    return {"columns": derived, "after": {"title_derived": False}}


def _reason(field: str, state: str) -> str:
    """Return the reason that the article's history shows."""
    return _("inferred fact, %(decision)s: %(field)s") % {
        "decision": State(state).label, "field": Field(field).label,
    }  # fmt: skip


def _change(article: Article, values: Mapping[str, Any], by: AbstractBaseUser, reason: str) -> None:
    apply_changes(
        article, values, original=None, cities=None, by=by, reason=reason, resolver=PlaceResolver()
    )  # fmt: skip


def unconfirmed_inferences(article: Article) -> list[Inference]:
    """Return the inferred values that readers see and no librarian confirmed."""
    open_ones = article.inferences.filter(state=State.PROPOSED, used=True)
    return [fact for fact in open_ones if not FIELD_COLUMNS[fact.field] or current_value(article, fact.field)]


def unconfirmed_fields(article: Article) -> frozenset[str]:
    """Return the fields of `unconfirmed_inferences`."""
    return frozenset(fact.field for fact in unconfirmed_inferences(article))


def dateline_text(article: Article) -> str:
    """Return the place named in the dateline; "" if there is none or a librarian rejected it."""
    fact = article.inferences.filter(field=Field.DATELINE, used=True).order_by("-pk").first()
    return (fact.decided_value or fact.value) if fact else ""
