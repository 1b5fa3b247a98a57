"""The reference of the benchmark: what a search page costs on a plain Elasticsearch.

One shard forced into one segment, the built-in `arabic` analyzer, request cache off; title and body are
searched with OR, and the same call counts facets and highlights.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db.models import F
from elasticsearch import helpers

from articles.models import Article, PlaceMention
from search.engines.elastic.client import Connection
from search.query.request import DEFAULT_PAGE_SIZE

#: Seconds for the merge into one segment; everything else takes milliseconds.
MERGE_TIMEOUT = 1_800.0
#: Articles per query of the database.
CHUNK = 1_000
_TEXT = {"type": "text", "analyzer": "arabic"}
_KEYWORD = {"type": "keyword"}
BODY: Mapping[str, Any] = {
    "settings": {
        "number_of_shards": 1,
        "number_of_replicas": 0,
        "requests.cache.enable": False,
        "refresh_interval": -1,
    },
    "mappings": {
        "dynamic": "strict",
        "properties": {
            "title": _TEXT,
            "body": _TEXT,
            "source": _KEYWORD,
            "city": _KEYWORD,
            "country": _KEYWORD,
            "date": {"type": "date"},
        },
    },
}
AGGREGATIONS: Mapping[str, Any] = {
    "source": {"terms": {"field": "source", "size": 100}},
    "city": {"terms": {"field": "city", "size": 1_000}},
    "country": {"terms": {"field": "country", "size": 300}},
    "month": {"date_histogram": {"field": "date", "calendar_interval": "month", "min_doc_count": 1}},
}
HIGHLIGHT: Mapping[str, Any] = {
    "type": "unified",
    "number_of_fragments": 3,
    "fields": {"title": {}, "body": {}},
}


class PlainSearch:
    """An index of the archive's articles as one would make it without this project."""

    name = "reference"

    def __init__(self, options: Mapping[str, Any], index: str) -> None:
        """Take an entry of SEARCH_ENGINES for the server; nothing is contacted yet."""
        self._client = Connection.from_settings(options).client(MERGE_TIMEOUT)
        self._index = index

    def fill(self) -> None:
        """Index all visible articles, unless the index has them already."""
        if self._client.indices.exists(index=self._index):
            if self._client.count(index=self._index)["count"] == Article.objects.visible().count():
                return
            self._client.indices.delete(index=self._index)
        self._client.indices.create(index=self._index, **BODY)
        lines = ({"_index": self._index, **each} for each in _documents())
        helpers.bulk(self._client, lines, chunk_size=500)
        self._client.indices.forcemerge(index=self._index, max_num_segments=1)
        self._client.indices.refresh(index=self._index)

    def search(self, text: str) -> dict[str, Any]:
        """Return the parsed response for a page of hits."""
        answer = self._client.search(
            index=self._index,
            query={"multi_match": {"query": text, "fields": ["title^2", "body"], "operator": "or"}},
            size=DEFAULT_PAGE_SIZE,
            track_total_hits=True,
            aggregations=AGGREGATIONS,
            highlight=HIGHLIGHT,
        )
        return dict(answer.body)

    def segments(self) -> int:
        """Return the number of segments, which is 1 after `fill`."""
        shards = self._client.indices.segments(index=self._index)["indices"][self._index]["shards"]
        return sum(len(each["segments"]) for shard in shards.values() for each in shard)

    def close(self) -> None:
        """Close the connections; the index stays."""
        self._client.close()


def _documents() -> Iterator[dict[str, Any]]:
    ids = list(Article.objects.visible().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        cities, countries = defaultdict(set), defaultdict(set)
        named = PlaceMention.objects.filter(article__in=some).values_list(
            "article", "place__slug", "place__country"
        )
        for article, city, country in named:
            cities[article].add(city)
            if country:
                countries[article].add(country)
        rows = Article.objects.filter(pk__in=some).values(
            "pk", "title", "body", "date", paper=F("source__name")
        )
        for each in rows:
            yield {
                "_id": str(each["pk"]),
                "title": each["title"],
                "body": each["body"],
                "source": each["paper"],
                "city": sorted(cities[each["pk"]]),
                "country": sorted(countries[each["pk"]]),
                "date": each["date"] and each["date"].isoformat(),
            }


def main() -> int:
    """Fill the index that the command line names."""
    search = PlainSearch(settings.SEARCH_ENGINES["elasticsearch"], sys.argv[1])
    search.fill()
    search.close()
    return 0
