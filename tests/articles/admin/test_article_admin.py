"""Writing, editing, publishing and withdrawing articles; merging sources and places."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from lxml import html

from articles.backfill.merge import merge_places, merge_sources
from articles.geotagging.geotagger import PlaceResolver, tag_places
from articles.history.revisions import apply_changes, restore
from articles.metadata.date_mentions import tag_dates
from articles.models import Article, Audience, Place, PlaceMention, Source, StoryMember
from tests.articles.conftest import Import
from tests.articles.near_duplicates.test_clusters import text

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"
LIST = "/admin/articles/article/"
FIELDS = {
    "title": "قافلة إلى حمص", "body": "وصلت القافلة إلى حمص.", "source": "", "date": "", "date_precision": "",
    "url": "", "byline": "", "external_id": "", "state": "published", "reason": "",
    "revisions-TOTAL_FORMS": "0", "revisions-INITIAL_FORMS": "0",
}  # fmt: skip


def save(desk: Client, address: str, **changes: str) -> Any:
    return desk.post(address, {**FIELDS, **changes}, follow=True)


def change(desk: Client, article: Article, **changes: str) -> Any:
    return save(desk, reverse("admin:articles_article_change", args=[article.pk]), **changes)


def test_a_written_article_is_published_with_its_places_and_its_original(desk: Client) -> None:
    page = save(desk, ADD, date="2012-05-24")
    article = Article.objects.visible().get()
    assert [place.name for place in article.places.distinct()] == ["حمص"]
    assert (article.date_precision, bytes(article.original).decode()) == (
        "day",
        "قافلة إلى حمص\n\nوصلت القافلة إلى حمص.",
    )
    assert page.status_code == 200


def test_a_title_that_is_left_empty_is_derived(desk: Client) -> None:
    save(desk, ADD, title="")
    assert Article.objects.values_list("title", "title_derived").get() == ("وصلت القافلة إلى حمص.", True)


def test_an_article_needs_a_title_or_a_text(desk: Client) -> None:
    assert "needs a title or a text" in save(desk, ADD, title=" ", body=" \n").content.decode()
    assert not Article.objects.exists()


def test_a_date_of_a_month_is_kept_as_its_first_day(desk: Client) -> None:
    save(desk, ADD, date="2012-05-24", date_precision="month")
    assert str(Article.objects.get().date) == "2012-05-01"


def test_an_edit_leaves_who_why_and_what_was(desk: Client, librarian: User) -> None:
    save(desk, ADD)
    article = Article.objects.get()
    page = change(desk, article, body="وصلت القافلة إلى حلب.", reason="تصحيح المدينة")
    revision = article.revisions.get()
    assert (revision.made_by, revision.reason) == (librarian, "تصحيح المدينة")
    assert revision.before["body"] == FIELDS["body"]
    assert set(PlaceMention.objects.filter(field="body").values_list("place__name", flat=True)) == {"حلب"}
    assert page.status_code == 200


def test_what_was_changed_is_told_in_the_language_of_the_reader(desk: Client) -> None:
    save(desk, ADD)
    article = Article.objects.get()
    change(desk, article, title="قافلة إلى حماة", state="withdrawn", reason="طلب الناشر")
    address = reverse("admin:articles_article_history", args=[article.pk])
    history = desk.get(address, {"lang": "ar"}).content.decode()
    assert '<b>الحالة</b>: <del><bdi dir="rtl">منشور</bdi></del>' in history
    assert "طلب الناشر" in history


def test_a_revision_of_a_column_that_is_gone_is_still_shown(desk: Client) -> None:
    save(desk, ADD)
    article = Article.objects.get()
    article.revisions.create(before={"old_column": "قيمة", "source_id": None})
    page = desk.get(reverse("admin:articles_article_history", args=[article.pk])).content.decode()
    assert '<b>Old_column</b>: <del><bdi dir="rtl">قيمة</bdi></del>' in page


def test_places_are_listed_and_chosen_by_a_kind_in_words(desk: Client) -> None:
    save(desk, ADD)
    Place.objects.create(key="q", slug="الوعر", name="الوعر", kind="quarter")
    desk.get("/admin/", {"lang": "ar"})
    places = desk.get("/admin/articles/place/", {"kind": "quarter"}).content.decode()
    assert '<td class="field-kind_in_words">حي</td>' in places
    assert '<td class="field-kind_in_words">مدينة</td>' not in places


def test_a_place_that_staff_add_is_found_by_an_import_and_a_namesake_gets_a_key_of_its_own(
    desk: Client, import_lines: Import
) -> None:
    name = "تجمع النازحين الأول على الطريق الدولي القديم"
    for slug in (name, f"{name} (الشمالي)"):
        answer = desk.post(
            "/admin/articles/place/add/",
            {"name": name, "slug": slug, "aliases": "", "kind": "city"},
            follow=True,
        )
        assert answer.redirect_chain
    import_lines({"title": "خبر", "cities": [name.replace("أ", "ا")]})
    assert [place.slug for place in Article.objects.get().places.all()] == [name]
    assert Place.objects.count() == 2


def test_the_page_of_a_new_article_asks_and_tells_nothing_yet(desk: Client) -> None:
    page = desk.get(ADD).content.decode()
    assert 'name="title"' in page
    assert "What the archive knows" not in page
    assert "History of changes" not in page


def test_saving_without_a_change_leaves_no_revision(desk: Client) -> None:
    save(desk, ADD)
    change(desk, Article.objects.get())
    assert not Article.objects.get().revisions.exists()


def test_places_of_the_metadata_survive_an_edit(desk: Client, import_lines: Import) -> None:
    import_lines({"id": "1", "title": "خبر", "body": "نص", "cities": ["حلب"]})
    change(desk, Article.objects.get(), title="خبر", body="نص عن حمص")
    assert set(Article.objects.get().places.values_list("name", flat=True)) == {"حلب", "حمص"}


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [("withdraw", "published", "withdrawn"), ("publish", "draft", "published")],
)
def test_a_state_is_changed_with_a_reason_only(desk: Client, action: str, before: str, after: str) -> None:
    article = Article.objects.create(title="خبر", state=before)
    data = {"action": action, "_selected_action": [str(article.pk)]}
    asked = desk.post(LIST, data)
    assert asked.status_code == 200
    assert 'name="reason"' in asked.content.decode()
    article.refresh_from_db()
    assert article.state == before
    seen = html.fromstring(asked.content.decode()).cssselect("[name=seen]")[0].get("value")
    desk.post(LIST, {**data, "reason": "طلب من المحرر", "seen": seen})
    article.refresh_from_db()
    assert article.state == after
    assert (article.revisions.get().reason, article.revisions.get().before) == (
        "طلب من المحرر",
        {"state": before},
    )


def test_the_original_is_downloaded_as_it_came_and_never_shown_by_the_browser(
    desk: Client, import_lines: Import
) -> None:
    import_lines({"id": "1", "title": "<script>"})
    article = Article.objects.get()
    answer = desk.get(reverse("admin:articles_article_original", args=[article.pk]))
    assert answer.content == bytes(article.original)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_original_is_for_those_who_may_see_the_article(client: Client) -> None:
    article = Article.objects.create(title="خبر", original=b"x")
    address = reverse("admin:articles_article_original", args=[article.pk])
    assert client.get(address).status_code == 302
    client.force_login(User.objects.create_user("guest", is_staff=True))
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("model", ["article", "source", "place", "importbatch"])
def test_empty_lists_and_forms_open(desk: Client, model: str) -> None:
    assert desk.get(f"/admin/articles/{model}/").status_code == 200
    assert desk.get(f"/admin/articles/{model}/add/", follow=True).status_code == 200


def test_merged_sources_stay_merged(desk: Client, import_lines: Import) -> None:
    import_lines(
        {"id": "1", "title": "أ", "source": "السفير"}, {"id": "2", "title": "ب", "source": "جريدة السفير"}
    )
    stays, goes = Source.objects.get(name="السفير"), Source.objects.get(name="جريدة السفير")
    data = {"action": "merge", "_selected_action": [str(stays.pk), str(goes.pk)]}
    asked = desk.post("/admin/articles/source/", data)
    assert asked.status_code == 200
    assert asked.content.decode().count("1 article") == 2, "what each holds tells names apart"
    assert Source.objects.count() == 2
    desk.post("/admin/articles/source/", {**data, "stays": str(stays.pk)})
    assert Source.objects.get() == stays
    assert stays.article_set.count() == 2
    import_lines(
        {"id": "2", "title": "ب", "source": "جريدة السفير"},
        {"id": "3", "title": "ج", "source": "جريدة السفير"},
    )
    assert Article.objects.filter(source=stays).count() == 3
    assert Source.objects.count() == 1


def test_a_renamed_source_is_found_under_its_former_name(desk: Client, import_lines: Import) -> None:
    import_lines({"id": "1", "title": "أ", "source": "الضفاف"})
    source = Source.objects.get()
    fields = {"name": "صحيفة الضفاف", "homepage": "", "audience": "everyone"}
    answer = desk.post(f"/admin/articles/source/{source.pk}/change/", fields)
    assert answer.status_code == 302
    import_lines({"id": "1", "title": "أ", "source": "الضفاف"}, {"id": "2", "title": "ب", "source": "الضفاف"})
    assert Source.objects.get().name == "صحيفة الضفاف"
    assert Article.objects.filter(source=source).count() == 2


def test_merging_a_chain_of_sources_leads_to_the_last(import_lines: Import) -> None:
    one, two, three = (Source.objects.create(name=name) for name in ("أ", "ب", "ج"))
    merge_sources(two, [one])
    merge_sources(three, [two])
    import_lines({"id": "1", "title": "خبر", "source": "أ"})
    assert Article.objects.get().source == three


def test_merged_sources_are_shown_to_the_fewest() -> None:
    open_one, closed = (Source.objects.create(name=name) for name in ("أ", "ب"))
    Source.objects.filter(pk=closed.pk).update(audience=Audience.DESK)
    merge_sources(open_one, Source.objects.filter(pk=closed.pk))
    assert Source.objects.get().audience == Audience.DESK


def test_merged_places_keep_every_mention_once_and_their_names() -> None:
    article = Article.objects.create(title="حمص", body="حمص ودمشق")
    tag_places(article)
    homs = Place.objects.get(name="حمص")
    twin = Place.objects.create(key="own-x", slug="حمص العدية", name="حمص العدية", aliases=["العدية"])
    PlaceMention.objects.create(article=article, place=twin, field="title", start=0, end=3)
    PlaceMention.objects.create(article=article, place=twin, field="metadata")
    merge_places(homs, [twin])
    homs.refresh_from_db()
    assert {"حمص العدية", "العدية"} <= set(homs.aliases)
    assert sorted(homs.mentions.values_list("field", flat=True)) == ["body", "metadata", "title"]


def test_the_tagger_follows_a_merge() -> None:
    article = Article.objects.create(title="حمص")
    tag_places(article)
    other = Place.objects.create(key="own-x", slug="حمص (أخرى)", name="حمص")
    merge_places(other, [Place.objects.exclude(pk=other.pk).get()])
    tag_places(article)
    assert list(article.places.all()) == [other]


def test_aliases_are_edited_a_line_each(desk: Client) -> None:
    place = Place.objects.create(key="own-x", slug="حمص", name="حمص", aliases=["العدية"])
    address = reverse("admin:articles_place_change", args=[place.pk])
    assert "العدية" in desk.get(address).content.decode()
    data = {"name": "حمص", "slug": "حمص", "aliases": "العدية\n\n أم الحجارة \nالعدية", "kind": "city"}
    desk.post(address, data)
    place.refresh_from_db()
    assert place.aliases == ["العدية", "أم الحجارة"]


def test_words_that_an_editor_types_are_sure_and_the_others_keep_low_confidence(
    desk: Client, librarian: User
) -> None:
    body = "وصلت القافلة إلى حمس بعد يوم من السفر الطويل، وغادرت حماة في الصباح."
    save(desk, ADD, title="قافلة", body=body)
    article = Article.objects.get()
    words = "حماه حمس حلب"  # the last was deleted by an earlier edit
    Article.objects.update(ocr_confidence=80, low_confidence_words=words)
    tag_places(Article.objects.get())
    assert not article.places.exists()
    change(desk, article, title="قافلة", body=f"{body} وعادت إلى حلب.")
    article.refresh_from_db()
    assert (article.ocr_confidence, article.low_confidence_words) == (80, "حماه حمس")
    assert set(article.places.values_list("name", flat=True)) == {"حلب"}
    change(desk, article, title="قافلة", body=f"{body} وعادت إلى حماة.")
    article.refresh_from_db()
    assert article.low_confidence_words == "حمس"
    assert set(article.places.values_list("name", flat=True)) == {"حماة"}
    revision = article.revisions.get(before__low_confidence_words="حماه حمس")
    assert restore(article, revision, by=librarian, reason="x")
    article.refresh_from_db()
    assert article.low_confidence_words == "حماه حمس"
    assert set(article.places.values_list("name", flat=True)) == {"حلب"}


def test_a_text_that_an_editor_wrote_anew_is_not_one_read_by_machine(desk: Client, librarian: User) -> None:
    save(desk, ADD, title="", body="ودلت القافله الي حمص قي الصباج")
    article = Article.objects.get()
    Article.objects.update(ocr_confidence=60, low_confidence_words="حمص ودلت قي")
    change(desk, article, title="", body="غادر الوفد دمشق مساء أمس بعد لقاء وزير الصحة.")
    article.refresh_from_db()
    assert (article.ocr_confidence, article.low_confidence_words) == (None, "")
    assert restore(article, article.revisions.latest("pk"), by=librarian, reason="x")
    article.refresh_from_db()
    assert (article.ocr_confidence, article.low_confidence_words) == (60, "حمص ودلت قي")
    assert not article.places.exists()


def test_what_an_editor_leaves_of_a_title_made_of_the_text_keeps_low_confidence(desk: Client) -> None:
    body = "وصلت القافلة إلى حماة مساء أمس بعد يوم من السفر."
    save(desk, ADD, title="", body=body)
    Article.objects.update(ocr_confidence=80, low_confidence_words="حماه مساء")
    change(desk, Article.objects.get(), title="وصلت القافلة إلى حماة فجرا", body=body)
    article = Article.objects.get()
    assert (article.title_derived, article.low_confidence_words) == (False, "حماه مساء")


def test_places_and_dates_are_looked_for_again_when_words_become_sure(desk: Client) -> None:
    save(desk, ADD, body="وصلت القافلة إلى حماة في 3 آذار 2012.", title="قافلة")
    Article.objects.update(ocr_confidence=60, low_confidence_words="اذار حماه")
    for again in (tag_places, tag_dates):
        again(Article.objects.get())
    article = Article.objects.get()
    assert not article.places.exists()
    assert not article.date_mentions.filter(precision="day").exists()
    values, resolver = {"low_confidence_words": ""}, PlaceResolver()
    apply_changes(article, values, original=None, cities=None, by=None, reason="x", resolver=resolver)
    assert list(article.places.values_list("name", flat=True)) == ["حماة"]
    assert article.date_mentions.filter(precision="day").exists()


def test_a_draft_joins_no_reports_until_it_is_published(desk: Client) -> None:
    reports = [text(41), text(42)]
    for body in reports:
        save(desk, ADD, body=body, title=body[:20])
    save(desk, ADD, body="\n".join(reports), title="مسودة", state="draft")
    assert not StoryMember.objects.exists()
    draft = Article.objects.get(title="مسودة")
    change(desk, draft, body="\n".join(reports), title="مسودة")
    assert StoryMember.objects.count() == 3
