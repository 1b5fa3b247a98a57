"""Every page with the sample articles, at three widths, in both languages and colour schemes."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from tests.search.web.browser.screens.conftest import upload_for_preview
from tests.search.web.browser.screens.screen_list import DESK, PAGES, SEARCHES
from tests.search.web.browser.screens.screen_looks import look_at_all
from tools.guide_pictures import TABLE

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", ["ar", "en"])]


def test_searches_are_laid_out_well(
    stranger: BrowserContext, language: str, subtests: pytest.Subtests
) -> None:
    look_at_all(stranger.new_page(), SEARCHES, language, subtests)


def test_pages_for_readers_are_laid_out_well(
    stranger: BrowserContext, language: str, subtests: pytest.Subtests
) -> None:
    look_at_all(stranger.new_page(), PAGES, language, subtests)


def test_pages_for_the_desk_are_laid_out_well(
    editor: BrowserContext, language: str, subtests: pytest.Subtests
) -> None:
    page = editor.new_page()
    upload_for_preview(page, f"march-{language}.csv", TABLE)
    look_at_all(page, DESK, language, subtests)
