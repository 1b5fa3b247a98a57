"""A search reads the stored analysis of its hits, and never analyzes an indexed article again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command

from arabic.analyzer import AnalyzedTerms, analyze_terms
from arabic.morphology.decompounding import Decompounder
from arabic.text import tokenizer
from arabic.text.normalization import normalize
from articles.models import Article
from search.concordance.hit_sample import HitSample
from search.concordance.occurrences import OccurrenceFinder
from search.engines import analyzed_text
from search.engines.contract import EngineUnavailable, SearchEngine
from search.highlighting.explanation import WordMatch
from search.query.compiler import prepare_search
from search.query.request import SearchRequest
from search.results import Snippet
from search.retrieval.service import explain_article, highlight_article, run_search
from tests.search.news import NewsItem, index_all, publish

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parents[3] / "articles/samples"
QUERIES = (
    "حمص", "قصف حمص", "الأمم المتحدة", '"دير الزور"', "دير الزور", "كانون الثاني", "صحف*", "*حكوم*",
    '"قافلة حمص"~5', "حمص OR حلب", "حمص -دمشق", "title:مساعدات", "اعتقال متظاهرين",
    "وصلت قافله المساعدات الى حمص",
    "ديرالزور", "مدرسة لا تصل", "نازحون مخيمات شتاء ثلج", "hgpvf", "٢٠١٣", "قصفف حلبب",
)  # fmt: skip


@pytest.fixture
def searched_by_default(engine: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> SearchEngine:
    """Return the engine under test, which the page of one article asks too."""
    monkeypatch.setattr("search.retrieval.service.get_engine", lambda: engine)
    return engine


@pytest.fixture
def samples(searched_by_default: SearchEngine) -> SearchEngine:
    """Index the sample articles."""
    call_command("import_articles", SAMPLES, verbosity=0)
    index_all(searched_by_default)
    return searched_by_default


@pytest.fixture
def analyzed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record every text that is tokenized, and every token that the analyzer is asked about."""
    texts: list[str] = []
    tokens = tokenizer.Tokens.__init__

    def normalized(text: str) -> str:
        texts.append(text)
        return normalize(text)

    def tokenized(self: tokenizer.Tokens, text: str) -> None:
        texts.append(text)
        tokens(self, text)

    def analyzed_terms(
        words: Sequence[str], splitter: Decompounder, *more: Callable[[int], bool]
    ) -> AnalyzedTerms:
        texts.append(" ".join(words))
        return analyze_terms(words, splitter, *more)

    monkeypatch.setattr(tokenizer.Tokens, "__init__", tokenized)
    monkeypatch.setattr(tokenizer, "normalize", normalized)
    monkeypatch.setattr(analyzed_text, "analyze_terms", analyzed_terms)
    return texts


def everything_read(query: str, engine: SearchEngine) -> Iterator[object]:
    """Yield what a reader sees of a query: the page, then each of its articles marked and explained."""
    page = run_search(SearchRequest(q=query, size=50), engine=engine)
    yield replace(page, took_ms=0.0)
    for hit in page.hits:
        shown, asked = Article.objects.get(pk=hit.record.id), SearchRequest(q=query)
        marked: tuple[Snippet, Snippet] = highlight_article(asked, shown)
        explained: tuple[WordMatch, ...] = explain_article(asked, shown)
        yield hit.record.id, marked, explained


def without_stored_analysis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.engines.embedded.index_view.stored_article", lambda _packed: None)
    monkeypatch.setattr("search.engines.elastic.index_searcher.stored_article", lambda _packed: None)


def test_stored_and_fresh_analysis_show_the_same(
    samples: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = [list(everything_read(query, samples)) for query in QUERIES]
    without_stored_analysis(monkeypatch)
    fresh = [list(everything_read(query, samples)) for query in QUERIES]
    assert stored == fresh
    assert sum(map(len, stored)) > 3 * len(QUERIES)


@pytest.mark.parametrize(
    ("typed", "read"), [("المدينة", "المدبنة"), ("المتظاهرين", "المتظا هرين")], ids=["dots", "cut"]
)
def test_a_misread_word_is_marked_and_explained_with_a_stored_analysis_and_without(
    searched_by_default: SearchEngine, monkeypatch: pytest.MonkeyPatch, typed: str, read: str
) -> None:
    engine = searched_by_default
    publish(engine, NewsItem("مسح", f"أسوار {read} أمس"), NewsItem("مسح", "لا شيء"))
    Article.objects.update(ocr_confidence=80, low_confidence_words="المدبنه المتظا هرين")
    index_all(engine, version=2)
    stored = list(everything_read(typed, engine))
    [_page, (_id, (_title, body), [match])] = stored
    assert body.marked == (read,)
    assert [(form.text, form.how, match.strict) for form in match.found] == [(read, "misread", True)]
    without_stored_analysis(monkeypatch)
    assert list(everything_read(typed, engine)) == stored
    search = prepare_search(SearchRequest(q=typed))
    [hit] = HitSample(search, engine, None)
    assert len(OccurrenceFinder(search.compiled).find(hit.analyzed).body) == 1


def test_no_indexed_article_is_analyzed_again(samples: SearchEngine, analyzed: list[str]) -> None:
    bodies = set(Article.objects.visible().values_list("body", flat=True))
    shortest = min(map(len, bodies))
    for query in QUERIES:
        list(everything_read(query, samples))
    assert [text for text in analyzed if len(text) >= shortest] == []
    assert analyzed  # the queries are


def test_without_a_stored_analysis_articles_are_analyzed(
    samples: SearchEngine, analyzed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    without_stored_analysis(monkeypatch)
    page = run_search(SearchRequest(q="حمص"), engine=samples)
    assert {hit.record.body for hit in page.hits} <= set(analyzed)


def test_an_article_edited_after_indexing_is_shown_and_marked_as_it_is_now(
    searched_by_default: SearchEngine,
) -> None:
    engine = searched_by_default
    [id] = publish(engine, NewsItem("قصف على حمص", "سقطت قذائف على مدينة حمص أمس."))
    Article.objects.filter(pk=id).update(body="نفى مصدر سقوط أي قذائف بحمص.")
    [hit] = run_search(SearchRequest(q="قذائف حمص"), engine=engine).hits
    assert (hit.snippet.plain, hit.snippet.marked) == ("نفى مصدر سقوط أي قذائف بحمص.", ("قذائف", "بحمص"))
    shown = Article.objects.get(pk=id)
    _title, body = highlight_article(SearchRequest(q="قذائف حمص"), shown)
    assert body.marked == ("قذائف", "بحمص")
    assert [word.found[-1].text for word in explain_article(SearchRequest(q="قذائف حمص"), shown)] == [
        "قذائف",
        "بحمص",
    ]


def test_an_edited_title_is_marked_as_it_is_now(searched_by_default: SearchEngine) -> None:
    [id] = publish(searched_by_default, NewsItem("قصف على حمص", "سقطت قذائف."))
    Article.objects.filter(pk=id).update(title="في حمص")
    [hit] = run_search(SearchRequest(q="حمص"), engine=searched_by_default).hits
    assert (hit.title.plain, hit.title.marked) == ("في حمص", ("حمص",))


def test_the_article_page_needs_no_engine(
    searched_by_default: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    [id] = publish(searched_by_default, NewsItem("قصف على حمص", "سقطت قذائف."))

    def fails(_ids: object) -> None:
        raise EngineUnavailable("down")

    monkeypatch.setattr(searched_by_default, "analyzed_articles", fails)
    title, _body = highlight_article(SearchRequest(q="حمص"), Article.objects.get(pk=id))
    assert title.marked == ("حمص",)
