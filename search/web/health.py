"""Health checks for a load balancer: whether the process runs, and whether it can serve."""

from __future__ import annotations

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.outbox import triggers
from search.engines import get_engine
from search.engines.contract import EngineError, EngineRequest
from search.query_tree import MatchAll

#: What an operator can do about it, by the name of the error. Messages of errors may name hosts.
REASONS = {
    "EngineUnavailable": "the search engine does not answer: does it run, and is the password right?",
    "ShardsUnavailable": "the search engine runs, but parts of the index cannot be read: see its own log",
    "IndexMissing": "there is no index: the index worker (drain_outbox --forever) or rebuild_index makes one",
    "IndexOfOtherRelease": "the index is of another release: run rebuild_index",
    "EngineError": "the search engine refuses a search: does its alias name the archive's own index?"
    " The index worker (drain_outbox --forever) or rebuild_index builds it anew",
    "IndexDamaged": "the index is damaged; the index worker (drain_outbox --forever) builds it anew",
    "OperationalError": "the database cannot be used: does it run, is its disk full or read-only?",
    "InterfaceError": "the connection to the database is broken: does it run?",
    "ProgrammingError": "the tables of the database are not those of this release: run setup_archive",
}

ONE_HIT = EngineRequest(MatchAll(), limit=1)


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process responds, without touching anything else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 if the database, its triggers and the engine are available, else 503 with the reasons."""
    checks = {"database": _database(), "triggers": _triggers(), "engine": _engine()}
    broken = any(checks.values())
    body = {
        "ready": not broken,
        "checks": {name: reason or "ok" for name, reason in checks.items()},
        "reasons": [REASONS.get(reason, f"{name}: {reason}") for name, reason in checks.items() if reason],
    }
    return JsonResponse(body, status=503 if broken else 200)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return type(error).__name__
    return ""


def _triggers() -> str:
    try:
        missing = triggers.missing_triggers()
    except Error as error:
        return type(error).__name__
    return f"missing: {', '.join(missing)}" if missing else ""


def _engine() -> str:
    try:
        engine = get_engine()
        engine.ping()
        engine.search(ONE_HIT)  # what readers ask: an index with other fields has a state, too
    except (EngineError, Error) as error:  # which sources a reader may see is in the database
        return type(error).__name__
    return ""
