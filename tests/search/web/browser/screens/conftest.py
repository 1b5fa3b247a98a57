"""An archive of the sample articles, served as `make run` serves it, and the accounts and pages in it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.ops.running import clean_environment, get, running, wait_until
from tests.search.web.browser.looks import follow, log_in
from tests.search.web.browser.screens.screen_list import RESULTS
from tools.servers.ports import free_port

#: One that the archive takes.
PASSWORD = "seven green buses"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of the sample archive, with its static files collected and its workers running."""
    folder: Path = tmp_path_factory.mktemp("served")
    address = f"http://127.0.0.1:{(port := free_port())}"
    environment = clean_environment(
        ARCHIVE_DATA_DIR=str(folder / "data"), HOST="127.0.0.1", PORT=str(port), ADMIN_PASSWORD=PASSWORD
    )
    log = folder / "log"
    with running([sys.executable, "-m", "newsarchive.serve"], log, environment):
        wait_until(lambda: get(f"{address}/readyz").status == 200, 120, log.read_text)
        yield address


def upload_for_preview(page: Page, name: str, text: str) -> None:
    """Upload a text file in the administration; the page then shows its preview."""
    page.goto("/admin/articles/importbatch/upload/")
    file = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    page.set_input_files("input[type=file]", [file])  # type: ignore[list-item]  # a FilePayload
    follow(page.locator(".desk-form input[type=submit]"))
    expect(page.locator("form[action*=confirm]").first).to_be_visible()


@pytest.fixture
def stranger(browser: Browser, served: str) -> Iterator[BrowserContext]:
    """Yield a window without an account, which has selected two articles."""
    context = browser.new_context(base_url=served)
    page = context.new_page()
    page.goto(RESULTS, wait_until="networkidle")  # a face that comes late would wait for the next page
    for number in (0, 1):
        page.locator(".hit input[name=article]").nth(number).check()
    expect(page.locator(".masthead .selection-count")).to_have_text("2")
    page.close()
    yield context
    context.close()


@pytest.fixture
def editor(browser: Browser, served: str) -> Iterator[BrowserContext]:
    """Yield a window of the administrator, who has saved a search."""
    context = browser.new_context(base_url=served)
    page = context.new_page()
    log_in(page, "admin", PASSWORD)
    expect(page.locator("#user-tools")).to_be_visible()
    page.goto(f"{RESULTS}&lang=ar")
    page.locator(".menu", has=page.locator(".menu-save")).locator("summary").click()
    page.locator(".menu-save input[name=name]").fill("حمص كل يوم")
    follow(page.locator(".menu-save button"))
    page.close()
    yield context
    context.close()
