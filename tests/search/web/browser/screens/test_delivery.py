"""What a reader's browser loads, how the page behaves meanwhile, and that Back leads to the same place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.search.web.browser.looks import follow
from tests.search.web.browser.screens.screen_list import FIRST, RESULTS

pytestmark = pytest.mark.browser
#: A slow line: bytes per second, and milliseconds until an answer begins.
SLOW = {"offline": False, "downloadThroughput": 100_000, "uploadThroughput": 50_000, "latency": 300}
LARGEST_VIEW = 250 * 1024
WATCH_SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => list.getEntries().forEach(
  (entry) => { if (!entry.hadRecentInput) window.shifts.push(entry.value); }
)).observe({ type: "layout-shift", buffered: true });"""


@dataclass
class Traffic:
    """What came over the line: addresses by kind, and bytes with headers, compressed."""

    kinds: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    bytes: float = 0

    def watch(self, page: Page) -> Any:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        from_network: dict[str, tuple[str, str]] = {}

        def answered(event: Any) -> None:
            self.addresses.append(event["response"]["url"])
            if not event["response"]["fromDiskCache"]:
                from_network[event["requestId"]] = (event["type"], event["response"]["url"])

        def served_from_cache(event: Any) -> None:
            cached.add(event["requestId"])

        def finished(event: Any) -> None:
            if event["requestId"] in from_network and event["requestId"] not in cached:
                self.kinds.append(from_network[event["requestId"]][0])
                self.bytes += event["encodedDataLength"]

        cached: set[str] = set()
        session.on("Network.responseReceived", answered)
        session.on("Network.requestServedFromCache", served_from_cache)
        session.on("Network.loadingFinished", finished)
        return session


@pytest.fixture
def slow_phone(browser: Browser, served: str) -> Iterator[tuple[Page, Traffic]]:
    """Yield a page of a new phone on a slow line, and what comes over that."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=served)
    page, traffic = context.new_page(), Traffic()
    page.add_init_script(WATCH_SHIFTS)
    traffic.watch(page).send("Network.emulateNetworkConditions", SLOW)
    yield page, traffic
    context.close()


@pytest.mark.parametrize("address", ["/", RESULTS, f"{RESULTS}&view=context"])
def test_a_page_is_light_calm_and_loaded_from_here_alone(
    slow_phone: tuple[Page, Traffic], served: str, address: str
) -> None:
    page, traffic = slow_phone
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    assert 0 < traffic.bytes <= LARGEST_VIEW
    assert "Font" in traffic.kinds
    assert all(each.startswith((served, "data:")) for each in traffic.addresses)
    assert page.locator("link[rel=stylesheet]").count() <= 4
    assert page.locator("script[src]").count() <= 4
    assert sum(page.evaluate("window.shifts")) < 0.02
    first_view = len(traffic.kinds)
    page.goto(f"{address}{'&' if '?' in address else '?'}sort=oldest", wait_until="networkidle")
    assert traffic.kinds[first_view:] == ["Document"], "all else is kept by the browser"


def test_an_article_moves_nothing_while_it_loads(slow_phone: tuple[Page, Traffic]) -> None:
    page, traffic = slow_phone
    page.goto(RESULTS)
    page.goto(page.locator(FIRST).first.get_attribute("href") or "", wait_until="networkidle")
    assert sum(page.evaluate("window.shifts")) < 0.02
    assert traffic.bytes <= LARGEST_VIEW


@pytest.mark.parametrize("width", [390, 1440])
def test_back_leads_to_the_place_in_the_list(browser: Browser, served: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, base_url=served)
    page = context.new_page()
    page.goto(RESULTS, wait_until="networkidle")
    page.reload()  # with the faces of type that the first view may have lacked, which change heights
    link = page.locator(FIRST).nth(12)
    link.evaluate("element => element.scrollIntoView({ block: 'center', behavior: 'instant' })")
    place = page.evaluate("window.scrollY")
    assert place > 1000
    follow(link)
    expect(page.locator(".article-text")).to_be_visible()
    page.go_back()
    expect(page.locator(FIRST).first).to_be_visible()
    # To the pixel: the faces are those of the list, and the browser's way back is not animated.
    page.wait_for_function("place => Math.abs(window.scrollY - place) < 1", arg=place)
    expect(link).to_be_in_viewport()
    context.close()


@pytest.mark.parametrize("view", ["list", "context"])
def test_back_leads_the_keyboard_to_the_link_that_was_followed(
    browser: Browser, served: str, view: str
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 844}, base_url=served)
    page = context.new_page()
    page.goto(f"{RESULTS}&view={view}")
    link = page.locator(FIRST if view == "list" else ".kwic-word a").nth(4)
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".article-text")).to_be_visible()
    page.go_back()
    expect(link).to_be_focused()
    page.goto(f"{RESULTS}&view={view}&sort=oldest")
    expect(page.locator("main a:focus")).to_have_count(0)
    context.close()


def test_the_link_back_leads_the_keyboard_to_the_hit_without_a_script(browser: Browser, served: str) -> None:
    context = browser.new_context(base_url=served, java_script_enabled=False)
    page = context.new_page()
    page.goto(RESULTS)
    follow(page.locator(FIRST).nth(4))
    expect(page.locator(".article-text")).to_be_visible()
    follow(page.locator("#back"))
    page.keyboard.press("Tab")
    expect(page.locator(FIRST).nth(4)).to_be_focused()
    context.close()
