"""The engines answer the development queries alike. Runs only where the sets lie beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from search.cases import check, read_cases
from search.engines.base import SearchEngine
from search.evaluation import DEPTH, measure, read_documents, read_queries, throwaway
from search.memory_store import MemoryStore
from search.request import SearchRequest
from search.results import ResultPage
from search.service import run_search
from tests.search.conftest import MakeEngine

SHARED = Path(__file__).resolve().parents[3] / "shared" / "eval"
#: Every eighth query: a few minutes on two cores.
STEP = 8

pytestmark = [
    pytest.mark.elasticsearch,
    pytest.mark.slow,
    pytest.mark.skipif(not SHARED.exists(), reason="the development sets are not beside the project"),
]


def ids(page: ResultPage) -> set[int]:
    return {hit.record.id for hit in page.hits}


def test_both_engines_answer_the_news_queries_alike(engine_maker: MakeEngine) -> None:
    records = read_documents(SHARED / "news" / "docs.jsonl.gz")
    embedded, elastic = engine_maker("embedded"), engine_maker("elasticsearch")
    with throwaway(embedded, records) as (one, store), throwaway(elastic, records) as (other, _):
        for name in ("queries", "short", "noisy"):
            queries = read_queries(SHARED / "news" / f"{name}.jsonl")[::STEP]
            pairs = [(ask(one, store, query.text), ask(other, store, query.text)) for query in queries]
            assert [(left.total, left.close_total) for left, _ in pairs] == [
                (right.total, right.close_total) for _, right in pairs
            ]
            alike = [len(ids(left) & ids(right)) >= min(8, len(left.hits)) for left, right in pairs]
            assert sum(alike) >= 0.95 * len(alike)
            assert measure(name, queries, one, store).mrr10 == pytest.approx(
                measure(name, queries, other, store).mrr10, abs=0.01
            )


def ask(engine: SearchEngine, store: MemoryStore, text: str) -> ResultPage:
    return run_search(SearchRequest(q=text, size=DEPTH), engine=engine, store=store)


def test_both_engines_pass_and_fail_the_same_cases(engine_maker: MakeEngine) -> None:
    cases = read_cases(SHARED / "cases.tsv")
    answers = [check(cases, engine_maker(kind)) for kind in ("embedded", "elasticsearch")]
    assert answers[0] == answers[1]
    assert answers[0]["plain"]["nomatch_core"]["passed"] == answers[0]["plain"]["nomatch_core"]["total"]
