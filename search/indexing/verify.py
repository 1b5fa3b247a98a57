"""Comparison of the index with the database; both are read as streams sorted by id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from articles.batching import chunks
from articles.models import Article, Outbox
from search.engines import get_engine
from search.engines.contract import IndexDocument, SearchEngine
from search.indexing.index_documents import CHUNK, iter_documents
from search.indexing.outbox_consumer import drain_outbox

#: A difference is a fault if it is seen this many times in a row: an article may change between the streams.
REQUIRED_SIGHTINGS = 3


@dataclass(frozen=True)
class IndexDifferences:
    """Articles missing from the index, articles that it should not have, and articles in another state."""

    #: Visible articles in the database.
    documents: int = 0
    missing: list[int] = field(default_factory=list)
    extra: list[int] = field(default_factory=list)
    differing: list[int] = field(default_factory=list)

    def ids(self) -> list[int]:
        """Return the ids of all differences, ascending."""
        return sorted(self.missing + self.extra + self.differing)

    def restricted_to(self, ids: set[int]) -> IndexDifferences:
        """Return the differences among `ids`."""
        kept = ([pk for pk in kind if pk in ids] for kind in (self.missing, self.extra, self.differing))
        return IndexDifferences(self.documents, *kept)


@dataclass(frozen=True)
class VerificationResult:
    """The result of a check. `faults` have no outbox row that would repair them."""

    faults: IndexDifferences
    #: Articles that differ and wait in the outbox, which is no fault.
    waiting: int
    repaired: int = 0
    #: Faults of the index's own files; then no article was compared.
    damage: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Return True if no fault is left."""
        return not self.faults.ids() and not self.damage


def compare_fingerprints(
    indexed: Iterable[tuple[int, str]], documents: Iterable[IndexDocument]
) -> IndexDifferences:
    """Compare (id, fingerprint) of an index with the database's documents, both by ascending id."""
    found = IndexDifferences()
    total = 0
    index = iter(indexed)
    held = next(index, None)
    for document in documents:
        total += 1
        while held and held[0] < document.id:
            found.extra.append(held[0])
            held = next(index, None)
        if not held or held[0] > document.id:
            found.missing.append(document.id)
        else:
            if held[1] != document.fingerprint:
                found.differing.append(document.id)
            held = next(index, None)
    if held:
        found.extra.append(held[0])
    found.extra.extend(pk for pk, _fingerprint in index)
    return IndexDifferences(total, found.missing, found.extra, found.differing)


def verify_index(engine: SearchEngine | None = None, *, repair: bool = False) -> VerificationResult:
    """Compare the serving index with the database; with `repair` send what differs and compare again.

    Damaged files are found, but not repaired (see index_repair.py). Raises IndexMissing, EngineUnavailable,
    EngineBusy.
    """
    engine = engine or get_engine()
    if damage := engine.file_faults():
        return VerificationResult(IndexDifferences(), 0, damage=tuple(damage))
    checked = _find_faults(engine)
    if not repair or checked.clean:
        return checked
    faults = checked.faults.ids()
    for part in chunks(faults, CHUNK):
        Outbox.objects.bulk_create(Outbox(article_id=pk, interactive=False) for pk in part)
    drain_outbox(engine)
    after = _find_faults(engine)
    return VerificationResult(
        after.faults, after.waiting, repaired=len(set(faults) - set(after.faults.ids()))
    )


def _find_faults(engine: SearchEngine) -> VerificationResult:
    """Return the differences that were seen every time and are not about to be sent."""
    faults, waiting = IndexDifferences(), 0
    for look in range(REQUIRED_SIGHTINGS):
        # Before the streams: a row that is sent while they are read has repaired a difference that they still
        # show.
        on_their_way = set(_waiting_articles())
        found = compare_fingerprints(engine.fingerprints(), iter_documents())
        on_their_way.update(_waiting_articles())
        on_their_way.update(_in_fan_outs(found.ids()))
        differing = set(found.ids())
        waiting = len(differing & on_their_way)
        kept = differing - on_their_way
        faults = found.restricted_to(kept if look == 0 else kept & set(faults.ids()))
        if not faults.ids():
            break
    return VerificationResult(faults, waiting)


def _waiting_articles() -> Iterator[int]:
    rows = Outbox.objects.filter(done_at__isnull=True, attempts=0, article_id__isnull=False)
    return (pk for pk in rows.values_list("article_id", flat=True).iterator() if pk is not None)


def _in_fan_outs(ids: list[int]) -> Iterator[int]:
    """Yield those of `ids` that a waiting fan-out row will send."""
    fan_outs = Outbox.objects.filter(done_at__isnull=True, kind=Outbox.Kind.FAN_OUT)
    for batch_id, cursor in fan_outs.values_list("batch_id", "cursor"):
        for part in chunks(ids, CHUNK):
            articles = Article.objects.filter(pk__in=part, pk__gt=cursor)
            yield from (articles if batch_id is None else articles.filter(batch_id=batch_id)).values_list(
                "pk", flat=True
            )
