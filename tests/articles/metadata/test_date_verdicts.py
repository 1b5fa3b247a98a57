"""Dates that librarians called wrong stay away whenever an article is tagged again."""

from __future__ import annotations

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from articles.geotagging.geotagger import PlaceResolver
from articles.history.revisions import apply_changes
from articles.metadata.date_mentions import accept_date_again, reject_date, tag_dates
from articles.models import Article, DateMention, DateVerdict, Outbox
from tests.articles.conftest import Import

pytestmark = pytest.mark.django_db
BODY = "أعلنت الهدنة أمس. وكانت سابقتها في 8 شباط 2012، أي في 8 فبراير 2012، ثم في آذار 2011."
ALL = ["2011-03", "2012-02-08", "2012-05-23"]
YESTERDAY, FEBRUARY = "2012-05-23", "2012-02-08"


def tagged() -> Article:
    article = Article.objects.create(title="خبر", body=BODY, date=date(2012, 5, 24), date_precision="day")
    tag_dates(article)
    return article


def values(article: Article) -> list[str]:
    return sorted({each.value for each in article.date_mentions.all()})


def mention(article: Article, value: str) -> DateMention:
    return next(each for each in article.date_mentions.order_by("pk") if each.value == value)


def test_a_wrong_date_stays_away_until_the_decision_is_withdrawn(
    import_lines: Import, librarian: User
) -> None:
    record: dict[str, object] = {"id": "1", "title": "خبر", "body": BODY, "date": "2012-05-24"}
    import_lines(record)
    article = Article.objects.get()
    assert values(article) == ALL
    verdict = reject_date(mention(article, FEBRUARY), article, by=librarian, reason="سنة أخرى")
    left = ["2011-03", YESTERDAY]
    assert values(article) == left
    call_command("tag_dates", stdout=StringIO())
    assert values(article) == left, "a re-run"
    import_lines(record | {"body": f"{BODY} وفي 8 شباط 2012 أيضا."})
    assert values(article) == left, "the same record again, with another text"
    assert accept_date_again(verdict, by=librarian)
    assert not accept_date_again(verdict, by=librarian), "only once"
    assert values(article) == ALL
    verdict.refresh_from_db()
    assert (verdict.undone_by, bool(verdict.undone_at)) == (librarian, True)


def test_only_the_date_in_one_wording_may_be_wrong(librarian: User) -> None:
    article = tagged()
    reject_date(mention(article, FEBRUARY), article, by=librarian, reason="تصحيف", name="8  شباط 2012")
    spots = [each for each in article.date_mentions.all() if each.value == FEBRUARY]
    assert [article.body[each.start : each.end] for each in spots] == ["8 فبراير 2012"]


def test_words_read_from_another_day_of_publication_are_another_date(librarian: User) -> None:
    article = tagged()
    reject_date(mention(article, YESTERDAY), article, by=librarian, reason="الخبر من الشهر التالي")
    change: Any = {"original": None, "cities": None, "by": None, "reason": "", "resolver": PlaceResolver()}
    apply_changes(article, {"date": "2012-06-24"}, **change)
    assert values(article) == ["2011-03", FEBRUARY, "2012-06-23"]
    apply_changes(article, {"date": "2012-05-24"}, **change)
    assert values(article) == ["2011-03", FEBRUARY]


def test_a_decision_is_followed_by_the_index_and_erased_with_the_article(librarian: User) -> None:
    article = tagged()
    Outbox.objects.all().delete()
    reject_date(mention(article, FEBRUARY), article, by=librarian, reason="سنة أخرى")
    assert Outbox.objects.filter(article_id=article.pk).exists()
    article.delete()
    assert not DateVerdict.objects.exists()


# -- the page of the desk


def act(desk: Client, article: Article, **data: Any) -> tuple[int, str]:
    answer = desk.post(reverse("admin:articles_article_dates", args=[article.pk]), data, follow=True)
    return answer.status_code, answer.content.decode()


def test_the_page_of_an_articles_dates(desk: Client) -> None:
    article = tagged()
    page = desk.get(reverse("admin:articles_article_dates", args=[article.pk])).content.decode()
    assert "أعلنت الهدنة <mark>أمس</mark>." in page
    wrong = mention(article, FEBRUARY).pk
    status, page = act(desk, article, mention=wrong, reason="")
    assert (status, values(article)) == (400, ALL)
    assert "Say why" in page
    status, page = act(desk, article, mention=wrong, reason="سنة أخرى")
    assert (status, values(article)) == (200, ["2011-03", YESTERDAY])
    assert "سنة أخرى" in page
    assert "is a wrong date" in page
    verdict = DateVerdict.objects.get()
    assert verdict.made_by
    assert verdict.made_by.username == "librarian"
    assert desk.get(reverse("admin:articles_article_history", args=[article.pk])).status_code == 200
    act(desk, article, act="undo", verdict=verdict.pk)
    assert values(article) == ALL
    assert "undone" in desk.get(reverse("admin:articles_article_dates", args=[article.pk])).content.decode()
    assert desk.get(reverse("admin:articles_dateverdict_changelist")).status_code == 200


def test_a_date_of_another_article_is_not_decided_on(desk: Client) -> None:
    article, other = tagged(), tagged()
    for number in (mention(other, FEBRUARY).pk, "x", 0):
        assert act(desk, article, mention=number, reason="سبب")[0] == 404
    assert act(desk, article, act="undo", verdict=7)[0] == 404
    assert not DateVerdict.objects.exists()
