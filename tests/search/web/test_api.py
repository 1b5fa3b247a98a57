"""The JSON API gives the same results as the pages."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import html

from tests.search.web.conftest import text_of

pytestmark = pytest.mark.django_db


def test_a_search_answers_with_the_same_articles_as_the_page(client: Client, archive: dict) -> None:
    asked = {"q": "حمص", "city": "حمص", "sort": "newest"}
    answer = client.get("/api/v1/search", asked).json()
    page = html.fromstring(client.get("/search/", asked).content.decode())
    assert [hit["title"] for hit in answer["hits"]] == [
        text_of(link) for link in page.cssselect(".hit-title a")
    ]
    assert answer["total"] == 4
    aleppo = {"value": "حلب", "label": "حلب", "count": 1, "selected": False, "about": 0, "adds": 0}
    assert aleppo in answer["facets"]["city"]
    assert [row["value"] for row in answer["facets"]["date"] if len(row["value"]) == 4] == ["2014", "2012"]
    assert all(hit["marks"] and hit["strict"] for hit in answer["hits"])


def test_filters_repeat_and_periods_have_their_short_names(client: Client, archive: dict) -> None:
    answer = client.get("/api/v1/search", {"city": ["حلب", "دمشق"], "from": "2014"}).json()
    assert [hit["title"] for hit in answer["hits"]] == ["قافلة مساعدات"]


@pytest.mark.parametrize(
    "wrong",
    [{"page": "0"}, {"size": "101"}, {"level": "deep"}, {"sort": "x"}, {"from": "soon"}, {"page": "a"}],
)
def test_a_wrong_parameter_is_refused_and_named(client: Client, archive: dict, wrong: dict) -> None:
    answer = client.get("/api/v1/search", wrong)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_a_fault_in_the_query_gives_a_complaint(client: Client, archive: dict) -> None:
    answer = client.get("/api/v1/search", {"q": '"حمص'}).json()
    assert [complaint["code"] for complaint in answer["complaints"]] == ["unclosed_quote"]
    assert answer["total"] == 4


def test_an_article_is_complete(client: Client, archive: dict) -> None:
    answer = client.get(f"/api/v1/articles/{archive['convoy'].pk}").json()
    assert answer["body"] == archive["convoy"].body
    assert answer["date"] == "2014-02-03"
    assert sorted(answer["cities"]) == sorted(["حمص", "حلب"])


def test_the_description_names_every_path_and_operation_as_clients_know_them(client: Client) -> None:
    description = client.get("/api/v1/openapi.json").json()
    assert {path: method["get"]["operationId"] for path, method in description["paths"].items()} == {
        "/api/v1/search": "search_api_search",
        "/api/v1/search/all": "search_api_search_all",
        "/api/v1/articles/{article_id}": "search_api_article",
        "/api/v1/articles/{article_id}/why": "search_api_why",
        "/api/v1/suggest": "search_suggest_endpoints_complete",
    }


@pytest.mark.parametrize("path", ["nothing", "articles/-1", "articles/99999999999999999999"])
def test_an_unknown_address_is_said_as_json(client: Client, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code in (404, 422)
    assert answer.json()["detail"]
