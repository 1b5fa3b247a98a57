"""A PDF is shown by the viewer of a real Chromium although its page may load and run nothing."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame

from tests.articles.readers.sample_files import make_pdf
from tests.search.web.browser.looks import follow
from tests.search.web.conftest import Write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def is_viewer(frame: Frame) -> bool:
    return frame.url.startswith("chrome-extension://")


def test_the_viewer_opens_the_original(browser: Browser, live_server: Any, write: Write) -> None:
    article = write("خبر", "نص", original=make_pdf("Homs"), file_name="a.pdf")
    # Playwright switches off what the viewer is made of; this is Chromium as a reader has it.
    whole = browser.browser_type.launch(
        executable_path=shutil.which("chromium"),
        args=["--headless=new", "--no-sandbox", "--disable-gpu"],
        ignore_default_args=["--headless", "--disable-extensions"],
    )
    page = whole.new_page()
    downloads: list[str] = []
    page.on("download", lambda file: downloads.append(file.url))
    page.goto(f"{live_server.url}/articles/{article.pk}/?text=original")
    follow(page.locator(f"a[href='/articles/{article.pk}/file/']"))
    page.wait_for_function("() => document.contentType === 'application/pdf'")
    if not any(map(is_viewer, page.frames)):
        page.wait_for_event("framenavigated", is_viewer)
    assert downloads == []
    whole.close()
