"""An import in a real Chromium: a zip of mixed files, confirmed, reviewed, rolled back and repeated."""

from __future__ import annotations

import io
import json
import zipfile
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import Article, ImportBatch, Worker
from tests.search.web.browser.looks import WIDTHS, follow, log_in, look_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Preview of a file of ten records.
FILE = {
    "name": "a.jsonl", "formats": [], "charsets": [], "records": 10, "rejected": 0, "undated": 0,
    "first_date": "", "last_date": "", "titles": [], "rejects": [], "problems": [], "complete": True,
}  # fmt: skip
#: A text without a title, from a paper that is in no table.
TEXT = "وصلت القافلة إلى حمص صباح أمس.\nوقال شهود إنها عادت.\nالمصدر: جريدة الشروق"
RESULTS = f"/search/?q={quote('القافلة')}"


def mixed_zip() -> bytes:
    """Return a zip of a text in windows-1256, a page, JSON lines (one broken), a table, and a picture."""
    packed = io.BytesIO()
    lines = [
        json.dumps({"title": "عودة القافلة", "body": "عادت القافلة من حلب.", "date": "2013-05-24"}),
        '{"title": "مقطو',
    ]
    page = "<html><body><article><h1>القافلة في حماة</h1><p>{}</p></article></body></html>"
    with zipfile.ZipFile(packed, "w") as out:
        out.writestr("نصوص/خبر.txt", TEXT.encode("cp1256"))
        out.writestr("صفحة.html", page.format("دخلت القافلة مدينة حماة مساء الخميس. " * 8))
        out.writestr("أخبار.jsonl", "\n".join(lines))
        out.writestr("جدول.csv", "title,body,date\nالقافلة الثالثة,خرجت القافلة من درعا,2014-02-03\n")
        out.writestr("صورة.txt", b"GIF89a\0\0")
    return packed.getvalue()


def look(desk: Page, name: str) -> None:
    """Take pictures in both widths and check our part of the page with axe."""
    browser = desk.context.browser
    assert browser
    # In another window, because this adds styles to the page.
    window = browser.new_context(storage_state=desk.context.storage_state())
    page = window.new_page()
    page.goto(desk.url)
    assert look_at(page, f"import-{name}", "ar", part="#content", schemes=("light",), is_read_at=WIDTHS) == []
    window.close()


def review(desk: Page) -> None:
    """Decide the doubtful values of the import by keyboard alone."""
    follow(desk.locator("a[href*='/inference/review/?batch=']"))
    expect(desk.locator("[data-fact]")).to_have_count(2)
    first, second = desk.locator("[data-fact]").all()
    look(desk, "review")
    expect(first).to_be_focused()
    desk.keyboard.press("Enter")
    expect(first).to_have_attribute("data-decided", "")
    expect(second).to_be_focused()
    assert not Article.objects.filter(title_derived=True).exists()
    desk.keyboard.press("u")
    expect(first).to_be_focused()
    assert Article.objects.filter(title_derived=True).exists()
    desk.keyboard.press("Enter")
    expect(second).to_be_focused()
    desk.keyboard.press("k")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("e")
    desk.keyboard.type("صحيفة الشروق")
    desk.keyboard.press("Enter")
    expect(desk.locator(".review-none")).to_be_visible()
    expect(desk.locator(".review-last li")).to_have_count(2)
    article = Article.objects.get(source__name="صحيفة الشروق")
    assert not article.title_derived
    assert set(article.inferences.values_list("state", flat=True)) == {"accepted", "corrected"}


def test_a_zip_of_mixed_files_is_confirmed_found_rolled_back_and_repeated(
    desk: Page, index: None, admin_user: User, settings: LazySettings
) -> None:
    settings.INDEX_ON_COMMIT = True
    log_in(desk, admin_user.username)
    desk.goto("/admin/articles/importbatch/upload/")
    file = {"name": "أرشيف.zip", "mimeType": "application/zip", "buffer": mixed_zip()}
    desk.set_input_files("input[type=file]", [file])  # type: ignore[list-item]  # a FilePayload
    follow(desk.locator(".desk-form input[type=submit]"))
    desk.locator("#content details").evaluate_all("folded => folded.forEach(each => each.open = true)")
    expect(desk.locator("#content")).to_contain_text("عودة القافلة")
    expect(desk.locator("#content")).to_contain_text("GIF")
    look(desk, "preview")
    follow(desk.locator("form[action*=confirm] [type=submit]").first)
    batch = ImportBatch.objects.get()
    assert batch.state == "published"
    assert batch.counts["created"] == 4
    address = desk.url
    with desk.expect_download() as table:
        desk.locator("a[href$='rejects.csv']").click()
    assert "أخبار.jsonl" in table.value.path().read_text(encoding="utf-8-sig")
    look(desk, "published")
    review(desk)
    desk.goto(RESULTS)
    expect(desk.locator(".hit-title")).to_have_count(4)
    desk.goto(address)
    desk.locator("details:has(form[action*=undo]) summary").click()
    desk.fill("#reason", "رُفع الملف خطأ")
    follow(desk.locator("form[action*=undo] [type=submit]"))
    expect(desk.locator("#content")).to_contain_text("رُفع الملف خطأ")
    look(desk, "undone")
    assert Article.objects.count() == 4, "nothing is deleted"
    desk.goto(RESULTS)
    expect(desk.locator(".missing, .nothing").first).to_be_visible()
    expect(desk.locator(".hit-title")).to_have_count(0)
    desk.goto(address)
    desk.locator("details:has(form[action*=redo]) summary").click()
    desk.fill("#reason", "كان صحيحًا")
    follow(desk.locator("form[action*=redo] [type=submit]"))
    desk.goto(RESULTS)
    expect(desk.locator(".hit-title")).to_have_count(4)


def test_the_progress_bar_moves_and_the_page_shows_the_end(desk: Page, index: None, admin_user: User) -> None:
    batch = ImportBatch.objects.create(state="staging", label="كبير", preview=[FILE])
    upload = batch.uploads.create(name="a.jsonl", sha256="0" * 64, content=b"x", rows_done=2)
    Worker.objects.create(name="test", seen_at=timezone.now())
    log_in(desk, admin_user.username)
    desk.goto(f"/admin/articles/importbatch/{batch.pk}/change/")
    expect(desk.locator("progress")).to_have_attribute("value", "2")
    look(desk, "progress")
    upload.rows_done = 7
    upload.save()
    expect(desk.locator("[data-progress] [role=status]")).to_contain_text("7")
    expect(desk.locator("progress")).to_have_js_property("value", 7)
    ImportBatch.objects.update(state="published", counts={"read": 10})
    expect(desk.locator("progress")).to_have_count(0)
