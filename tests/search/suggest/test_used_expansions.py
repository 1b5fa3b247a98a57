"""Labelled expansions on both engines: they give strict hits, are counted, and can be switched off."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from arabic.tables.gazetteer import name_key
from articles.models import Article, Organisation, Place
from search.engines.contract import SearchEngine
from search.query.request import SearchLevel, SearchRequest
from search.results import ResultPage, UsedExpansion
from search.retrieval.service import run_search
from tests.search.news import NewsItem, index_all, publish

pytestmark = pytest.mark.django_db

ARCHIVE = (
    NewsItem("لقاء في موسكو", "قال الوزير سيرغي إن اللقاء انتهى."),
    NewsItem("تصريح", "أضاف سيرجي أن الموعد في يناير المقبل."),
    NewsItem("موعد", "حدد الموعد في كانون الثاني 2014."),
    NewsItem("حصيلة", "أحصى النشطاء ثلاثين جريحا."),
    NewsItem("وكالات", "وقال المرصد السوري إن الطريق مقطوع."),
    NewsItem("طريق الساحل", "وصلت القافلة إلى اللازقية مساء."),
    NewsItem("أب وابنه", "قال أب إن ابنه عاد."),
    NewsItem("صيف", "في 15 آب عاد السكان."),
    NewsItem("سفر", "عادوا من واشنطن وواشنطن."),
)

#: Query → articles of ARCHIVE that it finds, and those that it finds with all expansions off.
FOUND = [
    ("سيرجي", {0, 1}, {1}),
    ("سيرغي", {0, 1}, {0}),
    ("كانون الثاني", {1, 2}, {2}),
    ("جانفي", {1, 2}, set()),
    ("30 جريح", {3}, set()),
    ("SOHR", {4}, set()),
    ("اللاذقية", {5}, set()),
    ("الاذقية", {5}, set()),
    ("أغسطس", {7}, set()),
]


@pytest.fixture
def ids(engine: SearchEngine) -> list[int]:
    """Publish ARCHIVE and return the ids of its articles."""
    Organisation.objects.update_or_create(
        name="المرصد السوري لحقوق الإنسان", defaults={"other_names": ["المرصد السوري", "SOHR"]}
    )
    return publish(engine, *ARCHIVE)


Ask = Callable[..., ResultPage]


@pytest.fixture
def ask(engine: SearchEngine) -> Ask:
    """Return a function that searches the engine under test."""
    return lambda q, **asked: run_search(SearchRequest(q=q, **asked), engine=engine)


def strict(page: ResultPage, ids: list[int]) -> set[int]:
    return {ids.index(hit.record.id) for hit in page.hits if hit.strict}


def used(page: ResultPage) -> dict[str, bool]:
    return {each.shown: each.active for each in page.expansions}


def test_other_names_make_strict_hits_unless_they_are_switched_off(
    ask: Ask, ids: list[int], subtests: pytest.Subtests
) -> None:
    for query, with_all, without in FOUND:
        with subtests.test(query=query):
            assert strict(ask(query), ids) == with_all
            assert strict(ask(query, without=("*",)), ids) == without


@pytest.mark.parametrize(
    ("query", "other"),
    [
        ("يوليو", "زيارة ولي العهد"),  # the Egyptian July is also "he entrusts him"
        ("بوتين", "قطع الوتين والوتن"),  # بوتن can be read as "with a vein"
        ("1000", "لف القماش"),
    ],
)
def test_another_name_matches_itself_and_no_other_reading_of_its_letters(
    engine: SearchEngine, ask: Ask, query: str, other: str
) -> None:
    publish(engine, NewsItem("خبر", other))
    assert ask(query).total == 0


def test_another_name_is_found_with_clitics(engine: SearchEngine, ask: Ask) -> None:
    published = publish(engine, NewsItem("", "في شهر يوليه وبيوليه"), NewsItem("", "قال لسيرغي ووسيرغي"))
    assert strict(ask("تموز"), published) == {0}
    assert strict(ask("سيرجي"), published) == {1}


def test_the_page_names_those_that_occur_with_their_number_of_articles(ask: Ask, ids: list[int]) -> None:
    assert ask("سيرجي").expansions == (UsedExpansion("spelling", "سيرجي", "سيرغي", True, 1),)
    assert used(ask("كانون الثاني 2014")) == {"يناير": True}
    assert ask("قافلة").expansions == ()


def test_one_that_is_switched_off_is_still_named_and_finds_nothing(ask: Ask, ids: list[int]) -> None:
    page = ask("سيرجي", without=("سيرغي",))
    assert used(page) == {"سيرغي": False}
    assert strict(page, ids) == {1}
    assert strict(ask("سيرجي", without=("سيرغى",)), ids) == {1}, "in any spelling of its name"
    assert strict(ask("سيرجي", without=("يناير",)), ids) == {0, 1}, "another's switch"


def test_expansions_are_counted_under_the_filters(ask: Ask, ids: list[int]) -> None:
    assert ask("سيرجي", dates=("undated",)).expansions != ()
    assert ask("سيرجي", dates=("2011",)).expansions == ()


def test_expansions_are_searched_from_the_light_level_on(ask: Ask, ids: list[int]) -> None:
    levels: dict[SearchLevel, set[int]] = {"exact": {1}, "light": {0, 1}, "all": {0, 1}}
    for level, found in levels.items():
        page = ask("سيرجي", level=level)
        assert strict(page, ids) == found
        assert bool(page.expansions) == (level != "exact")


def test_quoted_words_are_not_expanded(ask: Ask, ids: list[int]) -> None:
    page = ask('"سيرجي"')
    assert (strict(page, ids), page.expansions) == ({1}, ())


def test_excluded_words_are_not_expanded(ask: Ask, ids: list[int]) -> None:
    page = ask("الوزير -سيرجي")
    assert (strict(page, ids), page.expansions) == ({0}, ())


def test_an_edited_alias_works_in_the_next_search(ask: Ask, ids: list[int]) -> None:
    assert strict(ask("عين الضفاف"), ids) == set()
    Organisation.objects.filter(name="المرصد السوري لحقوق الإنسان").update(
        other_names=["المرصد السوري", "عين الضفاف"]
    )
    assert strict(ask("عين الضفاف"), ids) == {4}
    Place.objects.create(key="own-c", slug="الساحل", name="الساحل", aliases=["شاطئ البلاد"])
    assert strict(ask("شاطئ البلاد"), ids) == {5}


def test_a_hit_by_another_name_ranks_below_one_by_the_typed_name(ask: Ask, ids: list[int]) -> None:
    assert [ids.index(hit.record.id) for hit in ask("سيرجي").hits if hit.strict] == [1, 0]


def test_the_typed_name_with_clitics_is_not_listed_as_another_spelling(ask: Ask, ids: list[int]) -> None:
    page = ask("واشنطن")
    assert strict(page, ids) == {8}
    assert page.expansions == ()


def test_names_with_the_same_matches_share_a_switch(ask: Ask, ids: list[int]) -> None:
    assert used(ask("جانفي")) == {"يناير": True, "كانون الثاني": True}
    off = ask("جانفي", without=("كانون الثاني",))
    assert used(off) == {"يناير": True, "كانون الثاني": False}
    assert strict(off, ids) == {1}


REPORTS = (
    NewsItem("أمن", "أعلنت اعتقال رجل أمس."),
    NewsItem("شرطة", "اعتقلت الشرطة رجلين."),
    NewsItem("عمل", "التقرير السنوي في دمشق."),
    NewsItem("رأي", "مضت سنة على اللقاء."),
)


def test_a_noun_of_action_and_its_verb_find_each_other_by_a_switch(engine: SearchEngine, ask: Ask) -> None:
    ids = publish(engine, *REPORTS)
    assert strict(ask("اعتقال"), ids) == strict(ask("اعتقل"), ids) == {0, 1}
    assert ask("اعتقال").expansions == (UsedExpansion("derivation", "اعتقال", "اعتقل", True, 1),)
    assert strict(ask("اعتقال", without=("اعتقل",)), ids) == {0}
    assert strict(ask("اعتقال", without=("*",)), ids) == {0}
    assert strict(ask("اعتقال", level="light"), ids) == {0}
    assert strict(ask("رجل -اعتقال"), ids) == {1}


def test_the_noun_of_an_adjective_is_offered_with_what_it_adds(engine: SearchEngine, ask: Ask) -> None:
    ids = publish(engine, *REPORTS)
    page = ask("سنوي")
    assert strict(page, ids) == {2}
    [offer] = [each for each in page.expansions if each.kind == "nisba"]
    assert (name_key(offer.shown), offer.active, offer.count) == (name_key("سنة"), False, 1)
    wider = ask("سنوي", included=(offer.shown,))
    assert strict(wider, ids) == {2, 3}
    assert [(each.active, each.count) for each in wider.expansions if each.kind == "nisba"] == [(True, 1)]
    assert strict(ask("سنوي", included=("الأمم",)), ids) == {2}, "another's switch"


def test_the_adjective_of_a_country_is_offered_and_close(engine: SearchEngine, ask: Ask) -> None:
    ids = publish(
        engine,
        NewsItem("زيارة", "وصل الوفد إلى سوريا لزيارة المخيم."),
        NewsItem("مخيم", "زار الوفد السوري المخيم."),
    )
    page = ask("سوريا")
    assert strict(page, ids) == {0}
    assert page.total == len(page.hits) == 1, "of one word it would give more close hits than strict ones"
    assert page.expansions == (UsedExpansion("nationality", "سوريا", "سوري", False, 1),)
    assert strict(ask("سوريا", included=("سوري",)), ids) == {0, 1}
    two = ask("سوريا المخيم")
    assert [(ids.index(hit.record.id), hit.strict) for hit in two.hits] == [(0, True), (1, False)]


@pytest.fixture
def scans(engine: SearchEngine) -> list[int]:
    """Publish a text with «المدينة», a scan with a misreading of it, and one with both."""
    texts = ("أسوار المدينة", "أسوار المدبنة", "أسوار المدينة والمدبنة")
    ids = publish(engine, *(NewsItem("خبر", text) for text in texts))
    words = "المدبنه والمدبنه"
    Article.objects.filter(pk__in=ids[1:]).update(ocr_confidence=80, low_confidence_words=words)
    index_all(engine, version=2)
    return ids


def test_likely_words_of_scans_are_a_labelled_expansion_with_a_switch(ask: Ask, scans: list[int]) -> None:
    page = ask("المدينة")
    assert strict(page, scans) == {0, 1, 2}
    assert page.expansions == (UsedExpansion("misread", "", "OCR", True, 1),), "only one needs it"
    assert strict(ask("سور المدينة"), scans) == {0, 1, 2}
    off = ask("المدينة", without=("OCR",))
    assert strict(off, scans) == {0, 2}
    assert off.expansions == (UsedExpansion("misread", "", "OCR", False, 1),)
    for narrower in ({"without": ("*",)}, {"level": "light"}, {"level": "exact"}):
        page = ask("المدينة", **narrower)
        assert (strict(page, scans), page.expansions) == ({0, 2}, ())


def test_likely_words_exclude_nothing(ask: Ask, scans: list[int]) -> None:
    assert strict(ask("أسوار -المدينة"), scans) == {1}


def test_likely_words_come_after_those_that_stand_in_the_text(engine: SearchEngine, ask: Ask) -> None:
    texts = ("المدبنة", *(f"{'أسوار ' * words}المدينة" for words in range(6)))
    ids = publish(engine, *(NewsItem("", text) for text in texts))
    Article.objects.filter(pk=ids[0]).update(ocr_confidence=80, low_confidence_words="المدبنه")
    index_all(engine, version=2)
    assert [ids.index(hit.record.id) for hit in ask("المدينة").hits][-1] == 0
