"""/metrics: who may read it, and what it says of requests, searches, the outbox and the index."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, ImportBatch, Outbox
from search.engines import get_engine
from search.engines.contract import EngineUnavailable
from search.indexing.outbox_consumer import drain_outbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def archive(settings: Any, tmp_path: Any) -> None:
    """Serve one article from an index of this test alone."""
    options = {"ENGINE": "search.engines.embedded.EmbeddedEngine", "PATH": tmp_path / "index"}
    settings.SEARCH_ENGINES = {"embedded": options}
    settings.SEARCH_ENGINE = "embedded"
    settings.INDEX_ON_COMMIT = False
    Article.objects.create(title="قصف", body="قصف في حمص")
    drain_outbox(get_engine())


def figure(client: Client, name: str) -> float:
    """Return a figure of /metrics, 0 if it is not there."""
    text = client.get("/metrics").content.decode()
    found = re.search(rf"^{re.escape(name)} ([\d.e+-]+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_searches_count_by_outcome_and_requests_by_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {outcome: f'archive_searches_total{{outcome="{outcome}"}}'
             for outcome in ("hits", "nothing", "unavailable")}  # fmt: skip
    pages = 'archive_requests_total{page="search",status="200"}'
    before = {outcome: figure(client, name) for outcome, name in names.items()}
    shown, timed = figure(client, pages), figure(client, 'archive_request_seconds_count{page="search"}')
    client.get("/search/?q=قصف")
    client.get("/api/v1/search?q=قصف")
    client.get("/search/?q=عنقاء")
    with monkeypatch.context() as patched:
        down = EngineUnavailable("down")
        patched.setattr(type(get_engine()), "view", lambda self: (_ for _ in ()).throw(down))
        patched.setattr(type(get_engine()), "search", lambda self, request: (_ for _ in ()).throw(down))
        client.get("/search/?q=قصف")
    after = {outcome: figure(client, name) - before[outcome] for outcome, name in names.items()}
    assert after == {"hits": 2, "nothing": 1, "unavailable": 1}
    assert figure(client, pages) - shown == 2
    assert figure(client, 'archive_request_seconds_count{page="search"}') - timed == 3


def test_the_state_of_the_archive_is_that_of_the_moment(client: Client) -> None:
    assert (figure(client, "archive_outbox_rows"), figure(client, "archive_engine_up")) == (0, 1)
    assert figure(client, "archive_index_documents") == 1
    assert figure(client, "archive_index_live_bytes") > 0
    ImportBatch.objects.create(state=ImportBatch.State.STAGING)
    Article.objects.create(title="جديد")
    Outbox.objects.update(attempts=1)
    assert figure(client, "archive_outbox_rows") == 1
    assert figure(client, "archive_outbox_refused") == 1
    assert figure(client, "archive_outbox_oldest_seconds") > 0
    assert figure(client, 'archive_imports{state="staging"}') == 1


def test_only_this_machine_and_those_with_the_token_read_it(client: Client, settings: Any) -> None:
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 404
    passed_on = {"REMOTE_ADDR": "127.0.0.1", "headers": {"X-Forwarded-For": "192.0.2.1"}}
    assert client.get("/metrics", **passed_on).status_code == 404

    def asked(password: str) -> int:
        basic = "Basic " + base64.b64encode(f"prometheus:{password}".encode()).decode()
        asking = {"REMOTE_ADDR": "192.0.2.1", "headers": {"Authorization": basic}}
        return client.get("/metrics", **asking).status_code

    assert asked("") == 404
    settings.METRICS_TOKEN = "long and random"
    assert (asked("long and random"), asked("long"), asked("")) == (200, 404, 404)
    for strange in ("Basic é", "Basic =", "Basic "):
        asking = {"REMOTE_ADDR": "192.0.2.1", "headers": {"Authorization": strange}}
        assert client.get("/metrics", **asking).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 404
