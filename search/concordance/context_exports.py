"""Words in context over all hits of a search, read in the background.

A row holds what was asked for and how far it is; a task that is lost or enqueued twice does no harm. The rows
hold no text of an article: see `ContextExport`.
"""

from __future__ import annotations

import json
import time
import zlib
from array import array
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from articles.models.audiences import sources_hidden_from
from articles.source_scope import SourceScope
from search.concordance.context_lines import LINE_ORDERS, LineOrder, LinePlace, build_concordance
from search.concordance.export_room import KEPT_FOR, LOST_AFTER, export_room
from search.concordance.hit_sample import HitSample
from search.concordance.occurrences import OccurrenceFinder
from search.concordance.word_association import AssociatedWord, WordList, distinctive_words, word_partners
from search.engines import get_engine
from search.engines.contract import EngineError, SearchEngine
from search.models import ContextExport
from search.query.compiler import prepare_search
from search.query.request import SearchRequest
from search.store.database import DatabaseStore
from search.store.request_names import restricted_sources

State = ContextExport.State
#: Lines of an export; so many take some 40 MB while they are sorted.
MAX_LINES = 100_000
_PROGRESS_SECONDS = 1.0


class ExportStoppedError(Exception):
    """The export cannot go on; `fault` says why: "stopped", "time" or "gone"."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def create_export(owner: str, request: SearchRequest, *, network: str = "") -> ContextExport:
    """Store the wish for an export. Raises NoRoomError.

    `network` is that of a reader without an account, "" for one who is not counted by it.
    """
    expire_exports()
    with transaction.atomic(), export_room(owner, network) as label:
        return ContextExport.objects.create(owner=owner, network=label, query=request.query_string(page=1))


def delete_export(export: ContextExport) -> None:
    """Delete an export, also one that is being made.

    Of a stranger's it stays that one was made, and when: otherwise one address could start as many as it
    deletes.
    """
    if not export.network:
        export.delete()
        return
    ContextExport.objects.filter(pk=export.pk).update(
        owner="", query="", result=None, state=State.FAILED, fault="deleted", read=0, total=0, size=0
    )


def expire_exports() -> None:
    """Delete exports older than KEPT_FOR."""
    ContextExport.objects.filter(made_at__lt=timezone.now() - KEPT_FOR).delete()


def forget_words(**_: Any) -> None:
    """Receive `pre_erase`: delete the lists of words, one of which the erased article may have alone."""
    words = (each.pk for each in ContextExport.objects.defer("result") if words_option(each) != "lines")
    ContextExport.objects.filter(pk__in=list(words)).delete()


def export_request(export: ContextExport) -> SearchRequest:
    """Return the search that an export is of."""
    return SearchRequest.from_params(QueryDict(export.query))[0]


def words_option(export: ContextExport) -> str:
    """Return "lines", "partners" or "distinctive"."""
    return _option(export_request(export), "words", ("partners", "distinctive"), "lines")


def _option(request: SearchRequest, key: str, choices: Sequence[str], default: str) -> str:
    values = [value for name, value in request.view_options if name == key]
    return values[-1] if values and values[-1] in choices else default


def is_lost(export: ContextExport) -> bool:
    """Return True if no process works on an unfinished export any more."""
    unfinished = export.state in (State.WAITING, State.RUNNING)
    return unfinished and abs(timezone.now() - export.changed_at) > LOST_AFTER  # the clock may be set back


def run_export(pk: int, *, seconds: float | None = None, stop: Callable[[], bool] = lambda: False) -> None:
    """Read all hits and store the result; an export that was finished or deleted is left alone.

    It fails after `seconds`, and when `stop` returns True.
    """
    export = ContextExport.objects.filter(pk=pk).defer("result").first()
    if export is None or export.state in (State.DONE, State.FAILED):
        return
    progress = _Progress(pk, seconds, stop)
    scope = SourceScope(lambda: sources_hidden_from(_reader_of(export), restricted_sources()))
    try:
        with scope.active():
            size, result = _read_all(export_request(export), get_engine(), progress)
        progress.save(state=State.DONE, size=size, result=result)
    except ExportStoppedError as stopped:
        if stopped.fault != "gone":
            progress.save(state=State.FAILED, fault=stopped.fault)
    except EngineError:
        progress.save(state=State.FAILED, fault="engine")


def _reader_of(export: ContextExport) -> User | AnonymousUser:
    kind, _colon, number = export.owner.partition(":")
    known = User.objects.filter(pk=int(number)).first() if kind == "user" else None
    return known or AnonymousUser()


class _Progress:
    """Writes how far an export is, at most once a second, and stops it."""

    def __init__(self, pk: int, seconds: float | None, stop: Callable[[], bool]) -> None:
        self._pk, self._stop = pk, stop
        self._deadline = time.monotonic() + seconds if seconds is not None else None
        self._next = 0.0

    def __call__(self, read: int, total: int) -> None:
        if self._stop():
            raise ExportStoppedError("stopped")
        now = time.monotonic()
        if self._deadline is not None and now > self._deadline:
            raise ExportStoppedError("time")
        if now >= self._next:
            self._next = now + _PROGRESS_SECONDS
            if not self.save(state=State.RUNNING, read=read, total=total):
                raise ExportStoppedError("gone")

    def save(self, **values: Any) -> bool:
        """Store the values; return False if the export was deleted."""
        changed = ContextExport.objects.filter(pk=self._pk).exclude(fault="deleted")
        return bool(changed.update(changed_at=timezone.now(), **values))


def _read_all(request: SearchRequest, engine: SearchEngine, progress: _Progress) -> tuple[int, bytes]:
    """Return the number of lines or words, and the result packed."""
    search = prepare_search(request, DatabaseStore())
    finder = OccurrenceFinder(search.compiled)
    sample = HitSample(search, engine, None, progress)
    words = _option(request, "words", ("partners", "distinctive"), "lines")
    if words == "lines":
        order: LineOrder = _option(request, "order", LINE_ORDERS, "date")  # type: ignore[assignment]  # checked
        found = build_concordance(sample, finder, order, search.store, MAX_LINES)
        progress.save(read=found.read, total=found.total)
        return len(found.places), pack_places(found.places)
    listed = (
        word_partners(sample, finder)
        if words == "partners"
        else distinctive_words(search, sample, finder, engine)
    )
    progress.save(read=listed.read, total=listed.total)
    return len(listed.words), pack_words(listed)


def pack_places(places: Sequence[LinePlace]) -> bytes:
    """Return the places of lines as bytes."""
    numbers = array("q", (number for place in places for number in place))
    return zlib.compress(numbers.tobytes(), 1)


def unpack_places(packed: bytes) -> tuple[LinePlace, ...]:
    """Return what `pack_places` packed."""
    numbers = array("q", zlib.decompress(packed))
    return tuple(map(LinePlace, numbers[::2], numbers[1::2]))


def pack_words(found: WordList) -> bytes:
    """Return a list of words as bytes."""
    words = [(each.word, each.here, each.in_all, each.log_likelihood) for each in found.words]
    return json.dumps([words, found.here, found.in_all, found.read, found.total]).encode()


def unpack_words(packed: bytes) -> WordList:
    """Return what `pack_words` packed."""
    words, *totals = json.loads(packed)
    return WordList(tuple(AssociatedWord(*each) for each in words), *totals)
