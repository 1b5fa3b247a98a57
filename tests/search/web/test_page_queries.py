"""A results page takes at most six SQL queries, whatever it shows, and two more for who is logged in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from articles.models import Article, Organisation, Place, PlaceMention, Source, StoryMember
from search.engines.contract import SearchEngine
from search.retrieval import service
from search.web import coverage_page, views
from tests.search.conftest import KINDS
from tests.search.news import index_all

pytestmark = pytest.mark.django_db
MOST_QUERIES = 6
#: Session, account, and whether somebody of the staff has a second factor.
OF_AN_ACCOUNT = 3


@pytest.fixture
def kind() -> str:
    """Return the kind of engine of a test that names none: the SQL is that of hits, whatever found them."""
    return "embedded"


@pytest.fixture(params=[(1, 5), (100, 1000)], ids=lambda sizes: "{} hits, {} values".format(*sizes))
def hits(request: pytest.FixtureRequest, engine: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> int:
    """Publish 1 or 100 articles that mention 5 or 1,000 places; return how many there are."""
    articles, values = request.param
    sources = Source.objects.bulk_create([Source(name=f"مصدر {number}") for number in range(5)])
    places = Place.objects.bulk_create(
        [
            Place(key=f"x{n}", slug=f"بلدة {n}", name=f"بلدة {n}", country="SY", governorate="حمص")
            for n in range(values)
        ]
    )
    made = Article.objects.bulk_create(
        [
            Article(title=f"قصف حلب {n}", body="قصف عنيف على حلب", source=sources[n % 5])
            for n in range(articles)
        ]
    )
    PlaceMention.objects.bulk_create(
        [
            PlaceMention(article=made[n % articles], place=one, field="metadata")
            for n, one in enumerate(places)
        ]
    )
    if articles > 1:
        StoryMember.objects.bulk_create([StoryMember(article=one, story=made[0].pk) for one in made[:5]])
    index_all(engine)
    for module in (service, views, coverage_page):
        monkeypatch.setattr(module, "get_engine", lambda: engine)
    return articles


def queries_of(client: Client, address: str, **parameters: str) -> Sequence[str]:
    """Return the SQL of a page, asked a second time: the first one may have to read the names."""
    client.get(address, parameters)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address, parameters)
    assert answer.status_code == 200
    assert answer.json()["hits"] if address.startswith("/api") else answer.context["result"].hits
    return [each["sql"] for each in asked]


@pytest.mark.parametrize("kind", KINDS)
def test_a_results_page_takes_at_most_six_queries(hits: int, client: Client) -> None:
    reader = Client()
    reader.force_login(User.objects.create(username="librarian", is_staff=True))
    shown = {"size": "100", "page": "1"}
    for who, language, query, group in product(
        (client, reader), ("ar", "en"), ("قصف", "قصف حلب", "قصف عنيف حلب دمشق"), ("story", "none")
    ):
        found = queries_of(who, "/search/", q=query, lang=language, group=group, **shown)
        assert len(found) <= MOST_QUERIES + OF_AN_ACCOUNT * (who is reader), "\n".join(found)


def test_filters_and_names_in_a_query_take_no_further_queries(hits: int, client: Client) -> None:
    names = {"q": 'قصف مدينة:"بلدة 1" مصدر:"مصدر 0"', "city": "بلدة 1", "governorate": "حمص", "country": "SY"}
    client.get("/search/", names)
    with CaptureQueriesContext(connection) as asked:
        client.get("/search/", names)
    assert len(asked) <= MOST_QUERIES


def test_the_api_with_every_facet_takes_at_most_six_queries(hits: int, client: Client) -> None:
    for query, group in product(("قصف", "قصف حلب"), ("story", "none")):
        found = queries_of(client, "/api/v1/search", q=query, group=group, size="100")
        assert len(found) <= MOST_QUERIES, "\n".join(found)


def test_the_page_after_a_change_has_the_new_name(hits: int, client: Client) -> None:
    client.get("/search/", {"q": "قصف"})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_place SET slug = 'بلدة جديدة' WHERE slug = 'بلدة 0'")
    Organisation.objects.create(name="قصف", other_names=["دكّ"])
    tree = html.fromstring(client.get("/search/", {"q": "قصف", "city": "بلدة جديدة"}).content.decode())
    assert [chip.text_content() for chip in tree.cssselect(".chip bdi")][:1] == ["بلدة جديدة"]


def test_a_page_without_hits_takes_at_most_six_queries(hits: int, client: Client) -> None:
    for asked_for in ({"q": "زرافة"}, {"q": "زرافة", "city": "بلدة 1", "from": "1990", "to": "1991"}):
        client.get("/search/", asked_for)
        with CaptureQueriesContext(connection) as asked:
            assert not client.get("/search/", asked_for).context["result"].hits
        assert len(asked) <= MOST_QUERIES


def test_the_front_page_counts_again_only_after_a_change(hits: int, client: Client) -> None:
    before = client.get("/").content
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/").content == before
    assert len(asked) <= MOST_QUERIES
    Source.objects.filter(name="مصدر 0").update(name="صحيفة جديدة")
    Article.objects.filter(source__name="صحيفة جديدة").update(
        title="عنوان جديد", date="2012-05-01", date_precision="day"
    )
    after = client.get("/").content.decode()
    assert "صحيفة جديدة" in after
    assert "عنوان جديد" in after
