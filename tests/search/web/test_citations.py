"""Citations: one model, texts in two languages, and files that reference managers read."""

from __future__ import annotations

import json
import re
from datetime import date

import bibtexparser
import pytest
import rispy
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from articles.models import Article, Inference
from search.store.article_rows import ArticleRow
from search.web.citation.bibtex import bibtex_entry
from search.web.citation.citation_text import citation_text
from search.web.citation.csl import csl_item
from search.web.citation.page_metadata import json_ld
from search.web.citation.ris import ris_record
from tests.search.web.conftest import Write

TODAY = date(2026, 12, 1)
MARKS = re.compile("[\u200e\u200f]")


def row(**known: object) -> ArticleRow:
    """Return an article dated to the day, with `known` fields."""
    values = {
        "id": 12,
        "title": "قافلة تصل إلى حمص",
        "date": "2014-01-27",
        "precision": "day",
        "source": "صحيفة الضفاف",
        "byline": "نور الهدى",
        "cities": (),
        "about": (),
        "url": "",
        "external_id": "",
        "file": "",
        "sha256": "",
        "story": None,
        "derived": (),
    }
    return ArticleRow(**{**values, **known})


def item(**known: object) -> dict:
    return csl_item(row(**known), "https://archive.example.org/articles/12/", TODAY)


def text(language: str, **known: object) -> str:
    """Return a citation without its direction marks."""
    return MARKS.sub("", citation_text(item(**known), language))


def test_a_citation_says_everything_that_is_known_in_two_languages() -> None:
    assert text("ar") == (
        "نور الهدى، «قافلة تصل إلى حمص»، صحيفة الضفاف، 27 كانون الثاني/يناير 2014، "
        "https://archive.example.org/articles/12/ (تاريخ الاطلاع: 1 كانون الأول/ديسمبر 2026)، "
        "أرشيف الأخبار، رقم 12."
    )
    assert text("en") == (
        "نور الهدى, “قافلة تصل إلى حمص”, صحيفة الضفاف, 27 January 2014, "
        "https://archive.example.org/articles/12/ (accessed 1 December 2026), News archive, no. 12."
    )


@pytest.mark.parametrize(
    ("day", "shown"),
    [("2014-01-27", "27 January 2014"), ("2014-01", "January 2014"), ("2014", "2014"), ("", "[undated]")],
)
def test_a_date_is_as_precise_as_it_is_known(day: str, shown: str) -> None:
    assert f", {shown}, https" in text("en", date=day)
    parts = [int(part) for part in day.split("-")] if day else None
    assert item(date=day).get("issued") == ({"date-parts": [parts]} if parts else None)


def test_an_agency_is_the_author_and_is_named_once() -> None:
    cited = item(source="وكالة سنابل", byline="")
    assert cited["author"] == [{"literal": "وكالة سنابل"}]
    assert citation_text(cited, "ar").count("سنابل") == 1
    assert "author" not in item(byline="")


def test_what_was_inferred_stands_in_brackets() -> None:
    shown = text("ar", derived=("byline", "source", "date"))
    assert "[نور الهدى]" in shown
    assert "[صحيفة الضفاف]" in shown
    assert "[27 كانون الثاني/يناير 2014]" in shown


def test_quotation_marks_of_a_headline_are_inner_ones() -> None:
    for title in ("قال «نعم» اليوم", "قال “نعم” اليوم"):
        assert "«قال “نعم” اليوم»" in text("ar", title=title)
        assert "“قال ‘نعم’ اليوم”" in text("en", title=title)


def test_names_of_the_other_script_do_not_move_what_follows() -> None:
    assert citation_text(item(), "en").startswith("\u200eنور الهدى\u200e, “")
    assert "alriyadh\u200f، 27" in citation_text(item(source="alriyadh"), "ar")


TEXTS = st.text(max_size=60).map(lambda text: f"خبر {text}")
AWKWARD = "100% of {A_B} & C#1 ~ x^2 \\ $5 } {"


def check_bibtex(title: str, author: str) -> dict[str, str]:
    library = bibtexparser.parse_string(bibtex_entry(item(title=title, byline=author)))
    assert not library.failed_blocks
    [entry] = library.entries
    assert entry.entry_type == "article"
    return {field.key: field.value for field in entry.fields}


@given(title=TEXTS, author=TEXTS)
def test_a_parser_reads_the_bibtex_of_any_text(title: str, author: str) -> None:
    fields = check_bibtex(title, author)
    assert fields["journal"] == "صحيفة الضفاف"
    assert (fields["year"], fields["day"], fields["urldate"]) == ("2014", "27", "2026-12-01")


def test_bibtex_keeps_the_letters_of_awkward_texts() -> None:
    shown = check_bibtex(AWKWARD, "نور")["title"]
    assert (shown[0], shown[-1]) == ("{", "}")
    for name, letter in (("textbraceleft", "{"), ("textbraceright", "}"), ("textasciitilde", "~")):
        shown = shown.replace(f"\\{name}{{}}", letter)
    shown = shown.replace(r"\textasciicircum{}", "^").replace(r"\textbackslash{}", "\\\\")
    assert re.sub(r"\\(.)", r"\1", shown[1:-1]) == AWKWARD


@given(title=TEXTS, author=TEXTS)
def test_a_parser_reads_the_ris_of_any_text(title: str, author: str) -> None:
    record = ris_record(item(title=f"{title}\nER  - \nTY  - BOOK", byline=author))
    [read] = rispy.loads(record)
    assert read["type_of_reference"] == "NEWS"
    assert (read["year"], read["date"]) == ("2014", "2014/01/27/")
    assert read["secondary_title"] == "صحيفة الضفاف"
    assert read["urls"] == ["https://archive.example.org/articles/12/"]


@given(title=st.text(max_size=60))
def test_no_text_ends_the_block_of_data_on_the_page(title: str) -> None:
    shown = json_ld(item(title=f"</script><b>{title}"))
    assert not set("<>&") & set(shown)
    assert json.loads(shown)["headline"].startswith("</script><b>")


@pytest.mark.django_db
def test_the_page_of_an_article_has_its_citations_and_metadata(client: Client, write: Write) -> None:
    article = write("قافلة <b>", "وصلت.", source="صحيفة الضفاف", day="2014-01-01", precision="month")
    tree = html.fromstring(client.get(f"/articles/{article.pk}/").content.decode())
    tags = {tag.get("name"): tag.get("content") for tag in tree.cssselect("meta[name]")}
    assert tags["citation_title"] == "قافلة <b>"
    assert tags["citation_publication_date"] == "2014/01"
    assert tags["citation_public_url"] == f"http://testserver/articles/{article.pk}/"
    assert tags["z:itemType"] == "newspaperArticle"
    [block] = tree.cssselect("script[type='application/ld+json']")
    read = json.loads(block.text_content())
    assert (read["@type"], read["headline"], read["datePublished"]) == ("NewsArticle", "قافلة <b>", "2014-01")
    for form in ("ar", "en", "bib", "ris"):
        [shown] = tree.cssselect(f"#cite-{form}")
        assert f"/articles/{article.pk}/" in shown.text_content()
    assert {link.get("href") for link in tree.cssselect("#cite a[download]")} == {
        f"/articles/{article.pk}/cite.{form}" for form in ("bib", "ris", "json")
    }


@pytest.mark.django_db
def test_files_agree_with_the_model(client: Client, write: Write) -> None:
    article = write("قافلة", "وصلت.", source="صحيفة الضفاف", day="2014-01-27", byline="نور")
    Inference.objects.create(
        article=article, field="byline", value="نور", confidence=0.5, method="x", used=True
    )

    def cite(form: str, **asked: str) -> str:
        answer = client.get(f"/articles/{article.pk}/cite.{form}", asked)
        assert answer.status_code == 200
        assert answer.headers["X-Robots-Tag"] == "noindex"
        return str(answer.content.decode())

    [model] = json.loads(cite("json"))
    assert model["title"] == "قافلة"
    assert model["custom"]["inferred"] == ["byline"]
    assert cite("txt").startswith("[نور]، «قافلة»")
    assert "no. " in cite("txt", lang="en")
    [entry] = bibtexparser.parse_string(cite("bib")).entries
    assert entry["url"] == model["URL"]
    [record] = rispy.loads(cite("ris"))
    assert record["urls"] == [model["URL"]]
    today = timezone.localdate()
    assert model["accessed"]["date-parts"] == [[today.year, today.month, today.day]]


@pytest.mark.django_db
def test_hidden_articles_and_other_forms_have_no_citation(client: Client, write: Write) -> None:
    article = write("قافلة")
    assert client.get(f"/articles/{article.pk}/cite.pdf").status_code == 404
    Article.objects.filter(pk=article.pk).update(state=Article.State.DRAFT)
    assert client.get(f"/articles/{article.pk}/cite.txt").status_code == 404
    with pytest.raises(CommandError, match="no article"):
        call_command("cite", str(article.pk))


@pytest.mark.django_db
def test_the_command_prints_what_the_page_has(
    client: Client, write: Write, capsys: pytest.CaptureFixture[str], settings: object
) -> None:
    settings.PUBLIC_ADDRESS = "http://testserver"
    article = write("قافلة", source="صحيفة الضفاف", day="2014-01-27")
    client.get("/", {"lang": "en"})
    for form in ("txt", "bib", "ris", "json"):
        call_command("cite", str(article.pk), "--format", form, "--language", "en")
        shown = client.get(f"/articles/{article.pk}/cite.{form}").content.decode()
        assert capsys.readouterr().out.split() == shown.split()
