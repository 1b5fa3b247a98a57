"""Names and numbers as a reader wants them: Latin names on English pages, either digits on Arabic ones."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.template import Context, Template
from django.test import Client
from django.utils import translation
from lxml import html

from arabic.spelling.latin_names import latin_labels
from arabic.tables.gazetteer import gazetteer, governorates
from articles.geotagging.geotagger import tag_places
from articles.metadata.source_resolver import SourceResolver, fill_latin_names
from articles.models import Article, Place, Source
from search.indexing.outbox_consumer import drain_outbox
from search.store.display_names import display_name
from search.web.digits import digits, digits_of_reader
from tests.search.web.conftest import Write, text_of

pytestmark = pytest.mark.django_db
ARABIC_LETTER = re.compile("[\u0621-\u064a]")
#: What may hold Arabic letters on an English page: titles and texts of articles, queries, the other language.
ARCHIVED = (
    ".cite, h3.hit-title, .snippet, .article-text, .article h1, input, a[lang=ar], dd p, .back, title, mark,"
    'a[href^="/search/?q="], .latest a, h3 > a[href^="/articles/"]'
)


@pytest.fixture
def article(write: Write) -> Article:
    """Return an article of a known paper about places in Syria and Lebanon."""
    made = write(
        "وفد", "وصل وفد من حمص إلى حلب. وقال مسؤول بحمص إن الطريق مفتوح. وفي بيروت بيان.",
        source="صحيفة الضفاف", day="2013-05-12", findable=False,
    )  # fmt: skip
    Source.objects.update(latin_name="Al-Difaf")
    tag_places(made)
    drain_outbox()
    return made


def tree_of(client: Client, path: str, language: str = "en") -> html.HtmlElement:
    client.cookies["django_language"] = language
    answer = client.get(path)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


@pytest.mark.parametrize(
    "path",
    ["/search/", f"/search/?city={quote('حمص')}&source={quote('صحيفة الضفاف')}", "/search/?not_place={0}",
     "/coverage/", "/coverage/?by=city", "/articles/{id}/", "/"],
)  # fmt: skip
def test_an_english_page_names_places_and_papers_in_latin_letters(
    client: Client, article: Article, path: str
) -> None:
    page = tree_of(client, path.format(quote("حمص"), id=article.pk))
    for element in page.cssselect(ARCHIVED):
        element.clear()
    body = page.find("body")
    assert body is not None
    lines = (line.replace(article.title, "") for line in body.itertext())
    assert [line for line in lines if ARABIC_LETTER.search(line)] == []


def test_addresses_and_the_api_keep_the_arabic_names(client: Client, article: Article) -> None:
    page = tree_of(client, "/search/")
    rows = {row.cssselect(".row-label")[0].text: row.get("href") for row in page.cssselect("a.row")}
    assert rows["Homs"].endswith(f"city={quote('حمص')}")
    assert rows["Al-Difaf"].endswith("source=" + quote("صحيفة الضفاف").replace("%20", "+"))
    answer = client.get("/api/v1/search").json()
    assert answer["hits"][0]["source"] == "صحيفة الضفاف"
    assert ("حمص", "Homs") in [(row["value"], row["label"]) for row in answer["facets"]["city"]]


def test_an_arabic_page_has_the_arabic_names(client: Client, article: Article) -> None:
    page = tree_of(client, "/search/", "ar")
    assert {"حمص", "صحيفة الضفاف"} <= {row.text for row in page.cssselect(".row-label")}


def test_a_name_that_staff_changed_is_on_the_next_page(client: Client, article: Article) -> None:
    tree_of(client, f"/articles/{article.pk}/")
    Source.objects.update(latin_name="The Banks")
    assert "The Banks" in text_of(tree_of(client, f"/articles/{article.pk}/"))


def test_a_place_without_a_latin_name_keeps_its_own(article: Article) -> None:
    Place.objects.create(key="own", slug="ضيعة لا يعرفها أحد", name="ضيعة لا يعرفها أحد")
    with translation.override("en"):
        assert display_name("city", "ضيعة لا يعرفها أحد") == "ضيعة لا يعرفها أحد"
        assert display_name("governorate", "ريف دمشق") == "Rif Dimashq"
        assert display_name("country", "سوريا") == "Syria"


def test_every_place_and_governorate_has_one_latin_name() -> None:
    names = latin_labels()
    assert {*gazetteer().by_key, *governorates()} <= names.keys()
    assert [name for name in names.values() if ARABIC_LETTER.search(name) or name != name.strip()] == []


def test_a_known_paper_begins_with_its_latin_name() -> None:
    SourceResolver().source_id("رويترز")
    Source.objects.create(name="وكالة سنابل للأنباء")
    Source.objects.create(name="صحيفة مجهولة")
    fill_latin_names()
    assert dict(Source.objects.values_list("name", "latin_name")) == {
        "رويترز": "Reuters", "وكالة سنابل للأنباء": "Sanabel News Agency", "صحيفة مجهولة": "",
    }  # fmt: skip


def test_a_number_is_written_in_the_digits_of_the_reader_and_chooses_the_plural() -> None:
    template = Template(
        "{% load i18n archive %}{% blocktranslate trimmed count n=total|digits %}{{ n }} article"
        "{% plural %}{{ n }} articles{% endblocktranslate %}"
    )
    with translation.override("ar"):
        assert template.render(Context({"total": 3119})) == "3,119 خبرًا"
        with digits_of_reader("arabic"):
            assert template.render(Context({"total": 3119})) == "٣٬١١٩ خبرًا"
            assert template.render(Context({"total": 5})) == "٥ أخبار"
            assert digits("12 أيار/مايو 2013") == "١٢ أيار/مايو ٢٠١٣"


@pytest.mark.parametrize("path", ["/", "/search/", "/coverage/", "/coverage/?by=source", "/articles/{id}/"])
def test_the_chosen_digits_are_kept_and_reach_every_count_and_date(
    client: Client, article: Article, path: str
) -> None:
    page = tree_of(client, path.format(id=article.pk), "ar")
    (switch,) = [link for link in page.cssselect(".footer a") if link.text == "أرقام ١٢٣"]
    tree_of(client, switch.get("href", ""), "ar")
    page = tree_of(client, path.format(id=article.pk), "ar")
    for element in page.cssselect(f"{ARCHIVED}, [dir=ltr], code, .footer, script, option"):
        element.clear()
    body = page.find("body")
    assert body is not None
    texts = [text for text in body.itertext() if re.search("[0-9]", text)]
    assert texts == []
    assert re.search("[٠-٩]", text_of(body))


def test_english_pages_and_the_api_have_western_digits(client: Client, article: Article) -> None:
    client.get("/?digits=arabic")
    assert not re.search("[٠-٩]", text_of(tree_of(client, "/search/")))
    client.cookies["django_language"] = "ar"
    assert not re.search("[٠-٩]", client.get("/api/v1/search").content.decode())


def test_an_unknown_system_of_digits_changes_nothing(client: Client) -> None:
    assert "digits" not in client.get("/?digits=roman").cookies
    assert client.get("/?digits=arabic").cookies["digits"].value == "arabic"


def test_the_samples_have_a_latin_name_for_each_paper() -> None:
    call_command("import_articles", "articles/samples/riwaq", verbosity=0)
    assert set(Source.objects.values_list("latin_name", flat=True)) == {"Riwaq News Agency"}
