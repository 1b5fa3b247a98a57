"""Names of several words typed plainly: found as the name; their words anywhere by a switch."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.expansion.synonyms import SynonymMap
from arabic.text.tokenizer import normalized_terms
from articles.models import Organisation
from search.engines.contract import SearchEngine
from search.query.request import SearchRequest
from search.query.typed_names import WordOffsets, find_typed_names
from search.results import ResultPage, UsedExpansion
from search.retrieval.service import run_search
from tests.search.news import NewsItem, publish

ARCHIVE = (
    NewsItem("لقاء", "قال سفير الولايات المتحدة إن اللقاء انتهى."),
    NewsItem("شراكة", "رحب بالولايات المتحدة وبالولاياتالمتحدة شريكا."),
    NewsItem("زيارة", "عاد من أمريكا أمس."),
    NewsItem("حدود", "هذه الولايات غير المتحدة."),
    NewsItem("نفي", "الأمم المتحدة ولا الولايات الأخرى."),
    NewsItem("موعد", "في كانونالثاني الماضي وكانون ثاني."),
    NewsItem("سنة", "كان هذا في العام الثاني."),
    NewsItem("شتاء", "بحلول يناير المقبل."),
    NewsItem("صندوق", "صندوق الأمم المتحدة للسكان في دمشق."),
    NewsItem("كرة", "الاتحاد الأوروبي لكرة القدم أعلن النتيجة."),
    NewsItem("قمة", "الاتحاد الأوروبي يعقد قمة."),
)

#: Query → articles of ARCHIVE that it finds.
FOUND = [
    ("الولايات المتحدة", {0, 1, 2}),
    ("وبالولايات المتحدة", {0, 1, 2}),
    ("الولايات المتحدة الأمريكية", {0, 1, 2}),
    ("title:(الولايات المتحدة)", set()),
    ("الولايات AND المتحدة", {0, 1, 2, 3, 4}),
    ('"الولايات المتحدة"', {0}),
    ("لقاء -(الولايات المتحدة)", set()),
    ("(الولايات المتحدة) أو (كانون الثاني)", {0, 1, 2, 5, 7}),
    ("كانون الثاني", {5, 7}),
    ("لكانون الثاني", {5}),
    ("الأمم المتحدة", {4, 8}),
    ("الاتحاد الأوروبي", {10}),
    ("الاتحاد الأوروبي لكرة القدم", {9}),
]

Ask = Callable[..., ResultPage]


@pytest.fixture
def ids(engine: SearchEngine) -> list[int]:
    """Publish ARCHIVE and return the ids of its articles."""
    return publish(engine, *ARCHIVE)


@pytest.fixture
def ask(engine: SearchEngine) -> Ask:
    """Return a function that searches the engine under test."""
    return lambda q, **asked: run_search(SearchRequest(q=q, **asked), engine=engine)


def strict(page: ResultPage, ids: list[int]) -> set[int]:
    return {ids.index(hit.record.id) for hit in page.hits if hit.strict}


def anywhere(page: ResultPage) -> list[UsedExpansion]:
    return [each for each in page.expansions if each.kind == "anywhere"]


@pytest.mark.django_db
def test_a_name_of_several_words_is_found_as_the_name(
    ask: Ask, ids: list[int], subtests: pytest.Subtests
) -> None:
    for query, found in FOUND:
        with subtests.test(query=query):
            assert strict(ask(query), ids) == found


@pytest.mark.django_db
def test_its_words_anywhere_are_offered_with_the_number_of_hits_that_they_add(
    ask: Ask, ids: list[int]
) -> None:
    [offer] = anywhere(ask("الولايات المتحدة"))
    assert offer == UsedExpansion("anywhere", "الولايات المتحدة", "الولايات المتحدة", False, 2)
    page = ask("الولايات المتحدة", included=(offer.shown,))
    assert strict(page, ids) == {0, 1, 2, 3, 4}
    assert anywhere(page) == [UsedExpansion("anywhere", "الولايات المتحدة", "الولايات المتحدة", True, 2)]
    assert anywhere(ask("لقاء الولايات المتحدة")) == [], "an offer that adds nothing"
    sentence = "هذه الولايات المتحدة غير كل تلك"
    assert anywhere(ask(sentence)) == [], "a pasted sentence is offered nothing"


@pytest.mark.django_db
def test_as_written_its_words_stand_in_a_row(ask: Ask, ids: list[int]) -> None:
    assert strict(ask("الولايات المتحدة", level="exact"), ids) == {0}
    both = ask("الولايات المتحدة", level="exact", included=("الولايات المتحدة",))
    assert strict(both, ids) == {0, 3, 4}


@pytest.mark.django_db
def test_hits_as_written_are_among_those_of_all_forms(
    ask: Ask, ids: list[int], subtests: pytest.Subtests
) -> None:
    for query in (query for query, _found in FOUND if '"' not in query):
        with subtests.test(query=query):
            assert strict(ask(query, level="exact"), ids) <= strict(ask(query), ids)


@pytest.mark.django_db
def test_a_close_hit_has_its_words_apart(ask: Ask, ids: list[int]) -> None:
    page = ask("الولايات المتحدة")
    close = {ids.index(hit.record.id): hit.changes[0].kind for hit in page.hits if not hit.strict}
    assert close == {3: "apart", 4: "apart"}


@pytest.mark.django_db
def test_the_whole_name_is_marked_and_nothing_else(ask: Ask, ids: list[int]) -> None:
    marked = {hit.record.id: hit.snippet.marked for hit in ask("الولايات المتحدة").hits if hit.strict}
    assert marked[ids[0]] == ("الولايات", "المتحدة")
    assert marked[ids[1]] == ("بالولايات", "المتحدة", "وبالولاياتالمتحدة")


@pytest.mark.django_db
def test_a_name_that_librarians_added_is_found_in_a_row_behind_clitics(
    engine: SearchEngine, ask: Ask
) -> None:
    Organisation.objects.create(name="مركز الضفاف للدراسات", other_names=["مركز الضفاف"])
    ids = publish(
        engine,
        NewsItem("دراسة", "قال لمركز الضفاف أمس."),
        NewsItem("بيان", "أعلن مركز الضفاف للدراسات بيانه."),
        NewsItem("رحلة", "من الضفاف إلى مركز المدينة."),
        NewsItem("خطأ", "زار مركزالضفاف مساء."),
    )
    assert strict(ask("مركز الضفاف"), ids) == {0, 1, 3}
    assert [each.count for each in anywhere(ask("مركز الضفاف"))] == [1]


WORDS = st.lists(st.lists(st.sampled_from("ابت"), max_size=3), max_size=6)


@given(WORDS, st.integers(0, 18), st.integers(0, 18))
def test_words_of_offsets_are_those_whose_tokens_lie_between(
    words: list[list[str]], start: int, end: int
) -> None:
    at = WordOffsets(words).words(start, end)
    if at is not None and len(at) > 0:
        assert sum(map(len, words[: at.start])) == start
        assert sum(map(len, words[: at.stop])) == end


NAME_WORDS = normalized_terms("الولايات المتحدة الأمريكية كانون الثاني صندوق الأمم للسكان دير الزور")


@given(st.lists(st.sampled_from(NAME_WORDS), max_size=12))
def test_typed_names_do_not_overlap_and_have_the_typed_tokens(tokens: list[str]) -> None:
    names = find_typed_names([[token] for token in tokens], SynonymMap())
    covered = [index for name in names for index in name.at]
    assert covered == sorted(set(covered))
    assert all(name.tokens == tuple(tokens[name.at.start : name.at.stop]) for name in names)


@pytest.mark.django_db
def test_a_place_that_is_also_a_noun_before_a_genitive_is_the_place(engine: SearchEngine, ask: Ask) -> None:
    ids = publish(
        engine,
        NewsItem("طريق", "وصلت القافلة إلى حماة."),
        NewsItem("شعر", "أنتم يا حماة الوطن."),
        NewsItem("حي", "حماة، الوطن والناس."),
    )
    page = ask("حماة")
    assert strict(page, ids) == {0, 2}
    assert {ids.index(hit.record.id) for hit in page.hits if not hit.strict} == {1}, "the noun is close"
    assert strict(ask("حماة الوطن"), ids) == {1, 2}
    assert strict(ask("حماة", level="exact"), ids) == {0, 1, 2}
    assert strict(ask('"حماة الوطن"'), ids) == {1, 2}
