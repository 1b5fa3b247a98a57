"""Near-duplicates on the readers' pages: one is listed, the others can be opened, and two can be compared."""

from __future__ import annotations

import pytest
from django.test import Client

from articles.models import Article, ImportBatch
from articles.near_duplicates.clusters import join
from search.indexing.outbox_consumer import drain_outbox
from tests.search.web.conftest import Write

pytestmark = pytest.mark.django_db
HIDDEN = "زعفرانية"


@pytest.fixture
def versions(write: Write) -> tuple[Article, Article, Article]:
    """Create three versions in three sources."""
    made = tuple(
        write(f"افتتاح السوق {name}", f"افتتح الوزير السوق القديمة {word}.", source=name, day="2012-05-01")
        for name, word in (("سنابل", "أمس"), ("بيدر", "صباح أمس"), ("ضفاف", "أمس الأول"))
    )
    for other in made[1:]:
        join(other, made[0], by=None, reason="نسخ من خبر واحد")
    drain_outbox()
    return made  # type: ignore[return-value]  # three of them


def page(client: Client, path: str, **parameters: str) -> str:
    answer = client.get(path, parameters)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_shows_one_version_and_names_the_others(
    client: Client, versions: tuple[Article, ...]
) -> None:
    html = page(client, "/search/", q="السوق")
    assert html.count('class="hit-title"') == 1
    assert "نُشر أيضًا في مصدرين آخرين" in html
    assert "3 مقالات" in html or "3 أخبار" in html
    assert "· قصة واحدة" in html
    assert all(f"/articles/{each.pk}/" in html for each in versions)


def test_every_version_is_shown_on_request(client: Client, versions: tuple[Article, ...]) -> None:
    html = page(client, "/search/", q="السوق", group="none")
    assert html.count('class="hit-title"') == 3
    assert 'class="also"' not in html
    assert "group=none" in html


def test_the_api_groups_only_on_request(client: Client, versions: tuple[Article, ...]) -> None:
    plain = client.get("/api/v1/search", {"q": "السوق"}).json()
    assert (plain["total"], plain["stories"], len(plain["hits"])) == (3, None, 3)
    grouped = client.get("/api/v1/search", {"q": "السوق", "group": "story"}).json()
    assert (grouped["total"], grouped["stories"], len(grouped["hits"])) == (3, 1, 1)
    assert len(grouped["hits"][0]["also"]) == 2
    assert grouped["facets"] == plain["facets"]


def test_an_article_lists_its_versions_with_links_to_compare(
    client: Client, versions: tuple[Article, ...]
) -> None:
    first, second, _third = versions
    html = page(client, f"/articles/{first.pk}/")
    assert "نُشر أيضًا في" in html
    assert f"/articles/{first.pk}/compare/{second.pk}/" in html


def test_two_versions_are_compared_side_by_side(client: Client, versions: tuple[Article, ...]) -> None:
    html = page(client, f"/articles/{versions[0].pk}/compare/{versions[1].pk}/")
    assert "<ins>" in html
    assert "صباح</ins>" in html
    assert "سنابل" in html
    assert "بيدر" in html
    assert "differences-key" in html
    same = page(client, f"/articles/{versions[0].pk}/compare/{versions[0].pk}/")
    assert "متطابقتان" in same
    assert "differences-key" not in same, "nothing is tinted"


def test_markup_in_a_text_is_escaped(client: Client, write: Write) -> None:
    one, other = write("خبر", "<script>alert(1)</script> نص"), write("خبر", "<b>آخر</b> نص")
    html = page(client, f"/articles/{one.pk}/compare/{other.pk}/")
    assert "<script>alert" not in html
    assert "&lt;b&gt;" in html or "&lt;" in html


@pytest.mark.parametrize("state", ["withdrawn", "draft", "staged"])
def test_hidden_versions_appear_nowhere(client: Client, versions: tuple[Article, ...], state: str) -> None:
    first, second, third = versions
    hidden: dict[str, object] = {"title": HIDDEN, "body": HIDDEN}
    if state == "staged":
        hidden["batch"] = ImportBatch.objects.create()
    else:
        hidden["state"] = state
    Article.objects.filter(pk=second.pk).update(**hidden)
    drain_outbox()
    doors = [
        "/search/?q=السوق",
        f"/articles/{first.pk}/",
        "/api/v1/search?q=السوق&group=story",
        f"/stories/{first.pk}/",
        f"/stories/{first.pk}/?first={first.pk}&second={second.pk}",
    ]
    for door in doors:
        html = client.get(door).content.decode()
        assert HIDDEN not in html
        assert f"/articles/{second.pk}/" not in html
        assert "بيدر" not in html
        assert f"/articles/{third.pk}/" in html or '"stories": 1' in html
    for path in (f"{first.pk}/compare/{second.pk}", f"{second.pk}/compare/{first.pk}"):
        assert client.get(f"/articles/{path}/").status_code == 404
    assert client.get(f"/stories/{second.pk}/").status_code == 404
    Article.objects.filter(pk=third.pk).update(state="withdrawn")
    assert client.get(f"/stories/{first.pk}/").headers["Location"] == f"/articles/{first.pk}/"
