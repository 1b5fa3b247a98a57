"""The Elasticsearch engine alone: connections, errors, versions, the mapping."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from search.documents import ArticleDocument, registry
from search.engines.contract import (
    EngineError,
    EngineRequest,
    EngineUnavailable,
    IndexDocument,
    IndexMissing,
    Put,
    Remove,
)
from search.engines.elastic import ElasticEngine, indices
from search.engines.elastic.client import Connection, engine_error_for
from search.engines.elastic.indices import Indices, _builder_metadata, _is_builder_alive
from search.engines.elastic.query_translator import build_query
from search.engines.engine_errors import IndexOfOtherRelease
from search.query_tree import MatchAll, Pattern, Term

ALL = EngineRequest(MatchAll())
ARTICLE = IndexDocument(
    id=7,
    title="عنوان",
    body="وصل إلى حمص",
    source=2,
    places=(3, 5),
    about=(3,),
    first_day=20120229,
    last_day=20120229,
    precision="day",
    event=(20110000, 20120200, 20120229),
    fingerprint="abc",
)

INDEXED_TEXTS = {"title", "body", "title_forms", "body_forms", "lead_exact", "lead_forms", "opening_forms"}


def test_a_pattern_is_one_clause_whatever_may_stand_before_it() -> None:
    clause = build_query(Pattern("body", "كتا.", behind=("ال", "وال"), boost=2.0))
    assert clause == {
        "regexp": {
            "body": {
                "value": r"(ال|وال)?كتا\..*", "flags": "NONE", "boost": 2.0, "rewrite": "constant_score"
            }
        }
    }  # fmt: skip


def test_the_library_prepares_every_field_of_a_document() -> None:
    """Guard against django-elasticsearch-dsl 9.0 with elasticsearch 9.4, which prepares {}.

    See requirements.txt.
    """
    assert ArticleDocument().prepare(ARTICLE) == {
        "id": 7,
        "title": "عنوان",
        "body": "وصل إلى حمص",
        "title_forms": "عنوان",
        "body_forms": "وصل اليb §حمص",
        "lead_exact": "وصل الي حمص",
        "lead_forms": "وصل اليb §حمص",
        "opening_forms": "وصل اليb §حمص",
        "source": 2,
        "city": (3, 5),
        "governorate": (),
        "country": (),
        "about_city": (3,),
        "about_governorate": (),
        "about_country": (),
        "year": 2012,
        "month": 201202,
        "day": 20120229,
        "first_day": 20120229,
        "last_day": 20120229,
        "event": (20110000, 20120200, 20120229),
        "event_year": (2011, 2012),
        "event_month": (201202,),
        "event_day": (20120229,),
        "story": None,
        "fingerprint": "abc",
        "deleted": False,
    }


def test_the_library_s_own_commands_do_not_find_the_document() -> None:
    from django_elasticsearch_dsl.registries import registry as everyone  # noqa: PLC0415  used here only

    assert ArticleDocument in registry.get_documents()
    assert ArticleDocument not in everyone.get_documents()


def test_an_address_may_carry_a_password_and_name_several_servers() -> None:
    client = Connection("https://reader:p%40ss@one.example:9243,https://two.example").client(1.0)
    nodes = sorted(node.base_url for node in client.transport.node_pool.all())
    assert nodes == ["https://one.example:9243", "https://two.example:443"]
    assert client._headers["authorization"] == "Basic cmVhZGVyOnBAc3M="


def test_an_api_key_goes_before_a_password() -> None:
    client = Connection("http://user:password@localhost:9200", api_key="c2VjcmV0").client(1.0)
    assert client._headers["authorization"] == "ApiKey c2VjcmV0"


def test_a_closed_port_is_unavailable_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    engine = ElasticEngine(Connection(f"http://127.0.0.1:{port}"), "x")
    for call in (
        engine.ping,
        engine.status,
        lambda: engine.search(ALL),
        lambda: engine.apply([Remove(1)], 1),
    ):
        with pytest.raises(EngineUnavailable):
            call()
    engine.close()


def test_a_hanging_server_is_unavailable_after_the_read_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = ElasticEngine(Connection(f"http://127.0.0.1:{silent.getsockname()[1]}"), "x", timeout=0.2)
        with pytest.raises(EngineUnavailable, match="timed out"):
            engine.search(ALL)
        engine.close()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, EngineUnavailable),
        (429, EngineUnavailable),
        (503, EngineUnavailable),
        (404, IndexMissing),
        (400, EngineError),
    ],
)
def test_http_statuses_become_the_contracts_errors(status: int, error: type[EngineError]) -> None:
    made = engine_error_for(status, "why")
    assert isinstance(made, error)
    assert isinstance(made, EngineUnavailable) == (error is EngineUnavailable)


def test_a_builder_is_alive_as_long_as_its_process() -> None:
    us = _builder_metadata()
    assert _is_builder_alive(us)
    assert not _is_builder_alive({**us, "started": "1"}), "another process has the number now"
    assert not _is_builder_alive({**us, "pid": 2**22 + 1})
    assert _is_builder_alive({**us, "host": "elsewhere"}), "another host's gets a day"
    assert not _is_builder_alive({**us, "host": "elsewhere", "at": "2020-01-01T00:00:00+00:00"})


@pytest.fixture
def elastic(elastic_maker: Callable[[], ElasticEngine]) -> ElasticEngine:
    engine = elastic_maker()
    engine.ensure_index()
    return engine


@pytest.fixture
def client(elastic: ElasticEngine) -> Elasticsearch:
    return elastic._writer


def held_values(client: Elasticsearch, index: str, *fields: str) -> dict[str, Any]:
    """Return the columns of the only document of an index."""
    [hit] = client.search(index=index, docvalue_fields=list(fields))["hits"]["hits"]
    return dict(hit["fields"])


@pytest.mark.elasticsearch
def test_an_indexed_document_reads_back_unchanged(elastic: ElasticEngine, client: Elasticsearch) -> None:
    elastic.apply([Put(ARTICLE)], 41, interactive=True)
    sent = {**ArticleDocument().prepare(ARTICLE), "written": 41}
    texts = {name: str(sent.pop(name)) for name in INDEXED_TEXTS}
    values = {name: value if isinstance(value, tuple) else (value,) for name, value in sent.items()}
    held = held_values(client, elastic._alias, *values)
    assert held == {name: list(value) for name, value in values.items() if value not in ((), (None,))}
    for field, text in texts.items():
        for token in text.split():
            word = token.replace("إ", "ا").replace("ى", "ي") if field in ("title", "body") else token
            assert client.count(index=elastic._alias, query={"term": {field: word}})["count"], (field, word)
    assert elastic.analyzed_articles([7])[7].is_of(ARTICLE.title, ARTICLE.body)
    [hit] = client.search(index=elastic._alias, stored_fields=["*"], version=True)["hits"]["hits"]
    assert (hit["_version"], list(hit["fields"]), "_source" in hit) == (41, ["analyzed"], False)


@pytest.mark.elasticsearch
def test_a_removed_article_leaves_only_its_id_and_version(
    elastic: ElasticEngine, client: Elasticsearch
) -> None:
    elastic.apply([Put(ARTICLE)], 41)
    elastic.apply([Remove(7)], 42, interactive=True)
    fields = sorted(ArticleDocument().prepare(ARTICLE).keys() - INDEXED_TEXTS | {"written"})
    [held] = client.search(index=elastic._alias, stored_fields=["*"], version=True)["hits"]["hits"]
    assert (held["_version"], held.get("fields")) == (42, None)
    assert held_values(client, elastic._alias, *fields) == {"id": [7], "deleted": [True], "written": [42]}


@pytest.mark.elasticsearch
def test_a_write_without_an_index_creates_none(elastic_maker: Callable[[], ElasticEngine]) -> None:
    engine = elastic_maker()
    with pytest.raises(IndexMissing):
        engine.apply([Put(ARTICLE)], 1)
    assert not engine._writer.indices.exists(index=engine._alias)


@pytest.mark.elasticsearch
def test_a_rebuild_whose_index_was_deleted_raises_an_error(elastic: ElasticEngine) -> None:
    build = elastic.start_rebuild()
    elastic._indices.drop(build.name)
    with pytest.raises(IndexMissing):
        build.apply([Put(ARTICLE)], 1)


@pytest.mark.elasticsearch
def test_one_alias_one_index_with_the_settings_of_serving(
    elastic: ElasticEngine, client: Elasticsearch
) -> None:
    build = elastic.start_rebuild()
    assert (
        client.indices.get_settings(index=build.name)[build.name]["settings"]["index"]["refresh_interval"]
        == "-1"
    )
    build.publish()
    assert elastic._indices.serving() == [build.name]
    index = client.indices.get(index=f"{elastic._prefix}-*").body
    assert list(index) == [build.name], "the one before is gone"
    assert index[build.name]["settings"]["index"]["refresh_interval"] == "1s"
    assert list(index[build.name]["aliases"]) == [elastic._alias]


@pytest.mark.elasticsearch
def test_an_index_that_lost_its_alias_is_an_orphan(elastic: ElasticEngine, client: Elasticsearch) -> None:
    first = elastic.status().index
    name = elastic._indices.create()
    client.indices.update_aliases(actions=[{"remove": {"index": name, "alias": f"{name}-building"}}])
    assert elastic.drop_orphans() == [name]
    assert elastic.status().index == first


@pytest.mark.elasticsearch
def test_an_index_taken_for_an_orphan_can_no_longer_be_published(
    elastic: ElasticEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check that a request of a killed process, carried out just before the deletion, has no effect."""
    first = elastic.status().index
    build = elastic.start_rebuild()
    monkeypatch.setattr(indices, "_is_builder_alive", lambda builder: False)
    monkeypatch.setattr(Indices, "drop", lambda self, *names: None)
    assert elastic.drop_orphans() == [build.name]
    with pytest.raises(IndexMissing):
        build.publish()
    assert elastic._indices.serving() == [first]


@pytest.mark.elasticsearch
def test_an_index_published_after_the_search_for_orphans_serves(
    elastic: ElasticEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = elastic.start_rebuild()
    needed = Indices._is_needed

    def publish_now(self: Indices, name: str, index: dict[str, Any]) -> bool:
        if name == build.name:
            build.publish()
        return needed(self, name, index)

    monkeypatch.setattr(indices, "_is_builder_alive", lambda builder: False)
    monkeypatch.setattr(Indices, "_is_needed", publish_now)
    assert elastic.drop_orphans() == []
    build.abandon()
    assert elastic._indices.serving() == [build.name]


@pytest.mark.elasticsearch
def test_unknown_fields_are_refused(elastic: ElasticEngine, client: Elasticsearch) -> None:
    mapping = client.indices.get_mapping(index=elastic.status().index)[elastic.status().index]["mappings"]
    assert mapping["dynamic"] == "strict"


@pytest.mark.elasticsearch
def test_a_large_batch_is_sent_in_several_requests(
    elastic: ElasticEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.engines.elastic.index_writer.BULK_BYTES", 10_000)
    changes = [Put(IndexDocument(id, "", "حمص " * 500)) for id in range(20)]
    elastic.apply(changes, 1, interactive=True)
    assert elastic.search(EngineRequest(Term("body", "exact", "حمص"))).total == 20


@pytest.mark.elasticsearch
def test_an_index_of_an_older_version_needs_a_rebuild(
    elastic: ElasticEngine, client: Elasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = ArticleDocument.prepare
    monkeypatch.setattr(ArticleDocument, "prepare", lambda self, each: {**prepare(self, each), "newer": 1})
    with pytest.raises(IndexOfOtherRelease, match="run rebuild_index"):
        elastic.apply([Put(ARTICLE)], 1)


@pytest.mark.elasticsearch
@pytest.mark.slow
@pytest.mark.parametrize("segments", [[(0, 1)], [(0,), (1,), (2,)]])
def test_a_compacted_index_is_one_segment_without_the_documents_as_sent(
    elastic: ElasticEngine,
    client: Elasticsearch,
    monkeypatch: pytest.MonkeyPatch,
    segments: list[tuple[int, ...]],
) -> None:
    build = elastic.start_rebuild()
    for ids in segments:
        build.apply([Put(replace(ARTICLE, id=id)) for id in ids], 1)
        assert len(list(build.fingerprints())) == ids[-1] + 1  # refreshed: a segment each
    assert bytes_as_sent(client, build.name)
    monkeypatch.setattr(indices, "COMPACTED_BYTES", 0)
    build.compact()
    assert not bytes_as_sent(client, build.name)
    assert len(client.cat.segments(index=build.name, format="json").body) == 1


def bytes_as_sent(client: Elasticsearch, index: str) -> int:
    path, accept = f"/{index}/_disk_usage?run_expensive_tasks=true", {"accept": "application/json"}
    usage = client.perform_request("POST", path, headers=accept).body[index]  # the client's own method warns
    return int(usage["fields"].get("_recovery_source", {}).get("stored_fields_in_bytes", 0))
