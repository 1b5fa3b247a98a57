"""The check of layouts itself: what it calls broken, and what it does not."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.search.web.browser.screens.layout import layout_faults

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("paragraph", "is_broken"),
    [
        ("تجدون الخبر كاملًا هنا: https://example.org/a/very/long/address/of/an/article-that-was-read", False),
        ("راسلونا: editors.of.the.evening.edition@news.example.org", False),
        ("https://example.org/nothing-but-an-address", True),
        ("The convoy came to the town, said حمص اليوم.", True),
    ],
)
def test_addresses_do_not_decide_where_a_text_runs(browser: Browser, paragraph: str, is_broken: bool) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_content(f'<html lang="ar" dir="rtl"><body><p>{paragraph}</p></body></html>')
    found = [fault for fault in layout_faults(page, "ar", 1440) if "wrong way" in fault]
    page.close()
    assert bool(found) is is_broken, found
