"""A query has a bounded number of terms, and texts are read for fewer words where it has many."""

from __future__ import annotations

import pytest

from search.query import query_cost
from search.query.compiler import PreparedSearch, prepare_search
from search.query.query_cost import count_terms, reading_cost
from search.query.request import SearchRequest
from search.query_tree import AllOf, AnyOf, Boosted, MustNot, Node, Pattern, Phrase, Term

pytestmark = pytest.mark.django_db

WORDS = [f"كلمة{letter}" for letter in "بتجدرسصطعفقك"]


def prepared(query: str) -> PreparedSearch:
    return prepare_search(SearchRequest(q=query))


def terms(search: PreparedSearch) -> int:
    return count_terms([clause.strict for clause in search.compiled.all_clauses])


def test_patterns_and_phrases_cost_more_than_terms() -> None:
    term, phrase = Term("body", "exact", "خبر"), Phrase("body", "exact", ("خبر", "هام"))
    prefix, infix = Pattern("body", "خبر", False, True), Pattern("body", "خبر", True, True)
    leaves: tuple[Node, ...] = (term, phrase, prefix, infix)
    costs = [count_terms((leaf,)) for leaf in leaves]
    assert costs == sorted(set(costs))
    assert costs[0] == 1
    tree = AllOf((term, AnyOf((term, MustNot(Boosted(term, (term,)))))))
    assert count_terms((tree,)) == 3


@pytest.mark.parametrize("joint", [" ", " OR "])
def test_the_last_words_of_a_query_of_too_many_terms_are_left_out_and_named(
    joint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_cost, "MAX_TERMS", 40)
    search = prepared(joint.join(WORDS))
    assert 0 < terms(search) <= 40
    (complaint,) = search.complaints
    assert complaint.code == "too_many_words"
    left_out = complaint.detail.split()
    assert 0 < len(left_out) < len(WORDS)
    assert left_out == WORDS[-len(left_out) :]


def test_what_is_excluded_and_named_filters_are_never_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = prepared("-ممنوع city:حمص")
    monkeypatch.setattr(query_cost, "MAX_TERMS", 40)
    kept = prepared(" ".join((*WORDS, "-ممنوع", "city:حمص"))).compiled.all_clauses
    assert {clause.strict for clause in alone.compiled.all_clauses} <= {clause.strict for clause in kept}


def test_one_word_is_searched_whatever_it_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_cost, "MAX_TERMS", 1)
    search = prepared(WORDS[0])
    assert terms(search) > 1
    assert search.complaints == []


def test_texts_cost_more_to_read_for_infixes_and_for_many_words_but_not_for_a_headline() -> None:
    headline = "وزير الخارجية يلتقي نظيره الأمريكي في الرياض لبحث الأزمة السورية"
    costs = {
        query: reading_cost(prepared(query).compiled.strict)
        for query in (
            headline,
            "*حكوم*",
            " OR ".join(WORDS * 8),
            "حك* OR مد* OR وز* OR رئ* OR مج* OR بي* OR قا*",
        )
    }
    assert [query for query, cost in costs.items() if cost == 1] == [headline]
