"""What a librarian decided stays: of withdrawn articles an import publishes those refused as unreadable."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from articles.history import held_texts
from articles.history.quick_corrections import undo_correction
from articles.history.revisions import change_state
from articles.ingest import publish, rollback
from articles.ingest.lease import hold_lease
from articles.ingest.runner import run_batch
from articles.models import Article, ImportBatch, ImportRow
from tests.articles.admin.test_article_admin import change
from tests.articles.conftest import Import
from tests.articles.ingest.test_held_texts import GOOD, LOST, record, state_of

pytestmark = pytest.mark.django_db

State = Article.State


def by_order(article: Article, librarian: User, desk: Client) -> None:
    assert change_state([article.pk], State.WITHDRAWN, by=librarian, reason="حكم") == 1


def by_order_after_refusal(article: Article, librarian: User, desk: Client) -> None:
    held_texts.decide([article.pk], publish=False, by=librarian)
    by_order(article, librarian, desk)


def by_form(article: Article, librarian: User, desk: Client) -> None:
    fields = {"title": article.title, "body": article.body, "url": article.url, "source": article.source_id}
    change(desk, article, **{name: str(value) for name, value in fields.items()}, state="withdrawn")


def by_undoing(article: Article, librarian: User, desk: Client) -> None:
    turn(article, ImportBatch.State.UNDOING, librarian)


def by_undoing_after_refusal(article: Article, librarian: User, desk: Client) -> None:
    held_texts.decide([article.pk], publish=False, by=librarian)
    by_undoing(article, librarian, desk)


def turn(article: Article, direction: str, librarian: User) -> None:
    """Undo the import of an article or do it again."""
    batch = ImportBatch.objects.get(pk=article.batch_id)
    assert rollback.request_rollback(batch, direction, by=librarian, reason="خطأ")
    run_batch(batch.pk)


@pytest.mark.parametrize(
    "withdraw", [by_order, by_order_after_refusal, by_form, by_undoing, by_undoing_after_refusal]
)
def test_a_held_text_that_was_withdrawn_for_another_reason_stays_so(
    withdraw: Callable[[Article, User, Client], None], import_lines: Import, librarian: User, desk: Client
) -> None:
    import_lines(record(LOST))
    withdraw(Article.objects.get(), librarian, desk)
    assert state_of() == "withdrawn"
    import_lines(record(GOOD))
    assert Article.objects.values_list("state", "body", "held_reason").get() == ("withdrawn", GOOD, "")


def test_doing_an_import_again_gives_a_refused_text_its_reason_back(
    import_lines: Import, librarian: User, desk: Client
) -> None:
    import_lines(record(LOST))
    article = Article.objects.get()
    by_undoing_after_refusal(article, librarian, desk)
    turn(article, ImportBatch.State.REDOING, librarian)
    assert state_of() == "withdrawn"
    import_lines(record(GOOD))
    assert state_of() == "published"


def test_undoing_a_good_text_does_not_make_a_withdrawal_a_refusal(
    import_lines: Import, librarian: User
) -> None:
    import_lines(record(LOST))
    import_lines(record(GOOD))
    article = Article.objects.get()
    change_state([article.pk], State.WITHDRAWN, by=librarian, reason="حكم")
    article.batch = ImportBatch.objects.latest("pk")
    turn(article, ImportBatch.State.UNDOING, librarian)
    assert Article.objects.values_list("state", "body", "held_reason").get() == ("withdrawn", LOST, "")


def test_what_a_librarian_holds_no_import_publishes(import_lines: Import) -> None:
    import_lines(record(GOOD))
    Article.objects.update(state=State.HELD)
    import_lines(record(GOOD))
    assert state_of() == "held"
    import_lines(record(f"{GOOD} وللحديث بقية."))
    assert state_of() == "held"


def test_the_same_bytes_publish_nothing(import_lines: Import) -> None:
    import_lines(record(GOOD))
    Article.objects.update(state=State.WITHDRAWN, held_reason="unread-lost: 31")
    import_lines(record(GOOD))
    assert state_of() == "withdrawn"


def test_taking_a_withdrawal_back_holds_the_text_as_it_was(import_lines: Import, librarian: User) -> None:
    import_lines(record(LOST))
    article = Article.objects.get()
    change_state([article.pk], State.WITHDRAWN, by=librarian, reason="خطأ")
    article.refresh_from_db()
    assert undo_correction(article, "state", article.revisions.get().pk, by=librarian)
    import_lines(record(GOOD))
    assert state_of() == "published"


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Return a function that sets what happens between the reading of an import and its publication."""

    def set_up(act: Callable[[], object]) -> None:
        real = publish.publish

        def act_and_publish(batch: ImportBatch) -> None:
            act()
            real(batch)

        monkeypatch.setattr(publish, "publish", act_and_publish)

    return set_up


def test_a_withdrawal_while_an_import_is_read_stays(
    import_lines: Import, librarian: User, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    import_lines(record(LOST))
    pk = Article.objects.get().pk
    meanwhile(lambda: change_state([pk], State.WITHDRAWN, by=librarian, reason="حكم"))
    import_lines(record(GOOD))
    assert Article.objects.values_list("state", "body").get() == ("withdrawn", GOOD)


def test_an_unreadable_text_does_not_replace_one_published_while_it_is_read(
    import_lines: Import, librarian: User, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    import_lines(record(LOST))
    pk = Article.objects.get().pk
    meanwhile(lambda: held_texts.decide([pk], publish=True, by=librarian))
    import_lines(record(f"{LOST} ?????"))
    assert Article.objects.values_list("state", "body").get() == ("published", LOST)
    assert (ImportRow.objects.latest("pk").pending or {})["review"]


def test_a_decision_checks_and_writes_in_one_transaction(
    import_lines: Import, librarian: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_lines(record(LOST))
    depths: list[int] = []
    real = held_texts.held_articles

    def noting() -> QuerySet[Article]:
        depths.append(len(connection.savepoint_ids))
        return real()

    monkeypatch.setattr(held_texts, "held_articles", noting)
    held_texts.decide([Article.objects.get().pk], publish=True, by=librarian)
    assert min(depths) > len(connection.savepoint_ids)


def test_a_held_article_returns_to_the_unfinished_import_that_took_it_over() -> None:
    """Check that a row whose update waits owns its article too, and one that only awaits review does not."""
    first, second, third, other = (ImportBatch.objects.create() for _ in range(4))
    article = Article.objects.create(title="?", state=State.HELD, held_reason="unread-lost", batch=third)
    for batch, pending in (
        (first, None),
        (second, {"review": False}),
        (third, None),
        (other, {"review": True}),
    ):
        ImportRow.objects.create(batch=batch, article=article, outcome="held", pending=pending)
    for batch, owner in ((first, third), (third, second)):
        with hold_lease(batch, ImportBatch.State.STAGING):
            publish.cancel(batch)
        assert Article.objects.get().batch == owner
    with hold_lease(second, ImportBatch.State.STAGING):
        publish.cancel(second)
    assert not Article.objects.exists()
