"""The views of a search in a real Chromium: axe, width, keyboard, no script, and how lines are aligned."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, Page, expect

from tests.search.web.browser.looks import LANGUAGES, follow, look_at, window, with_language
from tests.search.web.conftest import Write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEARCH = f"/search/?q={quote('حمص')}"
PAGES = {
    "view-context": f"{SEARCH}&view=context&order=after",
    "view-no-words": "/search/?view=context",
    "view-exports": "/search/context/",
}


@pytest.fixture
def convoys(write: Write) -> None:
    """Create articles over seven months whose sentences are longer than a line, one of them in English."""
    for month in range(1, 8):
        for day in range(1, month + 1):
            body = (
                "قال شهود عيان من أهل المدينة لمراسل الصحيفة صباح اليوم إن القافلة وصلت إلى حمص القديمة"
                " بعد انتظار طويل عند الحاجز، وإن أفران الحي عادت إلى العمل."
            )
            date = f"2014-0{month}-0{day}"
            write("قافلة إلى حمص", body, source="صحيفة الضفاف", day=date, findable=False)
            write("طقس", "يهطل مطر غزير على الجبال.", source="وكالة سنابل", day=date, findable=False)
    write("A convoy", "A convoy of three trucks reached the old city of حمص on Monday.", day="2014-01-09")


def test_views_of_a_part_of_the_hits_are_accessible_and_fit_the_width(
    browser: Browser, live_server: Any, convoys: None, settings: LazySettings
) -> None:
    settings.CONTEXT_MAX_WORDS = 400
    found: list[object] = []
    for language in LANGUAGES:
        with window(browser, live_server.url, language) as page:
            page.goto(with_language(PAGES["view-context"], language))
            follow(page.locator(".view-sample button"))
            for name, address in PAGES.items():
                page.goto(with_language(address, language))
                found += look_at(page, name, language)
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize(("width", "language"), [(1440, "ar"), (1440, "en"), (390, "ar"), (390, "en")])
def test_the_words_of_all_lines_stand_below_each_other_between_their_contexts(
    browser: Browser, live_server: Any, convoys: None, width: int, language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url)
    page = context.new_page()
    page.goto(f"{SEARCH}&view=context&lang={language}")
    rows = page.locator(".kwic tbody tr")
    centres = []
    for row in rows.all():
        before, word, after = (
            row.locator(f".kwic-{part}").bounding_box() for part in ("before", "word", "after")
        )
        assert before
        assert word
        assert after
        is_english = row.locator(".kwic-before").get_attribute("dir") == "ltr"
        left, right = (before, after) if is_english else (after, before)
        assert left["x"] + left["width"] <= word["x"] <= word["x"] + word["width"] <= right["x"]
        # What is nearest to the word is shown; the far end is cut.
        inner = row.locator(".kwic-before span").bounding_box()
        assert inner
        near = inner["x"] + inner["width"] if is_english else inner["x"]
        assert abs(near - (left["x"] + left["width"] if is_english else right["x"])) < 2
        centres.append(word["x"] + word["width"] / 2)
    assert len(centres) > 20
    assert max(centres) - min(centres) < 2
    context.close()


def test_a_comparison_is_made_with_the_keyboard_and_without_a_script(
    browser: Browser, live_server: Any, convoys: None
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(SEARCH)
    follow(page.get_by_role("link", name="مقارنة", exact=True), "Enter")
    page.locator("#compare-with").fill("قافلة")
    follow(page.locator("#compare-with"), "Enter")
    expect(page.locator(".legend li")).to_have_count(2)
    follow(page.locator(".legend-remove").first, "Enter")
    expect(page.locator(".legend li")).to_have_text([re.compile(r"^\s*قافلة\s")])
    context.close()


def test_a_line_leads_to_its_word_and_back(desk: Page, convoys: None) -> None:
    desk.goto(f"{SEARCH}&view=context&order=before")
    link = desk.locator(".kwic-word a").nth(10)
    word = link.inner_text()
    follow(link)
    expect(desk.locator("mark:target")).to_have_text(word)
    desk.go_back()
    expect(desk.locator(".kwic tbody tr")).to_have_count(50)


def test_a_reader_has_all_articles_read_and_downloads_the_lines(
    desk: Page, convoys: None, settings: LazySettings
) -> None:
    settings.CONTEXT_MAX_WORDS = 100
    desk.goto(f"{SEARCH}&view=context")
    follow(desk.get_by_role("button", name="اقرأ الكل"))
    with desk.expect_download() as download:
        desk.get_by_role("link", name="تنزيل جدول CSV").click()
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 2 * 28 + 1
    follow(desk.get_by_role("button", name="حذف"))
    expect(desk.locator(".view-empty")).to_be_visible()
