"""The results page: highlights, facets, chips, links that keep the state, and invalid input."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.utils import translation
from lxml import html

from articles.models import Article
from search.web.viewmodels.labels import month_name
from tests.search.web.conftest import Write, text_of

pytestmark = pytest.mark.django_db


def page(client: Client, **parameters: object) -> html.HtmlElement:
    answer = client.get("/search/", parameters)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def titles(tree: html.HtmlElement) -> list[str]:
    return [text_of(link) for link in tree.cssselect(".hit-title a")]


def row(tree: html.HtmlElement, label: str) -> html.HtmlElement:
    [found] = [
        each for each in tree.cssselect(".row") if each.cssselect(".row-label")[0].text_content() == label
    ]
    return found


def state(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def test_a_city_is_found_and_highlighted_in_all_its_forms(client: Client, archive: dict) -> None:
    tree = page(client, q="حمص")
    assert {mark.text for mark in tree.cssselect(".snippet mark")} == {"بحمص", "وحمص", "حمص"}
    assert len(titles(tree)) == 4


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("q=Homs&from=&to=", "q=Homs"),
        ("q=Homs&city=&city=x&from=2012&to=+", "q=Homs&city=x&from=2012"),
        ("q=&event_from=", "q="),
    ],
)
def test_an_address_has_no_empty_fields(client: Client, index: None, sent: str, kept: str) -> None:
    answer = client.get(f"/search/?{sent}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/search/?{kept}")


def test_an_empty_box_is_a_search_for_everything(client: Client, archive: dict) -> None:
    assert client.get("/search/?q=").status_code == 200


def test_the_box_keeps_the_query_and_takes_no_focus(client: Client, archive: dict) -> None:
    [box] = page(client, q="حمص القديمة").cssselect("#q")
    assert box.get("value") == "حمص القديمة"
    assert "autofocus" not in box.attrib, (
        "a focused box would scroll the list to its top when a reader comes Back"
    )
    [empty] = html.fromstring(client.get("/").content.decode()).cssselect("#q")
    assert "autofocus" in empty.attrib


def test_a_facet_row_finds_exactly_its_count_and_toggles(client: Client, archive: dict) -> None:
    tree = page(client, q="حمص")
    city = row(tree, "حلب")
    narrowed = html.fromstring(client.get(city.get("href")).content.decode())
    assert len(titles(narrowed)) == int(city.cssselect(".row-count")[0].text) == 1
    selected = row(narrowed, "حلب")
    assert selected.get("aria-current") == "true"
    assert state(selected.get("href")) == {"q": ["حمص"]}


def test_a_deselected_city_stays_listed_with_what_it_would_add(client: Client, archive: dict) -> None:
    added = row(page(client, city="حلب"), "حمص")
    assert added.cssselect(".row-count bdi")[0].text_content() == "+3", "one of four mentions both"
    both = html.fromstring(client.get(added.get("href")).content.decode())
    assert len(titles(both)) == len(titles(page(client, city="حلب"))) + 3
    assert row(both, "حمص").cssselect(".row-count")[0].text_content() == "4"


def test_values_of_a_facet_are_alternatives_and_facets_are_combined(client: Client, archive: dict) -> None:
    assert len(titles(page(client, city=["حلب", "دمشق"]))) == 3
    assert len(titles(page(client, city="حلب", source="وكالة سنابل"))) == 1


def test_dates_drill_down_from_year_to_month_to_day(client: Client, archive: dict) -> None:
    year = row(page(client, q="حمص"), "2014")

    def values(link: html.HtmlElement) -> html.HtmlElement:
        address = link.get("href").replace("/search/", "/facets/date/")
        return html.fromstring(client.get(address).content.decode())

    month = row(values(year), f"{month_name(2)} 2014")
    assert state(month.get("href"))["date"] == ["2014-02"], "the month takes the place of its year"
    day = row(values(month), f"3 {month_name(2)} 2014")
    assert titles(html.fromstring(client.get(day.get("href")).content.decode())) == ["قافلة مساعدات"]


def test_a_selected_month_without_articles_is_shown_among_the_years(client: Client, archive: dict) -> None:
    tree = page(client, q="حمص", date="2010-05")
    assert row(tree, f"{month_name(5)} 2010").get("aria-current") == "true"


def test_a_search_without_hits_offers_the_words_that_have_some(client: Client, archive: dict) -> None:
    tree = page(client, q="حمص زرافة مريخ")
    offered = {link.text_content(): state(link.get("href")) for link in tree.cssselect(".nothing > ul a")}
    assert {"q": ["حمص"]} in offered.values()
    assert {"q": ["زرافة"]} not in offered.values()


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ({"q": "حمص"}, "حمص — "),
        ({"city": ["حمص", "حلب"]}, "حمص، حلب — "),
        ({}, "كل الأخبار — "),
        ({"page": "2", "size": "2"}, "كل الأخبار (الصفحة 2) — "),
    ],
)
def test_the_title_of_a_page_is_its_search(
    client: Client, archive: dict, asked: dict[str, object], title: str
) -> None:
    shown = text_of(page(client, **asked).find(".//title"))
    assert re.sub("[\u2066-\u2069]", "", shown).startswith(title)


def test_undated_articles_are_a_value_of_the_date_facet(client: Client, archive: dict) -> None:
    tree = page(client, q="حمص", date="undated")
    assert titles(tree) == ["رسالة"]


def test_months_carry_both_names_in_arabic(client: Client, archive: dict) -> None:
    assert "كانون الثاني/يناير" in client.get("/search/", {"q": "أفران"}).content.decode()


def test_a_chip_removes_one_filter_and_keeps_the_others(client: Client, archive: dict) -> None:
    tree = page(client, q="حمص", city="حمص", date="2014", sort="newest", **{"from": "2012"})
    links = {
        chip.cssselect("bdi")[0].text: state(chip.get("href"))
        for chip in tree.cssselect(".chip")
        if chip.cssselect("bdi")
    }
    assert links["حمص"] == {"q": ["حمص"], "date": ["2014"], "sort": ["newest"], "from": ["2012"]}
    assert links["2014"] == {"q": ["حمص"], "city": ["حمص"], "sort": ["newest"], "from": ["2012"]}


def test_every_link_changes_one_thing_and_keeps_the_rest(client: Client, archive: dict) -> None:
    asked = {
        "q": ["حمص"],
        "city": ["حمص"],
        "level": ["light"],
        "sort": ["oldest"],
        "to": ["2014"],
        "size": ["2"],
    }
    tree = page(client, **asked)
    for link in tree.cssselect(".menu a:not(.quiet):not([href^='/login/']), .pages a, .row, .chip"):
        kept = state(link.get("href"))
        changed = {name for name in asked if kept.get(name) != asked[name]}
        assert len(changed) <= 1 or "chip-all" in link.get("class", ""), (link.get("href"), changed)
    for form in tree.cssselect("form[method=get]"):
        fields = {field.get("name") for field in form.cssselect("input")}
        assert fields >= set(asked), "a form gives every parameter back"


def test_the_language_link_keeps_every_parameter(client: Client, archive: dict) -> None:
    tree = page(client, q="حمص", city="حمص", page="1")
    [link] = tree.cssselect(".masthead-links a[hreflang]")
    assert state(link.get("href")) == {"q": ["حمص"], "city": ["حمص"], "page": ["1"], "lang": ["en"]}
    english = html.fromstring(client.get(link.get("href")).content.decode())
    assert (english.get("lang"), english.get("dir")) == ("en", "ltr")
    assert page(client, q="حمص").get("dir") == "ltr", "the choice is kept"


def test_arabic_comes_first_whatever_the_browser_prefers(client: Client, archive: dict) -> None:
    tree = html.fromstring(client.get("/search/", headers={"accept-language": "en-US"}).content.decode())
    assert (tree.get("lang"), tree.get("dir")) == ("ar", "rtl")


@pytest.mark.parametrize(
    ("count", "words"), [(1, "خبر واحد"), (2, "خبران"), (3, "3 أخبار"), (11, "11 خبرًا"), (100, "100 خبر")]
)
def test_a_count_follows_the_arabic_plural(client: Client, count: int, words: str) -> None:
    with translation.override("ar"):
        assert translation.ngettext("%(n)s article", "%(n)s articles", count) % {"n": count} == words


def test_close_results_are_one_line_each_and_lead_to_all_of_them(client: Client, archive: dict) -> None:
    tree = page(client, q="حمص القافلة زرافة")
    [section] = tree.cssselect("section.close")
    answer = client.get("/api/v1/search", {"q": "حمص القافلة زرافة"}).json()
    assert 0 < len(section.cssselect(".close-hit")) == len(answer["hits"]) <= 5
    heading = section.cssselect("h2")[0].text_content().strip()
    assert heading == f"أخبار ينقصها بعض الكلمات ({answer['close_total']})"
    assert not section.cssselect(".snippet, .hit")
    [link] = section.cssselect(".close-all a")
    assert state(link.get("href")) == {"q": ["حمص القافلة زرافة"], "close": ["all"]}
    whole = html.fromstring(client.get(link.get("href")).content.decode())
    assert len(whole.cssselect(".close .hit .snippet")) == answer["close_total"]
    assert not whole.cssselect(".close-hit, .close-all")


def test_a_long_sentence_says_how_many_of_its_words_an_article_has(client: Client, write: Write) -> None:
    write("أول", "قصف مدفعي عنيف استهدف أطراف حلب")
    write("ثان", "قصف مدفعي عنيف استهدف أطراف إدلب")
    write("ثالث", "قصف مدفعي عنيف استهدف مزرعة")
    tree = page(client, q="قصف مدفعي عنيف استهدف في الليل أطراف الرقة")
    groups = [each.text_content() for each in tree.cssselect(".close h3")]
    assert groups == ["خبران فيهما 5 كلمات من 7", "خبر واحد فيه 4 كلمات من 7"]
    assert not tree.cssselect(".close .changes")


def test_articles_with_more_words_of_a_sentence_come_first(client: Client, write: Write) -> None:
    """The title of one says four words in a row; five of another are far apart."""
    write("قصف مدفعي عنيف استهدف", "قصف مدفعي عنيف استهدف مزرعة")
    between = " حجر" * 60 + " "
    write("ثان", between.join(("قصف", "مدفعي", "عنيف", "أطراف", "الليل")))
    tree = page(client, q="قصف مدفعي عنيف استهدف في الليل أطراف الرقة")
    shares = [each.text_content() for each in tree.cssselect(".close h3")]
    assert shares == ["خبر واحد فيه 5 كلمات من 7", "خبر واحد فيه 4 كلمات من 7"]


def test_behind_many_strict_results_a_link_leads_to_those_that_lack_words(
    client: Client, write: Write
) -> None:
    for number in range(6):
        write(f"خبر {number}", "قصف عنيف", findable=False)
    write("قريب", "قصف")
    tree = page(client, q="قصف عنيف")
    assert not tree.cssselect(".close")
    [link] = tree.cssselect(".more-close a")
    whole = html.fromstring(client.get(link.get("href")).content.decode())
    assert [title.text_content().strip() for title in whole.cssselect(".close .hit-title")] == ["قريب"]
    fields = {field.get("name") for field in whole.cssselect("form[role=search] input")}
    assert "close" not in fields, "another query starts with the short form"
    assert not page(client, q="قصف").cssselect(".more-close"), "one word cannot lack some"


def test_a_search_without_results_offers_searches_that_find_something(client: Client, archive: dict) -> None:
    tree = page(client, q="زنجبيل مريخي", city="حمص")
    [out] = tree.cssselect(".nothing")
    examples = out.cssselect(".chip")
    assert examples
    for example in examples:
        assert titles(html.fromstring(client.get(example.get("href")).content.decode())), example.get("href")


@pytest.mark.parametrize(
    "query",
    [
        '"حمص',
        "حمص AND",
        "(((",
        "title:",
        "~",
        "***",
        "؟!،؛",
        "-",
        "\x00",
        "AND OR NOT",
        "حمص" * 3400,
        "<script>",
    ],
)
def test_no_query_breaks_the_page(client: Client, archive: dict, query: str) -> None:
    page(client, q=query)


@pytest.mark.parametrize("query", ['"حمص', "حمص AND", "؟!،؛", "حمص " * 2500])
def test_complaints_are_shown_above_the_results(client: Client, archive: dict, query: str) -> None:
    assert page(client, q=query).cssselect(".notes li")


@pytest.mark.parametrize(
    "parameters",
    [
        {"page": "-1"},
        {"page": "0"},
        {"page": "99999999999999999999"},
        {"page": "two"},
        {"size": "0"},
        {"size": "100000"},
        {"from": "0000"},
        {"from": "9999-99-99"},
        {"to": "yesterday"},
        {"from": "2014", "to": "2012"},
        {"date": ["2014-02-30", "-", "99999", "undated"]},
        {"city": "nowhere"},
        {"source": "'; DROP TABLE"},
        {"level": "deep"},
        {"sort": "random"},
    ],
)
def test_absurd_parameters_get_a_page_and_not_an_error(
    client: Client, archive: dict, parameters: dict
) -> None:
    page(client, q="حمص", **parameters)


EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


def test_archived_text_and_query_are_escaped(client: Client, write: Write) -> None:
    write(f"{EVIL} حمص", f"{EVIL} حمص {EVIL}", source=EVIL, cities=(EVIL[:60],), byline=EVIL, file_name=EVIL)
    article = Article.objects.get()
    for url in (
        "/",
        f"/search/?{urlencode({'q': 'حمص'})}",
        f"/search/?{urlencode({'q': EVIL, 'city': EVIL, 'source': EVIL, 'date': EVIL})}",
        f"/articles/{article.pk}/?{urlencode({'q': 'حمص script'})}",
    ):
        text = client.get(url).content.decode()
        tree = html.fromstring(text)
        assert not [
            script for script in tree.cssselect("script") if not (script.get("src") or script.get("type"))
        ]
        assert not tree.cssselect("img, [onerror]")
        assert re.search(r"alert\(1\)", unescape(text)), "it is shown, as text"


def test_only_our_highlights_are_markup(client: Client, write: Write) -> None:
    write("<mark>كاذب</mark>", "نص <mark>كاذب</mark> عن حمص")
    tree = page(client, q="حمص")
    assert [mark.text for mark in tree.cssselect("mark")] == ["حمص"]


def test_result_pages_are_numbered_and_the_last_has_the_rest(client: Client, archive: dict) -> None:
    tree = page(client, q="حمص", size="3", sort="newest")
    assert len(titles(tree)) == 3
    numbers = [link.text for link in tree.cssselect(".page-number")]
    assert numbers == ["1", "2"]
    [second] = [link for link in tree.cssselect("a.page-number") if link.text == "2"]
    assert titles(html.fromstring(client.get(second.get("href")).content.decode())) == ["رسالة"]
