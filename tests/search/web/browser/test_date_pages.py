"""The dates and places of articles in a real Chromium: axe, widths, and use."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from articles.geotagging.geotagger import tag_places
from articles.metadata.date_mentions import tag_dates
from articles.models import Article, PlaceMention
from search.indexing.outbox_consumer import drain_outbox
from tests.search.web.browser.looks import LANGUAGES, follow, look_at, window, with_language
from tests.search.web.conftest import Write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def told(write: Write) -> Article:
    """Return an article that mentions a dozen dates, one of them inconsistent; there is another article."""
    years = "، ".join(f"ثم في {year % 27 + 1} آذار {year}" for year in range(1999, 2012))
    article = write("سنوات", f"وقع ذلك الجمعة 24 أيار 2012، {years}.", day="2012-05-24", findable=False)
    body = "أعلنت الهدنة أمس الأربعاء في حمص وتدمر وحلب. وأكد ذلك بيان من بيروت."
    other = write("هدنة", body, day="2012-05-24", findable=False)
    for each in (article, other):
        tag_dates(each)
        tag_places(each)
    PlaceMention.objects.update(about=False)
    PlaceMention.objects.filter(place__slug="تدمر").update(about=True)
    drain_outbox()
    return article


def test_dates_and_places_are_accessible_and_fit_the_width(
    browser: Browser, live_server: Any, told: Article
) -> None:
    found: list[object] = []
    for language in LANGUAGES:
        with window(browser, live_server.url, language) as page:
            for name, address in (
                ("event", f"/search/?event=2012-05&governorate={quote('حمص')}&country=SY"),
                ("places", f"/search/?city={quote('تدمر')}&country=LB"),
                ("about", "/search/?country=SY&about=1"),
                ("spoken", f"/articles/{told.pk}/"),
                ("named", f"/articles/{told.pk + 1}/"),
            ):
                page.goto(with_language(address, language))
                page.evaluate(
                    "document.querySelectorAll('.spoken, .spoken details, .filter, .branch')"
                    ".forEach(e => { if (e.matches('details')) e.open = true })"
                )
                found += look_at(page, name, language)
    assert not found, "\n".join(map(str, found))


def test_a_reader_narrows_to_a_city_and_widens_to_another_country(desk: Page, told: Article) -> None:
    desk.goto("/facets/place/")
    group = desk.locator("#values")

    def row(name: str) -> Locator:
        return group.locator("a.row", has=desk.locator(f'.row-label:text-is("{name}")'))

    follow(row("سوريا"))
    desk.goto(desk.url.replace("/search/", "/facets/place/"))
    for name in ("سوريا", "محافظة حمص"):
        item = group.locator(f'li:has(> a.row .row-label:text-is("{name}"))')
        if item.locator("> .branch:not([open]) > summary:visible").count():
            item.locator("> .branch > summary").focus()
            desk.keyboard.press("Enter")
            expect(item.locator("> .branch")).to_have_attribute("open", "")
    follow(row("تدمر"))
    expect(desk.locator(".chips .chip bdi")).to_have_text(["تدمر"])
    desk.goto(desk.url.replace("/search/", "/facets/place/"))
    expect(row("لبنان").locator(".row-count bdi")).to_have_text("+0")
    follow(row("لبنان"))
    expect(desk.locator(".chips .chip bdi")).to_have_text(["لبنان", "تدمر"])
    expect(desk.locator(".chip-joint")).to_have_text("أو")
    group = desk.locator("section[aria-labelledby=facet-place]")
    follow(group.locator(".switch a", has_text="كلها معًا"))
    expect(desk.locator(".hit-title")).to_have_text(["هدنة"])
    follow(group.locator(".switch a", has_text="الأخبار عنه فقط"))
    expect(desk.locator(".missing, .nothing").first).to_be_visible()
    expect(desk.locator(".hit-title")).to_have_count(0)  # it is about one of the two


def test_a_reader_filters_by_a_mentioned_date_and_follows_one_from_an_article(
    desk: Page, told: Article
) -> None:
    desk.goto("/search/?q=")
    group = desk.locator("section[aria-labelledby=facet-event]")
    follow(group.locator('.row:has(.row-label:text-is("2012"))').first)
    expect(desk.locator(".chip", has_text="2012")).to_be_visible()
    expect(desk.locator(".hit-title")).to_have_count(2)
    follow(desk.locator(".chip", has_text="2012"))
    group = desk.locator(".side")
    group.locator("#event_from").fill("2005")
    group.locator("#event_to").fill("2006-12")
    follow(desk.locator("form:has(#event_from) button"))
    expect(desk.locator(".hit-title")).to_have_text(["سنوات"])
    follow(desk.locator(".hit-title a"))
    desk.locator(".spoken summary", has_text="مذكور").press("Enter")
    follow(desk.locator(".spoken dt a", has_text="24 أيار/مايو 2012"))
    expect(desk).to_have_url(re.compile("event=2012-05-24$"))
    expect(desk.locator(".hit-title")).to_have_text(["سنوات"])
