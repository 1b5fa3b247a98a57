"""The place filter of a search and the cities of an article, on the pages and in the API."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from articles.geotagging.geotagger import record_override, tag_places
from articles.models import Article, Place
from search.indexing.outbox_consumer import drain_outbox
from tests.search.web.conftest import Write, text_of

pytestmark = pytest.mark.django_db
BODY = "وصل وفد من حمص إلى حلب.\nوقال مسؤول بحمص إن <b>الطريق</b> مفتوح. وفي بيروت بيان."


@pytest.fixture
def article(write: Write) -> Article:
    """Return an article that mentions two cities in Syria and one in Lebanon."""
    made = write("وفد", BODY, findable=False)
    tag_places(made)
    other = write("هدنة", "هدنة في تدمر.", findable=False)
    tag_places(other)
    drain_outbox()
    return made


def tree_of(client: Client, path: str) -> html.HtmlElement:
    client.cookies["django_language"] = "en"
    answer = client.get(path)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def labels(rows: html.HtmlElement) -> list[str]:
    return [row.text_content() for row in rows.cssselect(".row-label")]


def test_countries_open_to_governorates_and_these_to_cities(client: Client, article: Article) -> None:
    facet = tree_of(client, "/facets/place/")
    (top,) = facet.cssselect("#values > ul.rows")
    rows = {item.cssselect("li > .row .row-label")[-1].text_content(): item for item in top.findall("li")}
    assert set(rows) == {"Syria", "Lebanon"}
    syria = labels(rows["Syria"])
    assert {"Homs governorate", "Aleppo governorate", "Homs", "Aleppo", "Palmyra"} <= set(syria)
    assert "only names does not count" in facet.text_content()


def test_a_selected_region_is_open_and_a_chip(client: Client, article: Article) -> None:
    page = tree_of(client, f"/search/?country=SY&governorate={quote('محافظة حمص')}")
    chosen = page.cssselect("section[aria-labelledby=facet-place] .is-selected .row-label")
    assert [row.text_content() for row in chosen] == ["Homs governorate"], "it lies inside Syria"
    for row in chosen:
        assert all("open" in branch.attrib for branch in row.iterancestors("details"))
    chips = {chip.findtext("bdi"): chip.get("href") for chip in page.cssselect(".chips a.chip")}
    assert chips == {"Homs governorate": "/search/"}
    assert [text_of(hit) for hit in page.cssselect(".hit-title")] == ["وفد", "هدنة"]


def test_several_places_are_alternatives_and_a_switch_requires_all(client: Client, article: Article) -> None:
    page = tree_of(client, f"/search/?city={quote('تدمر')}&city={quote('بيروت')}")
    assert len(page.cssselect(".hit-title")) == 2
    assert [text_of(joint) for joint in page.cssselect(".chip-joint")] == ["or"]
    switch = {text_of(link): link for link in page.cssselect(".switch a")}
    assert switch["any of these"].get("aria-current") == "true"
    both = tree_of(client, str(switch["all of these"].get("href")))
    assert both.cssselect(".hit-title") == []
    assert [text_of(joint) for joint in both.cssselect(".chip-joint")] == ["and"]
    one = tree_of(client, f"/search/?city={quote('تدمر')}&place_all=1")
    labels = {text_of(link) for link in one.cssselect(".switch a")}
    assert "all of these" not in labels, "of one place there is nothing to choose"
    assert "place_all" not in str(one.cssselect(".chips a")[0].get("href"))


def test_other_rows_say_what_they_would_add(client: Client, article: Article) -> None:
    page = tree_of(client, f"/facets/place/?city={quote('تدمر')}")
    figures = {
        row.cssselect(".row-label")[0].text_content(): text_of(row.cssselect(".row-count")[0]).split()[-1]
        for row in page.cssselect("#values a.row")
    }
    assert figures == {
        "Syria": "+1", "Homs governorate": "+1", "Palmyra": "1", "Homs": "+1",
        "Aleppo governorate": "+1", "Aleppo": "+1",
        "Lebanon": "+1", "Beirut governorate": "+1", "Beirut": "+1",
    }  # fmt: skip


def test_each_city_is_shown_with_highlighted_sentences(client: Client, article: Article) -> None:
    page = tree_of(client, f"/articles/{article.pk}/")
    (named,) = [
        each for each in page.cssselect("details.spoken:not(.cite)") if "Why these" in each.text_content()
    ]
    entries = {
        entry.cssselect("dt a")[0].text_content(): [p.text_content() for p in entry.cssselect("dd p[dir]")]
        for entry in named.cssselect("dl > div")
    }
    assert entries["Homs"] == ["وصل وفد من حمص إلى حلب.", "وقال مسؤول بحمص إن <b>الطريق</b> مفتوح."]
    assert entries["Beirut"] == ["وفي بيروت بيان."]
    assert {mark.text for mark in named.cssselect("mark")} == {"حمص", "حلب", "بيروت"}
    assert named.cssselect("dt a")[0].get("href") == f"/search/?city={quote('حمص')}"
    assert "Lebanon" in named.text_content()


def test_a_city_of_the_file_or_of_a_librarian_is_labelled(client: Client, write: Write) -> None:
    article = write("خبر", "بلا أسماء", cities=("حمص",))
    aleppo = Place.objects.create(key="k", slug="حلب", name="حلب")
    record_override(article, aleppo, "meant", by=None, reason="سر المكتب")
    text = tree_of(client, f"/articles/{article.pk}/").text_content()
    assert "The file of the article names it." in text
    assert "A librarian of the archive added it." in text
    assert "سر المكتب" not in text, "reasons stay at the desk"


def test_the_article_page_says_what_it_is_about_and_what_is_an_institution(
    client: Client, write: Write
) -> None:
    article = write("خبر", "زار الوفد مدينة حمص. " + "وتابع الحديث عن الخطة. " * 20 + "ودرس في جامعة حلب.")
    tag_places(article)
    (named,) = tree_of(client, f"/articles/{article.pk}/").cssselect("details.spoken:not(.cite)")
    notes = {
        entry.cssselect("dt a")[0].text_content(): [text_of(p) for p in entry.cssselect("dd p.hint")]
        for entry in named.cssselect("dl > div")
    }
    assert notes == {
        "Homs": ["The article is about it."],
        "Aleppo": ["Named only in the name of an institution there."],
    }


def test_the_api_filters_by_region_and_returns_places(client: Client, article: Article) -> None:
    found = client.get("/api/v1/search", {"country": "لبنان", "governorate": "حمص", "place_all": 1}).json()
    assert [hit["id"] for hit in found["hits"]] == [article.pk]
    rows = {row["value"]: row for row in found["facets"]["governorate"]}
    assert (rows["حمص"]["within"], rows["حمص"]["selected"]) == (["سوريا"], True)
    read = client.get(f"/api/v1/articles/{article.pk}").json()
    focus = {mention.place.slug for mention in article.mentions.filter(about=True).select_related("place")}
    assert set(read["about"]) == focus == set(found["hits"][0]["about"])
    assert focus <= set(read["cities"])
    places = read["places"]
    first = next(each for each in places if each["city"] == "حمص")
    assert (first["country"], first["governorate"], first["field"]) == ("SY", "حمص", "body")
    assert BODY[first["start"] : first["end"]] == "حمص"
    assert first["evidence"] == "وصل وفد من حمص إلى حلب."


def test_the_help_describes_regions_and_both_kinds_of_dates(client: Client) -> None:
    page = tree_of(client, "/help/")
    assert page.get_element_by_id("regions").text_content()
    assert "yesterday" in page.get_element_by_id("events").text_content()


def test_places_are_found_by_any_name_with_their_articles_and_a_map(
    admin_client: Client, article: Article
) -> None:
    homs = Place.objects.get(slug="حمص")
    homs.aliases = ["أُمّ الحجارة السوداء"]
    homs.save()
    page = admin_client.get(reverse("admin:articles_place_changelist"), {"q": "ام الحجاره"}).content.decode()
    (row,) = html.fromstring(page).cssselect("#result_list tbody tr")
    assert row.cssselect(".field-slug")[0].text_content() == "حمص"
    assert row.cssselect(".field-articles_held")[0].text_content() == "1"
    assert "openstreetmap.org" in str(row.cssselect(".field-on_map a")[0].get("href"))
