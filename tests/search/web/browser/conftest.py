"""A browser for the tests of the pages, and a page in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.search.web.browser.looks import watched_page

#: Milliseconds: a page of a busy machine may take longer than the five seconds that Playwright waits.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium, once for each process.

    Playwright's event loop runs in this thread until the browser ends, and Django takes what the tests do for
    asynchronous work, which it is not. Tests with a browser therefore come last (tests/conftest.py).
    """
    path = shutil.which("chromium")
    assert path, "chromium is needed: apt-get install chromium"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=arguments)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def desk(browser: Browser, live_server: Any) -> Iterator[Page]:
    """Yield a page 1440 pixels wide; an error on its console, such as a policy violation, fails the test."""
    with watched_page(browser, live_server.url) as (page, said):
        yield page
    assert [text for text in said if "404" not in text and "503" not in text] == []
