"""New texts of good articles that may be unreadable: compared at the desk, accepted, refused, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.history.held_updates import ACCEPTED, REFUSED, undecided_updates
from articles.ingest import rollback
from articles.ingest.runner import run_batch
from articles.models import Article, ImportBatch, ImportRow
from tests.articles.conftest import Import
from tests.articles.ingest.test_held_texts import GOOD, LOST, counts, record

pytestmark = pytest.mark.django_db

PAGE = "/admin/articles/article/held/updates/"
ADDRESS = "https://example.org/1"
BETTER = f"{GOOD} وأضاف أن الدروس مجانية."


def decide(desk: Client, decision: str, **more: Any) -> str:
    return desk.post(f"{PAGE}decide/", {"decision": decision, **more}, follow=True).content.decode()


def article() -> Article:
    return Article.objects.get(url=ADDRESS)


def bring(import_lines: Import, *bodies: str) -> ImportRow:
    """Import the article with each of the texts, and return the row of the last."""
    for body in bodies:
        import_lines(record(body))
    return ImportRow.objects.latest("pk")


def test_both_texts_stand_beside_each_other_and_nobody_else_sees_the_new_one(
    import_lines: Import, desk: Client
) -> None:
    row = bring(import_lines, GOOD, LOST)
    page = desk.get(PAGE).content.decode()
    assert (GOOD in page, LOST in page) == (True, True)
    assert "its letters had become question marks" in page
    assert (
        f"?batch={row.batch_id}"
        in desk.get(f"/admin/articles/importbatch/{row.batch_id}/change/").content.decode()
    )
    (shown,) = desk.get(PAGE).context["held"]
    assert {"pending", "pending_original"} <= shown.row.get_deferred_fields()
    assert {"body", "original"} <= shown.article.get_deferred_fields()
    for path in (article().get_absolute_url(), f"{article().get_absolute_url()}cite.bib"):
        answer = Client().get(path)
        assert (answer.status_code, "???" in answer.content.decode()) == (200, False), path


def test_an_accepted_text_is_an_update_that_can_be_taken_back(
    import_lines: Import, desk: Client, librarian: User
) -> None:
    row = bring(import_lines, GOOD, LOST)
    first = bytes(article().original)
    assert "1 text was accepted" in decide(desk, f"accept:{row.pk}")
    row.refresh_from_db()
    assert (article().body, article().state, row.outcome) == (LOST, "published", "updated")
    assert bytes(article().original) != first
    assert (row.batch.counts["updated"], row.batch.counts["held"]) == (1, 0)
    assert (row.pending or {})["decided"] == ACCEPTED
    revision = article().revisions.get()
    assert (revision.made_by, revision.before["body"]) == (librarian, GOOD)
    assert not undecided_updates().exists()
    desk.post(f"{PAGE}reopen/", {"ids": str(row.pk)})
    assert (article().body, bytes(article().original)) == (GOOD, first)
    assert article().revisions.count() == 2
    assert undecided_updates().get() == row
    decide(desk, f"accept:{row.pk}")
    assert (article().body, bytes(article().original) != first) == (LOST, True)


def test_undoing_the_import_takes_an_accepted_text_back(
    import_lines: Import, desk: Client, librarian: User
) -> None:
    row = bring(import_lines, GOOD, LOST)
    decide(desk, f"accept:{row.pk}")
    for turn, body in ((ImportBatch.State.UNDOING, GOOD), (ImportBatch.State.REDOING, LOST)):
        assert rollback.request_rollback(row.batch, turn, by=librarian, reason="خطأ")
        run_batch(row.batch_id)
        row.batch.refresh_from_db()
        assert article().body == body
        desk.post(f"{PAGE}reopen/", {"ids": str(row.pk)})
        assert article().body == GOOD, "of an undone import nothing is decided"


def test_a_refused_text_changes_nothing_is_told_in_the_history_and_does_not_ask_again(
    import_lines: Import, desk: Client, librarian: User
) -> None:
    row = bring(import_lines, GOOD, LOST)
    assert "1 text was refused" in decide(desk, f"refuse:{row.pk}")
    row.refresh_from_db()
    assert (row.pending or {})["decided"] == REFUSED
    assert article().body == GOOD
    revision = article().revisions.get()
    assert (revision.made_by, revision.before, "refused" in revision.reason) == (librarian, {}, True)
    assert counts(import_lines(record(LOST), dry_run=True)) == {}
    assert counts(import_lines(record(LOST))) == {}
    assert not undecided_updates().exists()
    desk.post(f"{PAGE}reopen/", {"ids": str(row.pk)})
    assert undecided_updates().get() == row
    assert counts(import_lines(record(LOST))) == {"held": 1}


def test_only_the_last_text_of_an_article_is_asked_about(import_lines: Import, desk: Client) -> None:
    first = bring(import_lines, GOOD, LOST)
    second = bring(import_lines, f"{LOST} ????")
    assert list(undecided_updates()) == [second]
    assert "decided meanwhile" in decide(desk, f"accept:{first.pk}")
    bring(import_lines, BETTER)
    assert not undecided_updates().exists(), "a good text came later"
    assert article().body == BETTER


def test_a_text_that_was_changed_since_is_not_taken_back(import_lines: Import, desk: Client) -> None:
    row = bring(import_lines, GOOD, LOST)
    decide(desk, "accept", ids=[row.pk])
    bring(import_lines, BETTER)
    assert (
        "0 texts are held again"
        in desk.post(f"{PAGE}reopen/", {"ids": str(row.pk)}, follow=True).content.decode()
    )
    assert article().body == BETTER


def test_many_are_decided_at_once_and_none_of_an_undone_import(
    import_lines: Import, desk: Client, librarian: User
) -> None:
    urls = [f"https://example.org/{number}" for number in range(1, 4)]
    import_lines(*(record(GOOD, url) for url in urls))
    import_lines(*(record(LOST, url) for url in urls))
    batch = ImportBatch.objects.latest("pk")
    assert undecided_updates(batch.pk).count() == 3
    assert rollback.request_rollback(batch, ImportBatch.State.UNDOING, by=librarian, reason="خطأ")
    run_batch(batch.pk)
    ids = list(batch.rows.values_list("pk", flat=True))
    assert "because their import is undone or about to be: 3." in decide(desk, "accept", ids=ids)
    batch.refresh_from_db()
    assert rollback.request_rollback(batch, ImportBatch.State.REDOING, by=librarian, reason="خطأ")
    run_batch(batch.pk)
    assert "3 texts were refused" in decide(desk, "refuse", ids=ids)
    assert {each.body for each in Article.objects.all()} == {GOOD}


def test_nothing_is_decided_or_taken_back_from_the_moment_an_import_is_to_be_undone(
    import_lines: Import, desk: Client, librarian: User
) -> None:
    row = bring(import_lines, GOOD, LOST)
    undoing = {"because their import is undone or about to be: 1."}
    for decided, body in ((None, GOOD), (ACCEPTED, LOST)):
        assert rollback.request_rollback(row.batch, ImportBatch.State.UNDOING, by=librarian, reason="خطأ")
        pages = decide(desk, f"accept:{row.pk}"), decide(desk, f"refuse:{row.pk}")
        again = desk.post(f"{PAGE}reopen/", {"ids": str(row.pk)}, follow=True).content.decode()
        assert all(text in page for text in undoing for page in (*pages, again))
        row.refresh_from_db()
        assert ((row.pending or {}).get("decided"), article().body) == (decided, body)
        ImportBatch.objects.filter(pk=row.batch_id).update(state=ImportBatch.State.PUBLISHED)
        decide(desk, f"accept:{row.pk}")


def test_texts_of_erased_articles_are_told_and_the_others_decided(import_lines: Import, desk: Client) -> None:
    urls = [f"https://example.org/{number}" for number in (1, 2)]
    import_lines(*(record(GOOD, url) for url in urls))
    import_lines(*(record(LOST, url) for url in urls))
    ids = list(undecided_updates().values_list("pk", flat=True))
    Article.objects.get(url=urls[1]).delete()
    page = decide(desk, "accept", ids=ids)
    assert "because their articles were erased: 1." in page
    assert "1 text was accepted" in page
    assert article().body == LOST
    batch = ImportBatch.objects.latest("pk")
    assert (batch.counts["updated"], batch.counts["held"]) == (1, 1)
