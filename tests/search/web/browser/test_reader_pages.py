"""The readers' pages in a real Chromium: use, axe, keyboard, phone width, and screenshots."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page

from tests.search.web.browser.looks import LANGUAGES, faults, look_at, window, with_language
from tests.search.web.conftest import Write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = {
    "results": f"/search/?q={quote('حمص')}",
    "meant": f"/search/?q={quote('محاظثات')}",
    "lacking": f"/search/?q={quote('زنجبيل القافلة حلب حمص')}&source={quote('وكالة سنابل')}",
}


def titles(page: Page) -> list[str]:
    return page.locator(".hit-title").all_inner_texts()


def test_a_reader_searches_narrows_drills_down_reads_and_comes_back(desk: Page, archive: dict) -> None:
    desk.goto("/")
    desk.keyboard.type("حمص")  # the search box has the focus
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/search/**")
    assert set(desk.locator(".snippet mark").all_inner_texts()) == {"بحمص", "وحمص", "حمص"}
    assert desk.locator("#q").input_value() == "حمص"
    desk.locator(".row", has_text="حلب").click()
    assert titles(desk) == ["قافلة مساعدات"]
    desk.locator(".chip", has_text="حلب").click()
    desk.locator('.row:has(.row-label:text-is("2014"))').click()
    assert len(titles(desk)) == 2
    desk.locator("section[aria-labelledby=facet-date] .facet-all").click()
    desk.locator("#dialog .row", has_text="شباط/فبراير").click()
    assert titles(desk) == ["قافلة مساعدات"]
    desk.locator(".hit-title a").click()
    assert desk.locator("article mark").all_inner_texts() == ["وحمص"]
    desk.locator("#back").click()
    assert titles(desk) == ["قافلة مساعدات"]


def test_an_editor_uploads_a_file_sees_what_is_in_it_confirms_and_readers_find_it(
    desk: Page, index: None, admin_user: User, settings: LazySettings
) -> None:
    settings.INDEX_ON_COMMIT = True
    desk.goto("/admin/")
    assert desk.locator("html").get_attribute("dir") == "rtl"
    desk.fill("#id_username", admin_user.username)
    desk.fill("#id_password", "password")
    desk.click("input[type=submit]")
    desk.goto("/admin/articles/importbatch/upload/")
    text = "وصلت قافلة إلى حمص صباح أمس.\nوقال شهود إنها عادت."
    file = {"name": "خبر.txt", "mimeType": "text/plain", "buffer": text.encode()}
    desk.set_input_files("input[type=file]", [file])  # type: ignore[list-item]  # a FilePayload
    desk.click(".desk-form input[type=submit]")
    for folded in desk.locator("#content details:not([open]) > summary").all():
        folded.click()
    assert "وصلت قافلة إلى حمص" in desk.locator("#content").inner_text()
    desk.goto(desk.url)  # a preview can be looked at again
    desk.locator("form[action*=confirm] [type=submit]").first.click()
    desk.goto(PAGES["results"])
    assert len(titles(desk)) == 1


def test_links_and_keys_lead_through_the_highlights_of_an_article(desk: Page, write: Write) -> None:
    article = write("حمص", "\n".join(["وصلت القافلة بحمص."] * 30))
    desk.goto(f"/articles/{article.pk}/?q={quote('حمص')}")
    steps = desk.evaluate("history.length")
    desk.locator(".found a").click()
    desk.locator("mark:target + .hit-nav a[rel=next]").click()
    assert desk.url.endswith("#hit-2")
    desk.keyboard.press("n")
    desk.wait_for_url("**#hit-3")
    desk.keyboard.press("p")
    desk.wait_for_url("**#hit-2")
    assert desk.locator("mark:target").is_visible()
    assert desk.locator("mark:target + .hit-nav").inner_text().split() == [
        "▲",
        "السابق",
        "2/31",
        "▼",
        "التالي",
    ]
    assert desk.evaluate("history.length") == steps, "one step back leads to where the reader came from"


def test_why_a_result_is_found_opens_under_it_and_closes_again(desk: Page, archive: dict) -> None:
    desk.goto(PAGES["results"])
    hit = desk.locator(".hit", has_text="قافلة مساعدات")
    link = hit.locator(".why-link")
    assert link.get_attribute("aria-expanded") == "false"
    link.focus()
    desk.keyboard.press("Enter")
    hit.locator(".why").wait_for()
    assert hit.locator(".why mark").all_inner_texts() == ["وحمص"]
    assert link.get_attribute("aria-expanded") == "true"
    desk.locator(".why-link").nth(0).click()
    desk.locator(".why-link").nth(1).click()
    assert faults(desk) == []
    link.click()
    hit.locator(".why").wait_for(state="hidden")
    assert desk.url.endswith(PAGES["results"])


def test_why_a_result_is_found_is_a_page_of_its_own_without_javascript(
    browser: Browser, live_server: Any, archive: dict
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(PAGES["results"])
    page.locator(".hit", has_text="قافلة مساعدات").locator(".why-link").click()
    assert page.locator(".why mark").all_inner_texts() == ["وحمص"]
    page.locator("#back").click()
    assert page.url.endswith(PAGES["results"])
    context.close()


def test_did_you_mean_is_a_landmark_and_one_key_away(desk: Page, archive: dict) -> None:
    desk.goto(PAGES["meant"])
    link = desk.get_by_role("navigation", name="هل تقصد").get_by_role("link")
    assert link.inner_text() == "محادثات"
    link.focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**q={quote('محادثات')}")
    assert titles(desk) == ["محادثات"]


def test_everything_works_without_javascript(browser: Browser, live_server: Any, archive: dict) -> None:
    context = browser.new_context(
        java_script_enabled=False, base_url=live_server.url, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto(PAGES["results"])
    page.locator(".menu-filter").click()
    page.locator(".filters-box", has_text="حلب").click()
    page.locator(".filters-go button").click()
    assert page.locator(".hit-title").all_inner_texts() == ["قافلة مساعدات"]
    page.locator(".footer a[lang=en]").click()
    assert page.locator("html").get_attribute("dir") == "ltr"
    assert page.locator(".hit-title").all_inner_texts() == ["قافلة مساعدات"]
    context.close()


def test_the_keyboard_reaches_the_content_first_and_always_shows_where_it_is(
    desk: Page, archive: dict
) -> None:
    desk.goto("/about/")
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.className") == "skip"
    seen = []
    for _ in range(12):
        desk.keyboard.press("Tab")
        seen.append(
            desk.evaluate(
                "(() => { const here = document.activeElement;"
                " const outlined = (e) => getComputedStyle(e).outlineStyle !== 'none';"
                " return here === document.body || outlined(here) || outlined(here.parentElement); })()"
            )
        )
    assert all(seen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_samples_do_not_show_is_accessible_and_fits_its_width(
    browser: Browser, live_server: Any, archive: dict, settings: LazySettings, language: str
) -> None:
    down = settings.SEARCH_ENGINES["elasticsearch"] | {"URL": "http://127.0.0.1:9"}
    pages = {
        "lacking": PAGES["lacking"],
        "why": f"/articles/{archive['convoy'].pk}/why/?q={quote('حمص زرافة')}",
        "down": "/search/?q=x",
    }
    found: list[object] = []
    with window(browser, live_server.url, language) as page:
        for name, url in pages.items():
            if name == "down":
                settings.SEARCH_ENGINES = settings.SEARCH_ENGINES | {"elasticsearch": down}
                settings.SEARCH_ENGINE = "elasticsearch"
            page.goto(with_language(url, language))
            found += look_at(page, name, language)
    assert not found, "\n".join(map(str, found))


def test_targets_on_a_phone_are_large_enough_for_a_thumb(
    browser: Browser, live_server: Any, archive: dict
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=live_server.url)
    page = context.new_page()
    for name in ("results", "meant", "lacking"):
        page.goto(PAGES[name])
        small = page.evaluate(
            "[...document.querySelectorAll('.masthead a, .box-input, .row, .chip, .button')]"
            ".concat(...document.querySelectorAll('.menu > summary, .menu-filter'))"
            ".concat(...document.querySelectorAll('.meant a, .missing a'))"
            ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
        )
        assert small == []
    context.close()
