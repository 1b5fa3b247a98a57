"""Actions on many articles: each records a Revision and updates the data that depends on the change."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Article, Place, PlaceMention, Source, StoryMember, StoryVerdict

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"


@pytest.fixture
def articles(db: None) -> list[Article]:
    return [Article.objects.create(title=f"خبر {n}", body="وصلت القافلة إلى حمص.") for n in range(3)]


def press(desk: Client, action: str, articles: list[Article], **values: str) -> Any:
    chosen = [str(article.pk) for article in articles]
    return desk.post(LIST, {"action": action, "_selected_action": chosen, **values}, follow=True)


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return found[1]


def test_a_source_is_given_with_a_reason_and_a_revision(
    desk: Client, articles: list[Article], librarian: User
) -> None:
    source = Source.objects.create(name="صحيفة الضفاف")
    assert "Give these articles a source" in press(desk, "set_source", articles[:2]).content.decode()
    assert not Article.objects.filter(source=source).exists()
    told = press(
        desk, "set_source", articles[:2], source=str(source.pk), reason="من الترويسة"
    ).content.decode()
    assert "2 articles were changed" in told
    assert Article.objects.filter(source=source).count() == 2
    revision = articles[0].revisions.get()
    assert (revision.made_by, revision.reason) == (librarian, "من الترويسة")
    assert revision.before == {"source_id": None}
    assert (
        "0 articles were changed"
        in press(desk, "set_source", articles[:2], source=str(source.pk), reason="x").content.decode()
    )


@pytest.mark.parametrize(
    ("typed", "precision", "kept"),
    [
        ("2012-05-24", "day", ("2012-05-24", "day")),
        ("2012-05-24", "month", ("2012-05-01", "month")),
        ("2012-05-24", "year", ("2012-01-01", "year")),
        ("", "day", ("None", "")),
    ],
)
def test_a_date_is_given_as_far_as_it_is_known(
    desk: Client, articles: list[Article], typed: str, precision: str, kept: tuple[str, str]
) -> None:
    press(desk, "set_date", articles, date=typed, precision=precision, reason="العدد المطبوع")
    assert {(str(each.date), each.date_precision) for each in Article.objects.all()} == {kept}


def test_what_is_no_date_changes_nothing_and_keeps_what_was_typed(
    desk: Client, articles: list[Article]
) -> None:
    page = press(desk, "set_date", articles, date="غدًا", precision="day", reason="x").content.decode()
    assert 'value="غدًا"' in page
    assert not Article.objects.exclude(date=None).exists()
    assert "Say why" in press(desk, "set_date", articles, date="2012-05-24", reason=" ").content.decode()


def test_a_new_name_of_a_place_is_found_when_articles_are_looked_through_again(
    desk: Client, articles: list[Article]
) -> None:
    assert not PlaceMention.objects.exists()
    press(desk, "tag_again", articles)
    assert PlaceMention.objects.values("article").distinct().count() == 3
    assert {place.name for place in Place.objects.all()} == {"حمص"}


def test_all_of_a_long_list_are_changed_without_naming_each(desk: Client) -> None:
    Article.objects.bulk_create(Article(title=f"خبر {n}", state=Article.State.DRAFT) for n in range(1200))
    first = Article.objects.first()
    assert first
    asked = desk.post(LIST, {"action": "publish", "_selected_action": [str(first.pk)], "select_across": "1"})
    page = asked.content.decode()
    assert re.search(r'name="select_across"\s+value="1"', page)
    assert page.count('name="_selected_action"') == 1
    desk.post(
        LIST,
        {
            "action": "publish",
            "_selected_action": [str(first.pk)],
            "select_across": "1",
            "reason": "راجعناها",
            "seen": seen_in(page),
        },
    )
    assert Article.objects.filter(state=Article.State.PUBLISHED).count() == 1200


def test_what_was_changed_after_the_question_is_not_published(desk: Client) -> None:
    draft = Article.objects.create(title="خبر", body="وصلت القافلة.", state=Article.State.DRAFT)
    seen = seen_in(press(desk, "publish", [draft]).content.decode())
    draft.body = "لم تصل القافلة."
    draft.save()
    asked = press(desk, "publish", [draft], reason="راجعناها", seen=seen).content.decode()
    assert "These articles were changed" in asked
    draft.refresh_from_db()
    assert draft.state == Article.State.DRAFT
    press(desk, "publish", [draft], reason="راجعناها", seen=seen_in(asked))
    draft.refresh_from_db()
    assert draft.state == Article.State.PUBLISHED


def test_articles_are_joined_into_a_story_and_taken_out_with_a_reason(desk: Client) -> None:
    made = [Article.objects.create(title=f"خبر {number}", body="نص") for number in range(3)]
    press(desk, "join", made, reason="خبر واحد")
    assert set(StoryMember.objects.values_list("story", flat=True)) == {made[0].pk}
    assert StoryMember.objects.count() == 3
    press(desk, "separate", made[:1], reason="ليس منها")
    assert set(StoryMember.objects.values_list("article", flat=True)) == set()
    verdicts = StoryVerdict.objects.order_by("pk").values_list("kind", "reason")
    assert list(verdicts) == [("together", "خبر واحد")] * 2 + [("apart", "ليس منها")]
    assert not StoryVerdict.objects.filter(made_by=None).exists()
