"""A researcher's work with the sample archive: by keyboard alone, without scripts, and a day of it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import bibtexparser
import openpyxl
import pytest
import rispy
from lxml import etree
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.search.web.browser.looks import follow, watched_page
from tests.search.web.browser.screens.conftest import upload_for_preview
from tests.search.web.browser.screens.screen_list import FIRST, RESULTS

pytestmark = pytest.mark.browser
EXPORT_LINK = ".menu a[href^='/search/export/']"
CSV_LINK = "a[href*='export.csv'][href*='plain=1']"
DAMASCUS = "دمشق"


def saved(page: Page, act: Callable[[], object]) -> Path:
    """Return the file that a click or a key downloads."""
    with page.expect_download() as download:
        act()
    return Path(download.value.path())


def number_of_articles(page: Page) -> int:
    """Return how many articles the page says that it found; it must have been waited for."""
    return int(re.findall(r"\d+", page.locator("#total").inner_text())[0])


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))


@pytest.fixture
def reader(browser: Browser, served: str) -> Iterator[Page]:
    """Yield a page on a wide screen; an error on its console fails the test."""
    with watched_page(browser, served) as (page, said):
        yield page
    assert said == []


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on an element."""
    for _ in range(150):
        page.keyboard.press("Tab")
        here = "selector => document.activeElement.matches(selector)"
        if page.evaluate(here, selector):  # settled: a key is handled when press returns
            return
    raise AssertionError(f"no Tab leads to {selector}")


def press_enter_on(page: Page, selector: str) -> None:
    """Press Tab until the focus is on a link, then Enter, and wait for the page that it leads to."""
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_keyboard_alone_is_enough(reader: Page) -> None:
    reader.goto("/?lang=ar")
    expect(reader.locator("#q")).to_be_focused()
    reader.keyboard.type("حمص")
    follow(reader.locator("#q"), "Enter")
    everything = number_of_articles(reader)

    press_enter_on(reader, "a.page-step[rel=next]")
    expect(reader.locator(".page-number.is-current")).to_have_text("2")

    press_enter_on(reader, "section[aria-labelledby=facet-source] .row")
    expect(reader.locator(".chips .chip").first).to_be_visible()
    narrowed = number_of_articles(reader)
    assert 0 < narrowed < everything

    tab_to(reader, "section[aria-labelledby=facet-source] .facet-all")
    reader.keyboard.press("Enter")
    expect(reader.locator("#dialog .exclude").first).to_be_visible()
    press_enter_on(reader, "#dialog .exclude")
    expect(reader.locator(".chips")).to_contain_text("ليس")

    press_enter_on(reader, FIRST)
    expect(reader.locator(".article-text")).to_be_visible()
    tab_to(reader, "#cite > summary")
    reader.keyboard.press("Enter")
    expect(reader.locator("#cite-ar")).to_be_visible()
    tab_to(reader, "a[href$='cite.bib']")
    cited = saved(reader, lambda: reader.keyboard.press("Enter"))
    assert len(bibtexparser.parse_string(cited.read_text()).entries) == 1

    reader.goto(RESULTS)
    tab_to(reader, ".menu:has(a[href^='/search/export/']) > summary")
    reader.keyboard.press("Enter")
    press_enter_on(reader, EXPORT_LINK)
    expect(reader.locator(".export-table")).to_be_visible()
    tab_to(reader, CSV_LINK)
    assert len(rows(saved(reader, lambda: reader.keyboard.press("Enter")))) == everything


def test_scripts_are_not_needed(browser: Browser, served: str) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}, base_url=served
    )
    page = context.new_page()
    page.goto("/?lang=ar")
    page.locator("#q").fill("حمص")
    follow(page.locator(".box .button"))
    everything = number_of_articles(page)

    follow(page.locator("a.page-step[rel=next]"))
    expect(page.locator(".page-number.is-current")).to_have_text("2")

    follow(page.locator(".menu-filter"))
    page.locator(".filters-box", has_text="صحيفة الضفاف").click()
    follow(page.locator(".filters-go button"))
    narrowed = number_of_articles(page)
    assert 0 < narrowed < everything

    follow(page.locator(".menu-filter"))
    follow(page.locator("[formaction='/facets/place/']"))
    page.locator("#in").fill(DAMASCUS)
    follow(page.locator(".values-form button"))
    follow(page.locator(".exclude").first)
    assert 0 < number_of_articles(page) < narrowed

    page.locator(".hit input[name=article]").first.check()
    follow(page.locator("#selection button"))
    page.locator(".site-menu > summary").click()
    expect(page.locator(".masthead .selection-link")).to_be_visible()

    follow(page.locator(FIRST).first)
    page.locator("#cite > summary").click()
    expect(page.locator("#cite-en")).to_be_visible()
    cited = saved(page, page.locator("a[href$='cite.ris']").click)
    assert len(rispy.loads(cited.read_text())) == 1

    page.goto(RESULTS)
    page.locator(f".menu:has({EXPORT_LINK.removeprefix('.menu ')}) > summary").click()
    follow(page.locator(EXPORT_LINK))
    assert len(rows(saved(page, page.locator(CSV_LINK).click))) == everything
    context.close()


def test_a_phone_reaches_the_selection_and_the_account_from_a_list(editor: BrowserContext) -> None:
    page = editor.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(RESULTS)
    page.locator(".hit input[name=article]").first.check()
    expect(page.locator(".masthead .selection-count")).to_have_text("1")
    links = page.locator(".masthead-links")
    expect(links).to_be_hidden()
    page.locator(".site-menu > summary").click()
    expect(links.locator(".selection-link")).to_be_visible()
    expect(links.locator(".account-name")).to_be_visible()
    expect(links.locator(".account button")).to_be_visible()
    follow(page.locator(".masthead .selection-link"))
    expect(page.locator("#citations p")).to_have_count(1)


def test_a_day_of_a_researcher(reader: Page, editor: BrowserContext) -> None:
    reader.goto("/?lang=ar")
    reader.locator("#q").fill("حمص")
    follow(reader.locator("#q"), "Enter")
    everything = number_of_articles(reader)

    # Except a place.
    reader.locator("section[aria-labelledby=facet-place] .facet-all").click()
    reader.locator("#dialog #in").fill(DAMASCUS)
    city = reader.locator(".row-label bdi", has_text=re.compile(f"^{DAMASCUS}$"))
    follow(reader.locator("#dialog .values-row", has=city).locator(".exclude").first)
    expect(reader.locator(".chips")).to_contain_text(f"ليس {DAMASCUS}")
    kept = number_of_articles(reader)
    assert 0 < kept < everything
    search = reader.url

    # Narrow by day on the strip, where a month opens to its days. Each version of a story is a hit here.
    reader.goto(f"{search}&group=none")
    search = reader.url
    full = re.compile(r": [2-9]$")
    for _step in ("month", "day"):
        follow(reader.locator(".strip a", has_text=full).first)
    assert 2 <= reader.locator(FIRST).count() < kept

    # Read, and the next article; the way back leads to the list.
    follow(reader.locator(FIRST).first)
    expect(reader.locator(".article-text mark").first).to_be_visible()
    read = reader.locator("h1").inner_text()
    follow(reader.locator(".back a[rel=next]"))
    expect(reader.locator("h1")).not_to_have_text(read)

    # Cite into files that a reference manager's parser accepts.
    address = reader.url.split("?")[0]
    reader.locator("#cite > summary").click()
    [entry] = bibtexparser.parse_string(
        saved(reader, reader.locator("a[href$='cite.bib']").click).read_text()
    ).entries
    [reference] = rispy.loads(saved(reader, reader.locator("a[href$='cite.ris']").click).read_text())
    assert entry["url"] == address
    assert reference["urls"] == [address]

    # Words in context, of the search before it was narrowed by day.
    reader.goto(search)
    follow(reader.get_by_role("link", name="سياق", exact=True))
    lines = reader.locator(".kwic tbody tr")
    assert lines.count() >= kept
    assert {"حمص" in word for word in lines.locator(".kwic-word").all_inner_texts()} == {True}

    # Export all hits, and open the files with other programs.
    reader.goto(search)
    reader.locator(f".menu:has({EXPORT_LINK.removeprefix('.menu ')}) > summary").click()
    follow(reader.locator(EXPORT_LINK))
    listed = rows(saved(reader, reader.locator(CSV_LINK).click))
    assert len(listed) == len({row["id"] for row in listed}) == kept
    workbook = openpyxl.load_workbook(
        io.BytesIO(saved(reader, reader.locator("a[href*='export.xlsx']").click).read_bytes())
    )
    assert workbook.worksheets[0].max_row == kept + 1
    assert workbook.worksheets[0].sheet_view.rightToLeft
    workbook.close()

    # Compare two places.
    reader.goto(f"/search/?q={quote('حلب')}&view=compare")
    reader.locator("#compare-with").fill("درعا")
    follow(reader.locator("#compare-with"), "Enter")
    expect(reader.locator(".legend li")).to_have_count(2)
    assert reader.locator(".view-table tbody tr").count() > 10

    # Follow the search: what the desk adds comes first in its feed.
    reader.goto(search)
    feed = reader.locator("link[type='application/atom+xml']").get_attribute("href") or ""
    assert "not_place" in feed
    newest = "قافلة جديدة تبلغ حمص ليلا"
    assert newest not in feed_titles(reader, feed)
    page = editor.new_page()
    upload_for_preview(
        page, "قافلة.txt", f"{newest}\n\nوصلت القافلة إلى حمص ليلا، وقال سائقها إنه سيعود غدا."
    )
    follow(page.locator("form[action*=confirm] [type=submit]").first)
    expect(page.locator(".desk-counts")).to_be_visible()
    for _ in range(100):
        if feed_titles(reader, feed)[0] == newest:
            break
        reader.wait_for_timeout(200)
    assert feed_titles(reader, feed)[0] == newest


def feed_titles(page: Page, address: str) -> list[str]:
    answer = page.request.get(address)
    assert answer.ok
    return [str(each.text) for each in etree.fromstring(answer.body()).iterfind("{*}entry/{*}title")]
