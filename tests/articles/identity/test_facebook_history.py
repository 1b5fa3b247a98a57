"""A post of Facebook is one article, whichever of the exports brings it, in which order."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest

from articles.models import Article, ImportRow
from articles.text.fingerprints import content_mark
from tests.articles.conftest import import_paths
from tests.articles.readers.sample_files import MORE, TEXT
from tests.articles.readers.test_facebook import as_downloaded
from tests.articles.readers.test_facebook_html import card, page

pytestmark = pytest.mark.django_db

#: 3 August 2013, 20:30:05 UTC.
MOMENT = datetime(2013, 8, 3, 20, 30, 5, tzinfo=UTC)
LINES = f"{TEXT}\nسطر ثان\n\n{MORE}"


def as_json(*posts: tuple[str, datetime]) -> bytes:
    """Return an export as JSON of texts and their times."""
    parts = [
        {"timestamp": int(moment.timestamp()), "data": [{"post": as_downloaded(text)}]}
        for text, moment in posts
    ]
    return json.dumps(parts).encode()


def count_after(tmp_path: Path, *exports: tuple[str, bytes]) -> list[object]:
    """Import files one after the other; return how many articles each made."""
    made = []
    for name, data in exports:
        (tmp_path / name).write_bytes(data)
        report = import_paths(tmp_path / name)
        assert report["rejected"] == 0
        made.append(report["created"])
    return made


EXPORTS = {
    "JSON": ("your_posts_1.json", as_json((LINES, MOMENT))),
    "page": ("your_posts_1.html", page(card(LINES.replace("\n", "<br>"), told="Aug 03, 2013 11:30:05 pm"))),
    "Arabic page of Washington": (
        "your_posts_2.html",
        page(card(LINES.replace("\n", " <br/>\n"), "المكان: حمص", told="٣ آب ٢٠١٣، ٤:٣٠ م")),
    ),
    "page of Kathmandu": ("your_posts_3.html", page(card(LINES, told="Aug 4, 2013, 02:15"))),
}


@pytest.mark.parametrize("name", [name for name in EXPORTS if name != "JSON"])
@pytest.mark.parametrize("json_first", [True, False])
def test_a_post_that_comes_as_json_and_as_a_page_is_one_article(
    name: str, json_first: bool, tmp_path: Path
) -> None:
    order = ("JSON", name) if json_first else (name, "JSON")
    assert count_after(tmp_path, *(EXPORTS[each] for each in (*order, *order))) == [1, 0, 0, 0]


def test_pages_of_one_account_in_two_languages_are_one_article(tmp_path: Path) -> None:
    pages = [
        (f"your_posts_{at}.html", page(card(LINES, told=told)))
        for at, told in enumerate(
            ("Aug 03, 2013 11:30:05 pm", "3 أغسطس 2013، 11:30 م", "3 août 2013 à 23:30")
        )
    ]
    for first, second in permutations(pages, 2):
        Article.objects.all().delete()
        assert count_after(tmp_path, first, second) == [1, 0]


@pytest.mark.parametrize("first", ["JSON", "page"])
def test_an_archive_from_before_knows_its_posts_and_then_the_other_export(first: str, tmp_path: Path) -> None:
    count_after(tmp_path, EXPORTS[first])
    article = Article.objects.get()
    article.record_key, article.external_id = content_mark(article.sha256), ""
    article.save()
    other = "page" if first == "JSON" else "JSON"
    assert count_after(tmp_path, EXPORTS[first], EXPORTS[other], EXPORTS[first]) == [0, 0, 0]


def test_what_is_posted_again_at_every_hour_is_an_article_each_time(tmp_path: Path) -> None:
    moments = [MOMENT.replace(hour=hour) for hour in (6, 7, 8, 20)]
    files = [(f"your_posts_{at}.json", as_json((TEXT, moment))) for at, moment in enumerate(moments)]
    assert count_after(tmp_path, *files) == [1, 1, 1, 1]
    cards = [card(TEXT, told=f"Aug 03, 2013 {hour}:30:05 am") for hour in (9, 10, 11)]
    assert count_after(tmp_path, ("your_posts_9.html", page(*cards))) == [0]
    rows = ImportRow.objects.filter(file_name="your_posts_9.html").order_by("row")
    stored = Article.objects.order_by("pk").values_list("pk", flat=True)
    assert [row.article_id for row in rows] == list(stored[:3])


def test_other_posts_of_the_same_minute_and_posts_without_a_time_are_other_articles(tmp_path: Path) -> None:
    both = as_json((TEXT, MOMENT), (MORE, MOMENT))
    assert count_after(tmp_path, ("your_posts_1.json", both)) == [2]
    untimed = page(card(TEXT, told="?"), card(MORE, told="Aug 03, 2013"))
    assert count_after(tmp_path, ("your_posts_2.html", untimed), ("your_posts_2.html", untimed)) == [2, 0]
