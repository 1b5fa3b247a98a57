"""The terms that a query searches: levels, protected names, names of several words, close results."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from arabic.analyzer import is_overstemmed
from arabic.morphology.protected_words import NAME_MARKER
from arabic.spelling.misread_words import MISREAD_MARKER
from arabic.text.normalization import normalize
from search.engines.contract import EngineRequest, IndexDocument, Put, SearchEngine
from search.query.compiler import CompiledQuery, compile_query
from search.query.parser import parse_query
from search.query.request import LEVELS, SearchLevel, SearchRequest
from search.query_tree import (
    MATCH_NONE,
    AllOf,
    AnyOf,
    Boosted,
    MatchAll,
    MustNot,
    Node,
    Number,
    Pattern,
    Phrase,
    Term,
)
from search.results import Complaint, Record
from search.store.memory import MemoryStore


class Names(MemoryStore):
    """A store with a city that has two ids, a city that no article mentions, and a source."""

    def cities_named(self, name: str) -> tuple[int, ...] | None:
        return {"طرابلس": (3, 5), "قرية": ()}.get(name)

    def sources_named(self, name: str) -> tuple[int, ...] | None:
        return {"سانا": (7,)}.get(name)


def analysed(query: str, level: SearchLevel = "all") -> CompiledQuery:
    return compile_query(parse_query(query), SearchRequest(q=query, level=level), Names([]))


def leaves(node: Node | None) -> Iterator[Term | Pattern | Phrase]:
    """Yield every leaf outside NOT."""
    if isinstance(node, Term | Pattern | Phrase):
        yield node
    elif isinstance(node, AllOf | AnyOf):
        for child in node.children:
            yield from leaves(child)
    elif isinstance(node, Boosted):
        yield from leaves(node.child)


def test_likely_words_are_searched_only_where_ocr_read_a_text() -> None:
    asked = SearchRequest(q="وصول القافلة")
    plain, scans = (
        list(leaves(compile_query(parse_query(asked.q), asked, MemoryStore(records)).strict))
        for records in ((), [Record(1, "", "", low_confidence_words="القافلة")])
    )
    terms_typed = [leaf for leaf in plain if isinstance(leaf, Term) and not leaf.label]
    of_texts = [leaf for leaf in terms_typed if leaf.level == "forms"]
    of_scans = {MISREAD_MARKER + leaf.value for leaf in of_texts}
    assert {leaf.value for leaf in scans if isinstance(leaf, Term) and leaf not in plain} == of_scans
    assert len(scans) == len(plain) + len(of_texts)


def terms(query: str, level: SearchLevel = "all") -> set[str]:
    """Return `level:value` of every term of the body."""
    found = leaves(analysed(query, level).strict)
    return {f"{leaf.level}:{leaf.value}" for leaf in found if isinstance(leaf, Term) and leaf.field == "body"}


def test_the_typed_word_is_searched_at_every_level() -> None:
    assert terms("الكتاب", "exact") == {"exact:الكتاب"}
    assert terms("الكتاب", "light") == {"exact:الكتاب", "light:كتاب"}
    assert terms("الكتاب", "all") >= {"exact:الكتاب", "forms:كتاب"}


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("حمص و حلب", "حمص حلب"),
        ("ب حلب", "حلب"),
        ("(حمص و حلب) أو حماة", "(حمص حلب) أو حماة"),
        ('"حمص القديمة" و حلب', '"حمص القديمة" حلب'),
    ],
)
@pytest.mark.parametrize("level", LEVELS)
def test_a_letter_that_stands_alone_is_not_required(query: str, same: str, level: SearchLevel) -> None:
    assert analysed(query, level).strict == analysed(same, level).strict


@pytest.mark.parametrize(
    "query",
    [
        *("و", "و ف", "ف ب حمص", "حمص AND و", "و AND حمص", "س حمص"),
        *("فيتامين ب", "المجموعة ب", "المجموعة ب -حمص", "المجموعة ب source:سانا", "(المجموعة ب) حمص"),
    ],
)
def test_other_words_of_one_letter_are_required(query: str) -> None:
    letters = {f"exact:{word}" for word in query.replace(")", "").split() if len(word) == 1}
    assert letters <= terms(query)


@pytest.mark.parametrize("word", ["الكتاب", "لافروف", "بدمشق"])
def test_a_stem_makes_no_strict_hit_of_every_form_except_of_words_without_a_reading(word: str) -> None:
    assert not any(term.startswith("light:") for term in terms(word))
    assert ("forms:^" in " ".join(terms(word))) is (word != "بدمشق")


def test_a_stem_ranks_and_finds_close_hits() -> None:
    compiled = analysed("الكتاب الجديد")
    assert isinstance(compiled.strict, Boosted)
    assert stem_boost("الكتاب") > 0
    assert compiled.close is not None
    assert {"كتاب", "جديد"} <= {
        leaf.value for leaf in leaves(compiled.close) if isinstance(leaf, Term) and leaf.level == "light"
    }


def stem_boost(word: str) -> float:
    """Return the highest boost of the stem among the boosters of a word."""
    strict = analysed(word).strict
    assert isinstance(strict, Boosted)
    stems = [leaf for leaf in strict.boosters if isinstance(leaf, Term) and leaf.level == "light"]
    return max(leaf.boost for leaf in stems)


def test_a_protected_name_is_never_reduced_to_a_stem() -> None:
    assert terms("الرقة", "light") == {"exact:الرقه"}
    assert {"exact:حمص", "forms:§حمص"} <= terms("حمص")
    assert not any(term.startswith("light:") for term in terms("حمص"))


def test_a_name_behind_a_clitic_is_searched_as_the_name_too() -> None:
    assert "forms:§حمص" in terms("بحمص")
    assert "exact:بحمص" in terms("بحمص")


def test_a_name_that_is_also_a_word_is_searched_as_both() -> None:
    assert {"exact:الباب", "forms:باب", "forms:§الباب"} <= terms("الباب")


@pytest.mark.parametrize("spelling", ["دير الزور", "ديرالزور"])
def test_a_name_of_two_words_is_found_however_it_is_spelt(spelling: str) -> None:
    assert "forms:§ديرالزور" in terms(spelling)


def test_half_a_name_of_several_words_is_not_close_to_it() -> None:
    boosted = analysed("قصف دير الزور").close
    assert isinstance(boosted, Boosted)
    assert isinstance(boosted.child, AnyOf)
    assert len(boosted.child.children) == 2


def test_names_of_several_words_are_taken_apart_below_the_full_level() -> None:
    strict = analysed("دير الزور", "light").strict
    assert isinstance(strict, Boosted)
    assert isinstance(strict.child, AllOf)
    assert not any(value.startswith("forms") for value in terms("دير الزور", "light"))


@pytest.mark.parametrize("level", LEVELS)
def test_quoted_words_are_searched_as_spelt(level: SearchLevel) -> None:
    assert terms('"الكتاب"', level) == {"exact:الكتاب"}
    phrases = list(leaves(analysed('"مجلس الأمن"~2', level).strict))
    assert {(leaf.values, leaf.level, leaf.slop) for leaf in phrases if isinstance(leaf, Phrase)} == {
        (("مجلس", "الامن"), "exact", 2)
    }


def test_tokens_of_one_written_word_match_best_in_a_row_and_also_apart() -> None:
    unit = analysed("كي-مون").strict
    kinds = {type(leaf) for leaf in leaves(unit)}
    assert kinds == {Phrase, Term}


@pytest.mark.parametrize("typed", ["ا.ف.ب", "1,000", "15/1/2012"])
def test_single_letters_and_numbers_of_one_written_word_match_in_a_row_only(typed: str) -> None:
    typed_leaves = [
        leaf for leaf in leaves(analysed(typed).strict) if isinstance(leaf, Pattern) or not leaf.label
    ]
    names = {leaf for leaf in typed_leaves if isinstance(leaf, Term) and leaf.value.startswith(NAME_MARKER)}
    assert {type(leaf) for leaf in typed_leaves if leaf not in names} == {Phrase}


def test_stars_open_an_end() -> None:
    patterns = {leaf for leaf in leaves(analysed("تظاهر* *هرا*").strict) if isinstance(leaf, Pattern)}
    assert {(leaf.value, leaf.open_start, leaf.open_end) for leaf in patterns} == {
        ("تظاهر", False, True),
        ("هرا", True, True),
    }


def test_words_begin_so_behind_their_article_too(engine: SearchEngine) -> None:
    words = ["معارضة", "المعارضة", "وبالمعارضين", "للمعارضة", "عارض", "مالمعارضة", "لجنة", "للجنة", "جنة"]
    changes = [Put(IndexDocument(id, "", word)) for id, word in enumerate(words)]
    engine.apply(changes, version=1, interactive=True)

    def found(query: str, level: SearchLevel = "all") -> list[str]:
        hits = engine.search(EngineRequest(query=analysed(query, level).strict)).hits
        return [words[hit.id] for hit in sorted(hits, key=lambda hit: hit.id)]

    assert found("معارض*") == found("معارض*", "light") == words[:4]
    assert found("معارض*", "exact") == words[:1]
    assert found("لجنة*") == ["لجنة", "للجنة"]
    assert found("لجن*") == ["لجنة"]  # few letters are those typed


def test_a_field_name_keeps_to_the_title() -> None:
    assert {leaf.field for leaf in leaves(analysed("title:قصف").strict)} == {"title"}


def test_a_word_counts_more_in_the_title_and_as_typed() -> None:
    boosts = {
        (leaf.field, leaf.level): leaf.boost
        for leaf in leaves(analysed("بحمص").strict)
        if isinstance(leaf, Term)
    }
    assert all(boosts["title", level] > boosts["body", level] for level in ("exact", "forms"))


def test_a_word_as_typed_outranks_its_other_forms(engine: SearchEngine) -> None:
    changes = [Put(IndexDocument(1, "", "والكتاب")), Put(IndexDocument(2, "", "كتاب"))]
    engine.apply(changes, version=1, interactive=True)
    hits = engine.search(EngineRequest(query=analysed("كتاب").strict)).hits
    assert [hit.id for hit in hits] == [2, 1]


def test_named_cities_and_sources_become_numbers() -> None:
    assert analysed("city:طرابلس").strict == AnyOf((Number("city", 3), Number("city", 5)))
    assert analysed("source:سانا").strict == Number("source", 7)


def test_an_unknown_name_matches_nothing_and_is_named() -> None:
    answer = analysed("city:أطلنطس")
    assert answer.strict == MATCH_NONE
    assert answer.complaints == (Complaint("unknown_city", "أطلنطس"),)


def test_a_known_city_that_no_article_mentions_matches_nothing() -> None:
    compiled = analysed("city:قرية")
    assert (compiled.strict, compiled.close) == (MATCH_NONE, None)


def test_an_empty_query_matches_every_article() -> None:
    assert analysed("") == CompiledQuery(MatchAll())


def test_a_query_of_exclusions_matches_all_other_articles() -> None:
    strict = analysed("-كتاب").strict
    assert isinstance(strict, AllOf)
    assert [type(child) for child in strict.children] == [MustNot]


def test_close_results_have_most_words_and_none_that_is_excluded() -> None:
    boosted = analysed("قصف عنيف مستمر -كتاب city:طرابلس").close
    assert isinstance(boosted, Boosted)
    close = boosted.child
    assert isinstance(close, AllOf)
    most, *rest = close.children
    assert isinstance(most, AnyOf)
    assert (len(most.children), most.at_least) == (3, 2)
    assert [type(child) for child in rest] == [MustNot, AnyOf]


def test_close_results_need_not_have_quoted_words_in_a_row() -> None:
    boosted = analysed('قصف "مجلس الأمن"').close
    close = boosted.child if isinstance(boosted, Boosted) else boosted
    assert isinstance(close, AnyOf)
    assert len(close.children) == 3
    assert not any(isinstance(leaf, Phrase) for leaf in leaves(close))


def test_neighbours_of_the_query_boost_neighbours_in_the_text(engine: SearchEngine) -> None:
    near, far = "قصف مجلس في المدينة", "قصف عنيف كبير في المدينة ثم مجلس"
    changes = [Put(IndexDocument(1, "", far)), Put(IndexDocument(2, "", near))]
    engine.apply(changes, version=1, interactive=True)
    hits = engine.search(EngineRequest(query=analysed("قصف مجلس").strict)).hits
    assert [hit.id for hit in hits] == [2, 1]


@pytest.mark.parametrize("query", ["كتاب", '"كتاب جديد"', "كتاب -قصف", "كتاب OR قصف", "حمص", ""])
def test_a_query_of_one_clause_has_no_close_part(query: str) -> None:
    assert analysed(query).close is None


def light_boost(word: str) -> float:
    """Return the highest boost of the stem of a word at the level `light`."""
    found = leaves(analysed(word, "light").strict)
    return max(leaf.boost for leaf in found if isinstance(leaf, Term) and leaf.level == "light")


@pytest.mark.parametrize("word", ["جمعية", "مكتب", "سلطة", "وزير", "المدارس"])
def test_a_misleading_stem_ranks_with_little_weight(word: str) -> None:
    below, full = light_boost(word), stem_boost(word)
    assert full < below if is_overstemmed(normalize(word)) else full == below
