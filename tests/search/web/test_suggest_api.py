"""Responses to the search box and to programs while a reader types."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from articles.models import Source
from search.suggest.autocomplete import DEFAULT_LIMIT, MAX_LIMIT
from search.suggest.partial_query import MAX_PARTIAL_QUERY_CHARACTERS
from tests.search.web.conftest import Write

pytestmark = pytest.mark.django_db


def offered(client: Client, typed: str, address: str = "/suggest/") -> list[tuple[str, str]]:
    answer = client.get(address, {"q": typed}).json()
    return [
        (each["kind"], each["text"]) for each in (answer["suggestions"] if address == "/suggest/" else answer)
    ]


@pytest.mark.parametrize("address", ["/suggest/", "/api/v1/suggest"])
def test_words_cities_and_sources_of_the_archive_are_offered(
    client: Client, archive: dict, address: str
) -> None:
    assert ("city", "حمص") in offered(client, "حم", address)
    assert ("word", "أفران") in offered(client, "افر", address)
    assert ("source", "وكالة سنابل") in offered(client, "سناب", address)
    assert ("phrase", "أفران تعود إلى العمل") in offered(client, "افران تع", address)


def test_a_city_suggestion_has_the_rest_of_the_query(client: Client, archive: dict) -> None:
    answer = client.get("/suggest/", {"q": "القافلة حل"}).json()
    [city] = [each for each in answer["suggestions"] if each["kind"] == "city"]
    assert city == {
        "kind": "city",
        "text": "حلب",
        "query": "القافلة مدينة:حلب",
        "count": 1,
        "rest": "القافلة",
        "alias": "",
        "label": "حلب",
    }


def test_english_pages_suggest_latin_names_and_english_operators(client: Client, archive: dict) -> None:
    Source.objects.filter(name="وكالة سنابل").update(latin_name="Sanabel")
    answer = client.get("/suggest/", {"q": "سناب", "lang": "en"}).json()
    [source] = [each for each in answer["suggestions"] if each["kind"] == "source"]
    assert (source["label"], source["text"]) == ("Sanabel", "وكالة سنابل")
    assert source["query"] == 'source:"وكالة سنابل"'


@pytest.mark.parametrize(("language", "said"), [("ar", "اقتراح واحد"), ("en", "1 suggestion")])
def test_the_number_of_suggestions_is_announced_in_the_readers_language(
    client: Client, archive: dict, language: str, said: str
) -> None:
    client.get("/", {"lang": language})
    assert client.get("/suggest/", {"q": "مدينة:دم"}).json()["announcement"] == said
    assert client.get("/suggest/", {"q": "مدينة:ظظظ"}).json() == {"suggestions": [], "announcement": ""}


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_words_of_hidden_articles_are_in_no_suggestion(
    client: Client, archive: dict, write: Write, state: str
) -> None:
    secret = write("زنجبيلة مخفية", "زنجبيلة", source="نشرة زنجبيلة", cities=("زنجبيلة",))
    public = offered(client, "زنجب") + offered(client, "زنجبيلة ")
    assert {kind for kind, _text in public} == {"word", "phrase", "city", "source"}
    secret.state = state
    secret.save()
    write("سوق", "فتحت")  # runs the outbox consumer
    for typed in ("زنجب", "زنجبيلة مخ", "زنجبيلة ", '"زنجبيلة مخ', "title:زنج", "مدينة:زنج", "مصدر:نشر"):
        assert offered(client, typed) == []
        assert offered(client, typed, "/api/v1/suggest") == []


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "\0", "*" * 50, '"', "(((((", "حمص " * 5000, "city:\0", "%%", "\u202e\u200f", "<script>"],
)
def test_no_text_is_an_error(client: Client, archive: dict, typed: str) -> None:
    answer = client.get("/suggest/", {"q": typed})
    assert (answer.status_code, answer.json()["suggestions"]) == (200, [])


def test_missing_repeated_and_undecodable_texts_are_accepted(client: Client, archive: dict) -> None:
    assert client.get("/suggest/").json()["suggestions"] == []
    assert client.get("/suggest/?q=x&q=%D8%AF%D9%85").json()["suggestions"] != []
    assert client.get("/suggest/?q=%FF%FE").status_code == 200


def test_the_api_rejects_values_beyond_its_limits(client: Client, archive: dict) -> None:
    assert len(client.get("/api/v1/suggest", {"q": "city:", "limit": 2}).json()) == 2
    for wrong in (
        {"limit": 0},
        {"limit": MAX_LIMIT + 1},
        {"limit": "a"},
        {"q": "x" * (MAX_PARTIAL_QUERY_CHARACTERS + 1)},
    ):
        assert client.get("/api/v1/suggest", wrong).status_code == 422
    operation = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/suggest"]["get"]
    limits = {each["name"]: each["schema"] for each in operation["parameters"]}
    assert limits["q"]["maxLength"] == MAX_PARTIAL_QUERY_CHARACTERS
    assert (limits["limit"]["minimum"], limits["limit"]["maximum"]) == (1, MAX_LIMIT)
    assert limits["limit"]["default"] == DEFAULT_LIMIT


def test_only_reading_is_allowed_and_nothing_is_written_or_kept(client: Client, archive: dict) -> None:
    assert client.post("/suggest/").status_code == 405
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get("/suggest/", {"q": "افران تع"})
    assert all(query["sql"].startswith("SELECT") for query in queries)
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies


def test_there_are_no_suggestions_while_the_engine_is_down(
    client: Client, archive: dict, settings: LazySettings
) -> None:
    down = settings.SEARCH_ENGINES["elasticsearch"] | {"URL": "http://127.0.0.1:9"}
    settings.SEARCH_ENGINES = settings.SEARCH_ENGINES | {"elasticsearch": down}
    settings.SEARCH_ENGINE = "elasticsearch"
    assert offered(client, "حم") == []
    assert offered(client, "حم", "/api/v1/suggest") == []


@pytest.mark.parametrize("address", ["/", "/search/?q=x", "/about/", "/help/", "/nowhere/"])
def test_without_javascript_the_box_is_a_plain_field(client: Client, archive: dict, address: str) -> None:
    page = html.fromstring(client.get(address).content.decode())
    [form] = page.cssselect("form.box")
    [field] = form.cssselect("#q")
    assert form.get("data-suggest") == "/suggest/"
    assert not [name for name in field.attrib if name == "role" or name.startswith("aria-")]
    assert not page.cssselect("[role=listbox]")
