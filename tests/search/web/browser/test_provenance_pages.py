"""History, erasure and roles in a real Chromium: axe, width, the content policy, and pictures."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page

from articles.models import Article, Erasure, Revision
from tests.search.web.conftest import SHOTS, log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = ("1440-ar", "1440-en", "390-ar", "390-en")


def pages(article: Article, revision: Revision, erasure: Erasure) -> dict[str, str]:
    entry, desk = f"/admin/articles/article/{article.pk}", "/admin/articles"
    source = quote("وكالة سنابل")
    return {
        "not-held": f"/search/?q={quote('القافلة')}&source={source}&date=2013-05",
        "erased": f"/articles/{erasure.article_number}/",
        "desk": "/admin/",
        "history": f"{entry}/history/",
        "restore": f"{entry}/restore/{revision.pk}/",
        "erase": f"{entry}/erase/",
        "erasure": f"{desk}/erasure/{erasure.pk}/change/",
        "user": "/admin/auth/user/add/",
        "export": f"{desk}/source/export/",
        "import": f"{desk}/place/import/",
    }


@pytest.mark.parametrize("look", LOOKS)
def test_provenance_pages_are_accessible_and_fit_their_width(
    browser: Browser, live_server: Any, archive: dict[str, Article], admin_user: User, look: str
) -> None:
    width, language = look.split("-")
    context = browser.new_context(viewport={"width": int(width), "height": 900}, base_url=live_server.url)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    log_in(page, admin_user)
    article = archive["bakeries"]
    before = {"title": "أفران", "body": "عادت الأفران بحمص مساء أمس.\nوقال نشطاء إن القافلة وصلت."}
    revision = article.revisions.create(before=before, reason="تصحيح بعد اتصال", made_by=admin_user)
    erasure = Erasure.objects.create(
        article_number=999, ground="court", reason="حكم 12/2014", made_by_name="admin", sha256="ab" * 32
    )
    SHOTS.mkdir(parents=True, exist_ok=True)
    for name, url in pages(article, revision, erasure).items():
        said.clear()  # messages about the page before
        page.goto(f"{url}{'&' if '?' in url else '?'}lang={language}")
        page.evaluate("document.fonts.ready")
        assert [text for text in said if "410" not in text] == [], name
        page.screenshot(path=str(SHOTS / f"custody-{name}-{look}.png"), full_page=True, caret="initial")
        # Of the admin's own frame only our additions are checked.
        ours = "#content" if url.startswith("/admin/") else "body"
        faults = Axe().run(page, context=ours).response["violations"]
        assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in faults] == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= int(width), f"{name} scrolls sideways"
    context.close()


def test_a_librarian_restores_a_state_from_the_history_page(
    desk: Page, archive: dict[str, Article], admin_user: User
) -> None:
    article = archive["bakeries"]
    article.revisions.create(before={"title": "عنوان قديم"})
    log_in(desk, admin_user)
    desk.goto(f"/admin/articles/article/{article.pk}/history/")
    desk.locator(".desk-step a.button").click()
    desk.fill("#reason", "العنوان الأول هو المنشور")
    desk.locator(".submit-row input").click()
    assert "العنوان الأول هو المنشور" in desk.locator("#content").inner_text()
    assert Article.objects.get(pk=article.pk).title == "عنوان قديم"
