"""Citing, selecting and exporting in a real Chromium, with and without scripts."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import bibtexparser
import pytest
from playwright.sync_api import Browser, Page, expect

from articles.models import Article
from tests.search.web.browser.looks import follow
from tests.search.web.conftest import Write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RESULTS = f"/search/?q={quote('حمص')}"
#: Milliseconds until an answer begins.
SLOW_LINE = {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1, "latency": 1000}


def download(page: Page, link: str) -> bytes:
    with page.expect_download() as started:
        page.locator(link).first.click()
    return Path(started.value.path()).read_bytes()


def test_a_click_copies_a_citation_or_the_address_of_a_feed(desk: Page, archive: dict[str, Article]) -> None:
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.goto(f"/articles/{archive['convoy'].pk}/")
    desk.locator("#cite > summary").click()
    desk.locator("[data-copies=cite-bib]").click()
    desk.locator("[data-copies=cite-bib]", has_text="نُسخ").wait_for()
    copied = desk.evaluate("navigator.clipboard.readText()")
    [entry] = bibtexparser.parse_string(copied).entries
    assert entry["url"] == f"{desk.url.split('/articles')[0]}/articles/{archive['convoy'].pk}/"
    desk.goto(RESULTS)
    desk.locator(".menu:has([data-copy]) > summary").click()
    entry = desk.locator(".menu li:has(> [type='application/atom+xml'])")
    entry.locator("a").click()
    # A reader of the screen hears it, and the link keeps its name.
    expect(entry.get_by_role("status")).to_have_text("نُسخ العنوان، ألصقه في قارئ الخلاصات")
    expect(entry.locator("a")).to_have_text("تابع هذا البحث (خلاصة Atom)")
    expect(desk.locator(".menu [role=status]:not(:empty)")).to_have_count(1)
    assert "/search/feed.atom?q=" in desk.evaluate("navigator.clipboard.readText()")


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("query", ["", f"?q={quote('حمص')}"])
def test_a_link_above_the_text_opens_the_citation_below_it(
    browser: Browser, live_server: Any, write: Write, query: str, *, scripts: bool
) -> None:
    article = write("قافلة إلى حمص", "\n".join(["وصلت القافلة إلى حمص."] * 60))
    context = browser.new_context(base_url=live_server.url, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"/articles/{article.pk}/{query}")
    expect(page.locator("#cite-ar")).to_be_hidden()
    page.locator(".cite-link").click()
    expect(page.locator("#cite-ar")).to_be_in_viewport()
    assert bibtexparser.parse_string(download(page, "#cite a[href$='cite.bib']").decode()).entries
    context.close()


def test_ticks_are_kept_at_once_and_exported_together(desk: Page, archive: dict[str, Article]) -> None:
    desk.goto(RESULTS)
    expect(desk.locator("#selection button")).to_be_hidden()
    boxes = desk.locator(".hit input[name=article]")
    for number in (0, 2):
        boxes.nth(number).check()
    link = desk.locator(".masthead .selection-link")
    expect(link).to_have_text("المختار (2)")
    chosen = {boxes.nth(number).get_attribute("value") for number in (0, 2)}
    follow(link)
    rows = csv.DictReader(io.StringIO(download(desk, "a[href$='plain=1']").decode("utf-8-sig")))
    assert {row["id"] for row in rows} == chosen
    expect(desk.locator(".export-progress")).to_contain_text("اكتمل الملف")


def test_ticks_are_not_lost_by_a_reader_who_is_quick(desk: Page, archive: dict[str, Article]) -> None:
    desk.goto(RESULTS)
    line = desk.context.new_cdp_session(desk)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_LINE)
    boxes, chosen = desk.locator(".hit input[name=article]"), desk.locator("#citations p")
    for number in (0, 1):
        boxes.nth(number).check()
    follow(desk.locator(".hit-title a").first)  # the first tick is under way, the second waits for it
    for _attempt in range(20):
        desk.goto("/selection/")
        if chosen.count() == 2:
            break
    expect(chosen).to_have_count(2)
    desk.goto(RESULTS)
    for number in (2, 3):
        boxes.nth(number).check()
    follow(desk.locator(".masthead .selection-link"))
    expect(chosen).to_have_count(4)


def test_everything_works_without_scripts(
    browser: Browser, live_server: Any, archive: dict[str, Article]
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(RESULTS)
    page.locator(".hit input[name=article]").first.check()
    follow(page.locator("#selection button"))
    expect(page.locator(".hit input[name=article]:checked")).to_have_count(1)
    follow(page.locator(".masthead .selection-link"))
    expect(page.locator("#citations p")).to_have_count(1)
    follow(page.locator("button[name=clear]"))
    expect(page.locator("#citations p")).to_have_count(0)
    follow(page.locator("button[name=undo]"))
    expect(page.locator("#citations p")).to_have_count(1)
    page.goto(RESULTS)
    page.locator(".menu", has=page.locator("a[href^='/search/export/']")).locator("summary").click()
    follow(page.locator("a[href^='/search/export/']"))
    with zipfile.ZipFile(io.BytesIO(download(page, "a[data-bytes]"))) as files:
        assert files.namelist() == ["articles.csv", "query.json"]
    page.goto(f"/articles/{archive['convoy'].pk}/")
    page.locator("#cite > summary").click()
    expect(page.locator("#cite-ar")).to_be_visible()
    expect(page.locator("#cite-ar")).to_contain_text("قافلة مساعدات")
    context.close()
