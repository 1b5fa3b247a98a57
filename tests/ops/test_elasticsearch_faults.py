"""Every way in which Elasticsearch can fail: what readers see, what is logged, that nothing is lost."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from elasticsearch import Elasticsearch

from articles.models import Article, Outbox
from articles.outbox.commit_hooks import searchable_now
from search.engines import get_engine
from search.engines.elastic import ElasticEngine
from search.indexing.background import drain_thread
from search.indexing.rebuild import rebuild_index
from search.indexing.verify import verify_index
from search.management.commands.drain_outbox import OutboxWorker
from tests.ops.running import wait_until
from tests.ops.tcp_proxy import TcpProxy
from tests.search.indexing.worker_rounds import one_round

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

#: What one question of a reader may take here, in seconds; a page may take half as much again.
TIMEOUT = 1.0
SEARCHES = (
    "/search/?q=قصف",
    "/search/?q=قصف&view=context",
    "/search/?q=قصف&view=time",
    "/facets/place/?q=قصف",
    "/search/export/?q=قصف",
    "/search/export.csv?q=قصف",
    "/search/feed.atom?q=قصف",
    "/api/v1/search?q=قصف",
)
#: These need no engine.
OTHERS = ("/", "/articles/{id}/?q=قصف", "/suggest/?q=قص", "/coverage/", "/help/", "/metrics", "/healthz")


@dataclass
class Site:
    """An archive with one article that can be found, on an Elasticsearch behind a proxy."""

    proxy: TcpProxy
    engine: ElasticEngine
    #: Goes around the proxy.
    admin: Elasticsearch
    article: Article

    @property
    def index(self) -> str:
        """Return the name of the index behind the alias."""
        return next(iter(self.admin.indices.get_alias(name=self.engine._alias).body))

    def set(self, **settings: object) -> None:
        """Change settings of the serving index."""
        self.admin.indices.put_settings(index=self.index, settings=settings)


def freeze(site: Site) -> None:
    site.proxy.mode = "silent"


def refuse_password(site: Site) -> None:
    site.proxy.mode = "unauthorized"


def slow_down(site: Site) -> None:
    site.proxy.delay = TIMEOUT * 0.8


def set_right(site: Site) -> None:
    site.proxy.mode, site.proxy.delay = "pass", 0.0
    site.proxy.cut()


def forbid_writes(site: Site) -> None:
    site.set(**{"index.blocks.read_only_allow_delete": True})


def allow_writes(site: Site) -> None:
    site.set(**{"index.blocks.read_only_allow_delete": None})


def exchange_index(site: Site) -> None:
    """Put an index with other fields under the alias, as a write without `require_alias` would."""
    site.admin.indices.delete(index=site.index)
    site.admin.index(index=site.engine._alias, id="1", document={"title": "قصف"}, refresh=True)


def delete_stranger(site: Site) -> None:
    """Do what the message in the log asks for: the archive deletes no index that it did not make."""
    site.admin.indices.delete(index=site.engine._alias)


def delete_index(site: Site) -> None:
    site.admin.indices.delete(index=site.index)


def lose_shard(site: Site) -> None:
    """Leave the index without the files of its only shard, and no node that may take a new one."""
    name = site.index
    old = site.admin.indices.get(index=name).body[name]
    site.admin.indices.delete(index=name)
    site.admin.indices.create(
        index=name, mappings=old["mappings"], aliases=old["aliases"], wait_for_active_shards=0,
        settings={
            "analysis": old["settings"]["index"]["analysis"],
            "index.routing.allocation.require._name": "no such node",
        },
    )  # fmt: skip


def give_shard(site: Site) -> None:
    site.set(**{"index.routing.allocation.require._name": None})
    site.admin.cluster.health(index=site.index, wait_for_status="yellow")


def nothing(site: Site) -> None:
    """Leave it to the index worker."""


@dataclass(frozen=True)
class Fault:
    """A fault: how it comes and goes, what /readyz names, a part of the worker's log line."""

    begin: Callable[[Site], None]
    end: Callable[[Site], None]
    ready: str
    logged: str
    #: Requests of a page that reach the server at most; None = it may ask as usual.
    asks: int | None = None
    #: Whether searches go on.
    searches: bool = False
    #: Whether Elasticsearch itself lost documents, which `check_index --repair` sends again.
    repair: bool = False


FAULTS = {
    "gone": Fault(
        lambda site: site.proxy.stop(), lambda site: site.proxy.start(), "EngineUnavailable", "again"
    ),
    "frozen": Fault(freeze, set_right, "EngineUnavailable", "", asks=1),
    "slow": Fault(slow_down, set_right, "EngineUnavailable", "", asks=2, searches=True),
    "wrong password": Fault(refuse_password, set_right, "EngineUnavailable", "AuthenticationException(401"),
    "disk nearly full": Fault(forbid_writes, allow_writes, "", "read-only-allow-delete", searches=True),
    "shard lost": Fault(lose_shard, give_shard, "ShardsUnavailable", "again", repair=True),
    "deleted": Fault(delete_index, nothing, "IndexMissing", "built anew"),
    "exchanged": Fault(exchange_index, delete_stranger, "EngineError", "did not make"),
}


@pytest.fixture
def site(elasticsearch_url: str, settings: Any) -> Iterator[Site]:
    """Make an archive of one article, with the limits of service scaled down to `TIMEOUT`."""
    proxy = TcpProxy(urlsplit(elasticsearch_url).port or 9200)
    prefix = f"test-{secrets.token_hex(4)}"
    options = settings.SEARCH_ENGINES["elasticsearch"]
    options |= {"URL": f"http://127.0.0.1:{proxy.port}", "PREFIX": prefix, "TIMEOUT": 30}
    settings.SEARCH_ENGINE, settings.SEARCH_ENGINES = "elasticsearch", {"elasticsearch": options}
    article = Article.objects.create(title="قصف", body="قصف في حمص")
    rebuild_index()
    settings.SEARCH_ENGINES = {"elasticsearch": options | {"TIMEOUT": TIMEOUT}}
    settings.SAVE_WAITS_FOR_INDEX = 0.3
    engine = get_engine()
    assert isinstance(engine, ElasticEngine)
    admin = Elasticsearch(elasticsearch_url, request_timeout=30)
    yield Site(proxy, engine, admin, article)
    set_right(Site(proxy, engine, admin, article))
    drain_thread.stop()
    proxy.stop()
    names = admin.indices.get(index=f"{prefix}-*", expand_wildcards="all").body
    admin.indices.delete(index=",".join(names), ignore_unavailable=True)
    admin.close()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_of_elasticsearch_is_told_and_loses_nothing(
    fault: Fault, site: Site, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    fault.begin(site)

    look_at_pages(site, fault)
    ready = Client().get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["engine"]) == (
        (503, fault.ready) if fault.ready else (200, "ok")
    )
    assert bool(ready.json()["reasons"]) == bool(fault.ready)

    settings.INDEX_ON_COMMIT = True
    Article.objects.create(title="قصف آخر", body="نص")
    assert searchable_now() is not True
    settings.INDEX_ON_COMMIT = False
    worker = OutboxWorker()
    if fault.logged:
        one_round(worker)
        assert fault.logged in caplog.text
    assert "Traceback" not in caplog.text

    fault.end(site)
    drain_thread.stop()

    def caught_up() -> bool:
        one_round(worker)
        return not Outbox.objects.exists()

    wait_until(caught_up, 60, lambda: caplog.text)
    assert verify_index(repair=fault.repair).clean
    wait_until(lambda: Client().get("/readyz").status_code == 200, 30)
    assert Client().get("/api/v1/search?q=قصف").json()["total"] == 2


def look_at_pages(site: Site, fault: Fault) -> None:
    """Open every kind of page in both languages: a plain message or the right answer, in time."""
    for path in (*SEARCHES, *OTHERS):
        for language, told in (("ar", "متوقّف مؤقتًا"), ("en", "does not answer at the moment")):
            before = site.proxy.requests
            address = f"{path}{'&' if '?' in path else '?'}lang={language}".format(id=site.article.pk)
            page = Client().get(address)
            text = page.getvalue().decode(errors="replace")
            asked = site.proxy.requests - before
            assert "Traceback" not in text, address
            reads_all = ".csv" in path or ".atom" in path  # once begun, that may take long
            if fault.asks is not None and not (fault.searches and reads_all):
                assert asked <= fault.asks, f"{address}: {asked} requests"
            if page.status_code == 503:
                assert path in SEARCHES, address
                assert not (fault.searches and fault.asks is None), address
                if page.headers["Content-Type"].startswith("text/html"):
                    assert told in text, address
            else:
                assert page.status_code == 200, (address, page.status_code)
                assert path not in SEARCHES or fault.searches, address
                if path.startswith("/api/"):
                    assert page.json()["total"] == 1
