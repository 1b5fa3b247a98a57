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
from playwright.sync_api import Browser, Page

from articles.models import Article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RESULTS = f"/search/?q={quote('حمص')}"


def download(page: Page, link: str) -> bytes:
    with page.expect_download() as started:
        page.locator(link).first.click()
    return Path(started.value.path()).read_bytes()


def test_a_click_copies_a_citation(desk: Page, archive: dict[str, Article]) -> None:
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.goto(f"/articles/{archive['convoy'].pk}/")
    desk.locator("#cite > summary").click()
    desk.locator("[data-copies=cite-bib]").click()
    desk.locator("[data-copies=cite-bib]", has_text="نُسخ").wait_for()
    copied = desk.evaluate("navigator.clipboard.readText()")
    [entry] = bibtexparser.parse_string(copied).entries
    assert entry["url"] == f"{desk.url.split('/articles')[0]}/articles/{archive['convoy'].pk}/"


def test_ticks_are_kept_at_once_and_exported_together(desk: Page, archive: dict[str, Article]) -> None:
    desk.goto(RESULTS)
    assert not desk.locator("#selection button").is_visible()
    boxes = desk.locator(".hit input[name=article]")
    for number in (0, 2):
        with desk.expect_response("**/selection/"):
            boxes.nth(number).check()
    link = desk.locator(".masthead .selection-link")
    assert link.inner_text() == "المختار (2)"
    chosen = {boxes.nth(number).get_attribute("value") for number in (0, 2)}
    link.click()
    rows = csv.DictReader(io.StringIO(download(desk, "a[href$='plain=1']").decode("utf-8-sig")))
    assert {row["id"] for row in rows} == chosen
    desk.locator(".export-progress", has_text="اكتمل الملف").wait_for()


def test_everything_works_without_scripts(
    browser: Browser, live_server: Any, archive: dict[str, Article]
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(RESULTS)
    page.locator(".hit input[name=article]").first.check()
    page.locator("#selection button").click()
    assert page.locator(".hit input[name=article]:checked").count() == 1
    page.locator(".masthead .selection-link").click()
    assert page.locator("#citations p").count() == 1
    page.locator("button[name=clear]").click()
    page.locator("button[name=undo]").click()
    assert page.locator("#citations p").count() == 1
    page.goto(RESULTS)
    page.locator(".menu", has=page.locator("a[href^='/search/export/']")).locator("summary").click()
    page.locator("a[href^='/search/export/']").click()
    with zipfile.ZipFile(io.BytesIO(download(page, "a[data-bytes]"))) as files:
        assert files.namelist() == ["articles.csv", "query.json"]
    page.goto(f"/articles/{archive['convoy'].pk}/")
    page.locator("#cite > summary").click()
    assert "قافلة مساعدات" in page.locator("#cite-ar").inner_text()
    context.close()
