"""Close hits: after the strict ones, all of them or a few in short, on which page, and what is marked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from search.engines.contract import SearchEngine
from search.query.request import SearchRequest
from search.results import ResultPage, WordShare
from search.retrieval.service import FEW_STRICT_HITS, MAX_CLOSE_HITS, SHORT_CLOSE_HITS, run_search
from tests.search.news import NewsItem, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(engine: SearchEngine) -> Callable[..., ResultPage]:
    """Return a function that searches the engine under test."""
    return lambda **asked: run_search(SearchRequest(**asked), engine=engine)


def found(page: ResultPage) -> list[int]:
    return [hit.record.id for hit in page.hits]


def test_pages_go_through_strict_and_close_results_without_a_gap(ask, engine) -> None:
    publish(engine, *(NewsItem("قصف عنيف" if number < 5 else "قصف") for number in range(9)))
    whole = found(ask(q="قصف عنيف", size=100, close="all"))
    pages = [ask(q="قصف عنيف", size=2, page=number, close="all") for number in range(1, 6)]
    assert [number for page in pages for number in found(page)] == whole
    assert len(whole) == 9
    assert [page.total for page in pages] == [5] * 5
    assert pages[-1].close_total == 4
    assert pages[-1].pages == 5


def test_no_more_close_results_than_the_limit(ask, engine) -> None:
    publish(engine, *(NewsItem("قصف") for _ in range(MAX_CLOSE_HITS + 3)))
    page = ask(q="قصف عنيف", size=150, page=2, close="all")
    assert (page.total, page.close_total, page.pages) == (0, MAX_CLOSE_HITS, 2)
    assert len(page.hits) == MAX_CLOSE_HITS - 150


@pytest.mark.parametrize("strict", [0, FEW_STRICT_HITS - 1, FEW_STRICT_HITS])
def test_a_few_close_results_in_short_follow_few_strict_ones(ask, engine, strict: int) -> None:
    publish(engine, *(NewsItem("خبر", "قصف عنيف" if n < strict else "قصف") for n in range(strict + 7)))
    page, whole = ask(q="قصف عنيف"), ask(q="قصف عنيف", close="all")
    shown = SHORT_CLOSE_HITS if strict < FEW_STRICT_HITS else 0
    assert (page.total, page.pages, page.may_have_close) == (strict, 1, not shown)
    assert (page.close_total, whole.close_total) == (7 if shown else 0, 7)
    assert found(page) == found(whole)[: strict + shown]
    for short, full in zip(page.hits[strict:], whole.hits[strict:], strict=False):
        assert (short.title.plain, short.snippet.plain, short.changes) == ("خبر", "", full.changes)
        assert (short.words, full.snippet.marked) == (WordShare(1, 2), ("قصف",))


def test_close_results_follow_the_last_strict_one_on_its_page_only(ask, engine) -> None:
    publish(engine, *(NewsItem("قصف عنيف" if number < 3 else "قصف") for number in range(9)))
    pages = [ask(q="قصف عنيف", size=2, page=number) for number in (1, 2, 3)]
    assert [[hit.strict for hit in page.hits] for page in pages] == [
        [True, True],
        [True, *[False] * SHORT_CLOSE_HITS],
        [],
    ]
    assert {page.pages for page in pages} == {2}


def test_a_function_word_is_not_marked_alone_and_no_word_that_a_close_result_has(ask, engine) -> None:
    publish(engine, NewsItem("خبر", "في المدينة قصف من بعيد"))
    [hit] = ask(q="قصف عنيف في حلب", close="all").hits
    assert hit.snippet.marked == ("قصف",)
    assert hit.words == WordShare(1, 3)
    [alone] = ask(q="في حتى", close="all").hits
    assert (alone.snippet.marked, alone.words) == (("في",), WordShare(1, 2))
