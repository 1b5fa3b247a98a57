"""Looks at pages with the sample articles at three widths and in both colour schemes.

A page is loaded once for each language; the window is then made narrower and the scheme changed, as on a
reader's device. The pictures are in test-results/screens/, for people to look at; in CI none are taken. The
layout is checked in each width and language, and by axe as looks.py says.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from playwright.sync_api import Page, expect

from tests.search.web.browser.looks import (
    AT_REST,
    COLOUR_RULES,
    FIRST_WIDTH,
    SCHEMES,
    WITH_PICTURES,
    faults,
    with_language,
)
from tests.search.web.browser.screens.layout import PICTURES, foreign_fonts, layout_faults
from tests.search.web.browser.screens.screen_list import Screen

#: The width between the two is looked at in one scheme: its colours are those of the others.
WIDTHS = {1440: 900, 820: 1180, 390: 844}
BETWEEN = 820
#: A phone shows the first hit within 320 pixels; twenty hits are at most 3,600 high on a wide screen.
FIRST_HIT, TWENTY_HITS = 320, 3600


def look_at_all(page: Page, screens: Mapping[str, Screen], language: str, subtests: pytest.Subtests) -> None:
    """Look at each page in this language, in a subtest of its own."""
    for name, screen in screens.items():
        with subtests.test(page=name):
            page.set_viewport_size({"width": 1440, "height": 900})
            open_screen(page, screen, language)
            assert look_at(page, name, language) == []


def open_screen(page: Page, screen: Screen, language: str) -> None:
    """Show a page in this language."""
    address = screen.address
    for link in screen.follows:
        page.goto(address)
        address = page.locator(link).first.get_attribute("href") or ""
    answer = page.goto(with_language(address, language))
    assert answer
    assert answer.status == screen.status
    if screen.unfolds:
        for folded in page.locator(screen.unfolds).all()[: None if "details" in screen.unfolds else 1]:
            folded.click()
    expect(page.locator(screen.holds).first).to_be_visible()


def look_at(page: Page, name: str, language: str) -> list[str]:
    """Take pictures of the page that is shown, and return what is wrong with it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    is_desk = "/admin/" in page.url
    # Of the frame of Django's admin only our additions are checked.
    part = {"include": ["#content"], "exclude": ["#toolbar", ".related-widget-wrapper"]} if is_desk else None
    found: list[str] = []
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        reads = width == FIRST_WIDTH[language]
        for scheme in SCHEMES if reads or (WITH_PICTURES and width != BETWEEN) else SCHEMES[:1]:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a str for a Literal
            page.evaluate(AT_REST)
            look = f"{name}-{width}-{language}-{scheme}"
            if WITH_PICTURES:
                page.screenshot(path=PICTURES / f"{look}.jpg", full_page=True, type="jpeg", quality=70)
            if scheme == "light":
                found += [f"{look}: {fault}" for fault in layout_faults(page, language, width)]
                if name == "results" and width == min(WIDTHS):
                    found += first_hit_is_low(page)
                if name == "results" and width == max(WIDTHS):
                    found += hits_are_high(page)
            if reads:
                rules = () if scheme == "light" else COLOUR_RULES
                found += [f"{look}: {fault}" for fault in faults(page, part=part, rules=rules)]
    if not is_desk:
        session = page.context.new_cdp_session(page)
        session.send("DOM.enable")
        session.send("CSS.enable")
        found += [f"{name}: Arabic is drawn with {font}" for font in foreign_fonts(page, session)]
        session.detach()
    return found


def first_hit_is_low(page: Page) -> list[str]:
    box = page.locator(".hit").first.bounding_box()
    return [] if box and box["y"] <= FIRST_HIT else [f"the first hit of a phone is at {box}"]


def hits_are_high(page: Page) -> list[str]:
    box = page.locator(".hits").bounding_box()
    return [] if box and box["height"] <= TWENTY_HITS else [f"twenty hits are {box}"]
