"""The dates and places of articles in a real Chromium: axe, widths, and use."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from articles.geotagging.geotagger import tag_places
from articles.metadata.date_mentions import tag_dates
from articles.models import Article, PlaceMention
from search.indexing.outbox_consumer import drain_outbox
from tests.search.web.conftest import LOOKS, SHOTS, Write

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


@pytest.mark.parametrize("look", LOOKS)
def test_dates_and_places_are_accessible_and_fit_the_width(
    browser: Browser, live_server: Any, told: Article, look: str
) -> None:
    width, language, scheme = look.split("-")
    context = browser.new_context(
        viewport={"width": int(width), "height": 900}, color_scheme=scheme, base_url=live_server.url
    )
    page = context.new_page()
    SHOTS.mkdir(parents=True, exist_ok=True)
    for name, address in (
        ("event", f"/search/?event=2012-05&governorate={quote('حمص')}&country=SY&lang={language}"),
        ("places", f"/search/?city={quote('تدمر')}&country=LB&lang={language}"),
        ("about", f"/search/?country=SY&about=1&lang={language}"),
        ("spoken", f"/articles/{told.pk}/?lang={language}"),
        ("named", f"/articles/{told.pk + 1}/?lang={language}"),
    ):
        page.goto(address)
        for summary in page.locator(".spoken summary, .filter:not([open]) > summary").all():
            summary.click()
        closed = page.locator(".branch:not([open]) > summary:visible")
        while closed.count():  # by keyboard; the opened content is visible and focused next
            closed.first.focus()
            page.keyboard.press("Enter")
        page.evaluate("document.fonts.ready")
        page.screenshot(path=str(SHOTS / f"{name}-{look}.png"), full_page=True)
        faults = Axe().run(page).response["violations"]
        assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in faults] == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= int(width), f"{name} scrolls sideways"
    context.close()


def test_a_reader_narrows_to_a_city_and_widens_to_another_country(desk: Page, told: Article) -> None:
    desk.goto("/facets/place/")
    group = desk.locator("#values")

    def row(name: str) -> Locator:
        return group.locator("a.row", has=desk.locator(f'.row-label:text-is("{name}")'))

    row("سوريا").click()
    desk.goto(desk.url.replace("/search/", "/facets/place/"))
    for name in ("سوريا", "محافظة حمص"):
        item = group.locator(f'li:has(> a.row .row-label:text-is("{name}"))')
        if item.locator("> .branch:not([open]) > summary:visible").count():
            item.locator("> .branch > summary").focus()
            desk.keyboard.press("Enter")
    row("تدمر").click()
    assert desk.locator(".chips .chip bdi").all_inner_texts() == ["تدمر"]
    desk.goto(desk.url.replace("/search/", "/facets/place/"))
    assert row("لبنان").locator(".row-count bdi").inner_text() == "+0"
    row("لبنان").click()
    assert desk.locator(".chips .chip bdi").all_inner_texts() == ["لبنان", "تدمر"]
    assert desk.locator(".chip-joint").inner_text() == "أو"
    group = desk.locator("section[aria-labelledby=facet-place]")
    group.locator(".switch a", has_text="كلها معًا").click()
    assert desk.locator(".hit-title").all_inner_texts() == ["هدنة"]
    group.locator(".switch a", has_text="الأخبار عنه فقط").click()
    assert desk.locator(".hit-title").count() == 0, "it is about one of the two"


def test_a_reader_filters_by_a_mentioned_date_and_follows_one_from_an_article(
    desk: Page, told: Article
) -> None:
    desk.goto("/search/?q=")
    group = desk.locator("section[aria-labelledby=facet-event]")
    group.locator('.row:has(.row-label:text-is("2012"))').first.click()
    assert desk.locator(".hit-title").count() == 2
    desk.locator(".chip", has_text="2012").click()
    group = desk.locator(".side")
    group.locator("#event_from").fill("2005")
    group.locator("#event_to").fill("2006-12")
    desk.locator("form:has(#event_from) button").click()
    assert desk.locator(".hit-title").all_inner_texts() == ["سنوات"]
    desk.locator(".hit-title a").click()
    desk.locator(".spoken summary", has_text="مذكور").focus()
    desk.keyboard.press("Enter")
    desk.locator(".spoken dt a", has_text="24 أيار/مايو 2012").click()
    desk.wait_for_url("**event=2012-05-24")
    assert desk.locator(".hit-title").all_inner_texts() == ["سنوات"]
