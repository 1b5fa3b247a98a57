"""The line "also searched for" on the results page, and its switches."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from lxml import html

from arabic.expansion.expander import ExpansionKind
from search.query.request import SearchRequest
from search.results import ResultPage, UsedExpansion
from search.web.viewmodels.query_suggestions import MAX_SWITCHES_SHOWN, expansion_label, expansion_line
from tests.search.web.conftest import Write, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(write: Write) -> Client:
    """Return a client of an archive in which two papers spell a name in two ways."""
    write("لقاء", "قال سيرغي إن اللقاء انتهى.", source="الضفاف", findable=False)
    write("تصريح", "أضاف سيرجي أن الموعد قريب.", source="سنابل")
    return Client()


def page(client: Client, address: str) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def titles(tree: html.HtmlElement) -> set[str]:
    """Return the titles of the strict hits."""
    return {text_of(link) for link in tree.cssselect(".list > .hits .hit-title a")}


def switches(tree: html.HtmlElement) -> list[html.HtmlElement]:
    return tree.cssselect(".expanded .chip")


def test_the_line_lists_expansions_and_their_switches(visit: Client) -> None:
    tree = page(visit, "/search/?q=سيرجي")
    assert titles(tree) == {"لقاء", "تصريح"}
    [switch] = switches(tree)
    assert switch.cssselect("bdi")[0].text == "سيرغي"
    assert switch.cssselect(".chip-count")[0].text == "(1)"
    assert "البحث من دون" in switch.text_content()

    off = page(visit, switch.get("href"))
    assert titles(off) == {"تصريح"}
    [back] = switches(off)
    assert "إعادة البحث عن" in back.text_content()
    assert back.get("href") == "/search/?q=" + "%D8%B3%D9%8A%D8%B1%D8%AC%D9%8A"
    assert titles(page(visit, back.get("href"))) == {"لقاء", "تصريح"}


def test_all_expansions_can_be_off_and_on_again(visit: Client) -> None:
    off = page(visit, "/search/?q=سيرجي&without=*")
    assert titles(off) == {"تصريح"}
    [back] = off.cssselect(".expanded a")
    assert "لا نبحث الآن عن أسماء أخرى" in off.cssselect(".expanded")[0].text_content()
    assert titles(page(visit, back.get("href"))) == {"لقاء", "تصريح"}


def test_without_expansions_there_is_no_line(visit: Client) -> None:
    for query in ("q=لقاء", "q=سيرجي&level=exact", ""):
        assert page(visit, f"/search/?{query}").cssselect(".expanded") == []


def test_every_link_and_form_keeps_level_and_switches(visit: Client) -> None:
    tree = page(visit, "/search/?q=سيرجي&level=light&without=سيرغي&size=1")
    links = [
        *tree.cssselect(".row"),
        *tree.cssselect(".tools a[aria-current]"),
        *tree.cssselect(".hit-title a"),
    ]
    assert links
    for link in links:
        kept = parse_qs(urlsplit(link.get("href")).query)
        assert (kept["level"], kept["without"]) == (["light"], ["سيرغي"])
    for form in tree.cssselect(".box, .dates"):
        hidden = {(field.get("name"), field.get("value")) for field in form.cssselect("[type=hidden]")}
        assert {("level", "light"), ("without", "سيرغي")} <= hidden


def test_an_article_highlights_only_searched_words(visit: Client) -> None:
    [link] = [a for a in page(visit, "/search/?q=سيرجي").cssselect(".hit-title a") if text_of(a) == "لقاء"]
    marked = page(visit, link.get("href")).cssselect("mark")
    assert [mark.text for mark in marked] == ["سيرغي"]
    assert page(visit, link.get("href") + "&without=*").cssselect("mark") == []


def test_invalid_switches_do_not_break_the_page(visit: Client) -> None:
    answer = visit.get("/search/", {"q": "سيرجي", "without": ["<b>x</b>", "سيرغي", "؟", "*" * 300]})
    assert answer.status_code == 200
    assert b"<b>x</b>" not in answer.content


def test_the_api_lists_expansions_and_accepts_the_switch(visit: Client) -> None:
    found = visit.get("/api/v1/search", {"q": "سيرجي"}).json()
    [expansion] = found["expansions"]
    assert expansion == {
        "kind": "spelling",
        "typed": "سيرجي",
        "shown": "سيرغي",
        "active": True,
        "count": 1,
        "switch": "without",
    }
    off = visit.get("/api/v1/search", {"q": "سيرجي", "without": ["سيرغي"]}).json()
    assert (off["total"], off["expansions"][0]["active"]) == (1, False)
    none = visit.get("/api/v1/search", {"q": "سيرجي", "without": "*"}).json()
    assert (none["total"], [each["active"] for each in none["expansions"]]) == (1, [False])


def _page(*used: UsedExpansion) -> ResultPage:
    return ResultPage((), 0, 0, 1, 1, 20, 0.0, expansions=used)


def _spelling(number: int, active: bool = True) -> UsedExpansion:
    return UsedExpansion("spelling", "اسم", f"اسم {number}", active, 5)


def test_only_the_first_of_many_expansions_are_shown_at_once() -> None:
    search = SearchRequest(q="اسم")
    few = expansion_line(search, _page(*map(_spelling, range(MAX_SWITCHES_SHOWN + 1))))
    assert few
    assert (len(few.on), few.more) == (MAX_SWITCHES_SHOWN + 1, ())
    many = expansion_line(search, _page(*map(_spelling, range(MAX_SWITCHES_SHOWN + 5))))
    assert many
    assert (len(many.on), len(many.more)) == (MAX_SWITCHES_SHOWN, 5)
    assert many.none == "/search/?q=%D8%A7%D8%B3%D9%85&without=%2A"


def test_two_words_with_the_same_expansion_share_its_switch() -> None:
    used = (UsedExpansion("alias", "أ", "دمشق", True, 3), UsedExpansion("alias", "ب", "دمشق", True, 3))
    line = expansion_line(SearchRequest(q="أ ب"), _page(*used))
    assert line
    assert [switch.label for switch in line.on] == ["دمشق"]


def test_misspellings_of_a_name_are_labelled() -> None:
    own = UsedExpansion("misspelt", "اللاذقية", "اللاذقية", True, 2)
    assert expansion_label(own) != own.shown
    assert expansion_label(UsedExpansion("misspelt", "الاذقية", "اللاذقية", True, 2)) == "اللاذقية"


def _used(kind: ExpansionKind, shown: str, active: bool = True) -> UsedExpansion:
    return UsedExpansion(kind, "كلمة", shown, active, 7)


def test_verbs_and_nouns_of_action_are_a_group_that_folds_when_it_is_long() -> None:
    few = expansion_line(SearchRequest(q="كلمة"), _page(*(_used("derivation", each) for each in "أب")))
    assert few
    assert (few.on, len(few.derived), few.is_derived_folded) == ((), 2, False)
    many = expansion_line(SearchRequest(q="كلمة"), _page(*(_used("derivation", each) for each in "أبتث")))
    assert many
    assert many.is_derived_folded
    assert many.none.endswith("&without=%2A")


def test_an_offer_is_switched_on_and_off_by_the_other_parameter() -> None:
    request = SearchRequest(q="الولايات المتحدة")
    offer = UsedExpansion("anywhere", request.q, request.q, False, 9)
    line = expansion_line(request, _page(offer))
    assert line
    [switch] = line.off
    assert parse_qs(urlsplit(switch.url).query)["with"] == [request.q]
    wider = SearchRequest(q=request.q, included=(request.q,))
    on = expansion_line(wider, _page(UsedExpansion("anywhere", request.q, request.q, True, 9)))
    assert on
    assert "with" not in parse_qs(urlsplit(on.on[0].url).query)


def test_offers_stay_when_everything_else_is_off() -> None:
    line = expansion_line(
        SearchRequest(q="كلمة", without=("*",)),
        _page(_used("nisba", "كلمي", False), _used("alias", "أ", False)),
    )
    assert line
    assert ([switch.is_offered for switch in line.off], line.is_all_off) == ([True], True)


def test_the_page_says_how_many_hits_an_offer_adds(write: Write) -> None:
    write("سفير", "سفير الولايات المتحدة.", findable=False)
    write("نفي", "الولايات كلها غير المتحدة.")
    client = Client()
    [switch] = switches(page(client, "/search/?q=الولايات المتحدة"))
    assert switch.cssselect("bdi")[0].text == "الكلمات في أي موضع"
    assert switch.cssselect(".chip-count")[0].text_content() == "(+1)"
    wider = page(client, switch.get("href"))
    assert titles(wider) == {"سفير", "نفي"}
    [back] = switches(wider)
    assert titles(page(client, back.get("href"))) == {"سفير"}
    found = client.get("/api/v1/search", {"q": "الولايات المتحدة", "with": "الولايات المتحدة"}).json()
    assert (found["total"], found["expansions"][0]["switch"]) == (2, "with")
