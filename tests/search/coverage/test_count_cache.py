"""Counts over the archive are cached until the next change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from articles.history.erasure import erase_article
from articles.models import Article, ImportBatch, Outbox, Place, PlaceMention, Source
from search.coverage import coverage_counts as kept
from search.coverage.coverage_counts import (
    archive_state_key,
    cached_count,
    coverage_by_city,
    coverage_by_source,
)
from search.index_state import next_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    """Create an article with a source and a city, from a published import."""
    batch = ImportBatch.objects.create(state=ImportBatch.State.PUBLISHED)
    made: Article = Article.objects.create(
        title="خبر", source=Source.objects.create(name="صحيفة"), date=date(2012, 5, 24), date_precision="day",
        batch=batch,
    )  # fmt: skip
    place = Place.objects.create(key="test-homs", name="حمص", slug="حمص", kind="city")
    PlaceMention.objects.create(article=made, place=place, field="metadata")
    return made


def totals() -> tuple[dict[str, int], dict[str, int]]:
    return {held.name: held.total for held in coverage_by_source()}, {
        held.name: held.total for held in coverage_by_city()
    }


def withdraw(article: Article) -> None:
    Article.objects.filter(pk=article.pk).update(state=Article.State.WITHDRAWN)


def take_the_import_back(article: Article) -> None:
    ImportBatch.objects.update(state=ImportBatch.State.CANCELLED)


def move_to_another_source(article: Article) -> None:
    Article.objects.update(source=Source.objects.create(name="أخرى"))


def erase_by_law(article: Article) -> None:
    erase_article(article, ground="court", reason="x", by=None)


@pytest.mark.parametrize("change", [withdraw, take_the_import_back, move_to_another_source, erase_by_law])
def test_hidden_articles_are_no_longer_counted_at_once(
    article: Article, change: Callable[[Article], None]
) -> None:
    assert totals() == ({"صحيفة": 1}, {"حمص": 1})
    change(article)
    sources, cities = totals()
    assert "صحيفة" not in sources
    assert cities == ({"حمص": 1} if change is move_to_another_source else {})


def test_a_withdrawn_article_leaves_the_page_at_once(client: Client, article: Article) -> None:
    for by in ("totals", "source", "city"):
        assert "2012" in client.get("/coverage/", {"by": by}).content.decode()
    withdraw(article)
    for by in ("totals", "source", "city"):
        page = client.get("/coverage/", {"by": by}).content.decode()
        assert "2012" not in page
        assert "صحيفة" not in page


def test_changed_names_and_kinds_show_although_no_article_changed(article: Article) -> None:
    totals()
    Source.objects.update(name="صحيفة الضفاف")
    Place.objects.update(slug="حمص-القديمة")
    assert totals() == ({"صحيفة الضفاف": 1}, {"حمص-القديمة": 1})
    Place.objects.update(kind="district")
    assert totals()[1] == {}


def test_counts_are_made_once_per_state_of_the_archive(
    article: Article, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    coverage_by_source()
    with django_assert_num_queries(3):  # the state, the waiting rows, the names
        coverage_by_source()
    assert coverage_by_source() == coverage_by_source()


def test_cities_filtered_by_source_are_counted_separately(article: Article) -> None:
    other = Source.objects.create(name="أخرى")
    assert [held.total for held in coverage_by_city()] == [1]
    assert coverage_by_city(sources=[other.pk]) == []


def test_changes_committed_out_of_order_are_noticed() -> None:
    """Check rows with a lower number that are committed later on PostgreSQL, and indexed rows."""
    Outbox.objects.create(pk=10, article_id=1)
    keys = [archive_state_key()]
    Outbox.objects.create(pk=9, article_id=2)
    keys.append(archive_state_key())
    next_version()
    keys.append(archive_state_key())
    Outbox.objects.filter(pk=9).delete()
    keys.append(archive_state_key())
    assert len(set(keys)) == 4


def test_the_oldest_counts_are_dropped(article: Article) -> None:
    asked: list[int] = []
    for number in [*range(kept.MAX_CACHED_COUNTS + 1), kept.MAX_CACHED_COUNTS, 0]:
        cached_count(number, lambda number=number: asked.append(number))  # type: ignore[misc]  # one variable each
    assert asked == [*range(kept.MAX_CACHED_COUNTS + 1), 0]
