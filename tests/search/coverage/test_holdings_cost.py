"""The front page counts what the archive holds in work that grows with the archive, not with its square."""

from __future__ import annotations

import pytest
from django.db import connection

from articles.models import Article, Place, PlaceMention
from search.coverage.coverage_counts import load_holdings

pytestmark = pytest.mark.django_db


def fill(first: int, last: int) -> None:
    """Create an article and a place that it mentions for each number."""
    numbers = range(first, last)
    articles = Article.objects.bulk_create(Article(title=f"خبر {number}") for number in numbers)
    places = Place.objects.bulk_create(
        Place(key=f"x-{number}", slug=f"x-{number}", name=f"مكان {number}") for number in numbers
    )
    PlaceMention.objects.bulk_create(
        PlaceMention(article=article, place=place, field="metadata")
        for article, place in zip(articles, places, strict=True)
    )


def steps() -> int:
    """Return how many hundreds of steps SQLite takes for the holdings."""
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(count, 100)
    try:
        load_holdings()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return taken


def test_twice_the_archive_takes_about_twice_the_steps() -> None:
    if connection.vendor != "sqlite":
        return  # PostgreSQL has no such counter, and makes a list of ids once
    fill(0, 200)
    before = steps()
    fill(200, 400)
    assert load_holdings().cities == 400
    assert steps() < 3 * before
