"""Suggestions under the search box in a real Chromium: keyboard, pointer, screen reader, phone, dark mode."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.search.web.browser.looks import AT_REST, LANGUAGES, follow, look_at, window, with_language
from tests.search.web.conftest import Write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RESULTS = f"/search/?q={quote('القافلة')}&source={quote('وكالة سنابل')}"


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def add(page: Page, text: str) -> None:
    """Add text at the end of that in the box, at once: typed slowly, its beginning would have a list, too."""
    page.locator("#q").press("End")
    page.keyboard.insert_text(text)


def show_suggestions(page: Page, text: str) -> None:
    add(page, text)
    expect(options(page).first).to_be_visible()


def expect_active(page: Page, text: str) -> None:
    """Wait until a screen reader is on the option with this text; "" for none."""
    chosen = page.locator("[role=option][aria-selected=true]")
    if not text:
        expect(chosen).to_have_count(0)
        expect(page.locator("#q")).not_to_have_attribute("aria-activedescendant", re.compile(""))
        return
    expect(chosen.locator(".suggestion-text")).to_have_text([text])
    expect(page.locator("#q")).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")


def expect_asked(page: Page, **query: list[str]) -> None:
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query) == query)


def test_the_keyboard_selects_from_the_list(desk: Page, archive: dict) -> None:
    desk.goto("/")
    box = desk.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    show_suggestions(desk, "افران تع")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(desk.locator(f"#{box.get_attribute('aria-controls')}")).to_have_attribute("role", "listbox")
    shown = desk.locator(".suggestion-text").all_inner_texts()
    expect_active(desk, "")
    desk.keyboard.press("ArrowDown")
    expect_active(desk, shown[0])
    desk.keyboard.press("ArrowUp")
    expect_active(desk, shown[-1])
    desk.keyboard.press("Home")
    expect_active(desk, shown[0])
    desk.keyboard.press("End")
    expect_active(desk, shown[-1])
    expect(box).to_have_value("افران تع")  # the typed text stays until a choice is made
    follow(box, "Enter")
    expect(desk.locator("#q")).to_have_value(shown[-1])
    expect(desk.locator(".hit-title")).to_have_count(1)


def test_escape_closes_the_list_and_keeps_what_was_typed(desk: Page, archive: dict) -> None:
    desk.goto("/")
    show_suggestions(desk, "حم")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("listbox")).to_be_hidden()
    box = desk.get_by_role("combobox")
    expect(box).to_have_value("حم")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect_active(desk, "")
    desk.keyboard.press("ArrowDown")  # and they can be opened again
    expect(options(desk).first).to_be_visible()
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("listbox")).to_be_hidden()


def test_enter_without_a_choice_searches_for_what_was_typed(desk: Page, archive: dict) -> None:
    desk.goto("/")
    desk.locator("#q").press_sequentially("حم", delay=20)
    expect(options(desk).first).to_be_visible()
    follow(desk.locator("#q"), "Enter")
    expect_asked(desk, q=["حم"])


def test_a_city_becomes_a_filter_beside_the_active_ones(desk: Page, archive: dict) -> None:
    desk.goto(RESULTS)
    show_suggestions(desk, " حل")
    follow(desk.get_by_role("group", name="مدن").get_by_role("option"))
    expect_asked(desk, q=["القافلة"], city=["حلب"], source=["وكالة سنابل"])
    expect(desk.locator(".hit-title")).to_have_text(["قافلة مساعدات"])
    desk.go_back()
    expect_asked(desk, q=["القافلة"], source=["وكالة سنابل"])
    expect(desk.locator("input[name=source]").first).to_be_attached()
    expect(desk.locator("input[name=city]")).to_have_count(0)  # nothing remains in the form


def test_the_number_of_suggestions_is_announced(desk: Page, archive: dict) -> None:
    desk.goto("/")
    add(desk, "مدينة:حل")
    expect(desk.get_by_role("status")).to_have_text("اقتراح واحد")
    desk.keyboard.type("ظ")
    expect(desk.get_by_role("status")).to_have_text("")
    expect(desk.get_by_role("listbox")).to_be_hidden()


def test_a_late_response_is_dropped(desk: Page, archive: dict) -> None:
    waiting: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if waiting:
            route.continue_()
        else:
            waiting.append(route)

    desk.route("**/suggest/**", hold_the_first)
    desk.goto("/")
    with desk.expect_request("**/suggest/**"):
        add(desk, "حل")
    desk.keyboard.press("Backspace")
    desk.keyboard.type("م")
    expect(options(desk).filter(has_text="حمص").first).to_be_visible()
    waiting[0].continue_()
    for _ in range(2):  # answers that come after what was held
        desk.evaluate("fetch('/suggest/?q=x').then((answer) => answer.text())")
    expect(options(desk).filter(has_text="حمص").first).to_be_visible()
    expect(options(desk).filter(has_text="حلب")).to_have_count(0)


def test_the_list_overlays_the_page_and_moves_nothing(desk: Page, archive: dict) -> None:
    desk.goto("/")
    desk.evaluate(AT_REST)
    before = desk.locator(".holds").bounding_box()
    show_suggestions(desk, "حم")
    assert desk.locator(".holds").bounding_box() == before


@pytest.fixture
def phone(browser: Browser, live_server: Any) -> Iterator[Page]:
    """Yield a page on a phone with touch input."""
    context = browser.new_context(
        viewport={"width": 390, "height": 664}, has_touch=True, is_mobile=True, base_url=live_server.url
    )
    yield context.new_page()
    context.close()


def test_a_tap_selects_and_the_field_keeps_the_keyboard_until_then(phone: Page, archive: dict) -> None:
    phone.goto("/")
    phone.locator("#q").tap()
    show_suggestions(phone, "مدينة:")
    expect(options(phone).nth(2)).to_be_visible()
    expect(phone.locator("#q")).to_be_focused()
    heights = [box["height"] for box in map(Locator.bounding_box, options(phone).all()) if box]
    assert min(heights) >= 44
    with phone.expect_navigation():
        options(phone).filter(has_text="حلب").tap()
    expect(phone.locator("#q")).to_have_value("مدينة:حلب")


def test_a_tap_elsewhere_closes_the_list(phone: Page, archive: dict) -> None:
    phone.goto("/")
    phone.locator("#q").tap()
    show_suggestions(phone, "مدينة:حل")
    phone.locator("h1").tap()
    expect(phone.get_by_role("listbox")).to_be_hidden()


def test_the_open_list_is_accessible_and_fits(
    browser: Browser,
    live_server: Any,
    archive: dict,
    write: Write,
) -> None:
    write(
        "حمص القديمة تستقبل قافلة",
        "في مدينة حمص القديمة، وحمل الناس الخبز.",
        source="حمى اليوم",
        cities=("حماة",),
    )
    found: list[object] = []
    for language in LANGUAGES:
        with window(browser, live_server.url, language) as page:
            for name, address in {"home": "/", "results": RESULTS}.items():
                page.goto(with_language(address, language))
                page.locator("#q").fill("")
                show_suggestions(page, "حم")
                page.keyboard.press("ArrowDown")
                expect(page.locator("[aria-selected=true]")).to_have_count(1)
                found += look_at(page, f"suggestions-{name}", language, full_page=False)
                expect(options(page).first).to_be_visible()
                assert {
                    box["height"] >= 44 for box in map(Locator.bounding_box, options(page).all()) if box
                } == {True}
    assert not found, "\n".join(map(str, found))
