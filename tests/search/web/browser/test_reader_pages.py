"""The readers' pages in a real Chromium: use, axe, keyboard, phone width, and screenshots."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from tests.search.web.browser.looks import LANGUAGES, faults, follow, log_in, look_at, window, with_language
from tests.search.web.conftest import Write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = {
    "results": f"/search/?q={quote('حمص')}",
    "meant": f"/search/?q={quote('محاظثات')}",
    "lacking": f"/search/?q={quote('زنجبيل القافلة حلب حمص')}&source={quote('وكالة سنابل')}",
}


def expect_titles(page: Page, *titles: str) -> None:
    expect(page.locator(".hit-title")).to_have_text(titles)


def test_a_reader_searches_narrows_drills_down_reads_and_comes_back(desk: Page, archive: dict) -> None:
    desk.goto("/")
    expect(desk.locator("#q")).to_be_focused()
    desk.keyboard.type("حمص")
    follow(desk.locator("#q"), "Enter")
    assert set(desk.locator(".snippet mark").all_inner_texts()) == {"بحمص", "وحمص", "حمص"}
    expect(desk.locator("#q")).to_have_value("حمص")
    follow(desk.locator(".row", has_text="حلب"))
    expect_titles(desk, "قافلة مساعدات")
    follow(desk.locator(".chip", has_text="حلب"))
    follow(desk.locator('.row:has(.row-label:text-is("2014"))'))
    expect(desk.locator(".hit-title")).to_have_count(2)
    desk.locator("section[aria-labelledby=facet-date] .facet-all").click()
    follow(desk.locator("#dialog .row", has_text="شباط/فبراير"))
    expect_titles(desk, "قافلة مساعدات")
    follow(desk.locator(".hit-title a"))
    expect(desk.locator("article mark")).to_have_text(["وحمص"])
    follow(desk.locator("#back"))
    expect_titles(desk, "قافلة مساعدات")


def test_an_editor_uploads_a_file_sees_what_is_in_it_confirms_and_readers_find_it(
    desk: Page, index: None, admin_user: User, settings: LazySettings
) -> None:
    settings.INDEX_ON_COMMIT = True
    desk.goto("/admin/")
    expect(desk.locator("html")).to_have_attribute("dir", "rtl")
    log_in(desk, admin_user.username)
    desk.goto("/admin/articles/importbatch/upload/")
    text = "وصلت قافلة إلى حمص صباح أمس.\nوقال شهود إنها عادت."
    file = {"name": "خبر.txt", "mimeType": "text/plain", "buffer": text.encode()}
    desk.set_input_files("input[type=file]", [file])  # type: ignore[list-item]  # a FilePayload
    follow(desk.locator(".desk-form input[type=submit]"))
    for folded in reversed(desk.locator("#content details:not([open]) > summary").all()):
        folded.click()
    expect(desk.locator("#content details:not([open])")).to_have_count(0)
    expect(desk.locator("#content")).to_contain_text("وصلت قافلة إلى حمص")
    desk.goto(desk.url)  # a preview can be looked at again
    follow(desk.locator("form[action*=confirm] [type=submit]").first)
    desk.goto(PAGES["results"])
    expect(desk.locator(".hit-title")).to_have_count(1)


def test_links_and_keys_lead_through_the_highlights_of_an_article(desk: Page, write: Write) -> None:
    article = write("حمص", "\n".join(["وصلت القافلة بحمص."] * 30))
    desk.goto(f"/articles/{article.pk}/?q={quote('حمص')}")
    steps = desk.evaluate("history.length")
    desk.locator(".found a[href*=hit]").click()
    expect(desk).to_have_url(re.compile("#hit-1$"))
    desk.locator("mark:target + .hit-nav a[rel=next]").click()
    expect(desk).to_have_url(re.compile("#hit-2$"))
    desk.keyboard.press("n")
    expect(desk).to_have_url(re.compile("#hit-3$"))
    desk.keyboard.press("p")
    expect(desk).to_have_url(re.compile("#hit-2$"))
    expect(desk.locator("mark:target")).to_be_visible()
    expect(desk.locator("mark:target + .hit-nav")).to_have_text(re.compile(r"▲\s*السابق\s*2/31\s*▼\s*التالي"))
    assert desk.evaluate("history.length") == steps, "one step back leads to where the reader came from"


def test_why_a_result_is_found_opens_under_it_and_closes_again(desk: Page, archive: dict) -> None:
    desk.goto(PAGES["results"])
    hit = desk.locator(".hit", has_text="قافلة مساعدات")
    link = hit.locator(".why-link")
    expect(link).to_have_attribute("aria-expanded", "false")
    link.press("Enter")
    expect(hit.locator(".why mark")).to_have_text(["وحمص"])
    expect(link).to_have_attribute("aria-expanded", "true")
    others = desk.locator(".hit", has_not_text="قافلة مساعدات").locator(".why-link")
    for number in (0, 1):
        others.nth(number).click()
        # What opens moves those below it, and a mouse that is quicker than people would miss them.
        expect(others.nth(number)).to_have_attribute("aria-expanded", "true")
    expect(desk.locator(".why-link[aria-expanded=true]:not([aria-busy])")).to_have_count(3)
    assert faults(desk) == []
    link.click()
    expect(link).to_have_attribute("aria-expanded", "false")
    expect(hit.locator(".why")).to_be_hidden()
    expect(desk).to_have_url(re.compile(f"{re.escape(PAGES['results'])}$"))


def test_why_a_result_is_found_is_a_page_of_its_own_without_javascript(
    browser: Browser, live_server: Any, archive: dict
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(PAGES["results"])
    follow(page.locator(".hit", has_text="قافلة مساعدات").locator(".why-link"))
    expect(page.locator(".why mark")).to_have_text(["وحمص"])
    follow(page.locator("#back"))
    expect(page).to_have_url(re.compile(f"{re.escape(PAGES['results'])}$"))
    context.close()


def test_did_you_mean_is_a_landmark_and_one_key_away(desk: Page, archive: dict) -> None:
    desk.goto(PAGES["meant"])
    link = desk.get_by_role("navigation", name="هل تقصد").get_by_role("link")
    expect(link).to_have_text("محادثات")
    follow(link, "Enter")
    expect(desk).to_have_url(re.compile(f"q={quote('محادثات')}$"))
    expect_titles(desk, "محادثات")


def test_everything_works_without_javascript(browser: Browser, live_server: Any, archive: dict) -> None:
    context = browser.new_context(
        java_script_enabled=False, base_url=live_server.url, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto(PAGES["results"])
    follow(page.locator(".menu-filter"))
    page.locator(".filters-box", has_text="حلب").click()
    follow(page.locator(".filters-go button"))
    expect_titles(page, "قافلة مساعدات")
    follow(page.locator(".footer a[lang=en]"))
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    expect_titles(page, "قافلة مساعدات")
    context.close()


def test_the_keyboard_reaches_the_content_first_and_always_shows_where_it_is(
    desk: Page, archive: dict
) -> None:
    desk.goto("/about/")
    desk.keyboard.press("Tab")
    expect(desk.locator(".skip")).to_be_focused()
    for _ in range(12):
        desk.keyboard.press("Tab")
        desk.wait_for_function(
            "(() => { const here = document.activeElement;"
            " const outlined = (e) => getComputedStyle(e).outlineStyle !== 'none';"
            " return here === document.body || outlined(here) || outlined(here.parentElement); })()"
        )


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


def test_a_reported_mistake_reaches_the_desk_which_leads_back_to_the_article(
    desk: Page, archive: dict, settings: LazySettings, admin_user: User
) -> None:
    settings.REPORTS_FROM_STRANGERS = True
    desk.goto(with_language(PAGES["results"], "en"))
    follow(desk.locator(".hit-title a").first)
    title, address = desk.locator("h1").inner_text(), desk.url
    follow(desk.locator(".report-link a"))
    desk.fill("#text", "The city is <b>wrong</b>")
    follow(desk.locator("form.report button"))
    expect(desk.locator("main [role=status]")).to_be_visible()
    follow(desk.locator("#back"))
    expect(desk).to_have_url(address)
    log_in(desk, admin_user.username)
    desk.goto("/admin/articles/inference/review/")
    report = desk.locator("section[aria-labelledby=reports] li", has_text="The city is <b>wrong</b>")
    expect(report).to_have_count(1)
    follow(report.locator("a").first)
    expect(desk.locator("h1")).to_have_text(title)
    desk.go_back()
    follow(report.locator("form [type=submit]"))
    expect(report).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_masthead_of_a_phone_keeps_one_line_when_articles_are_selected(
    browser: Browser, live_server: Any, archive: dict, language: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=live_server.url)
    page = context.new_page()
    page.goto(with_language(PAGES["results"], language))
    page.locator(".hit [type=checkbox]").first.check()
    expect(page.locator(".selection-count").first).to_have_text("1")
    page.goto(f"/facets/date/?q={quote('حمص')}")
    expect(page.locator(".masthead .selection-link")).to_be_visible()
    name, links = (page.locator(f".masthead-{part}").bounding_box() for part in ("name", "links"))
    assert name
    assert links
    assert name["y"] == links["y"]
    context.close()
