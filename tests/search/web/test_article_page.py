"""The page of an article: highlights, links between them, provenance, and hidden articles."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils.translation import override
from lxml import html

from articles.models import Article, DateMention, ImportBatch, Place, PlaceMention
from articles.near_duplicates.clusters import update_clusters
from search.results import Segment, Snippet
from search.web.viewmodels.article_text import build_article_text
from search.web.viewmodels.labels import date_label
from tests.search.web.conftest import Write, text_of

pytestmark = pytest.mark.django_db


def article_page(client: Client, article: Article, **parameters: str) -> html.HtmlElement:
    answer = client.get(f"/articles/{article.pk}/", parameters)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def test_searched_words_are_highlighted_and_linked(client: Client, write: Write) -> None:
    article = write("حمص اليوم", "وصلت القافلة بحمص.\nوغادرت وحمص هادئة.")
    tree = article_page(client, article, q="حمص")
    assert [(mark.get("id"), mark.text) for mark in tree.cssselect("mark")] == [
        ("hit-1", "حمص"),
        ("hit-2", "بحمص"),
        ("hit-3", "وحمص"),
    ]
    walks = [[link.get("href") for link in bar.cssselect("a[rel]")] for bar in tree.cssselect(".hit-nav")]
    assert walks == [["#hit-2"], ["#hit-1", "#hit-3"], ["#hit-2"]]


def test_every_line_of_the_text_is_a_paragraph_and_nothing_is_lost(client: Client, write: Write) -> None:
    article = write("عنوان", "سطر أول عن حمص\n\nسطر ثان\nحمص")
    paragraphs = article_page(client, article, q="حمص").cssselect(".article-text p")
    assert [p.text_content().split("1 ")[0].strip() or p.cssselect("mark")[0].text for p in paragraphs][
        1
    ] == "سطر ثان"
    assert len(paragraphs) == 3


def test_a_phrase_across_a_line_end_is_one_highlight() -> None:
    body = Snippet((Segment("قبل "), Segment("دير\nالزور", marked=True), Segment(" بعد\nآخر")))
    shown = build_article_text(Snippet(()), body)
    assert [[run.text for run in line.runs] for line in shown.paragraphs] == [
        ["قبل ", "دير\nالزور", " بعد"],
        ["آخر"],
    ]


def test_runs_of_no_break_spaces_are_drawn_as_spaces() -> None:
    shown = build_article_text(Snippet(()), Snippet((Segment("دبي. \xa0 وذكرت"),)))
    assert [run.text for run in shown.paragraphs[0].runs] == ["دبي.   وذكرت"]


def test_the_link_back_leads_to_the_same_results_page(client: Client, archive: dict) -> None:
    state = {"q": "حمص", "city": "حمص", "sort": "newest", "page": "2", "size": "2"}
    listed = html.fromstring(client.get(f"/search/?{urlencode(state)}").content.decode())
    opened = html.fromstring(client.get(listed.cssselect(".hit-title a")[0].get("href")).content.decode())
    assert opened.cssselect("#back")[0].get("href") == f"/search/?{urlencode(state)}#hit-3"


def test_without_a_search_there_is_no_link_back_and_no_highlight(client: Client, archive: dict) -> None:
    tree = article_page(client, archive["convoy"])
    assert not tree.cssselect("#back, mark")


def test_provenance_names_hash_file_import_and_the_original_address(client: Client, write: Write) -> None:
    batch = ImportBatch.objects.create(state=ImportBatch.State.PUBLISHED)
    article = write(
        "خبر", "نص", sha256="ab" * 32, file_name="2013/خبر.txt", url="https://example.org/1", batch=batch
    )
    tree = article_page(client, article)
    text = tree.cssselect(".provenance")[0].text_content()
    assert "ab" * 32 in text
    assert "2013/خبر.txt" in text
    assert str(batch.pk) in text
    [link] = tree.cssselect('a[href="https://example.org/1"]')
    assert "noopener" in link.get("rel")


def test_a_date_is_shown_as_precisely_as_it_is_known(client: Client, archive: dict) -> None:
    dates = [
        article_page(client, archive[name]).cssselect("time")[0]
        for name in ("talks", "market", "school", "letter")
    ]
    assert [date.get("datetime") for date in dates] == ["2012-05-24", "2012-05", "2012", "undated"]
    assert dates[1].text == "أيار/مايو 2012"


def test_titles_and_paragraphs_have_the_direction_of_most_of_their_letters(
    client: Client, write: Write
) -> None:
    article = write("BBC: قافلة تصل إلى حمص", "2014 عام صعب على المدينة.\nReuters reported it as عاجل.")
    tree = article_page(client, article)
    assert tree.cssselect("h1")[0].get("dir") == "rtl"
    assert [p.get("dir") for p in tree.cssselect(".article-text p")] == ["rtl", "ltr"]


@pytest.mark.parametrize("query", ['"دير الزور"', "دير الزور"])
def test_a_phrase_or_name_is_one_highlight(client: Client, write: Write, query: str) -> None:
    article = write("خبر", "وصلت القافلة إلى دير الزور أمس، وعادت من دير الزور صباحا. دير الزور دير الزور")
    marks = article_page(client, article, q=query).cssselect("mark")
    assert [mark.text for mark in marks][:2] == ["دير الزور", "دير الزور"]


def test_words_that_are_no_phrase_are_highlighted_each(client: Client, write: Write) -> None:
    article = write("خبر", "قافلة مساعدات وصلت")
    assert [mark.text for mark in article_page(client, article, q="مساعدات قافلة").cssselect("mark")] == [
        "قافلة",
        "مساعدات",
    ]


def test_places_and_dates_in_the_text_lead_to_their_entries(client: Client, write: Write) -> None:
    article = write("خبر", "وصلت القافلة إلى حمص يوم 5 أيار 2012.\nثم عادت من حمص.")
    place = Place.objects.create(slug="حمص", name="حمص", key="test-homs")
    for start in (article.body.index("حمص"), article.body.rindex("حمص")):
        PlaceMention.objects.create(article=article, place=place, field="body", start=start, end=start + 3)
    start = article.body.index("5 أيار")
    day = date(2012, 5, 5)
    DateMention.objects.create(
        article=article, field="body", start=start, end=start + 11, first_day=day, last_day=day,
        precision="day", kind="absolute",
    )  # fmt: skip
    tree = article_page(client, article, q="عادت حمص")
    links = tree.cssselect(".article-text a.named")
    assert [(link.text, link.get("href")) for link in links] == [
        ("حمص", "#place-1"),
        ("5 أيار 2012", "#date-1"),
        ("حمص", "#place-1"),
    ]
    assert [mark.text_content() for mark in tree.cssselect("mark[id]")] == ["حمص", "عادت", "حمص"]
    assert text_of(tree.cssselect(".article-text")[0]).count("حمص") == 2
    place_entry, date_entry = tree.cssselect("#place-1")[0], tree.cssselect("#date-1")[0]
    assert "وصلت القافلة إلى حمص" in text_of(place_entry)
    assert place_entry.cssselect("dt a")[0].get("href").startswith("/search/?city=")
    assert date_entry.cssselect("dt a")[0].get("href").startswith("/search/?event=")


@pytest.mark.parametrize(
    "hide",
    [
        {"state": Article.State.DRAFT},
        {"state": Article.State.WITHDRAWN},
        {"batch": ImportBatch.State.PREVIEW},
        {"batch": ImportBatch.State.STAGING},
        {"batch": ImportBatch.State.FAILED},
    ],
)
def test_unpublished_articles_appear_on_no_page(client: Client, write: Write, hide: dict) -> None:
    fields = dict(hide)
    if "batch" in fields:
        fields["batch"] = ImportBatch.objects.create(state=fields["batch"])
    hidden = write(
        "سرنديب", "كلمة فريدة سرنديب", cities=("سرنديب",), source="سرنديب", day="2013-01-01", **fields
    )
    assert client.get(f"/articles/{hidden.pk}/").status_code == 404
    assert client.get(f"/api/v1/articles/{hidden.pk}").status_code == 404
    for url in ("/", "/search/", "/search/?q=كلمة", "/api/v1/search", "/api/v1/search?q=كلمة", "/help/"):
        assert "سرنديب" not in client.get(url).content.decode(), url


def test_ids_out_of_range_are_not_found(client: Client, archive: dict) -> None:
    assert client.get(f"/articles/{10**30}/").status_code == 404


def test_other_articles_with_the_same_text_are_listed(client: Client, write: Write) -> None:
    first = write("خبر", "نص", source="سنابل", text_hash="c" * 64)
    write("خبر", "نص", source="الضفاف", text_hash="c" * 64)
    write("خبر", "نص", source="مسودات", text_hash="c" * 64, state=Article.State.DRAFT)
    update_clusters(Article.objects.values_list("pk", flat=True))
    text = article_page(client, first).cssselect(".other-versions")[0].text_content()
    assert "الضفاف" in text
    assert "مسودات" not in text


def test_labels_of_invalid_dates_are_returned_unchanged() -> None:
    assert date_label("tomorrow") == "tomorrow"
    assert date_label("2013-13") == "2013-13"


def test_a_date_is_in_the_language_asked_for_whatever_is_in_use() -> None:
    # Dates that no other test has: labels are kept.
    for used, asked, label in (("en", "ar", "أيار/مايو 1804"), ("ar", "en", "May 1804")):
        with override(used):
            assert date_label("1804-05", asked) == label
    for used, label in (("ar", "أيار/مايو 1804"), ("en", "May 1804")):
        with override(used):
            assert date_label("1804-05") == label
