"""Erasures that wait until the search or a rebuild lets them be completed."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from articles.history.erasure import (
    PurgeFailedError,
    complete_waiting_erasures,
    waiting_erasures,
)
from articles.models import Article, ErasedRecord, Erasure
from search.indexing import indexer
from search.locks import LockName, locked
from tests.articles.history.conftest import WORD, erase, everything, form

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine_back(article: Article, settings: LazySettings) -> Callable[[], None]:
    """Make the search unreachable; return a function that makes it reachable again."""
    settings.SEARCH_ENGINES = settings.SEARCH_ENGINES | {
        "elasticsearch": settings.SEARCH_ENGINES["elasticsearch"] | {"URL": "http://127.0.0.1:9"}
    }
    settings.SEARCH_ENGINE = "elasticsearch"
    return lambda: setattr(settings, "SEARCH_ENGINE", "embedded")


def test_the_article_is_withdrawn_and_its_erasure_waits_while_the_engine_is_down(
    article: Article, administrator: User, engine_back: Callable[[], None]
) -> None:
    with pytest.raises(PurgeFailedError):
        erase(article, administrator)
    assert Article.objects.get(pk=article.pk).state == Article.State.WITHDRAWN
    assert [erasure.article_number for erasure in waiting_erasures()] == [article.pk]
    assert complete_waiting_erasures() == 0, "it is still away"
    engine_back()
    erase(article, administrator)
    assert WORD not in everything()
    assert Erasure.objects.count() == 1
    assert not waiting_erasures().exists()


def test_the_worker_completes_an_erasure_that_waited(
    article: Article, administrator: User, engine_back: Callable[[], None]
) -> None:
    number = article.pk
    with pytest.raises(PurgeFailedError):
        erase(article, administrator)
    Article.objects.filter(pk=number).update(state=Article.State.PUBLISHED)  # as nobody should meanwhile
    engine_back()
    call_command("drain_outbox", stdout=io.StringIO())
    assert WORD not in everything()
    erasure = Erasure.objects.get()
    assert (erasure.article_number, erasure.reason, erasure.made_by_name) == (
        number,
        "حكم 12/2014",
        "administrator",
    )
    assert ErasedRecord.objects.filter(erasure=erasure).exists()
    assert not waiting_erasures().exists()


@contextmanager
def held_elsewhere(name: LockName) -> Iterator[None]:
    """Hold a lock as another process would: a database session may take its own lock again."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with locked(name):
                held.set()
                done.wait()
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert held.wait(60)
        yield
    finally:
        done.set()
        thread.join()


def test_an_erasure_waits_for_a_rebuild(
    article: Article, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check that the index of a rebuild, which may hold the article already, does not survive it."""
    monkeypatch.setattr(indexer, "_REBUILD_WAIT", 0.1)
    with held_elsewhere("rebuild"), pytest.raises(PurgeFailedError):
        erase(article, administrator)
    assert complete_waiting_erasures() == 1
    assert not Article.objects.filter(pk=article.pk).exists()


def test_the_page_and_the_register_say_that_an_erasure_waits(
    chair: Client, article: Article, engine_back: Callable[[], None]
) -> None:
    address = reverse("admin:articles_article_erase", args=[article.pk])
    assert "waits in the register" in chair.post(address, form(article)).content.decode()
    entry = reverse("admin:articles_erasure_change", args=[Erasure.objects.get().pk])
    assert "icon-no" in chair.get(entry).content.decode()
    engine_back()
    assert complete_waiting_erasures() == 1
    assert "icon-no" not in chair.get(entry).content.decode()
