"""Articles on the same subject, on each engine."""

from __future__ import annotations

import pytest

from articles.models import Article, StoryMember
from search.concordance import similar_articles as module
from search.concordance.similar_articles import similar_articles
from search.engines.contract import EngineUnavailable, SearchEngine
from tests.search.news import NewsItem, index_all, publish

pytestmark = pytest.mark.django_db

FIRE = "التهم حريق كبير محال سوق الحبال في المدينة القديمة، وقدر التجار خسائرهم بالملايين."
NEWS = (
    NewsItem("حريق في سوق الحبال", FIRE, "2014-01-27", "سنابل"),
    NewsItem("حريق سوق الحبال", f"{FIRE} ولم يصب أحد.", "2014-01-27", "الضفاف"),
    NewsItem(
        "خسائر التجار", "بعد الحريق في السوق جمع تجار الحبال مالا لمحالهم وخسائرهم.", "2014-02-03", "الضفاف"
    ),
    NewsItem("حريق في غابة", "أطفئ حريق كبير في غابة على الساحل.", "2014-02-04", "سنابل"),
    NewsItem("مطر", "يهطل مطر غزير في دمشق هذا المساء.", "2014-02-05", "الضفاف"),
    NewsItem("سوق الأسهم", "ارتفع مؤشر الأسهم صباح اليوم.", "2014-02-06", "الضفاف"),
)


@pytest.fixture
def ids(engine: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Publish the news."""
    monkeypatch.setattr(module, "get_engine", lambda: engine)
    return publish(engine, *NEWS)


def test_what_is_similar_shares_forms_of_the_words(ids: list[int]) -> None:
    found = [each.pk for each in similar_articles(Article.objects.get(pk=ids[0]))]
    assert found[:2] == [ids[1], ids[2]]
    assert not {ids[0], ids[4], ids[5]} & set(found)


def test_versions_are_not_similar_articles(ids: list[int], engine: SearchEngine) -> None:
    for pk in ids[:2]:
        StoryMember.objects.create(article_id=pk, story=ids[0])
    index_all(engine)
    assert [each.pk for each in similar_articles(Article.objects.get(pk=ids[0]))][:1] == [ids[2]]
    third = [each.pk for each in similar_articles(Article.objects.get(pk=ids[2]))]
    assert len({ids[0], ids[1]} & set(third)) == 1, "of a story one version is enough"


def test_a_hidden_article_is_not_shown_whatever_the_index_says(ids: list[int]) -> None:
    Article.objects.filter(pk=ids[1]).update(state=Article.State.WITHDRAWN)
    assert ids[1] not in [each.pk for each in similar_articles(Article.objects.get(pk=ids[0]))]


def test_without_an_engine_there_are_none(ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise EngineUnavailable("down")

    monkeypatch.setattr(module, "get_engine", fail)
    assert similar_articles(Article.objects.get(pk=ids[0])) == []
