"""The engines rank the development queries alike. Runs only if the query sets are next to the project."""

from __future__ import annotations

from pathlib import Path
from statistics import fmean as mean

import pytest

from search.engines.contract import SearchEngine
from search.evaluation.match_cases import check_cases, read_cases
from search.evaluation.metrics import (
    RANK_CUTOFF,
    EvaluationQuery,
    read_documents,
    read_queries,
    temporary_index,
)
from search.query.request import SearchRequest
from search.results import ResultPage
from search.retrieval.service import run_search
from search.store.memory import MemoryStore
from tests.search.conftest import MakeEngine

SHARED = Path(__file__).resolve().parents[4] / "shared" / "eval"
NEWS = SHARED / "news"
#: Every tenth query of each set, over the articles that answer one of them and every twelfth of the others.
#: The sets are judged together: over 300 queries the engines' ranks differ by .002 ± .002 on the mean, so a
#: difference of a point is not chance.
QUERIES, ARTICLES = 10, 12

pytestmark = [
    pytest.mark.elasticsearch,
    pytest.mark.slow,
    pytest.mark.skipif(not SHARED.exists(), reason="the development sets are not beside the project"),
]


def keys(page: ResultPage) -> list[str]:
    return [hit.record.external_id for hit in page.hits]


def reciprocal_rank(page: ResultPage, query: EvaluationQuery) -> float:
    return next((1 / rank for rank, key in enumerate(keys(page), start=1) if key in query.relevant), 0.0)


def test_both_engines_answer_the_news_queries_alike(engine_maker: MakeEngine) -> None:
    queries = [
        query
        for name in ("queries", "short", "noisy")
        for query in read_queries(NEWS / f"{name}.jsonl")[::QUERIES]
    ]
    wanted = frozenset[str]().union(*(query.relevant for query in queries))
    records = [
        record
        for record in read_documents(NEWS / "docs.jsonl.gz")
        if record.external_id in wanted or record.id % ARTICLES == 0
    ]
    embedded, elastic = engine_maker("embedded"), engine_maker("elasticsearch")
    with (
        temporary_index(embedded, records) as (one, store),
        temporary_index(elastic, records, store.vocabulary()) as other,
    ):
        pairs = [(ask(one, store, query.text), ask(other[0], store, query.text)) for query in queries]
    for left, right in pairs:
        assert (left.total, left.close_total) == (right.total, right.close_total), left
    alike = [len({*keys(left)} & {*keys(right)}) >= min(8, len(left.hits)) for left, right in pairs]
    assert mean(alike) >= 0.95
    ranks = [
        [reciprocal_rank(page, query) for page in pair] for pair, query in zip(pairs, queries, strict=True)
    ]
    assert mean(left for left, _ in ranks) == pytest.approx(mean(right for _, right in ranks), abs=0.01)


def ask(engine: SearchEngine, store: MemoryStore, text: str) -> ResultPage:
    return run_search(SearchRequest(q=text, size=RANK_CUTOFF, close="all"), engine=engine, store=store)


def test_both_engines_pass_and_fail_the_same_cases(engine_maker: MakeEngine) -> None:
    cases = read_cases(SHARED / "cases.tsv")
    answers = [check_cases(cases, engine_maker(kind)) for kind in ("embedded", "elasticsearch")]
    assert answers[0] == answers[1]
    assert answers[0]["plain"]["nomatch_core"]["passed"] == answers[0]["plain"]["nomatch_core"]["total"]
