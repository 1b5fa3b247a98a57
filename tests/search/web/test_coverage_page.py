"""The coverage page shows how much is archived where and when; empty results refer to it."""

from __future__ import annotations

import html
import re
from collections import Counter
from datetime import date
from urllib.parse import urlencode

import lxml.html
import pytest
from django.test import Client
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from articles.models import Article, Place, PlaceMention, Source
from search.coverage.coverage_counts import (
    CoverageSeries,
    coverage_by_city,
    coverage_by_source,
    months_between,
    next_month,
)
from search.web.coverage_page import MAX_YEARS, SPARK_WIDTH, sparkline_path
from tests.search.web.conftest import Write

pytestmark = pytest.mark.django_db


def page(client: Client, **parameters: str | list[str]) -> str:
    return client.get("/coverage/", {"lang": "en", **parameters}).content.decode()


def test_counts_equal_a_recount_over_the_articles(archive: dict[str, Article]) -> None:
    counted = Counter(
        (article.source_id, article.date and article.date.year) for article in Article.objects.visible()
    )
    for held in coverage_by_source():
        assert held.undated == counted.get((held.key, None), 0)
        assert dict(held.years) == {year: n for (key, year), n in counted.items() if key == held.key and year}
    named = Counter(PlaceMention.objects.values_list("place__slug", "article_id").distinct())
    totals = Counter(slug for slug, _article in named)
    assert {held.name: held.total for held in coverage_by_city()} == dict(totals)


def test_a_month_that_is_not_known_counts_in_its_year_only(archive: dict[str, Article]) -> None:
    (school,) = [held for held in coverage_by_source() if held.key is None]
    assert (dict(school.years), dict(school.months), school.undated) == ({2012: 1}, {}, 1)


def test_hidden_articles_are_not_counted(write: Write) -> None:
    write("x", source="صحيفة", day="2012-01-01", state=Article.State.DRAFT)
    assert coverage_by_source() == []
    assert coverage_by_city() == []


def test_cities_are_counted_within_a_source_and_sources_within_a_city(archive: dict[str, Article]) -> None:
    source = Source.objects.get(name="وكالة سنابل")
    assert {held.name: held.total for held in coverage_by_city(sources=[source.pk])} == {"حمص": 2, "حلب": 1}
    aleppo = Place.objects.get(slug="حلب")
    assert {held.name: held.total for held in coverage_by_source(cities=[aleppo.pk])} == {
        "وكالة سنابل": 1,
        "صحيفة الضفاف": 1,
    }


def test_the_largest_and_the_requested_cities_are_shown(archive: dict[str, Article]) -> None:
    damascus = Place.objects.get(slug="دمشق")
    assert [held.name for held in coverage_by_city(top=1)] == ["حمص"]
    assert [held.name for held in coverage_by_city(top=1, chosen=[damascus.pk])] == ["حمص", "دمشق"]


months = st.integers(1990 * 12, 2030 * 12).map(lambda n: n // 12 * 100 + n % 12 + 1)


@given(st.dictionaries(months, st.integers(1, 9), min_size=1, max_size=20))
def test_months_held_and_gaps_make_up_the_span(held: dict[int, int]) -> None:
    one = CoverageSeries("x", 1, held)
    gap = {month for run in one.gaps() for month in months_between(*run)}
    assert one.span == (min(held), max(held))
    assert gap.isdisjoint(held)
    assert gap | set(held) == set(months_between(*one.span))
    ends = [last for _first, last in one.gaps()]
    starts = [first for first, _last in one.gaps()]
    assert all(next_month(last) not in starts for last in ends), "runs that touch are one"
    bars = sparkline_path(one, right_to_left=True).count("M")
    assert bars == len(held) or len(list(months_between(*one.span))) > SPARK_WIDTH
    assert 0 < bars <= min(len(held), SPARK_WIDTH)


def test_totals_name_span_undated_share_and_gaps(archive: dict[str, Article], client: Client) -> None:
    text = page(client)
    assert "6 articles, 1 of them without a date" in text
    assert "June 2012 – January 2014" in text, "the gap of وكالة سنابل"
    assert "(50%)" in text, "of two articles without a source one has no date"


def test_years_link_to_months_and_counts_to_the_search(archive: dict[str, Article], client: Client) -> None:
    text = page(client, by="source", year="2012")
    assert 'class="coverage-gap"' in text
    source = Source.objects.get(name="وكالة سنابل")
    held = next(each for each in coverage_by_source() if each.key == source.pk)
    assert held.months[201205] == 1
    (link,) = [
        part.split('"')[0] for part in text.split('href="') if "2012-05" in part and "%D8%B3%D9%86" in part
    ]
    found = client.get(link.replace("&amp;", "&"), {}).content.decode()
    assert "محادثات" in found


def test_a_requested_city_is_added(archive: dict[str, Article], client: Client) -> None:
    assert 'value="دمشق"' in page(client, by="city", city="دمشق")
    assert 'value="nowhere"' not in page(client, by="city", city="nowhere")


def test_an_empty_archive_says_so(write: Write, client: Client) -> None:
    for by in ("totals", "source", "city"):
        assert "holds nothing of this yet" in page(client, by=by)


@pytest.mark.parametrize("by", ["totals", "source", "city", "nonsense", "<script>"])
@pytest.mark.parametrize("year", ["", "2012", "99999", "x"])
def test_no_parameter_breaks_the_page(
    archive: dict[str, Article], client: Client, by: str, year: str
) -> None:
    answer = client.get("/coverage/", {"by": by, "year": year, "source": ["x"] * 99, "city": "\x00"})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


# -- pages of a large archive


@pytest.fixture
def large(db: None) -> list[str]:
    """Fill an archive with sources of long names in 200 years; return the names, most articles first."""
    sources = [Source(name=f"{number:02} " + "صحيفة " * 32) for number in range(60)]
    Source.objects.bulk_create(sources)
    Article.objects.bulk_create(
        Article(title="خبر", source=source, date=date(year, 1 + number % 12, 1), date_precision="day")
        for number, source in enumerate(sources)
        for year in (range(1820, 2020) if number < 6 else (1820, 2019))
    )
    return [source.name for source in sources]


def test_pages_of_a_large_archive_are_small(large: list[str], client: Client) -> None:
    city = Place.objects.create(slug="م" * 90, name="م", key="m", kind="city")
    PlaceMention.objects.create(article=Article.objects.earliest("pk"), place=city, field="metadata")
    for by, chosen in (("totals", {}), ("source", {}), ("city", {"source": large[:30]})):
        for year in ("", "1990"):
            answer = client.get("/coverage/", {"by": by, "year": year, **chosen})
            assert (answer.status_code, len(answer.content) < 1_000_000) == (200, True), (by, year)


def test_every_source_is_on_a_page_and_every_year_in_a_column(large: list[str], client: Client) -> None:
    rows: list[str] = []
    text, first = page(client, by="source"), page(client, by="source")
    while True:
        rows += re.findall(r'<th scope="row"><a[^>]*><bdi>([^<]*)', text)
        if not (link := re.search(r'<a href="([^"]*)" rel="next"', text)):
            break
        text = client.get(html.unescape(link[1])).content.decode()
    assert [name.strip() for name in rows] == [name.strip() for name in large]
    years: list[int] = []
    while True:
        shown = [int(each) for each in re.findall(r">(\d{4})</a></th>", first)]
        assert len(shown) <= MAX_YEARS
        years = shown + years
        if not (link := re.search(r'<a href="([^"]*)" rel="nofollow">Earlier years', first)):
            break
        first = client.get(html.unescape(link[1])).content.decode()
    assert years == list(range(1820, 2020))


def rows_of(text: str) -> list[str]:
    return [name.strip() for name in re.findall(r'<th scope="row"><a[^>]*><bdi>([^<]*)', text)]


def test_the_names_of_the_address_come_first_and_keep_their_places_when_one_is_added(
    large: list[str], client: Client
) -> None:
    places = Place.objects.bulk_create(
        Place(slug=f"مدينة {number:02}", name="م", key=f"m{number}", kind="city") for number in range(60)
    )
    article = Article.objects.earliest("pk")
    PlaceMention.objects.bulk_create(
        PlaceMention(article=article, place=place, field="metadata") for place in places
    )
    assert rows_of(page(client, by="source", source=large[59]))[0] == large[59].strip()
    asked = {"source": large[:20], "city": places[55].slug}  # so long a search that few rows fit on a page
    text = page(client, by="city", **asked)
    assert rows_of(text)[0] == places[55].slug
    (form,) = lxml.html.fromstring(text).cssselect("form.coverage-add")
    form.cssselect("#add-city")[0].set("value", places[40].slug)
    added = client.get(f"/coverage/?{urlencode(form.form_values())}").content.decode()
    assert rows_of(added)[:2] == [places[40].slug, places[55].slug]


def test_names_that_are_too_many_are_counted(large: list[str], client: Client) -> None:
    assert "left out" not in page(client, by="source", source=large[:2])
    assert "Too many names: 58 were left out" in page(client, by="source", source=large[:60])
    assert "Too many names: 10 were left out" in page(
        client, by="source", source=[f"x{n}" for n in range(40)]
    )


# -- the sentence on a page of results


def results(client: Client, **parameters: str) -> str:
    return client.get("/search/", {"lang": "en", **parameters}).content.decode()


def test_no_hits_where_nothing_is_archived_links_to_the_coverage_page(
    archive: dict[str, Article], client: Client
) -> None:
    text = results(client, q="القافلة", source="وكالة سنابل", date="2013-05")
    assert "The archive holds nothing of وكالة سنابل in this period (May 2013)." in text
    assert escape("/coverage/?by=source") in text


def test_the_link_of_no_hits_leads_to_the_source_in_the_years_asked_for(write: Write, client: Client) -> None:
    write("خبر")  # what comes after it is not in the index yet
    sources = Source.objects.bulk_create(Source(name=f"صحيفة {number:02}") for number in range(60))
    Article.objects.bulk_create(
        Article(title="خبر", source=source, date=date(year, 1, 1), date_precision="day")
        for source in sources
        for year in (1900, 1940, 1960, 2019)
    )
    periods: tuple[dict[str, str], ...] = ({"date": "1950-05"}, {"from": "1945", "to": "1955"})
    for period in periods:
        text = results(client, q="خبر", source=sources[59].name, **period)
        assert "The archive holds nothing of" in text
        (link,) = {html.unescape(each) for each in re.findall(r'href="(/coverage/\?by=source[^"]*)"', text)}
        shown = client.get(link).content.decode()
        assert rows_of(shown)[0] == sources[59].name
        assert {"1940", "1960"} <= set(re.findall(r">(\d{4})</a>", shown))
        assert "2019</a>" not in shown
        assert ('aria-current="true">1950</a>' in shown) == ("date" in period)


@pytest.mark.parametrize("year", ["1700", "1950", "2400"])
def test_a_year_without_articles_is_shown_empty_among_its_neighbours(
    write: Write, client: Client, year: str
) -> None:
    for known in (1900, 1949, 1951, 2020):
        write("خبر", source="صحيفة", day=f"{known}-01-01", findable=False)
    text = page(client, by="source", year=year, source="صحيفة")
    assert f'aria-current="true">{year}</a>' in text
    assert ">1949</a>" in text or year != "1950"
    assert ">2020</a>" not in text or year != "1950"
    assert ">Sep</th>" in text
    # The city has no article of this source, and yet a row.
    write("خبر", source="وكالة", cities=("إدلب",), findable=False)
    assert rows_of(page(client, by="city", year=year, source="صحيفة", city="إدلب")) == ["إدلب"]


def test_the_first_hundred_years_have_months(write: Write, client: Client) -> None:
    for day in ("0005-03-01", "0620-01-01"):
        write("خبر", source="صحيفة", day=day, findable=False)
    text = page(client, by="source", year="5")
    assert ">Sep</th>" in text
    assert ("date=0005-03" in text, "year=501" in text) == (True, False)
    assert "date=0620" in page(client, by="source")


def test_no_hits_where_something_is_archived_does_not(archive: dict[str, Article], client: Client) -> None:
    assert "holds nothing" not in results(client, q="زنجبيل", source="وكالة سنابل", date="2014-02")
    assert "holds nothing" not in results(client, q="القافلة", source="وكالة سنابل", date="2014-02")
    assert "holds nothing" not in results(client, q="زنجبيل")


def test_a_city_and_a_range_are_named(archive: dict[str, Article], client: Client) -> None:
    text = results(client, q="القافلة", city="دمشق", **{"from": "2013", "to": "2014"})
    assert "The archive holds nothing of دمشق in this period (2013 – 2014)." in text


def test_a_day_of_a_date_is_what_the_database_says(write: Write) -> None:
    write("x", source="صحيفة", day="2012-12-31")
    (held,) = coverage_by_source()
    assert held.months == {201212: 1}
    assert Article.objects.get().date == date(2012, 12, 31)
