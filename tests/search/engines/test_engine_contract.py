"""The contract (search/engines/contract.py), each test on each engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from arabic.spelling.misread_words import MISREAD_MARKER
from arabic.text.tokenizer import normalized_term
from search.engines.analyzed_text import analyze_article_text
from search.engines.contract import (
    FACETS,
    EngineRequest,
    FacetName,
    IndexMissing,
    Put,
    Remove,
    SearchEngine,
)
from search.query_tree import MATCH_NONE, AllOf, AnyOf, MatchAll, Node, Number, Pattern, Phrase, Term
from tests.search.engines.suite.questions import document
from tests.search.engines.suite.small import ALL, article, ids


def test_searches_and_writes_without_an_index_raise_index_missing(
    make_engine: Callable[[], SearchEngine],
) -> None:
    engine = make_engine()
    engine.ping()
    with pytest.raises(IndexMissing):
        engine.search(ALL)
    with pytest.raises(IndexMissing):
        engine.apply([Put(article(1))], 1)
    with pytest.raises(IndexMissing):
        engine.status()


def test_ensure_index_creates_an_empty_index_once(make_engine: Callable[[], SearchEngine]) -> None:
    engine = make_engine()
    engine.ensure_index()
    first = engine.status()
    engine.ensure_index()
    assert engine.status().index == first.index
    assert (first.documents, first.engine) == (0, engine.name)
    assert first.analysis_version


def test_a_written_article_is_found_by_the_next_search(engine: SearchEngine) -> None:
    engine.apply([Put(article(1))], 1, interactive=True)
    assert ids(engine) == [1]


def test_an_updated_article_is_found_by_its_new_words_only(engine: SearchEngine) -> None:
    engine.apply([Put(article(1, "حمص"))], 1, interactive=True)
    engine.apply([Put(article(1, "حلب"))], 2, interactive=True)
    assert ids(engine, EngineRequest(Term("body", "exact", "حمص"))) == []
    assert ids(engine, EngineRequest(Term("body", "exact", "حلب"))) == [1]


def test_a_misread_word_is_found_by_the_marked_term_of_the_likely_one_only(engine: SearchEngine) -> None:
    plain, likely, unlikely = (
        EngineRequest(Term("body", "forms", marker + analyze_article_text("", word).body.forms.split()[0]))
        for marker, word in (("", "النهر"), (MISREAD_MARKER, "النهر"), (MISREAD_MARKER, "قتل"))
    )
    unsure = article(1, "ضفاف النبرء", low_confidence_words=normalized_term("النبرء"))
    known = article(3, "ضفاف قبل", low_confidence_words="قبل")
    engine.apply([Put(unsure), Put(article(2, "ضفاف النبرء")), Put(known)], 1, interactive=True)
    assert ids(engine, likely) == [1]
    assert ids(engine, plain) == ids(engine, unlikely) == []


def test_a_removed_article_is_neither_found_nor_counted(engine: SearchEngine) -> None:
    engine.apply([Put(article(1)), Put(article(2))], 1)
    engine.apply([Remove(1)], 2, interactive=True)
    assert ids(engine) == [2]
    assert engine.status().documents == 1
    assert list(engine.fingerprints()) == [(2, "2 حمص")]
    assert engine.search(EngineRequest(MatchAll(), facets=FACETS)).facets.undated == 1


def test_a_late_older_write_does_not_bring_an_article_back(engine: SearchEngine) -> None:
    engine.apply([Put(article(1))], 5)
    engine.apply([Remove(1)], 9)
    engine.apply([Put(article(1))], 7, interactive=True)
    assert ids(engine) == []


def test_the_removal_of_an_unknown_article_holds_too(engine: SearchEngine) -> None:
    engine.apply([Remove(1)], 9)
    engine.apply([Put(article(1))], 7, interactive=True)
    assert ids(engine) == []


def test_a_late_older_write_does_not_undo_a_newer_one(engine: SearchEngine) -> None:
    engine.apply([Put(article(1, "جديد"))], 9)
    engine.apply([Put(article(1, "قديم")), Put(article(2))], 7, interactive=True)
    assert list(engine.fingerprints()) == [(1, "1 جديد"), (2, "2 حمص")]


def test_a_newer_write_brings_a_removed_article_back(engine: SearchEngine) -> None:
    engine.apply([Remove(1)], 1)
    engine.apply([Put(article(1))], 2, interactive=True)
    assert ids(engine) == [1]


def test_the_same_write_may_be_repeated(engine: SearchEngine) -> None:
    for _ in range(2):
        engine.apply([Put(article(1)), Remove(2)], 3, interactive=True)
    assert ids(engine) == [1]


def test_the_last_change_of_an_article_in_one_call_counts(engine: SearchEngine) -> None:
    engine.apply([Put(article(1)), Remove(1), Remove(2), Put(article(2))], 1, interactive=True)
    assert ids(engine) == [2]


def test_an_interactive_write_makes_earlier_ones_visible(engine: SearchEngine) -> None:
    engine.apply([Put(article(id)) for id in range(1, 9)], 1)
    engine.apply([Put(article(9))], 2, interactive=True)
    assert ids(engine) == list(range(1, 10))


def test_writing_nothing_is_no_error(engine: SearchEngine) -> None:
    engine.apply([], 1, interactive=True)
    assert ids(engine) == []


def test_date_sorts_put_undated_articles_last_and_order_ties_by_id(engine: SearchEngine) -> None:
    days = {4: 20120101, 2: None, 9: 20130101, 3: 20120101, 1: None}
    changes = [
        Put(article(id, first_day=day, last_day=day, precision="day" if day else ""))
        for id, day in days.items()
    ]
    engine.apply(changes, 1, interactive=True)
    assert ids(engine, EngineRequest(MatchAll(), sort="newest")) == [9, 3, 4, 1, 2]
    assert ids(engine, EngineRequest(MatchAll(), sort="oldest")) == [3, 4, 9, 1, 2]
    assert ids(engine, EngineRequest(MatchAll(), sort="number")) == [1, 2, 3, 4, 9]


def test_equal_scores_are_ordered_by_id_across_pages(engine: SearchEngine) -> None:
    for version, id in enumerate([8, 3, 9, 1, 7, 2, 6, 5, 4], start=1):
        engine.apply([Put(article(id))], version, interactive=True)
    word = Pattern("body", "حم")
    pages = [ids(engine, EngineRequest(word, offset=offset, limit=2)) for offset in range(0, 10, 2)]
    assert pages == [[1, 2], [3, 4], [5, 6], [7, 8], [9]]


def test_a_more_relevant_article_comes_first(engine: SearchEngine) -> None:
    engine.apply(
        [Put(article(1, "حمص " + "كلمة " * 50)), Put(article(2, "حمص حمص حمص"))], 1, interactive=True
    )
    hits = engine.search(EngineRequest(Term("body", "exact", "حمص"))).hits
    assert [hit.id for hit in hits] == [2, 1]
    assert hits[0].score > hits[1].score > 0


def test_boosts_change_the_order(engine: SearchEngine) -> None:
    engine.apply([Put(article(1, "حمص")), Put(article(2, "حلب"))], 1, interactive=True)
    query = AnyOf((Term("body", "exact", "حمص", 1.0), Term("body", "exact", "حلب", 9.0)))
    assert ids(engine, EngineRequest(query)) == [2, 1]


def test_alternatives_beside_match_all_only_add_to_the_score(engine: SearchEngine) -> None:
    engine.apply([Put(article(1, "في قلب")), Put(article(2, "حلب ثم حمص"))], 1, interactive=True)
    query = AnyOf((MatchAll(), Phrase("body", "exact", ("حلب", "حمص"), 3)))
    assert ids(engine, EngineRequest(query)) == [2, 1]


def test_match_none_finds_nothing_and_a_limit_of_zero_returns_no_hits(engine: SearchEngine) -> None:
    engine.apply([Put(article(1))], 1, interactive=True)
    assert engine.search(EngineRequest(MATCH_NONE)).total == 0
    counted = engine.search(EngineRequest(MatchAll(), limit=0))
    assert (counted.hits, counted.total) == ((), 1)


def test_a_facet_ignores_its_own_filter_only(engine: SearchEngine) -> None:
    engine.apply(
        [
            Put(article(1, places=(10, 11), source=1)),
            Put(article(2, places=(11,), source=2)),
            Put(article(3, places=(12,), source=1)),
        ],
        1,
        interactive=True,
    )
    chosen: Mapping[FacetName, Node] = {
        "place": AnyOf((Number("city", 11),)),
        "source": AnyOf((Number("source", 1),)),
    }
    result = engine.search(EngineRequest(MatchAll(), filters=chosen, facets=FACETS))
    assert (result.total, [hit.id for hit in result.hits]) == (1, [1])
    assert result.facets.city == {10: 1, 11: 1, 12: 1}
    assert result.facets.place_hits["city"] == {10: 1, 11: 1}
    assert result.facets.source == {1: 1, 2: 1}
    assert result.facets.undated == 1


def test_places_count_each_article_once_and_ignore_only_the_filter_of_places(engine: SearchEngine) -> None:
    syria, lebanon, homs = 0x5359, 0x4C42, 0x5359_8000_0001
    engine.apply(
        [
            Put(article(1, places=(10, 11), governorates=(homs,), countries=(syria,))),
            Put(article(2, places=(11, 20), governorates=(homs,), countries=(lebanon, syria))),
            Put(article(3, places=(20,), countries=(lebanon,))),
            Put(article(4)),
        ],
        1,
        interactive=True,
    )
    either = AnyOf((Number("country", lebanon), Number("governorate", homs)))
    both = AllOf((Number("country", lebanon), Number("governorate", homs)))
    for chosen, found in ((either, [1, 2, 3]), (both, [2])):
        result = engine.search(EngineRequest(MatchAll(), filters={"place": chosen}, facets=FACETS))
        assert [hit.id for hit in result.hits] == found
        assert result.facets.country == {syria: 2, lebanon: 2}
        assert result.facets.governorate == {homs: 2}
        assert result.facets.city == {10: 1, 11: 2, 20: 2}
    assert result.facets.place_hits["city"] == {11: 1, 20: 1}
    assert result.facets.place_hits["country"] == {syria: 1, lebanon: 1}
    assert engine.search(EngineRequest(MatchAll(), facets=FACETS)).facets.place_hits == {}
    engine.apply([Remove(2)], 2, interactive=True)
    assert engine.search(EngineRequest(MatchAll(), facets=FACETS)).facets.country == {syria: 1, lebanon: 1}


def test_what_an_article_is_about_is_counted_and_filtered_beside_what_it_mentions(
    engine: SearchEngine,
) -> None:
    syria, lebanon, homs = 0x5359, 0x4C42, 0x5359_8000_0001
    engine.apply(
        [
            Put(
                article(
                    1, places=(10, 20), governorates=(homs,), countries=(lebanon, syria), about=(10,),
                    about_governorates=(homs,), about_countries=(syria,),
                )
            ),
            Put(article(2, places=(10,), governorates=(homs,), countries=(syria,))),
            Put(article(3, places=(20,), countries=(lebanon,), about=(20,), about_countries=(lebanon,))),
        ],
        1,
        interactive=True,
    )  # fmt: skip
    chosen: Mapping[FacetName, Node] = {"place": Number("about_governorate", homs)}
    result = engine.search(EngineRequest(MatchAll(), filters=chosen, facets=("place",)))
    assert [hit.id for hit in result.hits] == [1]
    counted = result.facets
    assert (counted.country, counted.about_country) == ({syria: 2, lebanon: 2}, {syria: 1, lebanon: 1})
    assert (counted.city, counted.about_city) == ({10: 2, 20: 2}, {10: 1, 20: 1})
    assert (counted.governorate, counted.about_governorate) == ({homs: 2}, {homs: 1})
    assert counted.place_hits["about_country"] == {syria: 1}
    assert ids(engine, EngineRequest(Number("about_city", 20))) == [3]


def test_several_queries_are_counted_at_once_under_shared_filters(engine: SearchEngine) -> None:
    engine.apply(
        [
            Put(article(1, "حمص حلب", source=1)),
            Put(article(2, "حمص", source=2)),
            Put(article(3, "حلب حمص", source=1)),
            Put(article(4, "حمص", source=1)),
        ],
        1,
    )
    engine.apply([Remove(4)], 2, interactive=True)
    nodes = [
        Term("body", "exact", "حمص"),
        Phrase("body", "exact", ("حمص", "حلب")),
        Term("body", "exact", "لا"),
        MATCH_NONE,
        MatchAll(),
    ]
    assert engine.counts(nodes) == (3, 1, 0, 0, 3)
    assert engine.counts(nodes, {"source": AnyOf((Number("source", 1),))}) == (2, 1, 0, 0, 2)
    assert engine.counts([]) == ()
    for filters in ({}, {"source": AnyOf((Number("source", 1),))}):
        asked = EngineRequest(query=MATCH_NONE, filters=filters, counts=tuple(nodes))
        assert engine.view().search(asked).counts == engine.counts(nodes, filters)
    assert engine.search(EngineRequest(query=MatchAll())).counts == ()


def test_more_than_ten_thousand_articles_are_counted_paged_and_scanned(engine: SearchEngine) -> None:
    count = 10_050
    changes = [Put(article(id, source=id, places=(id, id + 1))) for id in range(1, count + 1)]
    for start in range(0, count, 2000):
        engine.apply(changes[start : start + 2000], 1, interactive=True)
    result = engine.search(
        EngineRequest(MatchAll(), sort="oldest", offset=count - 10, limit=20, facets=FACETS)
    )
    assert result.total == count
    assert [hit.id for hit in result.hits] == list(range(count - 9, count + 1))
    assert result.facets.source == dict.fromkeys(range(1, count + 1), 1)
    assert result.facets.city[2] == 2
    assert list(engine.scan(EngineRequest(MatchAll()))) == list(range(1, count + 1))


def test_a_scan_sees_one_state_of_the_index(engine: SearchEngine) -> None:
    engine.apply([Put(article(id)) for id in range(5)], 1, interactive=True)
    scan = engine.scan(ALL)
    first = next(scan)
    engine.apply([Remove(id) for id in range(5)], 2, interactive=True)
    assert [first, *scan] == [0, 1, 2, 3, 4]


def test_a_temporary_index_is_separate_and_removed_afterwards(engine: SearchEngine) -> None:
    engine.apply([Put(article(1))], 1, interactive=True)
    with engine.temporary_index() as other:
        other.apply([Put(article(2))], 1, interactive=True)
        assert ids(other) == [2]
        assert ids(engine) == [1]
        assert engine.drop_orphans() == []
    assert ids(engine) == [1]
    assert engine.drop_orphans() == []


def test_a_temporary_index_needs_no_archive(make_engine: Callable[[], SearchEngine]) -> None:
    with make_engine().temporary_index() as other:
        other.apply([Put(article(2))], 1, interactive=True)
        assert ids(other) == [2]


def test_merges_of_many_small_writes_neither_lose_nor_revive_articles(engine: SearchEngine) -> None:
    for version in range(1, 25):
        engine.apply([Put(document(version)), Put(document(version % 10, version))], 2 * version)
        engine.apply([Remove(version // 2)], 2 * version + 1)
    held: dict[int, str] = {}
    for version in range(1, 25):
        for one in (document(version), document(version % 10, version)):
            held[one.id] = one.fingerprint
        held.pop(version // 2, None)
    assert list(engine.fingerprints()) == sorted(held.items())
    assert engine.search(EngineRequest(MatchAll(), limit=0)).total == len(held)
