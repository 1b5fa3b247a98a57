"""Months as they are seldom written, other calendars, and dates in the forms of programs."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arabic.dates import hijri
from arabic.dates.metadata_date import parse_serial_day
from arabic.dates.other_calendars import SOLAR_YEARS, rumi_period, solar_period
from arabic.dates.tagger import find_dates, parse_date
from articles.metadata.publication_date import extract_publication_date
from articles.text.records import RawRecord
from tests.growth import LARGEST_RATIO, growth

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12 كانون 2 2014", "2014-01-12"), ("٣ كانون ١ ٢٠١١", "2011-12-03"), ("5 تشرين1 2013", "2013-10-05"),
        ("9 تشرين 2، 2012", "2012-11-09"), ("7 ك2 2012", "2012-01-07"), ("7 ك 1 2012", "2012-12-07"),
        ("4 ت1 2013", "2013-10-04"), ("4/ت2/2013", "2013-11-04"), ("في 20 كانون2 2015 وصلوا", "2015-01-20"),
        ("3 Août 2013", "2013-08-03"), ("3 aout 2013", "2013-08-03"), ("14 février 2012", "2012-02-14"),
        ("1 décembre 2010", "2010-12-01"), ("21 juin 2009", "2009-06-21"), ("5 mars 2014", "2014-03-05"),
        ("15 رجب 1300 هـ", "1883-05-22"), ("1 محرم 1342", "1923-08-14"), ("9 ذي الحجة 1299 هـ", "1882-10-22"),
        ("27/8/1302هـ", "1885-06-11"), ("3 ربيع الأول 1250 هـ", "1834-07-10"),
        ("12 شباط 1330 مالي", "1915-02-25"), ("12 شباط مالي 1330", "1915-02-25"),
        ("31 آذار 1325 رومي", "1909-04-13"), ("1 مارس 1333 مالية", "1917-03-01"),
        ("10 تموز 1324 مالي", "1908-07-23"), ("16 كانون الثاني 1335 مالي", "1919-01-16"),
        ("۱۲ مرداد ۱۳۹۲", "2013-08-03"), ("22 بهمن 1357", "1979-02-11"), ("1 فروردین 1403", "2024-03-20"),
        ("30 اسفند 1399", "2021-03-20"), ("14 مرداد 1285 هجری شمسی", "1906-08-06"),
    ],
)  # fmt: skip
def test_a_day_of_any_calendar_and_spelling_is_read(text: str, day: str) -> None:
    (tag,) = find_dates(text)
    assert (tag.first.isoformat(), tag.last.isoformat(), tag.precision) == (day, day, "day")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("عام 1434 هـ", "2012-11-15", "2013-11-03"), ("رمضان 1434", "2013-07-09", "2013-08-07"),
        ("1434 هـ", "2012-11-15", "2013-11-03"), ("شعبان 1330", "1912-07-16", "1912-08-13"),
        ("سنة 1299 هـ", "1881-11-23", "1882-11-11"), ("سنة 1330 مالية", "1914-03-14", "1915-03-13"),
        ("نيسان 1331 مالي", "1915-04-14", "1915-05-13"), ("مرداد 1392", "2013-07-23", "2013-08-22"),
    ],
)  # fmt: skip
def test_a_month_or_year_of_another_calendar_is_a_period_over_two(text: str, first: str, last: str) -> None:
    (tag,) = find_dates(text)
    assert (tag.first.isoformat(), tag.last.isoformat()) == (first, last)
    found = parse_date(text)
    assert found is not None
    assert (found.first, found.last) == (tag.first, tag.last)


@pytest.mark.parametrize(
    "text",
    [
        "سنة 1258 سقطت المدينة", "5/3/1300", "عام 1330", "12 مهر", "دي 2012", "12 شباط 1330", "ك 2 كيلو",
        "ت 1 هاتف 2012", "كانون 3 2012", "30 اسفند 1400", "31 مهر 1392", "12 مرداد 2013",
    ],
)  # fmt: skip
def test_what_no_calendar_has_is_no_day(text: str) -> None:
    assert [tag for tag in find_dates(text) if tag.precision == "day"] == []


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("03-Aug-13", "2013-08-03"), ("3 Aug 98", "1998-08-03"), ("03/Aug/13", "2013-08-03"),
        ("3-août-13", "2013-08-03"), ("Sat Aug 03 12:00:00 AST 2013", "2013-08-03"),
        ("Sat Aug 03 12:00:00 +0000 2013", "2013-08-03"), ("Aug 3 12:00 2013", "2013-08-03"),
        ("Mon Jan 06 09:15:00 GMT+03:00 2014", "2014-01-06"), ("30 Nov -0001", ""), ("0000-00-00", ""),
        ("Sun, 30 Nov -0001 00:00:00 +0000", ""), ("0001-11-30", ""), ("41489", ""), ("00-Aug-13", ""),
        ("31-Feb-13", ""), ("03-Abc-13", ""), ("13/2012", ""),
    ],
)  # fmt: skip
def test_forms_of_programs_are_read_and_impossible_days_are_none(value: str, day: str) -> None:
    assert str(parse_date(value) or "") == day


@pytest.mark.parametrize(
    ("given", "kind", "body", "expected", "code"),
    [
        ("41489", "csv", "", "2013-08-03", ""),
        ("41489.5", "xlsx", "", "2013-08-03", ""),
        ("41489", "html", "", "", "date-unknown"),
        ("9999", "csv", "", "", "date-unknown"),
        ("72050", "csv", "", "", "date-absurd"),
        ("رمضان 1434", "csv", "", "2013", "date-of-another-calendar"),
        ("1434 هـ", "csv", "", "", "date-of-another-calendar"),
        ("1392/05/12", "csv", "این خبر در تهران منتشر شد و مردم از آن با خبر شدند که", "2013-08-03", ""),
        ("1392/05/12", "csv", "أعلنت البلدية أن الجسر يفتح غدا", "1972-06-23", ""),
        ("2028-01-01", "csv", "", "", "date-absurd"),
    ],
)
def test_a_column_of_dates_is_read_by_format_and_language(
    given: str, kind: str, body: str, expected: str, code: str
) -> None:
    found = extract_publication_date(RawRecord("a", date=given, format=kind, body=body), TODAY)
    assert (str(found.value or ""), [note.code for note in found.notes]) == (expected, [code] if code else [])


@given(st.dates(date(1866, 1, 1), date(2090, 1, 1)))
def test_every_day_has_one_solar_date_and_the_calendar_has_no_gaps(day: date) -> None:
    year = next(each for each in (day.year - 621, day.year - 622) if solar_period(each)[0] <= day)
    assert year in SOLAR_YEARS
    months = [solar_period(year, month) for month in range(1, 13)]
    assert months[0][0] == solar_period(year)[0]
    assert months[-1][1] == solar_period(year)[1]
    assert all(one[1] + timedelta(days=1) == other[0] for one, other in pairwise(months))


#: Until this year the Umm al-Qura table has months of 28 and 31 days: corrections of the year they are in.
LAST_CORRECTED_YEAR = 1364


@given(st.integers(1215, 1499), st.integers(1, 12))
@example(hijri.TABLE_YEAR - 1, 12)
@example(1343, 9)
@example(1345, 5)
def test_hijri_months_follow_each_other_without_gaps(year: int, month: int) -> None:
    first, last, _precision = hijri.period(year, month)
    most = 1 if hijri.TABLE_YEAR - 1 <= year <= LAST_CORRECTED_YEAR else 0
    assert 29 - most <= (last - first).days + 1 <= 30 + most
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    assert hijri.period(*following)[0] == last + timedelta(days=1)


@given(st.integers(1256, 1340))
def test_rumi_years_follow_each_other_without_gaps(year: int) -> None:
    assert rumi_period(year)[1] + timedelta(days=1) == rumi_period(year + 1)[0]


@given(st.text(alphabet="0123456789 -/:.,'abcgujansepهـممالي", max_size=40))
def test_any_value_is_a_date_or_none(value: str) -> None:
    for found in (parse_date(value), parse_date(value, persian=True), parse_serial_day(value)):
        assert found is None or found.first <= found.last


@pytest.mark.parametrize("unit", ["1 ", "12 ك 2 ", "aug ", "1-", "مالي ", "0", "'", "3 août "])
def test_a_pumped_value_takes_linear_time(unit: str) -> None:
    assert growth(lambda size: parse_date(unit * size, persian=True), 500) < LARGEST_RATIO
