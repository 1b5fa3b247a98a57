"""Searches of one index: a request becomes a call of Elasticsearch, its response the contract's result."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from elasticsearch import Elasticsearch

from search.documents import ANALYZED
from search.engines.analyzed_article import AnalyzedArticle
from search.engines.analyzed_text import stored_article
from search.engines.contract import (
    FACET_COLUMNS,
    FACETS,
    PLACE_COLUMNS,
    EngineError,
    EngineHit,
    EngineRequest,
    EngineResult,
    FacetCounts,
    FilterName,
)
from search.engines.elastic.client import SERIALIZER, engine_error_for, translate_errors
from search.engines.elastic.query_translator import QueryDsl, build_query
from search.query_tree import Node

SORTS: Mapping[str, list[dict[str, Any]]] = {
    "relevance": [{"_score": "desc"}, {"id": "asc"}],
    "newest": [{"first_day": {"order": "desc", "missing": "_last"}}, {"id": "asc"}],
    "oldest": [{"first_day": {"order": "asc", "missing": "_last"}}, {"id": "asc"}],
    "number": [{"id": "asc"}, {"id": "asc"}],  # hits are read by their second value
}
#: index.max_result_window; deeper pages are reached with search_after.
MAX_RESULT_WINDOW = 10_000
#: search.max_buckets: a search with more buckets is refused, so no value is dropped silently.
MAX_BUCKETS = 65_536
_KEEP_ALIVE = "2m"
#: The aggregation of places among the hits themselves.
_PLACE_HITS = "hits"
#: Computes idf over all shards, so that the number of shards does not change the order. (With one shard there
#: is no extra round trip.)
_SEARCH_TYPE = "dfs_query_then_fetch"
DELETED: QueryDsl = {"term": {"deleted": True}}


class IndexSearcher:
    """Searches one index or alias. `opener` is the client that begins a scan, with a shorter time limit."""

    def __init__(self, client: Elasticsearch, target: str, opener: Elasticsearch | None = None) -> None:
        self._client = client
        self._opener = opener or client
        self._target = target

    def search(self, request: EngineRequest) -> EngineResult:
        """Return the requested page of hits, the total and the facet counts."""
        deep = request.offset + request.limit > MAX_RESULT_WINDOW
        body = {
            **_body(request),
            "from": 0 if deep else request.offset,
            "size": 0 if deep else request.limit,
            "track_total_hits": True,
            "aggs": _aggregations(request),
        }
        # The same query always goes to the same replica of a shard, so that its pages are consistent.
        asked = SERIALIZER.dumps([body["query"], body["post_filter"], body["sort"]])
        bodies = [body, _counts_body(request.counts, request.filters)] if request.counts else [body]
        answer, *others = self._ask(bodies, preference=hashlib.sha256(asked).hexdigest()[:16])
        hits = [_hit(hit, request.sort) for hit in answer["hits"]["hits"]]
        if deep:
            hits = self._deep(request)
        total = int(answer["hits"]["total"]["value"])
        stories = self._stories(request, total) if request.stories else None
        facets = _facets(request, answer.get("aggregations", {}))
        counts = _node_counts(others[0]) if others else ()
        return EngineResult(tuple(hits), total, facets, stories, counts)

    def _ask(self, bodies: Sequence[QueryDsl], preference: str) -> list[dict[str, Any]]:
        """Return the answer to each search; one round trip."""
        options: dict[str, Any] = {
            "search_type": _SEARCH_TYPE,
            "allow_partial_search_results": False,
            "preference": preference,
        }
        if len(bodies) == 1:
            with translate_errors():
                return [self._client.search(index=self._target, **options, **_parameters(bodies[0])).body]
        header = SERIALIZER.dumps({"index": self._target, **options})
        lines: list[Any] = [line for body in bodies for line in (header, SERIALIZER.dumps(body))]
        with translate_errors():
            answers = self._client.msearch(searches=lines)["responses"]
        for answer in answers:
            if "error" in answer:
                raise engine_error_for(answer["status"], str(answer["error"]))
        return list(answers)

    def _stories(self, request: EngineRequest, total: int) -> int:
        """Count the clusters among the hits, in one request per MAX_RESULT_WINDOW clusters."""
        asked = _body(request)
        filters = [asked["query"], asked["post_filter"]]
        stories = grouped = 0
        after: dict[str, Any] = {}
        while True:
            pages = {
                "size": MAX_RESULT_WINDOW,
                "sources": [{"story": {"terms": {"field": "story"}}}],
                **after,
            }
            with translate_errors():
                answer = self._client.search(
                    index=self._target,
                    allow_partial_search_results=False,
                    size=0,
                    track_total_hits=False,
                    query={"bool": {"filter": filters}},
                    aggregations={"stories": {"composite": pages}},
                )
            found = answer["aggregations"]["stories"]
            stories += len(found["buckets"])
            grouped += sum(int(bucket["doc_count"]) for bucket in found["buckets"])
            if len(found["buckets"]) < MAX_RESULT_WINDOW:
                return total - grouped + stories
            after = {"after": found["after_key"]}

    def _deep(self, request: EngineRequest) -> list[EngineHit]:
        end = request.offset + request.limit
        found = []
        # All hits up to the page are read, so they come without their analyzed articles.
        for place, hit in enumerate(self.iter_hits(_body(replace(request, analyzed=False)))):
            if place >= end:
                break
            if place >= request.offset:
                found.append(_hit(hit, request.sort))
        return found

    def scan(self, request: EngineRequest) -> Iterator[int]:
        """Yield the ids of all hits in the request's order."""
        for hit in self.iter_hits(_body(request)):
            yield int(hit["sort"][1])

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Yield (id, fingerprint) of every live document by ascending id."""
        body = {
            "query": {"bool": {"must_not": [DELETED]}},
            "sort": [{"id": "asc"}],
            "docvalue_fields": ["fingerprint"],
            "stored_fields": "_none_",
        }
        for hit in self.iter_hits(body):
            yield int(hit["sort"][0]), str(hit.get("fields", {}).get("fingerprint", [""])[0])

    def count(self) -> int:
        """Return the number of live documents."""
        with translate_errors():
            answer = self._client.count(index=self._target, query={"bool": {"must_not": [DELETED]}})
        if answer["_shards"]["failed"]:  # this address knows no `allow_partial_search_results`
            raise engine_error_for(503, f"parts of {self._target} cannot be read")
        return int(answer["count"])

    def counts(self, nodes: Sequence[Node], filters: Mapping[FilterName, Node]) -> tuple[int, ...]:
        """Return the number of live documents that match each node and all filters."""
        if not nodes:
            return ()
        with translate_errors():
            answer = self._client.search(
                index=self._target, allow_partial_search_results=False, **_counts_body(nodes, filters)
            )
        return _node_counts(answer.body)

    def analyzed_articles(self, ids: Collection[int]) -> dict[int, AnalyzedArticle]:
        """Return the stored analysis of live documents by id; see `SearchView.analyzed_articles`."""
        if not ids:
            return {}
        with translate_errors():
            answer = self._client.search(
                index=self._target,
                allow_partial_search_results=False,
                size=len(ids),
                track_total_hits=False,
                stored_fields=[ANALYZED],
                query={"bool": {"filter": [{"terms": {"id": list(ids)}}], "must_not": [DELETED]}},
            )
        found = ((int(hit["_id"]), _analyzed(hit)) for hit in answer["hits"]["hits"])
        return {id: article for id, article in found if article}

    def newest_version(self) -> int:
        """Return the highest version of a document or tombstone; 0 in an empty index."""
        asked = {"newest": {"max": {"field": "written"}}}
        with translate_errors():
            answer = self._client.search(
                index=self._target, allow_partial_search_results=False, size=0, aggregations=asked
            )
        return int(answer["aggregations"]["newest"]["value"] or 0)

    def iter_hits(self, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield all hits of a search in order, over one point in time."""
        with translate_errors():
            pit = self._opener.open_point_in_time(index=self._target, keep_alive=_KEEP_ALIVE)["id"]
        try:
            after: list[Any] | None = None
            while True:
                page = {**body, "size": MAX_RESULT_WINDOW, "pit": {"id": pit, "keep_alive": _KEEP_ALIVE}}
                if after is not None:
                    page["search_after"] = after
                with translate_errors():
                    answer = self._client.search(
                        search_type=_SEARCH_TYPE,
                        allow_partial_search_results=False,
                        track_total_hits=False,
                        **_parameters(page),
                    ).body
                pit = answer.get("pit_id", pit)
                hits = answer["hits"]["hits"]
                yield from hits
                if len(hits) < MAX_RESULT_WINDOW:
                    return
                after = hits[-1]["sort"]
        finally:
            with translate_errors():
                self._client.options(ignore_status=404).close_point_in_time(id=pit)


def _parameters(body: dict[str, Any]) -> dict[str, Any]:
    """Return the body as keyword arguments of the client."""
    return {("from_" if name == "from" else name): value for name, value in body.items()}


def _body(request: EngineRequest) -> dict[str, Any]:
    """Return query, filters and order; filters apply after aggregation because each facet ignores its own."""
    excluded = [DELETED]
    if request.exclude is not None:
        excluded.append(build_query(request.exclude))
    return {
        "query": {"bool": {"must": [build_query(request.query)], "must_not": excluded}},
        "post_filter": {"bool": {"filter": [build_query(node) for node in request.filters.values()]}},
        "sort": SORTS[request.sort],
        "docvalue_fields": ["story"],
        # The id of an article is among the values that the hits are sorted by.
        "stored_fields": [ANALYZED] if request.analyzed else "_none_",
    }


def _counts_body(nodes: Sequence[Node], filters: Mapping[FilterName, Node]) -> dict[str, Any]:
    return {
        "size": 0,
        "track_total_hits": False,
        "query": {
            "bool": {"filter": [build_query(node) for node in filters.values()], "must_not": [DELETED]}
        },
        "aggs": {"nodes": {"filters": {"filters": [build_query(node) for node in nodes]}}},
    }


def _node_counts(answer: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(int(bucket["doc_count"]) for bucket in answer["aggregations"]["nodes"]["buckets"])


def _aggregations(request: EngineRequest) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for facet in request.facets:
        others = [build_query(node) for name, node in request.filters.items() if name != facet]
        counts = _terms(FACET_COLUMNS[facet])
        if facet == "date":
            counts["undated"] = {"missing": {"field": "year"}}
        if facet == "place" and facet in request.filters:
            counts[_PLACE_HITS] = {
                "filter": build_query(request.filters[facet]),
                "aggs": _terms(PLACE_COLUMNS),
            }
        found[facet] = {"filter": {"bool": {"filter": others}}, "aggs": counts}
    return found


def _terms(columns: Sequence[str]) -> dict[str, Any]:
    # Values in their own order: all are wanted, and Elasticsearch need not rank them.
    every = {"size": MAX_BUCKETS, "order": {"_key": "asc"}}
    return {column: {"terms": {"field": column, **every}} for column in columns}


def _facets(request: EngineRequest, answer: Mapping[str, Any]) -> FacetCounts:
    counts: dict[str, dict[int, int]] = {}
    for facet in (facet for facet in FACETS if facet in request.facets):
        counts |= _counts(answer[facet], FACET_COLUMNS[facet])
    undated = answer["date"]["undated"]["doc_count"] if "date" in request.facets else 0
    inside = answer.get("place", {}).get(_PLACE_HITS)
    place_hits = _counts(inside, PLACE_COLUMNS) if inside else {}
    return FacetCounts(undated=undated, place_hits=place_hits, **counts)


def _counts(answer: Mapping[str, Any], columns: Sequence[str]) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for column in columns:
        terms = answer[column]
        if terms["sum_other_doc_count"]:
            raise EngineError(f"more than {MAX_BUCKETS} values of {column}")
        found[column] = {int(bucket["key"]): bucket["doc_count"] for bucket in terms["buckets"]}
    return found


def _hit(hit: Mapping[str, Any], sort: str) -> EngineHit:
    story = hit.get("fields", {}).get("story", [None])[0]
    score = float(hit["sort"][0]) if sort == "relevance" else 0.0
    return EngineHit(int(hit["sort"][1]), score, story, _analyzed(hit))


def _analyzed(hit: Mapping[str, Any]) -> AnalyzedArticle | None:
    """Return the analyzed article of a hit, if it was requested and is stored."""
    [packed] = hit.get("fields", {}).get(ANALYZED, [None])
    return stored_article(b64decode(packed)) if packed else None
