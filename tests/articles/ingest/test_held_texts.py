"""Texts that may be unreadable: held by the import, decided on at the desk, replaced by a good text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.ingest import rollback
from articles.ingest.runner import run_batch
from articles.models import Article, ImportBatch, ImportRow
from tests.articles.conftest import Import, import_paths

pytestmark = pytest.mark.django_db

GOOD = "فتح المجلس البلدي في المدينة باب التسجيل للدورة الصيفية، وقال رئيسه إن الدروس تبدأ يوم الأحد."
LOST = "??? ?????? ?????? ?? ??????? ??? ??????? ?????? ???????? ???? ????? ?? ?????? ???? ??? ?????."
PAGE = "/admin/articles/article/held/"


def record(body: str, url: str = "https://example.org/1") -> dict[str, object]:
    return {"url": url, "title": "دورة صيفية في المدينة", "body": body, "source": "صحيفة الضفاف"}


def state_of(url: str = "https://example.org/1") -> str:
    return Article.objects.get(url=url).state


def counts(report: dict[str, Any]) -> dict[str, int]:
    return {name: report[name] for name in ("created", "updated", "held", "rejected") if report[name]}


def test_an_unreadable_text_is_held_with_its_reason_and_neither_created_nor_rejected(
    import_lines: Import,
) -> None:
    report = import_lines(record(LOST), record(GOOD, "https://example.org/2"))
    assert counts(report) == {"created": 1, "held": 1}
    assert "علامات استفهام" in report["holds"][0]["reason"]
    held = Article.objects.get(url="https://example.org/1")
    assert (held.state, held.held_reason.partition(":")[0]) == ("held", "unread-questions")
    assert bytes(held.original)
    assert [article.url for article in Article.objects.visible()] == ["https://example.org/2"]
    assert ImportRow.objects.get(article=held).reason == "unread-questions"
    assert counts(import_lines(record(LOST))) == {}


def test_the_dry_run_says_the_same(import_lines: Import) -> None:
    assert counts(import_lines(record(LOST), dry_run=True)) == {"held": 1}
    assert not Article.objects.exists()


def test_a_later_good_text_of_the_address_replaces_a_held_or_refused_one(
    import_lines: Import, librarian: User
) -> None:
    import_lines(record(LOST))
    assert counts(import_lines(record(GOOD))) == {"updated": 1}
    article = Article.objects.visible().get()
    assert (article.body, article.held_reason) == (GOOD, "")
    assert article.revisions.get().before["state"] == "held"


def test_an_unreadable_text_never_replaces_a_good_one(import_lines: Import) -> None:
    import_lines(record(GOOD))
    assert counts(import_lines(record(LOST))) == {"held": 1}
    assert Article.objects.visible().get().body == GOOD


def test_undoing_an_import_withdraws_what_it_held_and_doing_it_again_holds_it(
    import_lines: Import, librarian: User
) -> None:
    import_lines(record(LOST))
    batch = ImportBatch.objects.get()
    for turn, state in ((ImportBatch.State.UNDOING, "withdrawn"), (ImportBatch.State.REDOING, "held")):
        assert rollback.request_rollback(batch, turn, by=librarian, reason="خطأ")
        batch.refresh_from_db()
        run_batch(batch.pk)
        batch.refresh_from_db()
        assert state_of() == state
        assert bool(Article.objects.get().held_reason) == (state == "held")


def test_from_the_moment_an_import_is_to_be_undone_nothing_is_decided_about_its_texts(
    import_lines: Import, desk: Client, librarian: User
) -> None:
    import_lines(record(LOST))
    number = Article.objects.get().pk
    batch = ImportBatch.objects.get()
    for decision, state in (("", "held"), (f"publish:{number}", "published")):
        desk.post(f"{PAGE}decide/", {"decision": decision})
        ImportBatch.objects.update(state=ImportBatch.State.UNDOING)
        assert str(number) not in re.findall(r'name="ids" value="(\d+)"', desk.get(PAGE).content.decode())
        desk.post(f"{PAGE}decide/", {"decision": f"refuse:{number}"})
        desk.post(f"{PAGE}reopen/", {"ids": str(number)})
        assert state_of() == state
        ImportBatch.objects.update(state=ImportBatch.State.PUBLISHED)
    desk.post(f"{PAGE}reopen/", {"ids": str(number)})
    assert state_of() == "held"
    assert rollback.request_rollback(batch, ImportBatch.State.UNDOING, by=librarian, reason="خطأ")
    run_batch(batch.pk)
    desk.post(f"{PAGE}reopen/", {"ids": str(number)})  # of a page that was open since
    assert state_of() == "withdrawn"


def test_the_desk_publishes_and_refuses_with_one_click_and_takes_it_back(
    import_lines: Import, desk: Client, librarian: User
) -> None:
    import_lines(*(record(LOST, f"https://example.org/{number}") for number in range(1, 4)))
    page = desk.get(PAGE).content.decode()
    assert page.count("its letters had become question marks") == 3
    first, *others = Article.objects.order_by("pk")
    done = desk.post(f"{PAGE}decide/", {"decision": f"publish:{first.pk}"}, follow=True).content.decode()
    assert "1 text was published" in done
    assert list(Article.objects.visible()) == [first]
    revision = first.revisions.get()
    assert (revision.made_by, revision.before["state"]) == (librarian, "held")
    desk.post(f"{PAGE}reopen/", {"ids": str(first.pk)})
    first.refresh_from_db()
    assert (first.state, first.held_reason.partition(":")[0]) == ("held", "unread-questions")
    assert first.revisions.count() == 2
    ids = [str(article.pk) for article in others]
    assert (
        "2 texts were refused"
        in desk.post(f"{PAGE}decide/", {"decision": "refuse", "ids": ids}, follow=True).content.decode()
    )
    assert {article.state for article in Article.objects.exclude(pk=first.pk)} == {"withdrawn"}
    assert counts(import_lines(record(GOOD, "https://example.org/2"))) == {"updated": 1}
    assert Article.objects.visible().get().body == GOOD


def test_the_page_reads_the_beginnings_of_texts_and_originals_only(
    import_lines: Import, desk: Client
) -> None:
    import_lines(record(LOST * 20))
    Article.objects.update(original=LOST.encode() * 1000)
    (shown,) = desk.get(PAGE).context["held"]
    assert shown.article.get_deferred_fields() == {"body", "original"}
    assert shown.body == (LOST * 20)[:600]
    assert (LOST * 1000).startswith(shown.original)
    assert 1100 < len(shown.original) <= 1200


def test_nothing_is_decided_of_an_import_that_is_not_finished(import_lines: Import, desk: Client) -> None:
    import_lines(record(LOST))
    ImportBatch.objects.update(state=ImportBatch.State.STAGING)
    article = Article.objects.get()
    desk.post(f"{PAGE}decide/", {"decision": f"publish:{article.pk}"})
    assert state_of() == "held"


def test_an_upload_says_in_its_preview_and_its_result_what_is_held(desk: Client, tmp_path: Path) -> None:
    file = tmp_path / "lost.txt"
    file.write_text(f"{LOST}\n", encoding="utf-8")
    with file.open("rb") as stream:
        page = desk.post("/admin/articles/importbatch/upload/", {"files": stream}, follow=True)
    assert "may be unreadable" in page.content.decode()
    batch = ImportBatch.objects.get()
    assert (batch.preview[0]["held"], batch.preview[0]["rejected"]) == (1, 0)
    assert import_paths(file)["held"] == 1
    assert (
        "1 text is held for review"
        in desk.get(
            f"/admin/articles/importbatch/{ImportBatch.objects.latest('pk').pk}/change/"
        ).content.decode()
    )
