"""The advanced form: it writes the query line and is filled by it, keeps filters, and says what is wrong."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from lxml import html
from lxml.html import HtmlElement

from articles.models import Article
from tests.search.web.conftest import text_of

pytestmark = pytest.mark.django_db


def sent(client: Client, **parameters: Any) -> tuple[dict[str, list[str]], HtmlElement | None]:
    """Send the form; return the parameters of the results it leads to, or the form if it is shown again."""
    answer = client.get("/search/advanced/", {"find": "1", **parameters})
    if answer.status_code == 302:
        address = urlsplit(answer.headers["Location"])
        assert address.path == "/search/"
        return parse_qs(address.query), None
    return {}, html.fromstring(answer.content.decode())


def test_the_fields_become_a_query_with_filters(client: Client, archive: dict[str, Article]) -> None:
    asked, _form = sent(
        client,
        every_words="القافلة", some_words="حمص حلب", none_words="فندق", phrase_words="إلى حلب",
        title_words="مساعدات", place_name="حلب", source_name="وكالة سنابل", level="light",
        **{"from": "2014", "to": "2014-02"},
    )  # fmt: skip
    assert asked == {
        "q": ['القافلة (حمص أو حلب) "إلى حلب" عنوان:مساعدات -فندق'],
        "city": ["حلب"], "source": ["وكالة سنابل"], "level": ["light"], "from": ["2014"], "to": ["2014-02"],
    }  # fmt: skip
    tree = html.fromstring(client.get("/search/", asked).content.decode())
    assert [text_of(each) for each in tree.cssselect(".hit-title")][:1] == ["قافلة مساعدات"]
    english, _form = sent(client, some_words="حمص حلب", title_words="سوق", lang="en")
    assert english["q"] == ["(حمص OR حلب) title:سوق"]


def test_the_link_fills_the_form_with_the_search_and_keeps_the_rest(
    client: Client, archive: dict[str, Article]
) -> None:
    state = {
        "q": "القافلة (حمص أو حلب) -فندق",
        "city": "حمص",
        "event": "2012",
        "sort": "oldest",
        "from": "2010",
    }
    results = html.fromstring(client.get("/search/", state).content.decode())
    links = {link.get("href") for link in results.cssselect("a[href^='/search/advanced/']")}
    [address] = links
    [form] = html.fromstring(client.get(address).content.decode()).cssselect("form.advanced")
    values = {each.get("name"): each.get("value") for each in form.cssselect("input:not([type=radio])")}
    assert (values["every_words"], values["some_words"], values["none_words"]) == (
        "القافلة",
        "حمص حلب",
        "فندق",
    )
    values["level"] = "all"
    asked, _form = sent(client, **values)
    assert asked == {name: [value] for name, value in state.items()}
    del values["city"]  # the box is no longer ticked
    assert "city" not in sent(client, **values)[0]


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [
        ({}, "املأ خانة واحدة"),
        ({"every_words": "حمص", "place_name": "زنجفيلسان"}, "«زنجفيلسان»"),
        ({"every_words": "حمص", "source_name": "زنجفيلسان"}, "«زنجفيلسان»"),
        ({"every_words": "حمص", "from": "غدا لعل"}, "غدا لعل"),
        ({"every_words": "حمص " * 400}, "أطول"),
    ],
)
def test_what_is_wrong_is_said_above_the_form_with_what_was_typed(
    client: Client, archive: dict[str, Article], parameters: dict[str, str], problem: str
) -> None:
    asked, form = sent(client, **parameters)
    assert not asked
    assert form is not None
    assert problem in text_of(form.cssselect("[role=alert]")[0])
    values = {each.get("name"): each.get("value", "") for each in form.cssselect("form.advanced input")}
    assert {name: values[name] for name in parameters} == {
        name: value.strip() for name, value in parameters.items()
    }


def test_every_field_has_a_label_and_markup_stays_text(client: Client, archive: dict[str, Article]) -> None:
    answer = client.get("/search/advanced/", {"q": '"><script>alert(1)</script> حمص'})
    assert "<script>alert" not in answer.content.decode()
    [form] = html.fromstring(answer.content.decode()).cssselect("form.advanced")
    for field in form.cssselect("input:not([type=hidden])"):
        assert field.getparent().tag == "label" or form.cssselect(f"label[for={field.get('id')}]")
    assert [option.get("value") for option in form.cssselect("datalist option")] == [
        "صحيفة الضفاف",
        "وكالة سنابل",
    ]
