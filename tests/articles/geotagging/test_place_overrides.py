"""Decisions of librarians about places survive every retagging."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from arabic.places.name_finder import NameFinder, has_place_title
from articles.backfill.merge import merge_places
from articles.geotagging.geotagger import record_override, tag_places, withdraw_override
from articles.models import Article, Place, PlaceMention, PlaceVerdict
from tests.articles.conftest import Import

BODY = "وصل وفد من حمص إلى حلب. قال مسؤول في دمشق إن الباب أغلق."
MEANT, NOT_MEANT = PlaceVerdict.Kind


def tagged(body: str = BODY, title: str = "") -> Article:
    article = Article.objects.create(title=title, body=body)
    tag_places(article)
    return article


def slugs(article: Article) -> set[str]:
    return set(article.mentions.values_list("place__slug", flat=True))


def place(slug: str) -> Place:
    return Place.objects.get(slug=slug)


# -- names in a text


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("وصل للباب أمس", "الباب", ["لباب"]),
        ("وبدير الزور كذلك", "دير الزور", ["دير الزور"]),
        ("بأم الحجارة", "ام الحجاره", ["أم الحجارة"]),
        ("ﻣﺪﻳﻨﺔ ﺍﻟﺒﺎﺏ", "الباب", ["ﺍﻟﺒﺎﺏ"]),
        ("البابان والبابا", "الباب", []),
    ],
)
def test_a_name_is_found_with_clitics_and_spelling_variants(text: str, name: str, found: list[str]) -> None:
    assert [text[spot.start : spot.end] for spot in NameFinder([name]).find(text)] == found


@given(st.lists(st.sampled_from(["حمص", "أم", "الحجارة", "،", "و", "ب", " ", "لل", "ـ", "\u200f", "."])))
def test_spans_are_in_order_and_inside_their_sentences(parts: list[str]) -> None:
    text, end = "".join(parts), 0
    for spot in NameFinder(["حمص", "ام الحجاره", "الحجاره"]).find(text):
        assert end <= spot.start < spot.end <= len(text)
        assert text[spot.start : spot.end] in spot.evidence
        end = spot.end


@pytest.mark.parametrize(
    ("before", "expected"),
    [("في مدينة ", True), ("وبمدينة «", True), ("طرق ", False), ("مدينة، ", False), ("", False)],
)
def test_titles_that_mark_a_name_as_a_place(before: str, expected: bool) -> None:
    assert has_place_title(f"{before}الباب", len(before)) is expected


# -- decisions


@pytest.mark.django_db
def test_a_place_marked_as_not_meant_is_not_tagged_again(import_lines: Import, librarian: User) -> None:
    import_lines({"id": "1", "title": "خبر", "body": BODY, "cities": ["الرقة"]})
    article = Article.objects.get()
    assert slugs(article) == {"حمص", "حلب", "دمشق", "الرقة"}
    for slug in ("حلب", "الرقة"):
        record_override(article, place(slug), NOT_MEANT, by=librarian, reason="اسم شركة")
    left = {"حمص", "دمشق"}
    assert slugs(article) == left
    tag_places(article)
    assert slugs(article) == left, "a re-run"
    import_lines({"id": "1", "title": "خبر", "body": BODY + " وفي حلب أيضا.", "cities": ["الرقة", "إدلب"]})
    assert slugs(article) == left | {"إدلب"}, "the same record again, with other text and cities"
    import_lines({"id": "1", "title": "خبر", "body": BODY + " وفي حلب.", "cities": ["الرقة"]})
    assert slugs(article) == left
    for verdict in article.place_verdicts.all():
        assert withdraw_override(verdict, by=librarian)
        assert not withdraw_override(verdict, by=librarian), "only once"
    assert slugs(article) == left | {"حلب", "الرقة"}, "what the file gives comes back as well"


@pytest.mark.django_db
def test_one_name_of_a_place_may_be_excluded(librarian: User) -> None:
    article = tagged("افتتح معرض الشام الدولي في مدينة دمشق. وصل إلى دمشق وفد.")
    damascus = place("دمشق")
    record_override(article, damascus, MEANT, by=librarian, reason="هي المدينة", name="الشام")
    assert article.mentions.filter(place=damascus).count() == 3
    record_override(article, damascus, NOT_MEANT, by=librarian, reason="اسم المعرض", name="الشّام")
    spots = article.mentions.filter(place=damascus).order_by("start")
    assert [article.body[spot.start : spot.end] for spot in spots] == ["دمشق", "دمشق"]


@pytest.mark.django_db
def test_a_place_added_by_a_librarian_has_its_sentence(librarian: User) -> None:
    article = tagged()
    assert "الباب" not in slugs(article)
    bab = tagged("قصف في مدينة الباب").places.get()
    verdict = record_override(article, bab, MEANT, by=librarian, reason="المدينة")
    mention = article.mentions.get(place=bab)
    assert mention.evidence == "قال مسؤول في دمشق إن الباب أغلق."
    tag_places(article)
    assert article.mentions.get(place=bab).pk == mention.pk, "what is found again is not written again"
    article.body = "بلا أسماء"
    article.save()
    tag_places(article)
    assert article.mentions.get().field == PlaceMention.DESK, "the decision holds without the name"
    withdraw_override(verdict, by=librarian)
    assert slugs(article) == set()


@pytest.mark.django_db
def test_a_name_may_be_assigned_to_another_place(librarian: User) -> None:
    article = tagged("قتلى في طرابلس")
    (libya,) = article.places.all()
    lebanon = Place.objects.create(key="own-x", slug="طرابلس الشام", name="طرابلس الشام", in_texts=False)
    record_override(article, lebanon, MEANT, by=librarian, reason="لبنان", name="طرابلس")
    assert list(article.places.all()) == [lebanon]
    record_override(article, libya, MEANT, by=librarian, reason="بل ليبيا", name="طرابلس")
    assert list(article.places.all()) == [libya], "the later decision counts"


@pytest.mark.django_db
def test_decisions_move_with_a_merged_place(librarian: User) -> None:
    article = tagged()
    record_override(article, place("حلب"), NOT_MEANT, by=librarian, reason="شركة")
    other = Place.objects.create(key="own-x", slug="حلب الشهباء", name="حلب الشهباء")
    merge_places(other, [place("حلب")])
    tag_places(article)
    assert slugs(article) == {"حمص", "دمشق"}


@pytest.mark.django_db
def test_erasure_deletes_the_decisions_about_places(librarian: User) -> None:
    article = tagged()
    record_override(article, place("حلب"), NOT_MEANT, by=librarian, reason="شركة")
    article.delete()
    assert not PlaceVerdict.objects.exists()


# -- the page


def act(desk: Client, article: Article, **data: Any) -> tuple[int, str]:
    answer = desk.post(reverse("admin:articles_article_places", args=[article.pk]), data, follow=True)
    return answer.status_code, answer.content.decode()


def test_the_page_of_an_articles_places(desk: Client) -> None:
    article = tagged()
    page = desk.get(reverse("admin:articles_article_places", args=[article.pk])).content.decode()
    assert "وصل وفد من <mark>حمص</mark> إلى حلب." in page
    assert act(desk, article, act="remove", place=place("حلب").pk, reason="")[0] == 400
    assert "حلب" in slugs(article), "without a reason nothing is decided"
    status, page = act(desk, article, act="remove", place=place("حلب").pk, name="حلب", reason="شركة")
    assert (status, slugs(article)) == (200, {"حمص", "دمشق"})
    assert "شركة" in page
    verdict = PlaceVerdict.objects.get()
    assert verdict.made_by
    assert (verdict.made_by.username, verdict.name) == ("librarian", "حلب")
    act(desk, article, act="undo", verdict=verdict.pk)
    assert "حلب" in slugs(article)
    act(desk, article, act="add", place="الباب", reason="المدينة")
    assert "الباب" in slugs(article)
    assert desk.get(reverse("admin:articles_placeverdict_changelist")).status_code == 200


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"place": "لا مكان كهذا"}, "No place is called"),
        ({"place": "طرابلس", "name": "قرطاج"}, "does not have the name"),
    ],
)
def test_an_invalid_decision_is_refused_with_a_reason(desk: Client, data: dict[str, str], said: str) -> None:
    status, page = act(desk, tagged(), act="add", reason="سبب", **data)
    assert status == 400
    assert said in page
    assert not PlaceVerdict.objects.exists()


def test_the_field_for_a_place_suggests_the_places_of_the_archive(admin_client: Client) -> None:
    Place.objects.create(key="k", slug="دير الزور", name="دير الزور")
    article = Article.objects.create(title="خبر")
    tree = html.fromstring(
        admin_client.get(reverse("admin:articles_article_places", args=[article.pk])).content.decode()
    )
    field = tree.cssselect("#place")[0].get("list")
    assert "دير الزور" in [each.get("value") for each in tree.cssselect(f"datalist#{field} option")]
