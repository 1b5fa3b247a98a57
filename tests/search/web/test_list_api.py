"""The API lists all hits in parts, while others write."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from articles.models import Article
from search.indexing.outbox_consumer import drain_outbox
from tests.search.web.conftest import Write

pytestmark = pytest.mark.django_db


def parts(client: Client, **asked: str) -> Iterator[list[int]]:
    """Yield the ids of each part, until there is none."""
    cursor: int | None = 0
    while cursor is not None:
        answer = client.get("/api/v1/search/all", {**asked, "cursor": cursor}).json()
        cursor = answer["next"]
        yield [hit["id"] for hit in answer["hits"]]


def test_all_hits_come_once_by_ascending_number(client: Client, archive: dict[str, Article]) -> None:
    found = list(parts(client, q="حمص", limit="3"))
    assert [len(part) for part in found] == [3, 1]
    flat = [id for part in found for id in part]
    assert flat == sorted(flat)
    searched = client.get("/api/v1/search", {"q": "حمص"}).json()["hits"]
    assert set(flat) == {hit["id"] for hit in searched}
    assert [len(part) for part in parts(client, q="حمص", limit="4")] == [4, 0]
    assert list(parts(client, q="زرافة")) == [[]]


def test_writes_between_two_parts_neither_double_nor_hide_an_article(client: Client, write: Write) -> None:
    steady = [write(f"خبر {n}", "قصف على حمص", day="2012-01-01", findable=False).pk for n in range(12)]
    drain_outbox()
    found: list[int] = []
    for part in parts(client, q="قصف", limit="5"):
        found += part
        changed = Article.objects.get(pk=steady[len(found) % 12])
        changed.title, changed.date = "قصف قصف قصف", None
        changed.date_precision = ""
        changed.save()
        write("جديد", "قصف آخر")
        drain_outbox()
        if len(found) > 40:
            break
    assert len(found) == len(set(found))
    assert set(steady) <= set(found)


def test_a_row_is_that_of_an_export_and_a_wrong_parameter_is_refused(
    client: Client, archive: dict[str, Article]
) -> None:
    [row] = client.get("/api/v1/search/all", {"q": "مساعدات"}).json()["hits"]
    article = archive["convoy"]
    assert (row["id"], row["title"], row["date"]) == (article.pk, article.title, "2014-02-03")
    assert row["permalink"] == f"http://testserver{article.get_absolute_url()}"
    assert sorted(row["places"]) == sorted(["حمص", "حلب"])
    for wrong in ({"cursor": "-1"}, {"limit": "501"}, {"limit": "0"}, {"from": "soon"}, {"cursor": "x"}):
        assert client.get("/api/v1/search/all", wrong).status_code == 422
    faulty = client.get("/api/v1/search/all", {"q": '"حمص'}).json()
    assert [each["code"] for each in faulty["complaints"]] == ["unclosed_quote"]


@pytest.mark.parametrize("cursor", [2**63 - 2, 2**63 - 1])
def test_nothing_follows_the_largest_numbers(
    client: Client, archive: dict[str, Article], cursor: int
) -> None:
    answer = client.get("/api/v1/search/all", {"q": "حمص", "cursor": str(cursor)})
    assert answer.status_code == 200
    assert (answer.json()["hits"], answer.json()["next"]) == ([], None)
