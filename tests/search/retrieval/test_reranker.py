"""The first hits are reordered by the proximity of the query words in their texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.vocabulary.vocabulary import EMPTY_VOCABULARY
from search.engines.analyzed_text import analyze_article
from search.engines.contract import EngineHit, EngineRequest, SearchEngine
from search.query.clauses import QueryClause
from search.query.compiler import prepare_search
from search.query.request import SearchRequest
from search.query.weights import PASSAGE_TOKENS, RERANK_DEPTH, SAME_ROOT_SHARE
from search.query_tree import AnyOf, Term
from search.retrieval.reranker import QueryShares, Reranker, best_passage_share, ordered_pair_share
from search.retrieval.service import run_search
from tests.search.news import NewsItem, publish


def word(text: str) -> QueryClause:
    node = AnyOf((Term("body", "exact", text), Term("title", "exact", text)))
    return QueryClause(text, node)


def reranker_of(*words: str) -> Reranker:
    return Reranker([word(each) for each in words], EMPTY_VOCABULARY)


def order(texts: dict[int, str], *words: str, scores: dict[int, float] | None = None) -> list[int]:
    hits = [EngineHit(key, (scores or {}).get(key, 1.0)) for key in texts]
    articles = {key: analyze_article("", text) for key, text in texts.items()}
    return [hit.id for hit in reranker_of(*words).rerank(hits, articles)]


FILLER = "كلام " * 100


def test_words_in_one_passage_rank_above_words_scattered_over_the_text() -> None:
    assert order(
        {1: f"قصف {FILLER} سوق {FILLER} مدينه", 2: f"{FILLER} قصف سوق مدينه"}, "قصف", "سوق", "مدينه"
    ) == [
        2,
        1,
    ]


def test_a_passage_at_the_beginning_ranks_above_the_same_passage_further_down() -> None:
    assert order({1: f"{FILLER} قصف سوق", 2: f"قصف سوق {FILLER}"}, "قصف", "سوق") == [2, 1]


def test_words_side_by_side_in_the_order_typed_rank_above_the_reverse_order() -> None:
    texts = {1: f"{FILLER} سوق ثم قصف", 2: f"{FILLER} قصف ثم سوق", 3: f"{FILLER} ثم قصف سوق"}
    assert order(texts, "قصف", "سوق")[0] == 3
    assert order(texts, "قصف", "سوق")[1:] == [1, 2]


def test_an_article_with_every_word_somewhere_ranks_above_one_with_half_of_them() -> None:
    texts = {1: f"{FILLER} قصف {FILLER}", 2: f"قصف {FILLER} سوق", 3: f"{FILLER} قصف {FILLER} سوق"}
    assert order(texts, "قصف", "سوق") == [2, 3, 1]


def test_a_much_better_score_is_not_overruled() -> None:
    texts = {1: f"قصف {FILLER} سوق", 2: f"{FILLER} قصف سوق"}
    assert order(texts, "قصف", "سوق", scores={1: 5.0, 2: 0.5}) == [1, 2]


@pytest.mark.django_db
def test_a_query_of_one_word_keeps_the_scores_of_the_engine(engine: SearchEngine) -> None:
    publish(engine, *(NewsItem("خبر", "قصف " * number + FILLER) for number in range(1, 4)))
    request = SearchRequest(q="قصف")
    found = engine.search(EngineRequest(query=prepare_search(request).compiled.strict))
    shown = [(hit.record.id, hit.score) for hit in run_search(request, engine=engine).hits]
    assert shown == [(hit.id, hit.score) for hit in found.hits]


def test_equal_hits_stay_in_the_order_of_their_ids() -> None:
    assert order({3: "قصف سوق", 1: "قصف سوق", 2: "قصف سوق"}, "قصف", "سوق") == [1, 2, 3]


def test_scores_fall_down_the_list_and_a_hit_without_a_text_keeps_its_own() -> None:
    hits = [EngineHit(1, 3.0), EngineHit(2, 2.0), EngineHit(3, 1.0)]
    found = reranker_of("قصف", "سوق").rerank(
        hits, {3: analyze_article("قصف سوق", ""), 2: analyze_article("", "سوق")}
    )
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert EngineHit(1, 3.0) in found


def test_a_word_of_the_same_root_counts_by_half() -> None:
    texts = {1: f"{FILLER} سوق", 2: f"{FILLER} متظاهر سوق", 3: f"{FILLER} تظاهرات سوق"}
    assert order(texts, "تظاهرات", "سوق") == [3, 2, 1]


#: Matches of up to five words at up to two hundred positions: the position, the word, whether only its root
#: is there.
MATCHES = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 4), st.booleans()), max_size=60)
Matches = list[tuple[int, int, bool]]
WEIGHTS = (4.0, 3.0, 1.5, 1.0, 0.5)
SHARES = (0.4, 0.3, 0.15, 0.1, 0.05)


def by_token(matches: Matches) -> list[tuple[int, int]]:
    """Return the matches as the reranker has them: the bits of the words of each token."""
    found: dict[int, int] = {}
    for at, number, by_root in matches:
        found[at] = found.get(at, 0) | 1 << number + len(SHARES) * by_root
    return sorted(found.items())


def coverage(matches: Matches) -> float:
    said = {number for _, number, by_root in matches if not by_root}
    related = {number for _, number, by_root in matches if by_root} - said
    return sum(SHARES[number] for number in said) + SAME_ROOT_SHARE * sum(
        SHARES[number] for number in related
    )


@given(MATCHES)
def test_the_best_passage_is_the_best_of_all_windows(matches: Matches) -> None:
    passages = ([match for match in matches if at <= match[0] < at + PASSAGE_TOKENS] for at, _, _ in matches)
    best = max(map(coverage, passages), default=0)
    assert best_passage_share(by_token(matches), QueryShares(WEIGHTS)) == pytest.approx(best)


@given(MATCHES)
def test_no_passage_covers_more_of_the_query_than_the_whole_text(matches: Matches) -> None:
    whole = coverage(matches)
    assert best_passage_share(by_token(matches), QueryShares(WEIGHTS)) <= whole + 1e-9 <= 1 + 2e-9


@given(MATCHES)
def test_a_word_counts_once_and_a_word_of_its_root_by_a_share(matches: Matches) -> None:
    bits = 0
    for _, words in by_token(matches):
        bits |= words
    assert QueryShares(WEIGHTS)[bits] == pytest.approx(coverage(matches))


@given(MATCHES)
def test_the_ordered_pairs_are_the_neighbouring_words_of_the_query(matches: Matches) -> None:
    places = {(at, number) for at, number, by_root in matches if not by_root}
    pairs = {number for at, number in places if (at + 1, number + 1) in places}
    expected = sum((SHARES[number] + SHARES[number + 1]) / 2 for number in pairs)
    assert ordered_pair_share(by_token(matches), QueryShares(WEIGHTS)) == pytest.approx(expected)


@pytest.mark.django_db
def test_pages_of_different_sizes_show_one_order(engine: SearchEngine) -> None:
    publish(engine, *(NewsItem("خبر", f"قصف {'كلام ' * (number * 7 % 50)} سوق") for number in range(40)))

    def found(**asked: int) -> list[int]:
        return [hit.record.id for hit in run_search(SearchRequest(q="قصف سوق", **asked), engine=engine).hits]

    whole = found(size=40)
    assert len(set(whole)) == 40
    for size in (7, RERANK_DEPTH - 1, RERANK_DEPTH + 1):
        parts = [key for page in range(1, 41 // size + 2) for key in found(size=size, page=page)]
        assert parts == whole
