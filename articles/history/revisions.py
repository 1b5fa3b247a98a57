"""Changes of stored articles, each with a Revision that keeps the earlier values.

`apply_changes` sets new values and updates what depends on them, `change_state` publishes and withdraws,
`revision_steps` reads the history, and `restore` goes back to an earlier state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet

from arabic.text.tokenizer import normalized_terms
from articles.batching import chunks
from articles.boilerplate.text_cuts import relocate_cuts
from articles.geotagging.geotagger import PlaceResolver, tag_places
from articles.metadata.date_mentions import tag_dates
from articles.metadata.inference_rows import close_open_inferences
from articles.models import Article, ImportBatch, Revision, Source
from articles.near_duplicates.clusters import update_clusters
from articles.text.boilerplate_filter import Cut
from articles.text.fingerprints import text_hash

#: The columns of an article that a revision stores.
REVISION_FIELDS = (
    "title", "title_derived", "body", "source_id", "external_id", "url", "byline", "date", "date_precision",
    "state", "held_reason", "sha256", "file_name", "ocr_confidence", "low_confidence_words",
)  # fmt: skip
#: What the places of an article are found by.
_PLACES_FROM = ("title", "body", "low_confidence_words")
#: Restoring an earlier text does not publish or withdraw an article.
NOT_RESTORED = ("state", "held_reason")
#: If a smaller share of a text's words stood there before, it is no longer the one that OCR read.
#: Of two texts of the samples one has 9 % of the other's words (median), one in a hundred has 20 %.
_LEAST_LEFT = 0.3
#: Articles whose state changes in one transaction: well under half a second on SQLite.
STATE_CHUNK = 500
DRAFT = Article.State.DRAFT


@dataclass(frozen=True, slots=True)
class RevisionStep:
    """A revision with the values of each changed field: {field: (before, after)}."""

    revision: Revision
    changes: Mapping[str, tuple[Any, Any]]
    original_changed: bool

    @property
    def restorable(self) -> bool:
        """Return True if the state before this revision can be restored."""
        return self.original_changed or any(name not in NOT_RESTORED for name in self.changes)


def revision_steps(article: Article) -> list[RevisionStep]:
    """Return every revision, newest first.

    A revision stores only the values before it; the values after it are those stored by the next revision,
    or the current ones.
    """
    now = snapshot(article)
    found = []
    revisions = article.revisions.select_related("made_by").defer("original_before").order_by("-pk")
    replaced = set(article.revisions.filter(original_before__isnull=False).values_list("pk", flat=True))
    for revision in revisions:
        changes = {name: (value, now.get(name)) for name, value in revision.before.items()}
        found.append(RevisionStep(revision, changes, revision.pk in replaced))
        now |= revision.before
    return found


def state_before(article: Article, revision: Revision) -> tuple[dict[str, Any], bytes | None]:
    """Return (values, original) of the article just before a revision; None if the original is unchanged."""
    values, original = snapshot(article), None
    for later in _since(article, revision):
        values |= later.before
        if later.original_before is not None:
            original = bytes(later.original_before)
    return values, original


@transaction.atomic
def restore(article: Article, revision: Revision, *, by: AbstractBaseUser | None, reason: str) -> bool:
    """Restore the state just before a revision, as a new Revision.

    A source that was deleted since is not restored. Returns True if anything changed.
    """
    now, (values, original) = snapshot(article), state_before(article, revision)
    if not _is_source(values["source_id"]):
        values["source_id"] = now["source_id"]
    changed = {
        name: value for name, value in values.items() if name not in NOT_RESTORED and now.get(name) != value
    }
    known = {name: value for name, value in changed.items() if name in now}
    if not known and original is None:
        return False
    apply_changes(
        article, known, original=original, cities=None, by=by, reason=reason, resolver=PlaceResolver()
    )  # fmt: skip
    return True


def _is_source(pk: int | None) -> bool:
    """Return False for the id of a source that was deleted since."""
    return pk is None or Source.objects.filter(pk=pk).exists()


def _since(article: Article, revision: Revision) -> QuerySet[Revision]:
    """Return the revision and those after it, newest first."""
    return article.revisions.filter(pk__gte=revision.pk).order_by("-pk")


def snapshot(article: Article) -> dict[str, Any]:
    """Return the values that a revision stores, as JSON types."""
    values = {name: getattr(article, name) for name in REVISION_FIELDS}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def record_revision(
    article: Article,
    before: Mapping[str, Any],
    *,
    by: AbstractBaseUser | None,
    reason: str,
    batch: ImportBatch | None = None,
) -> Revision | None:
    """Create a Revision with the values of `before` (a `snapshot`) that changed; return None if none did."""
    after = snapshot(article)
    changed = {name: value for name, value in before.items() if after[name] != value}
    if not changed:
        return None
    close_open_inferences(article, changed, by=by, batch=batch)
    return Revision.objects.create(
        article=article,
        made_by=by,  # type: ignore[misc]  # any user model
        reason=reason[:300],
        before=changed,
        batch=batch,
    )


def apply_changes(
    article: Article,
    values: Mapping[str, Any],
    *,
    original: bytes | None,
    cities: list[str] | None,
    by: AbstractBaseUser | None,
    reason: str,
    resolver: PlaceResolver,
    batch: ImportBatch | None = None,
    cuts: Sequence[Cut] | None = None,
) -> Revision | None:
    """Set new values, store the old ones in a Revision, and update places, dates, cuts and clusters.

    `values` has the form of `ImportRow.pending`; `cities` None keeps the places that the metadata named;
    `cuts` are the spans that boilerplate rules removed from a text that an import brings. A source that was
    deleted since the values were stored is left out. Returns the Revision, or None if nothing changed.
    """
    before, old_original = snapshot(article), bytes(article.original)
    for name, value in values.items():
        if name == "source_id" and value != article.source_id and not _is_source(value):
            continue
        setattr(article, name, date.fromisoformat(value) if name == "date" and value else value)
    if original is not None:
        article.original = original
    retag = cities is not None or place_mentions_stale(article, before)
    if retag:
        article.text_hash = text_hash(article.title, article.body)
        article.duplicate_of_id = find_duplicate_original(article)
    revision = record_revision(article, before, by=by, reason=reason, batch=batch)
    if revision and original is not None and original != old_original:
        revision.original_before = old_original
        revision.save(update_fields=["original_before"])
    article.save()
    if retag or before["sha256"] != article.sha256:
        relocate_cuts(article, cuts, by)
    if retag:
        tag_places(article, cities, resolver)
        update_clusters([article.pk])
    if date_mentions_stale(article, before):
        tag_dates(article)
    return revision


def change_state(
    ids: Iterable[int], state: str, *, by: AbstractBaseUser | None, reason: str, unreadable: bool = False
) -> int:
    """Give articles a state (Article.State), each with a Revision; return how many changed.

    The reason for which a text was held goes, unless it is withdrawn as `unreadable`: then a good text that a
    later import brings publishes the article. What is withdrawn for any other reason no import publishes.
    """
    changed = 0
    keeps_reason = unreadable or state == Article.State.HELD
    as_wanted = Q(state=state) if keeps_reason else Q(state=state, held_reason="")
    for chunk in chunks(ids, STATE_CHUNK):
        with transaction.atomic():
            articles = Article.objects.filter(~as_wanted, pk__in=chunk).order_by("pk").select_for_update()
            before: dict[int, dict[str, str]] = {}
            for pk, old, held in articles.values_list("pk", "state", "held_reason"):
                before[pk] = {"state": old} if old != state else {}
                if held and not keeps_reason:
                    before[pk]["held_reason"] = held
            Revision.objects.bulk_create(
                Revision(article_id=pk, made_by=by, reason=reason[:300], before=values)  # type: ignore[misc]  # any user model
                for pk, values in before.items()
            )
            written = {} if keeps_reason else {"held_reason": ""}
            changed += Article.objects.filter(pk__in=before).update(state=state, **written)
            update_clusters(
                [
                    pk
                    for pk, values in before.items()
                    if "state" in values and DRAFT in (state, values["state"])
                ]
            )
    return changed


def forget_typed_words(article: Article, before: Mapping[str, Any] | None) -> None:
    """Remove the words that an editor typed from the low-confidence words of an article.

    Those are the words that occur more often than in `before` (a `snapshot`). If hardly any word of the old
    text is left, forget that OCR read it.
    """
    if before is None or (article.ocr_confidence is None and not article.low_confidence_words):
        return
    # A title that was made of the text only repeats it; what an editor leaves of such a title was not typed.
    names = ("body",) if article.title_derived else ("title", "body")
    old, new = (Counter(_terms_of(values, names)) for values in (before, snapshot(article)))
    if len(new.keys() & old) < _LEAST_LEFT * len(new):
        article.ocr_confidence, article.low_confidence_words = None, ""
    else:
        left = [word for word in article.low_confidence_words.split() if new[word] <= old[word]]
        article.low_confidence_words = " ".join(left)


def _terms_of(values: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """Return the words of these fields of a `snapshot`."""
    return normalized_terms("\n".join(values[name] for name in names))


def place_mentions_stale(article: Article, before: Mapping[str, Any] | None) -> bool:
    """Return True if the places may differ from those of `before` (a `snapshot`; None: unknown)."""
    return _differs(article, before, _PLACES_FROM)


def date_mentions_stale(article: Article, before: Mapping[str, Any] | None) -> bool:
    """Return True if the date mentions may differ from those of `before` (a `snapshot`; None: unknown).

    They depend on the text and on the publication date, from which relative dates are computed.
    """
    return _differs(article, before, (*_PLACES_FROM, "date", "date_precision"))


def _differs(article: Article, before: Mapping[str, Any] | None, names: Iterable[str]) -> bool:
    after = snapshot(article)
    return before is None or any(before[name] != after[name] for name in names)


def find_duplicate_original(article: Article) -> int | None:
    """Return the id of the oldest earlier article with the same text, or None if there is none."""
    same = Article.objects.filter(text_hash=article.text_hash).exclude(pk=article.pk)
    if article.pk:
        same = same.filter(pk__lt=article.pk)
    return same.order_by("pk").values_list("pk", flat=True).first()
