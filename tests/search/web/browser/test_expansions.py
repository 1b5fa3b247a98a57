"""The line "also searched for" in a real Chromium: axe, widths, touch targets, switches by keyboard."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.search.web.browser.looks import LANGUAGES, follow, look_at, window, with_language
from tests.search.web.conftest import Write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
#: A name with words elsewhere, verbs and nouns of action, and an adjective with its noun.
OFFERS = f"/search/?q={quote('اعتقال قصف تقرير سنوي الولايات المتحدة')}"
ADDRESS = f"/search/?q={quote('غوغل كانون الثاني سيرجي غوتيريس')}&without={quote('جانفي')}"


@pytest.fixture
def spellings(write: Write) -> None:
    """Make an archive with more names for the query's words than one line holds."""
    names = "غوغل جوجل قوقل كوكل سيرجي سيرغي سيرغيي يناير جانفي غوتيريش جوتيريس غوتيرس"
    write("أسماء كثيرة", f"{names} كانون ثاني وكانون الثاني", findable=False)
    write("خبر آخر", "غوغل سيرجي غوتيريس كانون الثاني", findable=False)
    write("تقرير", "اعتقال واعتقلت وقصف وقصفت وتقرير وقررت في الولايات المتحدة السنوي", findable=False)
    write("سنة", "الولايات كلها غير المتحدة: اعتقال وقصف وتقرير سنوي")


def test_the_line_is_accessible_and_fits_its_width(
    browser: Browser, live_server: Any, spellings: None
) -> None:
    found: list[object] = []
    pages = (("expanded", ADDRESS), ("expanded-off", f"{ADDRESS}&without=*"), ("expanded-offers", OFFERS))
    for language in LANGUAGES:
        with window(browser, live_server.url, language) as page:
            for name, address in pages:
                page.goto(with_language(address, language))
                page.locator(".expanded, .expanded details").evaluate_all(
                    "es => es.forEach(e => e.open = true)"
                )
                found += look_at(page, name, language)
    assert not found, "\n".join(map(str, found))


def test_switches_are_large_enough_for_a_thumb(browser: Browser, live_server: Any, spellings: None) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=live_server.url)
    page = context.new_page()
    page.goto(ADDRESS)
    page.locator(".expanded > summary").click()
    expect(page.locator(".expanded")).to_have_attribute("open", "")
    for summary in page.locator(".expanded details > summary").all():
        summary.click()
    expect(page.locator(".expanded details:not([open])")).to_have_count(0)
    sizes = page.evaluate(
        "[...document.querySelectorAll('.expanded a, .expanded summary')]"
        ".map(e => e.getBoundingClientRect().height)"
    )
    assert len(sizes) > 6
    assert min(sizes) >= 44
    context.close()


def test_a_switch_works_by_keyboard(desk: Page, spellings: None) -> None:
    desk.goto(ADDRESS)
    desk.locator(".expanded > summary").click()
    first = desk.locator(".expanded .chip").first
    expect(first).to_be_visible()
    name = first.locator("bdi").inner_text()
    follow(first, "Enter")
    expect(desk).to_have_url(re.compile("without=.*without="))
    expect(desk.locator(".expanded .is-off bdi", has_text=re.compile(f"^{name}$"))).to_have_count(1)
