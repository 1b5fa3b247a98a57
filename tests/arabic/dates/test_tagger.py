"""The date tagger: dates in Arabic text and in metadata."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.dates.lexicon import month_names
from arabic.dates.tagger import find_dates, parse_date
from arabic.dates.values import PartialDate, partial_date
from tests.arabic.strategies import SCRAPED_TEXTS

LEVANTINE = (
    "كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران",
    "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني", "كانون الأول",
)  # fmt: skip
GREGORIAN = (
    "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو",
    "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
)  # fmt: skip
DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def values(text: str) -> list[str]:
    return [value for tag in find_dates(text) for value in tag.values]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("اجتمعوا يوم 3 آذار 2012 في دمشق", ["2012-03-03"]),
        ("في ٣ مارس ٢٠١٢", ["2012-03-03"]),
        ("۳ مارس ۲۰۱۲", ["2012-03-03"]),
        ("3 آذار/مارس 2012", ["2012-03-03"]),
        ("3 آذار (مارس) 2012م", ["2012-03-03"]),
        ("3 مارس - آذار 2012", ["2012-03-03"]),
        ("5 أوت 2012 ثم 6 غشت 2012", ["2012-08-05", "2012-08-06"]),
        ("12 جويلية 2013", ["2013-07-12"]),
        ("3 من شهر نيسان عام 2011", ["2011-04-03"]),
        ("الحادي والثلاثين من تموز 2012", ["2012-07-31"]),
        ("الثاني عشر من تشرين ثاني 2013", ["2013-11-12"]),
        ("في الأول من أيار، 2012", ["2012-05-01"]),
        ("15/3/2011 و16-3-2011 و2011/3/17", ["2011-03-15", "2011-03-16", "2011-03-17"]),
        ("2011-03-18", ["2011-03-18"]),
        ("منذ مطلع آذار 2014", ["2014-03"]),
        ("خلال عام 2013", ["2013"]),
        ("قتل 2012 شخصا", []),
        ("في آذار الماضي", []),
        ("31 نيسان 2012", ["2012-04"]),
        ("32/1/2012", []),
        ("1/13/2012", []),
        ("29 شباط 2011 و29 شباط 2012", ["2011-02", "2012-02-29"]),
        ("0 أيار 2012", []),
        ("فاز 3-2 عام 2012", ["2012"]),
        ("الهاتف 0111/2/2012/55", []),
        ("موسم عام 2012/2013", []),
        ("منزل شيد عام 1450م", []),
    ],
)
def test_dates_are_read_with_their_precision(text: str, found: list[str]) -> None:
    assert values(text) == found


def test_two_different_months_are_not_a_date() -> None:
    assert values("5 أيار/حزيران 2012") == []


def test_the_tag_points_at_the_date_and_shows_its_sentence() -> None:
    text = "بدأت القصة. نُشر في ٢٤ أيّار ٢٠١٢ خبرٌ. انتهى."
    (tag,) = find_dates(text)
    assert text[tag.start : tag.end] == "٢٤ أيّار ٢٠١٢"
    assert tag.evidence == "نُشر في ٢٤ أيّار ٢٠١٢ خبرٌ."
    assert tag.kind == "absolute"


@pytest.mark.parametrize(
    ("value", "date_value"),
    [
        ("2012-05-24", "2012-05-24"),
        ("2012-05-24T21:30:00+03:00", "2012-05-24"),
        ("2012-05-24 21:30", "2012-05-24"),
        ("٢٤/٠٥/٢٠١٢", "2012-05-24"),
        ("24.5.2012", "2012-05-24"),
        ("20120524", "2012-05-24"),
        ("1337817600", "2012-05-24"),
        ("1337817600000", "2012-05-24"),
        ("Thu, 24 May 2012 10:00:00 +0300", "2012-05-24"),
        ("May 24, 2012", "2012-05-24"),
        ("الخميس 24 أيار 2012 - 10:30", "2012-05-24"),
        ("2012-05", "2012-05"),
        ("5/2012", "2012-05"),
        ("أيار 2012", "2012-05"),
        ("2012", "2012"),
        ("2012م", "2012"),
        ("03-May-2012", "2012-05-03"),
        ("2012-02-30", None),
        ("2012-13", None),
        ("30/2/2012", None),
        ("0000", None),
        ("9999999999999", None),
        ("أمس", None),
        ("", None),
    ],
)
def test_metadata_dates(value: str, date_value: str | None) -> None:
    parsed = parse_date(value)
    assert (parsed.value if parsed else None) == date_value


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2012-02-10", date(2012, 2, 10), date(2012, 2, 10)),
        ("2012-02", date(2012, 2, 1), date(2012, 2, 29)),
        ("2012", date(2012, 1, 1), date(2012, 12, 31)),
    ],
)
def test_a_partial_date_is_a_period(value: str, first: date, last: date) -> None:
    parsed = parse_date(value)
    assert parsed is not None
    assert (parsed.first, parsed.last, str(parsed)) == (first, last, value)


@given(
    DAYS, st.sampled_from([LEVANTINE, GREGORIAN]), st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"])
)
def test_a_written_day_is_parsed(day: date, family: tuple[str, ...], digits: str) -> None:
    written = f"{day.day} {family[day.month - 1]} {day.year}".translate(str.maketrans("0123456789", digits))
    assert values(f"وقع ذلك في {written} قرب المدينة") == [day.isoformat()]
    assert parse_date(written) == PartialDate(day, "day")


@given(DAYS, st.sampled_from(["day", "month", "year"]))
def test_a_value_round_trips(day: date, precision: str) -> None:
    parts = {"day": (day.month, day.day), "month": (day.month,), "year": ()}[precision]
    value = partial_date(day.year, *parts)
    assert value is not None
    assert parse_date(value.value) == value
    assert value.first <= day <= value.last
    assert parse_date((value.last + timedelta(days=1)).isoformat()) != value


@given(SCRAPED_TEXTS)
def test_tags_lie_within_the_text(text: str) -> None:
    padded = f"{text} في 3 آذار 2012 {text}"
    for tag in find_dates(padded):
        assert 0 <= tag.start < tag.end <= len(padded)
        assert tag.evidence in padded
    parse_date(text)


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("قتل في 5 آب أغسطس 2013 بنيرانهم", ["2013-08-05"]),
        ("وسم #5_أيلول_2013 اليوم", ["2013-09-05"]),
        ("15-آذار-2011", ["2011-03-15"]),
        ("15–3–2011", ["2011-03-15"]),
        ("بين عامي 2011 و 2013", ["2011", "2013"]),
        ("بين عامي 2011 و2500 جندي", ["2011"]),
        ("في عام (2013) وعام2014", ["2013", "2014"]),
        ("الفاتح من سبتمبر 1969", ["1969-09-01"]),
        ("5-7 أيار 2012", ["2012-05-05", "2012-05-07"]),
    ],
)
def test_run_together_dates_of_scraped_text_are_found(text: str, dates: list[str]) -> None:
    assert values(text) == dates


def test_all_families_name_all_months() -> None:
    for calendar in ("gregorian", "hijri"):
        named = {number for family, number in month_names().values() if family == calendar}
        assert named == set(range(1, 13))
