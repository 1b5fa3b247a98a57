"""Every page with the sample articles in Arabic, at three widths and in both colour schemes.

The other language is a module of its own, so that two processes can look at the same time. Three tests,
because pytest-xdist gives a process that has only two left the next module as well.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from tests.search.web.browser.screens.conftest import upload_for_preview
from tests.search.web.browser.screens.screen_list import DESK, PAGES, SEARCHES
from tests.search.web.browser.screens.screen_looks import look_at_all
from tools.guide_pictures import TABLE

pytestmark = pytest.mark.browser
LANGUAGE = "ar"


def test_searches_are_laid_out_well(stranger: BrowserContext, subtests: pytest.Subtests) -> None:
    look_at_all(stranger.new_page(), SEARCHES, LANGUAGE, subtests)


def test_pages_for_readers_are_laid_out_well(stranger: BrowserContext, subtests: pytest.Subtests) -> None:
    look_at_all(stranger.new_page(), PAGES, LANGUAGE, subtests)


def test_pages_for_the_desk_are_laid_out_well(editor: BrowserContext, subtests: pytest.Subtests) -> None:
    page = editor.new_page()
    upload_for_preview(page, f"march-{LANGUAGE}.csv", TABLE)
    look_at_all(page, DESK, LANGUAGE, subtests)
