"""History, erasure and roles in a real Chromium: axe, width, the content policy, and pictures."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, Page, expect

from articles.models import Article, Erasure, Revision
from tests.search.web.browser.looks import LANGUAGES, follow, log_in, look_at, window, with_language

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


def test_provenance_pages_are_accessible_and_fit_their_width(
    browser: Browser, live_server: Any, archive: dict[str, Article], admin_user: User
) -> None:
    article = archive["bakeries"]
    before = {"title": "أفران", "body": "عادت الأفران بحمص مساء أمس.\nوقال نشطاء إن القافلة وصلت."}
    revision = article.revisions.create(before=before, reason="تصحيح بعد اتصال", made_by=admin_user)
    erasure = Erasure.objects.create(
        article_number=999, ground="court", reason="حكم 12/2014", made_by_name="admin", sha256="ab" * 32
    )
    found: list[object] = []
    said: list[str] = []
    for language in LANGUAGES:
        with window(browser, live_server.url, language) as page:
            page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
            log_in(page, admin_user.username)
            for name, url in pages(article, revision, erasure).items():
                said.clear()  # messages about the page before
                page.goto(with_language(url, language))
                page.evaluate("document.fonts.ready")
                found += [(name, text) for text in said if "410" not in text]
                # Of the admin's own frame only our additions are checked.
                ours = "#content" if url.startswith("/admin/") else "body"
                found += look_at(page, f"custody-{name}", language, part=ours, schemes=("light",))
    assert not found, "\n".join(map(str, found))


def test_a_librarian_restores_a_state_from_the_history_page(
    desk: Page, archive: dict[str, Article], admin_user: User
) -> None:
    article = archive["bakeries"]
    article.revisions.create(before={"title": "عنوان قديم"})
    log_in(desk, admin_user.username)
    desk.goto(f"/admin/articles/article/{article.pk}/history/")
    follow(desk.locator(".desk-step a.button"))
    desk.fill("#reason", "العنوان الأول هو المنشور")
    follow(desk.locator(".submit-row input"))
    expect(desk.locator("#content")).to_contain_text("العنوان الأول هو المنشور")
    assert Article.objects.get(pk=article.pk).title == "عنوان قديم"
