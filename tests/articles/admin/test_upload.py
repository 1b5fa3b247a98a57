"""Uploads in the admin: preview, confirmation, result, refusals, permissions."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from articles.admin.import_pages import import_buttons
from articles.models import Article, ImportBatch, Source, Upload
from tests.articles.conftest import jsonl_line

pytestmark = pytest.mark.django_db

UPLOAD = "/admin/articles/importbatch/upload/"
STORY = "وصلت القافلة إلى مدينة حمص القديمة مساء الخميس. وقال الهلال الأحمر إن التوزيع بدأ."


def file(name: str, content: str | bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def upload(desk: Client, *files: SimpleUploadedFile, source: str = "") -> Any:
    return desk.post(UPLOAD, {"files": list(files), "default_source": source}, follow=True)


def press(desk: Client, button: str, **data: str) -> Any:
    batch = ImportBatch.objects.latest("pk")
    return desk.post(reverse(f"admin:articles_importbatch_{button}", args=[batch.pk]), data, follow=True)


def test_the_preview_shows_what_was_found_and_nothing_is_in_the_archive_yet(desk: Client) -> None:
    lines = "\n".join([jsonl_line(title="سوق حلب", date="2013-05-24"), '{"title": "نا'])
    page = upload(desk, file("خبر.txt", STORY.encode("cp1256")), file("news.jsonl", lines), source="الجريدة")
    text = page.content.decode()
    assert page.status_code == 200
    assert "وصلت القافلة إلى مدينة حمص القديمة مساء الخميس." in text
    assert "سوق حلب" in text
    assert "windows-1256" in text
    assert "2013-05-24" in text
    assert "not valid JSON" in text
    assert "2 articles were found" in text
    assert not Article.objects.exists()
    assert ImportBatch.objects.get().state == "preview"


def test_confirming_imports_publishes_and_says_what_became_of_each_record(
    desk: Client, librarian: User
) -> None:
    upload(desk, file("خبر.txt", STORY), file("bad.jsonl", "{"), source="الجريدة")
    page = press(desk, "confirm")
    article = Article.objects.visible().get()
    assert article.source == Source.objects.get(name="الجريدة")
    assert article.title_derived
    assert article.batch.created_by == librarian
    text = page.content.decode()
    assert "not valid JSON" in text
    assert reverse("search:article", args=[article.pk]) in text
    assert reverse("admin:articles_article_change", args=[article.pk]) in text
    assert {name: article.batch.counts[name] for name in ("created", "rejected")} == {
        "created": 1,
        "rejected": 1,
    }


def test_a_long_import_goes_on_over_several_requests(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_buttons, "STEP_SECONDS", -1.0)
    lines = "\n".join(jsonl_line(title=f"خبر {number}") for number in range(250))
    upload(desk, file("one.jsonl", lines), file("two.txt", STORY))
    steps = 0
    while ImportBatch.objects.get().state != "published":
        assert not Article.objects.visible().exists()
        page = press(desk, "confirm")
        steps += 1
        assert steps < 20
    assert steps > 1
    assert Article.objects.visible().count() == 251
    assert ImportBatch.objects.get().rows.count() == 251
    assert "Go on importing" not in page.content.decode()


def test_pressing_confirm_twice_imports_once(desk: Client) -> None:
    upload(desk, file("a.txt", STORY))
    press(desk, "confirm")
    press(desk, "confirm")
    assert Article.objects.count() == 1
    assert ImportBatch.objects.get().rows.count() == 1


def test_half_of_a_commands_import_cannot_be_published_by_going_on_here(desk: Client) -> None:
    batch = ImportBatch.objects.create(label="killed")  # simulates a command killed between two chunks
    Upload.objects.create(batch=batch, name="news.jsonl", sha256="0" * 64, size=1000, rows_done=10)
    Article.objects.create(title="نصف استيراد", batch=batch)
    page = desk.get(reverse("admin:articles_importbatch_change", args=[batch.pk]))
    assert b"data-go-on" not in page.content
    assert b"run its command again" in press(desk, "confirm").content
    assert not Article.objects.visible().exists()


@pytest.mark.parametrize("number", ["abc", "_00", "99999999999999999999999"])
def test_an_import_that_cannot_be_is_not_found(desk: Client, number: str) -> None:
    assert desk.get(f"/admin/articles/importbatch/{number}/change/").status_code == 404


def test_giving_up_keeps_nothing(desk: Client) -> None:
    upload(desk, file("a.txt", STORY))
    press(desk, "cancel")
    assert ImportBatch.objects.get().state == "cancelled"
    assert not Upload.objects.exists()
    press(desk, "confirm")
    assert not Article.objects.exists()


def test_a_published_import_cannot_be_given_up_but_undone_with_a_reason(desk: Client) -> None:
    upload(desk, file("a.txt", STORY))
    press(desk, "confirm")
    press(desk, "cancel")
    assert Article.objects.visible().count() == 1
    press(desk, "undo", reason="")
    assert Article.objects.visible().count() == 1
    press(desk, "undo", reason="أرسلت خطأ")
    assert not Article.objects.visible().exists()
    assert Article.objects.get().revisions.get().reason.endswith(": أرسلت خطأ")


def test_a_file_over_the_limit_is_refused_and_nothing_is_stored(desk: Client, settings: Any) -> None:
    settings.UPLOAD_MAX_FILE_BYTES = 1000
    page = upload(desk, file("small.txt", STORY), file("big.txt", "x" * 1001))
    assert page.status_code == 413
    assert "big.txt" in page.content.decode()
    assert "Nothing of this upload was stored" in page.content.decode()
    assert not ImportBatch.objects.exists()
    assert not Upload.objects.exists()


@pytest.mark.parametrize("size", [1500, 3 * 1024**2], ids=["found while reading", "known from the length"])
def test_an_upload_over_the_total_is_refused_and_nothing_is_stored(
    desk: Client, settings: Any, size: int
) -> None:
    settings.UPLOAD_MAX_TOTAL_BYTES = 2000
    page = upload(desk, file("a.txt", "x" * size), file("b.txt", "x" * size))
    assert page.status_code == 413
    assert "Nothing was stored" in page.content.decode()
    assert not ImportBatch.objects.exists()


def test_an_upload_without_files_says_so(desk: Client) -> None:
    page = desk.post(UPLOAD, {"default_source": ""})
    assert "Choose at least one file." in page.content.decode()


def test_files_that_hold_nothing_can_be_looked_at_but_not_imported(desk: Client) -> None:
    page = upload(desk, file("empty.txt", ""), file("picture.txt", b"GIF89a\r\n"))
    text = page.content.decode()
    assert "The file is empty." in text
    assert "binary file (GIF)" in text
    assert "Import these articles" not in text


def test_tags_in_titles_texts_and_file_names_are_shown_and_never_run(desk: Client) -> None:
    evil = "<script>alert(1)</script>"
    body = f"قال المدير إن الطريق مفتوح {evil} منذ صباح اليوم أمام الناس."
    line = jsonl_line(title=evil, body=body, source=evil, byline=evil)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr(f"{evil.replace('/', '-')}.jsonl", line)
    pages = [upload(desk, file("a.zip", archive.getvalue()), file("<img onerror=1>.txt", STORY), source=evil)]
    pages.append(press(desk, "confirm"))
    article = Article.objects.get(title=evil)
    pages += [desk.get(reverse("admin:articles_article_change", args=[article.pk]))]
    pages += [desk.get(reverse("admin:articles_article_changelist")), desk.get(article.get_absolute_url())]
    for page in pages:
        assert page.status_code == 200
        assert b"alert(1)" in page.content
        assert not re.search(rb"<script>alert|<img onerror", page.content)


def test_pages_need_no_inline_script_or_style(desk: Client) -> None:
    upload(desk, file("a.txt", STORY))
    for page in (desk.get(UPLOAD), press(desk, "confirm")):
        main = page.content.split(b'id="main"')[-1]
        assert not re.search(rb"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", main)
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]


def test_a_preview_may_be_confirmed_by_another_host(desk: Client, librarian: User) -> None:
    upload(desk, file("a.txt", STORY))
    other = Client()
    other.force_login(librarian)
    press(other, "confirm")
    assert Article.objects.visible().count() == 1


PAGES = ["upload", "confirm", "pause", "cancel", "undo", "redo"]


def address(page: str, batch: ImportBatch) -> str:
    return reverse(f"admin:articles_importbatch_{page}", args=[] if page == "upload" else [batch.pk])


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_sent_to_the_login(client: Client, page: str) -> None:
    batch = ImportBatch.objects.create(state="preview")
    answer = client.post(address(page, batch), {"files": file("a.txt", STORY), "reason": "x"})
    assert answer.status_code == 302
    assert "/admin/login/" in answer["Location"]
    assert ImportBatch.objects.get().state == "preview"


@pytest.mark.parametrize("page", PAGES)
def test_staff_without_the_permission_are_refused(client: Client, page: str) -> None:
    batch = ImportBatch.objects.create(state="preview")
    client.force_login(User.objects.create_user("guest", is_staff=True))
    answer = client.post(address(page, batch), {"files": file("a.txt", STORY), "reason": "x"})
    assert answer.status_code == 403
    assert ImportBatch.objects.get().state == "preview"
    assert not Article.objects.exists()


@pytest.mark.parametrize("page", PAGES)
def test_a_forged_form_is_refused(librarian: User, page: str) -> None:
    batch = ImportBatch.objects.create(state="preview")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(librarian)
    answer = browser.post(address(page, batch), {"files": file("a.txt", STORY), "reason": "x"})
    assert answer.status_code == 403
    assert ImportBatch.objects.get().state == "preview"


@pytest.mark.parametrize("page", PAGES[1:])
def test_a_link_changes_nothing(desk: Client, page: str) -> None:
    batch = ImportBatch.objects.create(state="preview")
    assert desk.get(address(page, batch)).status_code == 403
    assert ImportBatch.objects.get().state == "preview"


def test_the_preview_is_one_table_with_the_faulty_files_first(desk: Client) -> None:
    good = [file(f"سليم{n}.csv", "title,body,date\nخبر,نص,2013-05-24\n") for n in range(30)]
    page = upload(desk, *good, file("رديء.jsonl", "{}\n"), file("بلا تاريخ.csv", "title,body\nخبر,نص\n"))
    tree = html.fromstring(page.content.decode())
    attention, fine = tree.cssselect(".desk-files")
    rows = ".desk-files > table > tbody > tr > th"
    names = [cell.text_content().strip() for cell in attention.cssselect(rows)]
    assert names == ["رديء.jsonl", "بلا تاريخ.csv"]
    assert attention.cssselect(".desk-faulty th")[0].text_content().strip() == "رديء.jsonl"
    folded = fine.getparent()
    assert (folded.tag, folded.get("open")) == ("details", None)
    assert folded.cssselect("summary")[0].text_content() == "30 files without faults"
    assert len(fine.cssselect(rows)) == 30
    assert tree.cssselect(".desk-sticky input[value='Import these articles']")


def test_undo_stands_beside_the_state(desk: Client) -> None:
    upload(desk, file("أول.csv", "title,body\nخبر,نص\n"))
    tree = html.fromstring(press(desk, "confirm").content.decode())
    assert [each.text for each in tree.cssselect(".desk-state strong")] == ["published"]
    assert tree.cssselect(".desk-state form[action$='/undo/']")
