"""The views beside the list of hits: words in context, time, comparison, and their tables as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.test import Client
from lxml import html
from lxml.html import HtmlElement

from articles.models import Article
from search.engines.contract import EngineUnavailable
from search.indexing.outbox_consumer import drain_outbox
from search.query.request import SearchRequest
from search.web.result_views.series_chart import chart_line, nice_scale
from tests.search.web.conftest import Write, text_of

pytestmark = pytest.mark.django_db
VIEWS = ("context", "time", "compare")


def page(client: Client, **parameters: Any) -> HtmlElement:
    answer = client.get("/search/", parameters)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def table(client: Client, **parameters: Any) -> list[list[str]]:
    answer = client.get("/search/view.csv", parameters)
    assert answer.status_code == 200
    text = b"".join(answer).decode()  # type: ignore[arg-type]  # a stream
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def cells(tree: HtmlElement, rows: str) -> list[list[str]]:
    return [[text_of(cell) for cell in row.cssselect("th, td")] for row in tree.cssselect(rows)]


def test_the_views_are_tabs_that_keep_query_and_filters(client: Client, archive: dict[str, Article]) -> None:
    tree = page(client, q="حمص", city="حلب", view="time")
    tabs = {text_of(link): link for link in tree.cssselect(".view-tabs a")}
    assert list(tabs) == ["قائمة", "سياق", "زمن", "مقارنة"]
    assert [name for name, link in tabs.items() if link.get("aria-current")] == ["زمن"]
    for link in tabs.values():
        asked = parse_qs(urlsplit(link.get("href")).query)
        assert (asked["q"], asked["city"]) == (["حمص"], ["حلب"])
    [chip] = tree.cssselect(".list-head a.chip")
    assert parse_qs(urlsplit(chip.get("href")).query) == {"q": ["حمص"], "view": ["time"]}


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_keeps_its_choices_in_every_link_and_form(
    client: Client, archive: dict[str, Article], view: str
) -> None:
    tree = page(client, q="حمص", view=view, by="year", dated="published", order="after")
    fields = {each.get("name"): each.get("value") for each in tree.cssselect(".masthead input[type=hidden]")}
    assert fields == {"view": view, "by": "year", "dated": "published", "order": "after"}
    request, complaints = SearchRequest.from_params(
        type("P", (), {"getlist": lambda _, key: parse_qs("q=a&view=time&by=day&vs=b&vs=c").get(key, [])})()
    )
    assert not complaints
    assert request.query_string() == "q=a&view=time&by=day&vs=b&vs=c"
    assert request.query_string(view="list") == "q=a&vs=b&vs=c", "what was typed is there on the way back"


def test_lines_stand_in_their_sentence_and_lead_to_the_word(
    client: Client, archive: dict[str, Article]
) -> None:
    tree = page(client, q="حمص", view="context")
    assert cells(tree, ".kwic tbody tr")[0][:3] == ["غادرت القافلة دمشق إلى حلب", "وحمص", "."]
    assert text_of(tree.cssselect(".view-head p")[0]) == "4 ورودات"
    words = []
    for link in tree.cssselect(".kwic-word a"):
        address, _, anchor = link.get("href").partition("#")
        article = html.fromstring(client.get(address).content.decode())
        [mark] = article.xpath(f'//mark[@id="{anchor}"]')
        words.append((text_of(link), text_of(mark)))
    assert len(words) == 4
    assert all(shown == marked for shown, marked in words)


def test_a_line_leads_to_a_phrase_that_is_marked_once(client: Client, write: Write) -> None:
    body = "وصلت قافلة إلى دير الزور أمس. ثم غادرت دير الزور إلى حلب، ومن دير الزور عادت."
    write("دير الزور", body, day="2014-01-01")
    for query in ('"دير الزور"', "دير الزور"):
        anchors = [
            link.get("href").partition("#")[2]
            for link in page(client, q=query, view="context").cssselect(".kwic-word a")
        ]
        assert anchors == ["hit-1", "hit-2", "hit-3", "hit-4"]


def test_lines_are_ordered_paged_and_exported(client: Client, write: Write) -> None:
    for number in range(60):
        text = f"قال شاهد إن حمص{' ' * (number % 2)} {'بتثجح'[number % 5]}"
        write("خبر", text, day="2014-01-01", findable=False)
    drain_outbox()
    tree = page(client, q="حمص", view="context", order="after")
    assert len(tree.cssselect(".kwic tbody tr")) == 50
    after = [row[2] for row in cells(tree, ".kwic tbody tr")]
    assert after == sorted(after)
    [last] = tree.cssselect(".page-step[rel=next]")
    second = html.fromstring(client.get(last.get("href")).content.decode())
    assert len(second.cssselect(".kwic tbody tr")) == 10
    rows = table(client, q="حمص", view="context", order="after")
    assert [row[5] for row in rows[1:51]] == after
    assert len(rows) == 61


def test_a_page_reads_the_newest_hits_within_its_budget_and_says_so(
    client: Client, write: Write, settings: LazySettings
) -> None:
    for day in range(1, 6):
        write("خبر", "وصلت قافلة إلى حمص", day=f"2014-01-0{day}", findable=False)
    drain_outbox()
    settings.CONTEXT_MAX_WORDS = 10
    tree = page(client, q="حمص", view="context")
    assert text_of(tree.cssselect(".view-note")[0]).startswith("قُرئ الأحدث من الأخبار: 2 من 5")
    answer = client.get("/search/view.csv", {"q": "حمص", "view": "context"})
    assert "newest-2-of-5" in answer.headers["Content-Disposition"]
    settings.CONTEXT_MAX_WORDS, settings.CONTEXT_MAX_LINES = 1000, 3
    tree = page(client, q="حمص", view="context")
    assert text_of(tree.cssselect(".view-note")[0]).startswith("قُرئ الأحدث من الأخبار: 3 من 5")
    assert len(table(client, q="حمص", view="context")) == 4
    settings.CONTEXT_MAX_LINES = 5
    assert not page(client, q="حمص", view="context").cssselect(".view-note")


def test_words_of_a_list_narrow_the_search(client: Client, write: Write) -> None:
    for day in range(1, 9):
        session = "عقد مجلس الأمن جلسة طارئة. ثم مضى يوم طويل حار بلا جديد."
        write("خبر", session, day=f"2014-01-0{day}", findable=False)
        write("طقس", "يهطل مطر غزير على الجبال", day=f"2014-02-0{day}", findable=False)
    drain_outbox()
    tree = page(client, q="مجلس أو زنجبيل", view="context", words="distinctive")
    links = {text_of(link): link.get("href") for link in tree.cssselect(".view-table th a")}
    assert parse_qs(urlsplit(links["جلسة"]).query) == {"q": ["(مجلس أو زنجبيل) جلسة"]}
    assert cells(tree, ".view-table tbody tr")[0][1:3] == ["8", "8"]
    rows = table(client, q="مجلس", view="context", words="distinctive")
    assert ["جلسة", "8", "8", "100.000", "50.000"] in [row[:5] for row in rows]
    partners = page(client, q="مجلس", view="context", words="partners")
    assert "الأمن" in [row[0] for row in cells(partners, ".view-table tbody tr")]


def test_without_words_the_context_says_what_to_do(client: Client, archive: dict[str, Article]) -> None:
    tree = page(client, city="حمص", view="context")
    assert "اكتب كلمة" in text_of(tree.cssselect(".view-empty")[0])
    assert len(table(client, city="حمص", view="context")) == 1
    assert len(table(client, city="حمص", view="context", words="partners")) == 1


def test_each_bar_has_a_row_with_a_link_and_what_the_archive_holds(
    client: Client, archive: dict[str, Article]
) -> None:
    tree = page(client, q="حمص", view="time", by="month")
    assert cells(tree, ".view-table tbody tr") == [
        ["أيار/مايو 2012", "1", "2", "50%"],
        ["كانون الثاني/يناير 2014", "1", "1", "100%"],
        ["شباط/فبراير 2014", "1", "1", "100%"],
    ]
    bars = [link.get("href") for link in tree.cssselect(".plot .bar")]
    assert bars == [link.get("href") for link in tree.cssselect(".view-table th a")]
    assert parse_qs(urlsplit(bars[0]).query) == {"q": ["حمص"], "date": ["2012-05"]}
    assert [text_of(note) for note in tree.cssselect(".view-note li")] == ["خبر واحد دون تاريخ"]
    rows = table(client, q="حمص", view="time", by="month")
    assert rows[1] == ["2012-05", "1", "2", "50.000"]
    assert len(rows) == 1 + 22  # every month up to February 2014


def test_time_runs_from_right_to_left_in_arabic_only(client: Client, archive: dict[str, Article]) -> None:
    def places(language: str) -> list[float]:
        tree = page(client, q="حمص", view="time", by="year", lang=language)
        return [float(rect.get("x")) for rect in tree.cssselect(".plot .bar-body")]

    arabic, english = places("ar"), places("en")
    assert arabic == sorted(arabic, reverse=True)
    assert english == sorted(english)


def test_bars_are_counts_or_shares(client: Client, archive: dict[str, Article]) -> None:
    counts = page(client, q="حمص", view="time", by="month")
    shares = page(client, q="حمص", view="time", by="month", scale="share")
    assert text_of(counts.cssselect(".plot-scale span")[0]) == "2"
    assert text_of(shares.cssselect(".plot-scale span")[0]) == "100%"
    assert "50%" in text_of(shares.cssselect(".plot .bar title")[0])


def test_queries_are_compared_added_and_removed_without_a_script(
    client: Client, archive: dict[str, Article]
) -> None:
    tree = page(client, q="حمص", view="compare", by="year")
    form = tree.cssselect(".compare-form")[0]
    asked = [(each.get("name"), each.get("value")) for each in form.cssselect("input[type=hidden]")]
    [box] = form.cssselect("input[type=text]")
    tree = page(client, **dict([*asked, (box.get("name"), "حلب")]))
    assert cells(tree, ".view-table tbody tr") == [
        ["2012", "1 (33%)", "1 (33%)", "3"],
        ["2014", "2 (100%)", "1 (50%)", "2"],
    ]
    assert len(tree.cssselect(".plot polyline")) == 2
    dashes = [line.get("stroke-dasharray") for line in tree.cssselect(".legend .plot-line")]
    assert len(set(dashes)) == 2
    without = [link.get("href") for link in tree.cssselect(".legend-remove")]
    assert parse_qs(urlsplit(without[0]).query)["q"] == ["حلب"]
    assert table(client, q="حمص", view="compare", by="year", vs="حلب")[1] == [
        *("2012", "3", "1", "33.333"),
        *("1", "33.333"),
    ]


@pytest.mark.parametrize("view", ["time", "compare"])
def test_a_long_table_is_folded_by_spans_and_stays_complete(client: Client, write: Write, view: str) -> None:
    days = [date(2013, 12, 20) + timedelta(days=number) for number in range(20)]
    for day in days:
        write("خبر", "وصلت قافلة إلى حمص", day=day.isoformat(), findable=False)
    drain_outbox()
    asked = {"q": "حمص", "view": view, "by": "day", "vs": "قافلة"}
    tree = page(client, **asked)
    spans = tree.cssselect("details.view-span")
    assert [text_of(span.cssselect(".view-span-name")[0]) for span in spans] == [
        "كانون الأول/ديسمبر 2013",
        "كانون الثاني/يناير 2014",
    ]
    assert [text_of(span.cssselect("summary b")[0]) for span in spans] == ["12", "8"]
    listed = [cell for span in spans for cell in cells(span, "tbody tr")]
    assert len(listed) == len(cells(tree, ".view-table tbody tr")) == 20
    assert all(row.cssselect("a") for span in spans for row in span.cssselect("tbody tr"))
    assert all(span.cssselect("thead th") and span.cssselect(".scroll[aria-label]") for span in spans)
    yearly = page(client, **asked | {"by": "year"})
    assert not yearly.cssselect("details.view-span")
    assert len(cells(yearly, ".view-table tbody tr")) == 2
    events = page(client, **asked | {"dated": "event"})
    assert not events.cssselect(".view-span b"), "an article with two dates in a span would count twice"


def test_a_comparison_survives_the_way_to_the_list_and_back(
    client: Client, archive: dict[str, Article]
) -> None:
    def tab(tree: HtmlElement, label: str) -> HtmlElement:
        [link] = [each for each in tree.cssselect(".view-tabs a") if text_of(each) == label]
        return html.fromstring(client.get(link.get("href")).content.decode())

    listed = tab(page(client, q="حمص", view="compare", by="year", vs="حلب"), "قائمة")
    assert listed.cssselect(".hit")
    [canonical] = listed.cssselect("link[rel=canonical]")
    assert set(parse_qs(urlsplit(canonical.get("href")).query)) == {"q"}, "it is the same list"
    assert len(tab(listed, "مقارنة").cssselect(".legend li")) == 2


def test_at_most_five_queries_are_compared(client: Client, archive: dict[str, Article]) -> None:
    tree = page(client, q="حمص", view="compare", vs=["حلب", "دمشق", "سوق", "حمص", "القافلة", "مدرسة"])
    assert len(tree.cssselect(".legend li")) == 5
    assert "مدرسة" in text_of(tree.cssselect(".notes")[0])
    assert not tree.cssselect(".compare-form")


def test_costly_queries_are_not_compared_together(client: Client, archive: dict[str, Article]) -> None:
    costly = "*را* *ما* *حل*"
    tree = page(client, q=costly, view="compare", vs=["حمص", f"{costly} سوق", "دمشق"])
    assert len(tree.cssselect(".legend li")) == 2
    assert "سوق" in text_of(tree.cssselect(".notes")[0])


def test_a_comparison_is_shown_where_only_another_query_finds_something(
    client: Client, archive: dict[str, Article]
) -> None:
    tree = page(client, q="زنجبيل", view="compare", vs="حلب")
    assert tree.cssselect(".plot")


def test_unknown_choices_are_said_and_the_usual_view_is_shown(
    client: Client, archive: dict[str, Article]
) -> None:
    tree = page(client, q="حمص", view="map")
    assert tree.cssselect(".hits")
    assert "map" in text_of(tree.cssselect(".notes")[0])
    tree = page(client, q="حمص", view="time", by="century")
    assert "century" in text_of(tree.cssselect(".notes")[0])
    assert tree.cssselect(".plot")


@pytest.mark.parametrize("view", VIEWS)
def test_what_is_not_found_gets_the_same_help_in_each_view(
    client: Client, archive: dict[str, Article], view: str
) -> None:
    tree = page(client, q="زنجبيل", view=view)
    assert tree.cssselect(".nothing")
    assert len(table(client, q="زنجبيل", view=view)) == 1


@pytest.mark.parametrize("view", VIEWS)
def test_an_engine_that_is_down_is_said_on_page_and_table(
    client: Client, archive: dict[str, Article], view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise EngineUnavailable("down")

    monkeypatch.setattr("search.engines.embedded.EmbeddedEngine._view", fail)
    assert client.get("/search/", {"q": "حمص", "view": view}).status_code == 503
    assert client.get("/search/view.csv", {"q": "حمص", "view": view}).status_code == 503


def test_a_table_has_no_formulas_and_the_list_none_of_its_own(client: Client, write: Write) -> None:
    write("=2+5 حمص", "=HYPERLINK حمص", source="@مصدر", day="2014-01-01")
    rows = table(client, q="حمص", view="context")
    assert [cell for row in rows for cell in row if cell[:1] in "=@+-" and cell] == []
    assert rows[1][2] == "'@مصدر"
    assert client.get("/search/view.csv", {"q": "حمص"}).status_code == 404


def test_an_english_sentence_in_an_arabic_page_changes_its_columns(client: Client, write: Write) -> None:
    write("News", "A convoy reached Homs on Monday evening.", day="2014-01-01")
    [row] = page(client, q="Homs", view="context").cssselect(".kwic tbody tr")
    assert row.get("class") == "is-opposed"
    assert [cell.get("dir") for cell in row.cssselect("td")[:3]] == ["ltr"] * 3


@pytest.mark.parametrize(
    ("highest", "percent", "top"),
    [(0, False, 2), (1, False, 2), (5, False, 6), (17, False, 20), (2893, False, 4000), (0.3, True, 0.4)],
)
def test_a_scale_ends_at_a_round_number(highest: float, percent: bool, top: float) -> None:
    assert nice_scale(highest, percent=percent).top == pytest.approx(top)


def test_a_line_goes_through_its_values() -> None:
    line = chart_line("a", 0, [0, 50, 100], nice_scale(100, percent=True), right_to_left=True)
    assert line.points == "800.0,240.0 480.0,120.0 160.0,0.0"
