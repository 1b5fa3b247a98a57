"""All values of a facet: its page, its fragment, and the form of filters for a phone."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import html

from articles.metadata.date_mentions import tag_dates
from articles.models import Article, PlaceMention
from search.indexing.outbox_consumer import drain_outbox
from search.web import answer_size, facet_page
from tests.search.web.conftest import Write

pytestmark = pytest.mark.django_db
LISTS = ("country", "governorate", "city", "source", "date", "event")


def tree_of(client: Client, path: str, **query: str) -> html.HtmlElement:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def rows(tree: html.HtmlElement) -> dict[str, html.HtmlElement]:
    return {item.cssselect("bdi")[0].text_content(): item for item in tree.cssselect(".values-row")}


def test_each_value_is_chosen_or_excluded_with_one_link(client: Client, archive: dict[str, Article]) -> None:
    found = rows(tree_of(client, "/facets/place/", q="حمص", order="name"))
    assert {"حمص", "حلب"} <= set(found)
    choose, exclude = found["حلب"].cssselect("a")
    everything = tree_of(client, "/search/", q="حمص")
    narrowed, without = (tree_of(client, link.get("href")) for link in (choose, exclude))
    counts = [len(tree.cssselect(".hit")) for tree in (everything, narrowed, without)]
    assert counts[1] + counts[2] == counts[0]
    assert counts[1] == int(found["حلب"].cssselect(".row-count")[0].text_content())


@pytest.mark.parametrize("name", ["place", "source", "date", "event"])
def test_values_can_be_searched_and_ordered(client: Client, archive: dict[str, Article], name: str) -> None:
    tree = tree_of(client, f"/facets/{name}/")
    assert tree.cssselect("h1")
    assert len(tree.cssselect(".switch a")) == 2
    none = tree_of(client, f"/facets/{name}/", **{"in": "لا شيء كهذا"})
    assert "لا شيء كهذا" in none.cssselect("#values")[0].text_content()
    assert not none.cssselect(".values-row")


def test_dates_are_ordered_by_time(client: Client, archive: dict[str, Article]) -> None:
    newest, oldest = (tree_of(client, "/facets/date/", order=order) for order in ("", "name"))
    assert [link.text_content() for link in newest.cssselect(".switch a")] == ["الأحدث أولًا", "الأقدم أولًا"]
    years = [[label for label in rows(tree) if label.isdigit()] for tree in (newest, oldest)]
    assert len(years[0]) > 1
    assert years[0] == sorted(years[0], reverse=True)
    assert years[1] == sorted(years[0])


@pytest.mark.parametrize("order", ["", "name"])
def test_months_stand_below_their_year(client: Client, archive: dict[str, Article], order: str) -> None:
    found = rows(tree_of(client, "/facets/date/", order=order, lang="en"))
    within = {label for label, row in found.items() if "is-within" in row.get("class")}
    assert within
    assert {label for label in found if not label.isdigit()} - within <= {"undated"}
    assert not any(label.isdigit() for label in within)


def test_the_search_in_values_folds_letters(client: Client, archive: dict[str, Article]) -> None:
    assert set(rows(tree_of(client, "/facets/source/", **{"in": "صحيفه"}))) == {"صحيفة الضفاف"}


def test_a_fragment_has_no_page_around_it(client: Client, archive: dict[str, Article]) -> None:
    text = client.get("/facets/place/", headers={"HX-Request": "true"}).content.decode()
    assert 'id="values"' in text
    assert "<html" not in text


def test_the_tree_of_places_excludes_with_one_link(client: Client, archive: dict[str, Article]) -> None:
    tree = tree_of(client, "/facets/place/", q="حمص", source="وكالة سنابل")
    links = {link.text_content(): link.get("href") for link in tree.cssselect(".rows-tree .exclude")}
    [exclude] = [href for text, href in links.items() if text.endswith("حلب") and "محافظة" not in text]
    [kept] = tree_of(client, exclude).cssselect(".hit")
    assert "محادثات" in kept.text_content()


def test_the_form_leads_to_all_values_with_what_is_ticked(
    client: Client, archive: dict[str, Article]
) -> None:
    tree = tree_of(client, "/facets/", q="حمص")
    buttons = tree.cssselect(".filters-form button[type=submit]")
    assert buttons[0].get("formaction") is None, "the Enter key shows the articles"
    addresses = [each.get("formaction") for each in buttons if each.get("formaction")]
    assert addresses == [f"/facets/{name}/" for name in ("place", "date", "source", "event")]


def test_only_values_that_are_shown_get_links(
    client: Client, archive: dict[str, Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(facet_page, "MAX_VALUES", 1)
    monkeypatch.setattr(facet_page, "excluded_place", lambda kind, name: made.append(name) or name)
    assert len(rows(tree_of(client, "/facets/place/", order="name"))) == 1
    assert len(made) == 1


@pytest.mark.parametrize("order", ["", "name"])
def test_links_of_a_long_query_take_no_more_bytes_than_their_limit(
    client: Client, archive: dict[str, Article], monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    """Each of them repeats the search: a page of all places had 11 MB."""
    query = {"order": order} if order else {}
    typed = " OR ".join(["حمص", "حلب", *(f"كلمة{chr(0x628 + number)}" for number in range(26))] * 2)
    monkeypatch.setattr(answer_size, "MAX_LINK_BYTES", 10_000)
    monkeypatch.setattr(facet_page, "MIN_VALUES", 1)
    tree = tree_of(client, "/facets/place/", q=typed, **query)
    assert len(rows(tree)) == 1
    assert "ابحث عن" in tree.text_content(), "the others are searched"


def test_an_unknown_facet_is_not_found(client: Client) -> None:
    assert client.get("/facets/nothing/").status_code == 404


def test_the_form_of_filters_keeps_the_search_and_says_how_many(
    client: Client, archive: dict[str, Article]
) -> None:
    state = {"q": "حمص", "city": "حلب", "sort": "oldest", "not_source": "صحيفة الضفاف", "from": "2012"}
    [form] = tree_of(client, "/facets/", **state).cssselect("form.filters-form")
    sent = {
        field.get("name"): field.get("value")
        for field in form.cssselect("input")
        if field.get("type") != "checkbox" or field.get("checked") is not None
    }
    assert {name: value for name, value in sent.items() if value} == state
    assert form.cssselect("#show-articles")[0].text_content().strip() == "عرض خبر واحد"
    fragment = client.get("/facets/", state, headers={"HX-Request": "true"}).content.decode()
    assert fragment.strip() == "عرض خبر واحد"


def test_a_results_page_has_five_values_of_a_facet_and_a_link_to_all(
    client: Client, archive: dict[str, Article]
) -> None:
    tree = tree_of(client, "/search/", q="حمص")
    for facet in tree.cssselect("section.facet"):
        assert len(facet.cssselect(".row")) <= 6


def test_years_of_a_long_span_are_folded_each_with_its_own_link(client: Client, write: Write) -> None:
    for body in ("عمل المصنع من عام 1901 إلى عام 1920.", "كان حريق كبير في 2 آذار 1910."):
        tag_dates(write("تاريخ المصنع", body, day="2012-05-24", findable=False))
    drain_outbox()
    tree = tree_of(client, "/facets/event/", lang="en")
    spans = tree.cssselect(".values-span")
    assert [span.cssselect("summary")[0].text_content().split() for span in spans] == [
        ["1911", "to", "1920", "10", "years"],
        ["1901", "to", "1909", "9", "years"],
    ]
    inside = rows(spans[1])
    assert len(tree_of(client, inside["1905"].cssselect("a")[0].get("href")).cssselect(".hit")) == 1
    assert {"1910", "March 1910"} <= set(rows(tree)) - set(inside), "a year with a month is no part of a span"
    chosen = tree_of(client, "/facets/event/", event="1905", lang="en")
    assert "1905" not in {label for span in chosen.cssselect(".values-span") for label in rows(span)}
    sought = tree_of(client, "/facets/event/", **{"in": "190"})
    assert len(rows(sought)) >= 9
    assert not sought.cssselect(".values-span"), "what was searched for is not folded"


def test_the_two_numbers_of_a_place_have_headings(client: Client, archive: dict[str, Article]) -> None:
    PlaceMention.objects.filter(article=archive["talks"]).update(about=True)
    drain_outbox()
    tree = tree_of(client, "/facets/place/", q="حمص", lang="en")
    assert tree.cssselect(".row-about")
    assert [head.text_content() for head in tree.cssselect(".rows-head span")] == ["About", "All"]
