"""/metrics: figures for Prometheus, for scrapers of this machine and those that have the token."""

from __future__ import annotations

import base64
import hmac
import ipaddress
import os
from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from articles.models import ImportBatch, Outbox
from search.engines import get_engine
from search.engines.contract import EngineError
from search.web.health import ONE_HIT


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Return all figures in Prometheus' text format; 404 for those who may not ask."""
    if not may_scrape(request):
        raise Http404
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # adds itself to the registry
    else:
        registry.register(REGISTRY)
    registry.register(ArchiveCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def may_scrape(request: HttpRequest) -> bool:
    """Return True for a request from this machine itself, or one that has METRICS_TOKEN.

    What a proxy passes on comes from this machine too, but says whom it is passed on for.
    """
    if settings.METRICS_TOKEN and _is_token(request.headers.get("Authorization", "")):
        return True
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _is_token(header: str) -> bool:
    """Return True if METRICS_TOKEN is the password of this header (`basic_auth` of Prometheus).

    Not a bearer token: those are for readers' programs and belong to an account.
    """
    scheme, _space, encoded = header.partition(" ")
    try:
        given = base64.b64decode(encoded, validate=True).partition(b":")[2]
    except ValueError:  # binascii.Error is one, and letters that are not ASCII raise another
        return False
    return scheme == "Basic" and hmac.compare_digest(given, settings.METRICS_TOKEN.encode())


class ArchiveCollector(Collector):
    """The state of the archive at the moment of the scrape."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the figures; those of an engine that is down are left out."""
        waiting = Outbox.objects.filter(done_at__isnull=True)
        held = waiting.aggregate(rows=Count("pk"), oldest=Min("written_at"))
        age = (timezone.now() - held["oldest"]).total_seconds() if held["oldest"] else 0.0
        yield _gauge("archive_outbox_rows", "Changes that wait for the index.", held["rows"])
        yield _gauge("archive_outbox_oldest_seconds", "Age of the oldest of these changes.", max(0.0, age))
        refused = waiting.filter(attempts__gt=0).count()
        yield _gauge("archive_outbox_refused", "Articles that the engine refused.", refused)
        imports = GaugeMetricFamily("archive_imports", "Imports by state.", labels=["state"])
        for state, number in ImportBatch.objects.order_by().values_list("state").annotate(Count("pk")):
            imports.add_metric([state], number)
        yield imports
        try:
            engine = get_engine()
            engine.search(ONE_HIT)
            status = engine.status()
        except EngineError:
            yield _gauge("archive_engine_up", "1 if the engine answers and its index can be searched.", 0)
            return
        yield _gauge("archive_engine_up", "1 if the engine answers and its index can be searched.", 1)
        yield _gauge("archive_index_documents", "Articles in the index.", status.documents)
        yield _gauge("archive_index_live_bytes", "Bytes of the index that searches use.", status.live_bytes)
        yield _gauge("archive_index_dead_bytes", "Bytes of files that nothing uses.", status.dead_bytes)
        deleted = status.deleted_documents
        yield _gauge("archive_index_deleted_documents", "Replaced, not yet rewritten away.", deleted)


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value)
