"""Suggestions under the search box in a real Chromium: keyboard, pointer, screen reader, phone, dark mode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.search.web.browser.looks import LANGUAGES, look_at, window, with_language
from tests.search.web.conftest import Write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RESULTS = f"/search/?q={quote('القافلة')}&source={quote('وكالة سنابل')}"


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def type_slowly(page: Page, text: str) -> None:
    """Type as a reader does, at the end of the text in the box."""
    page.locator("#q").press("End")
    page.keyboard.type(text, delay=20)


def active(page: Page) -> str:
    """Return the text of the option that a screen reader is on; "" for none."""
    chosen = page.locator("#q").get_attribute("aria-activedescendant")
    return page.locator(f"#{chosen} .suggestion-text").inner_text() if chosen else ""


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_the_keyboard_selects_from_the_list(desk: Page, archive: dict) -> None:
    desk.goto("/")
    box = desk.get_by_role("combobox")
    assert box.get_attribute("aria-expanded") == "false"
    type_slowly(desk, "افران تع")
    expect(options(desk).first).to_be_visible()
    assert box.get_attribute("aria-expanded") == "true"
    assert desk.locator(f"#{box.get_attribute('aria-controls')}").get_attribute("role") == "listbox"
    shown = desk.locator(".suggestion-text").all_inner_texts()
    assert active(desk) == ""
    desk.keyboard.press("ArrowDown")
    assert active(desk) == shown[0]
    desk.keyboard.press("ArrowUp")
    assert active(desk) == shown[-1]
    desk.keyboard.press("Home")
    assert active(desk) == shown[0]
    assert desk.locator("[aria-selected=true]").count() == 1
    desk.keyboard.press("End")
    assert active(desk) == shown[-1]
    assert box.input_value() == "افران تع"  # the typed text stays until a choice is made
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/search/**")
    assert desk.locator("#q").input_value() == shown[-1]
    assert desk.locator(".hit-title").count() == 1


def test_escape_closes_the_list_and_keeps_what_was_typed(desk: Page, archive: dict) -> None:
    desk.goto("/")
    type_slowly(desk, "حم")
    expect(options(desk).first).to_be_visible()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("listbox")).to_be_hidden()
    box = desk.get_by_role("combobox")
    assert (box.input_value(), box.get_attribute("aria-expanded"), active(desk)) == ("حم", "false", "")
    desk.keyboard.press("ArrowDown")  # and they can be opened again
    expect(options(desk).first).to_be_visible()
    desk.keyboard.press("Tab")
    expect(desk.get_by_role("listbox")).to_be_hidden()


def test_enter_without_a_choice_searches_for_what_was_typed(desk: Page, archive: dict) -> None:
    desk.goto("/")
    type_slowly(desk, "حم")
    expect(options(desk).first).to_be_visible()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/search/**")
    assert asked(desk) == {"q": ["حم"]}


def test_a_city_becomes_a_filter_beside_the_active_ones(desk: Page, archive: dict) -> None:
    desk.goto(RESULTS)
    type_slowly(desk, " حل")
    options(desk).filter(has_text="حلب").first.wait_for()
    city = desk.get_by_role("group", name="مدن").get_by_role("option")
    city.click()
    desk.wait_for_url("**city=**")
    assert asked(desk) == {"q": ["القافلة"], "city": ["حلب"], "source": ["وكالة سنابل"]}
    assert desk.locator(".hit-title").all_inner_texts() == ["قافلة مساعدات"]
    desk.go_back()
    assert desk.locator("input[name=city]").count() == 0  # nothing remains in the form


def test_the_number_of_suggestions_is_announced(desk: Page, archive: dict) -> None:
    desk.goto("/")
    type_slowly(desk, "مدينة:حل")
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
        type_slowly(desk, "حل")
    desk.keyboard.press("Backspace")
    desk.keyboard.type("م")
    expect(options(desk).filter(has_text="حمص").first).to_be_visible()
    waiting[0].continue_()
    desk.wait_for_load_state("networkidle")
    assert options(desk).filter(has_text="حلب").count() == 0


def test_the_list_overlays_the_page_and_moves_nothing(desk: Page, archive: dict) -> None:
    desk.goto("/")
    before = desk.locator(".holds").bounding_box()
    type_slowly(desk, "حم")
    expect(options(desk).first).to_be_visible()
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
    type_slowly(phone, "مدينة:")
    expect(options(phone).nth(2)).to_be_visible()
    assert phone.evaluate("document.activeElement.id") == "q"
    heights = [box["height"] for box in map(Locator.bounding_box, options(phone).all()) if box]
    assert min(heights) >= 44
    options(phone).filter(has_text="حلب").tap()
    phone.wait_for_url("**/search/**")
    assert phone.locator("#q").input_value() == "مدينة:حلب"


def test_a_tap_elsewhere_closes_the_list(phone: Page, archive: dict) -> None:
    phone.goto("/")
    phone.locator("#q").tap()
    type_slowly(phone, "مدينة:حل")
    expect(options(phone).first).to_be_visible()
    phone.locator("h1").tap()
    expect(phone.get_by_role("listbox")).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_open_list_is_accessible_and_fits(
    browser: Browser,
    live_server: Any,
    archive: dict,
    write: Write,
    language: str,
) -> None:
    write(
        "حمص القديمة تستقبل قافلة",
        "في مدينة حمص القديمة، وحمل الناس الخبز.",
        source="حمى اليوم",
        cities=("حماة",),
    )
    found: list[object] = []
    with window(browser, live_server.url, language) as page:
        for name, address in {"home": "/", "results": RESULTS}.items():
            page.goto(with_language(address, language))
            page.locator("#q").fill("")
            type_slowly(page, "حم")
            expect(options(page).first).to_be_visible()
            page.keyboard.press("ArrowDown")
            found += look_at(page, f"suggestions-{name}", language, full_page=False)
            expect(options(page).first).to_be_visible()
            assert {box["height"] >= 44 for box in map(Locator.bounding_box, options(page).all()) if box} == {
                True
            }
    assert not found, "\n".join(map(str, found))
