"""A results page with few hits suggests other words, names missing ones, and offers other searches."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from lxml import html

from articles.models import Article
from search.indexing.outbox_consumer import drain_outbox
from tests.search.web.conftest import Write

pytestmark = pytest.mark.django_db
#: Without articles of many numbers, every count would be 0 or 1.
SESSIONS = 12


@pytest.fixture
def council(write: Write) -> None:
    """Create articles about sessions of a council and two convoys, and hidden ones."""
    for number in range(SESSIONS):
        write(f"الجلسة {number}", "اجتماع المجلس الوطني في القاهرة.", source="صحيفة الضفاف", findable=False)
    write("قافلة مساعدات", "وصلت القافلة إلى حمص القديمة.", source="وكالة سنابل", findable=False)
    write("قافلة ثانية", "وصلت إلى حلب.", source="وكالة سنابل", findable=False)
    write("مسودة", "الزنبرجان المخفي", state=Article.State.DRAFT, findable=False)
    withdrawn = write("سحب", "الكهرمانوس المسحوب", findable=False)
    drain_outbox()
    Article.objects.filter(pk=withdrawn.pk).update(state=Article.State.WITHDRAWN)
    drain_outbox()


def page(client: Client, **parameters: object) -> html.HtmlElement:
    answer = client.get("/search/", parameters)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def total(client: Client, url: str) -> int:
    """Return what the API counts for a link of the page."""
    return int(json.loads(client.get(url.replace("/search/", "/api/v1/search", 1)).content)["total"])


def test_did_you_mean_is_offered_above_the_list(client: Client, council: None) -> None:
    tree = page(client, q="المجلس الوطبي", source="صحيفة الضفاف")
    [meant] = tree.cssselect("nav.meant")
    assert tree.cssselect(f"#{meant.get('aria-labelledby')}")[0].text_content() == "هل تقصد:"
    first = meant.cssselect("a")[0]
    assert first.text_content() == "المجلس الوطني"
    assert [word.text for word in first.cssselect("strong")] == ["الوطني"]
    assert parse_qs(urlsplit(first.get("href")).query) == {"q": ["المجلس الوطني"], "source": ["صحيفة الضفاف"]}
    assert total(client, first.get("href")) == SESSIONS
    assert "12 خبرًا" in meant.text_content()


def test_a_word_in_no_article_is_named_with_a_link_to_the_rest(client: Client, council: None) -> None:
    tree = page(client, q="قافلة زنجبيل حمص")
    [missing] = tree.cssselect("section.missing")
    assert missing.cssselect("h2")[0].text_content() == "السبب وما قد يفيد:"
    [row] = missing.cssselect("li")
    assert row.cssselect("b")[0].text_content() == "زنجبيل"
    [link] = row.cssselect("a")
    assert parse_qs(urlsplit(link.get("href")).query) == {"q": ["قافلة حمص"]}
    assert total(client, link.get("href")) == 1
    assert not tree.cssselect(".meant"), "the word is spelt well"


@pytest.mark.parametrize(
    ("asked", "heading"),
    [({"q": "زنجبيل"}, "السبب:"), ({"source": "وكالة سنابل", "from": "2012"}, "مما قد يفيد:")],
    ids=["no way out", "ways out alone"],
)
def test_the_heading_promises_no_more_than_there_is(
    client: Client, council: None, asked: dict[str, str], heading: str
) -> None:
    assert page(client, **asked).cssselect("section.missing h2")[0].text_content() == heading


def test_every_suggestion_finds_as_many_articles_as_it_says(client: Client, council: None) -> None:
    for asked in (
        {"q": "قافلة زنجبيل"},
        {"q": "القديمة حمص حلب", "lang": "en"},
        {"q": "المجلس الوطبي OR زنجبيل", "lang": "en"},
        {"q": "القاهرة", "source": "وكالة سنابل", "from": "2012", "lang": "en"},
        {"q": '"حمص القاهرة" OR زنجبيل', "lang": "en"},
        {"q": "قافلتان", "level": "exact", "lang": "en"},
    ):
        tree = page(client, **asked)
        for item in tree.cssselect(".meant li, .missing li"):
            for link in item.cssselect("a"):
                count = total(client, link.get("href"))
                assert count, link.get("href")
                if "lang" in asked:
                    assert f"({count} article" in item.text_content()


def test_a_search_with_enough_hits_gets_no_suggestions(client: Client, council: None) -> None:
    tree = page(client, q="المجلس الوطني")
    assert not tree.cssselect(".meant, .missing")


def test_hidden_articles_are_never_suggested(client: Client, council: None) -> None:
    for typed in ("الزنبرجار", "الكهرمانوش", "المسحوت", "الكهرمانوس", "المجلس الكهرمانوش الوطبي"):
        answer = client.get("/api/v1/search", {"q": typed}).json()
        told = json.dumps([answer["suggestions"], answer["ways_out"]], ensure_ascii=False)
        for hidden in ("الزنبرجان", "الكهرمانوس", "المسحوب"):
            assert hidden not in told, (typed, told)
        parts = [part for part in answer["missing"] if part["word"] not in typed]
        assert parts == []
        assert not any(part["count"] for part in answer["missing"] if "كهرمان" in part["word"])


def test_the_api_gives_the_same_suggestions(client: Client, council: None) -> None:
    answer = client.get("/api/v1/search", {"q": "المجلس الوطبي"}).json()
    assert answer["suggestions"][0] == {
        "text": "المجلس الوطني",
        "query": "المجلس الوطني",
        "kind": "spelling",
        "count": SESSIONS,
    }
    assert [(part["word"], part["count"], part["dropped_count"]) for part in answer["missing"]] == [
        ("المجلس", SESSIONS, 0),
        ("الوطبي", 0, SESSIONS),
    ]
    answer = client.get("/api/v1/search", {"q": "حلب", "source": "صحيفة الضفاف"}).json()
    assert answer["ways_out"] == [{"kind": "source", "query": "حلب", "count": 1}]


def test_the_command_line_gives_the_same_suggestions(
    council: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("search", "المجلس الوطبي")
    said = capsys.readouterr().out
    assert "did you mean: المجلس الوطني (12)" in said
    assert "no article has: الوطبي" in said


def test_markup_in_a_query_is_escaped_in_suggestions(client: Client, council: None) -> None:
    tree = page(client, q="<b>المجلس</b> الوطبي <script>x</script>")
    assert not tree.cssselect(".list script")
    tree = page(client, q='"<i>قافلة" زنجبيل')
    assert not tree.cssselect(".list i")
