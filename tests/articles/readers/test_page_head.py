"""The site of a saved web page: metadata if the page declares it, a prediction if its title suggests it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.ingest.transform import TransformedRecord, transform_record
from articles.metadata.inference import FILL_THRESHOLDS
from articles.models import Article
from articles.text.page_title import iter_title_splits
from tests.articles.conftest import import_paths, records_of

HEADLINE = "قافلة مساعدات تصل إلى أحياء حمص القديمة"
TEXT = "وصلت القافلة صباح الخميس إلى الحي القديم، وتسلمت العائلات حصصها من الطحين والزيت."
OG = '<meta property="og:site_name" content="{}">'


def page(title: str = "", head: str = "", h1: str = "", text: str = TEXT) -> bytes:
    paragraphs = "".join(f"<p>{text} وأضاف أن {number} عائلة تسلمت حصصها.</p>" for number in range(4))
    heading = f"<h1>{h1}</h1>" if h1 else ""
    top = f"<head><title>{title}</title>{head}</head>"
    return f"<!doctype html><html>{top}<body><article>{heading}{paragraphs}</article></body></html>".encode()


def read(data: bytes, default_source: str = "") -> TransformedRecord:
    [record] = records_of("a.html", data)
    return transform_record(record, date(2026, 1, 1), default_source)


def predicted_sources(item: TransformedRecord) -> list[tuple[str, float, bool, str]]:
    return [
        (each.value, each.confidence, each.used, each.evidence[each.start : each.end])
        for each in item.inferred
        if each.field == "source"
    ]


def test_a_paper_before_the_headline_of_the_title_is_no_part_of_it() -> None:
    item = read(page(f"جريدة الضفاف : {HEADLINE}: صور", text=TEXT).replace(b"article>", b"div>"))
    assert (item.record.title, item.record.source) == (f"{HEADLINE}: صور", "جريدة الضفاف")


def test_the_properties_of_an_office_file_are_not_those_of_the_article() -> None:
    head = '<meta name="author" content="ليلى ناصر"><meta name="created" content="2020-05-06T10:00:00">'
    for program, byline, day in (("LibreOffice 7.4", "", ""), ("WordPress 6", "ليلى ناصر", "2020-05-06")):
        record = read(page(HEADLINE, f'<meta name="generator" content="{program}">{head}', HEADLINE)).record
        assert (record.byline, record.date) == (byline, day)


@pytest.mark.parametrize(
    ("head", "site"),
    [
        (OG.format("صدى الضفاف"), "صدى الضفاف"),
        (OG.format("&nbsp;صدى\n الضفاف "), "صدى الضفاف"),
        ('<meta name="og:site_name" content="صدى الضفاف">', "صدى الضفاف"),
        ('<meta name="application-name" content="صدى الضفاف">', "صدى الضفاف"),
        ('<meta name="application-name" content="تطبيق">' + OG.format("صدى الضفاف"), "صدى الضفاف"),
        ('<meta name="application-name" content="&nbsp;">', ""),
        (OG.format(" - "), ""),
        (OG.format("صدى الضفاف أول موقع مستقل " * 5), ""),
        ('<meta property="og:description" content="صدى">', ""),
    ],
)
def test_a_declared_site_is_the_source(head: str, site: str) -> None:
    item = read(page(HEADLINE, head, HEADLINE))
    assert item.record.source == site
    assert not item.record.rejected
    assert not predicted_sources(item)


def test_a_declared_site_precedes_the_default_source_of_the_import() -> None:
    assert read(page(HEADLINE, OG.format("صدى الضفاف")), "سنابل").record.source == "صدى الضفاف"
    assert read(page(HEADLINE), "سنابل").record.source == "سنابل"


def test_no_agency_is_predicted_for_a_page_that_declares_its_site() -> None:
    item = read(page(HEADLINE, OG.format("صدى الضفاف"), HEADLINE, f"حمص - سانا: {TEXT}"))
    assert (item.record.source, predicted_sources(item)) == ("صدى الضفاف", [])


@pytest.mark.parametrize(
    ("title", "head", "h1", "shown"),
    [
        pytest.param(f"{HEADLINE} | صدى الضفاف", "", HEADLINE, HEADLINE, id="h1"),
        pytest.param(f"{HEADLINE} | صدى الضفاف", "", "", HEADLINE, id="stroke"),
        pytest.param(f"{HEADLINE}|صدى الضفاف", "", "", HEADLINE, id="stroke without blanks"),
        pytest.param(f"{HEADLINE} - صدى الضفاف", OG.format("صدى الضفاف"), "", HEADLINE, id="dash, declared"),
        pytest.param(f"{HEADLINE} - صحيفة الضفاف", "", "", HEADLINE, id="dash, says it is a paper"),
        pytest.param(f"صدى الضفاف : {HEADLINE}", OG.format("صدى الضفاف"), "", HEADLINE, id="before"),
        pytest.param("حلب - المعارضة تتقدم", "", "", "حلب - المعارضة تتقدم", id="a dash of the headline"),
        pytest.param(
            "س", f'<meta property="og:title" content="{HEADLINE} | صدى">', HEADLINE, HEADLINE, id="og:title"
        ),
        pytest.param(
            "س", f'<meta property="og:title" content="{HEADLINE} » صدى">' + OG.format("صدى"), "", HEADLINE,
            id="og:title, declared",
        ),
        pytest.param(HEADLINE, OG.format("صدى الضفاف"), "صدى الضفاف", HEADLINE, id="the site as h1"),
        pytest.param(
            f"{HEADLINE}: 30 عائلة - صور", "", f"{HEADLINE}: 30 عائلة - صور", f"{HEADLINE}: 30 عائلة - صور",
            id="h1 with a dash",
        ),
    ],
)  # fmt: skip
def test_the_title_does_not_contain_the_site(title: str, head: str, h1: str, shown: str) -> None:
    record = read(page(title, head, h1)).record
    assert record.title == shown
    assert not record.body.startswith(HEADLINE)


@pytest.mark.parametrize(
    ("title", "h1", "expected"),
    [
        (f"{HEADLINE} | صدى الضفاف", HEADLINE, ("صدى الضفاف", 0.6, False, "صدى الضفاف")),
        (f"{HEADLINE} | صدى الضفاف", "", ("صدى الضفاف", 0.6, False, "صدى الضفاف")),
        (f"{HEADLINE} - صدى الضفاف", HEADLINE, ("صدى الضفاف", 0.6, False, "صدى الضفاف")),
        (f"صدى الضفاف | {HEADLINE}", HEADLINE, ("صدى الضفاف", 0.6, False, "صدى الضفاف")),
        (f"{HEADLINE} | صحيفة الضفاف", "", ("صحيفة الضفاف", 0.92, True, "صحيفة الضفاف")),
        (f"{HEADLINE} - سانا", HEADLINE, ("وكالة الأنباء السورية", 0.92, True, "سانا")),
        (f"{HEADLINE} | أخبار سوريا", HEADLINE, None),
        (f"{HEADLINE} | الموقع الأول للخبر في كل البلاد", HEADLINE, None),
        (f"{HEADLINE} | 24 أيار 2012", HEADLINE, None),
        (HEADLINE, HEADLINE, None),
        ("الصفحة الأولى | صدى الضفاف", HEADLINE, None),
    ],
)  # fmt: skip
def test_a_name_beside_the_headline_is_a_prediction(title: str, h1: str, expected: tuple | None) -> None:
    item = read(page(title, h1=h1))
    assert predicted_sources(item) == ([expected] if expected else [])
    used = expected is not None and expected[2]
    assert item.record.source == (expected[0] if expected and used else "")
    assert used == bool(expected and expected[1] >= FILL_THRESHOLDS["source"])


def test_a_paper_in_the_title_precedes_the_agency_in_the_text() -> None:
    text = f"حمص - سانا: {TEXT}"
    [paper] = predicted_sources(read(page(f"{HEADLINE} | صحيفة الضفاف", h1=HEADLINE, text=text)))
    assert paper[0] == "صحيفة الضفاف"
    [agency] = predicted_sources(read(page(f"{HEADLINE} | صدى الضفاف", h1=HEADLINE, text=text)))
    assert agency[0] == "وكالة الأنباء السورية"


@pytest.mark.django_db
def test_an_imported_page_has_the_source_that_it_declares(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(page(f"{HEADLINE} - صدى", OG.format("صدى الضفاف"), HEADLINE))
    (tmp_path / "b.html").write_bytes(page(f"{HEADLINE} غدا | نهار القرى", h1=f"{HEADLINE} غدا"))
    assert import_paths(tmp_path)["created"] == 2
    declared, predicted = Article.objects.order_by("file_name")
    assert declared.source
    assert (declared.source.name, declared.title) == ("صدى الضفاف", HEADLINE)
    assert predicted.source is None
    fact = predicted.inferences.get(field="source")
    assert (fact.value, fact.method, fact.state) == ("نهار القرى", "page-title", "proposed")
    assert fact.evidence[fact.start : fact.end] == "نهار القرى"


@settings(deadline=None)
@given(st.text(alphabet="ab |-–:»\u200f", max_size=30))
def test_every_split_gives_the_position_of_the_site(title: str) -> None:
    title = " ".join(title.split())
    for split in iter_title_splits(title):
        assert title[split.start : split.end] == split.site
        assert split.headline
        assert split.site


@pytest.mark.parametrize("title", [HEADLINE, f"{HEADLINE} | صدى الضفاف", f"{HEADLINE} - صدى الضفاف"])
def test_a_site_name_in_h1_is_not_the_title(title: str) -> None:
    lower = f"</h1><h2>{HEADLINE}</h2>".encode()
    made = page(title, "", "صدى الضفاف").replace(b"</h1>", lower)
    assert read(made).record.title == HEADLINE


def test_a_subheading_that_differs_from_the_title_is_not_the_title() -> None:
    made = page("شيء آخر", "", HEADLINE).replace(b"</h1>", "</h1><h2>تفاصيل</h2>".encode())
    assert read(made).record.title == HEADLINE


def test_a_layout_table_leaves_no_bars_and_a_data_table_keeps_its_own() -> None:
    rows = f"<table><tr><td>{HEADLINE}</td></tr><tr><td>{TEXT * 3}</td></tr></table>"
    laid_out = read(f"<html><body>{rows}</body></html>".encode()).record
    assert laid_out.title == HEADLINE
    assert "|" not in laid_out.body
    numbers = "<table><tr><td>حمص</td><td>12</td></tr><tr><td>حلب</td><td>30</td></tr></table>"
    made = page(HEADLINE, "", HEADLINE).replace(b"</article>", f"{numbers}</article>".encode())
    assert "حمص | 12" in read(made).record.body
