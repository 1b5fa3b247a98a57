"""Properties of the date tagger: any day, family of month names, digits and word order; and random text."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hijridate import Gregorian
from hypothesis import given, settings
from hypothesis import strategies as st

from arabic.dates.hijri import parts, period
from arabic.dates.lexicon import SEPTEMBER_11, WEEKDAY_NAMES
from arabic.dates.tagger import find_dates
from arabic.dates.values import DateTag
from arabic.text.tokenized_text import tokenize_text
from tests.arabic.dates.test_tagger import DIGITS, GREGORIAN, LEVANTINE
from tests.arabic.strategies import SCRAPED_TEXTS
from tests.growth import LARGEST_RATIO, growth

MAGHREBI = (
    "جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان",
    "جويلية", "أوت", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
)  # fmt: skip
MOROCCAN = (
    "يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو",
    "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر",
)  # fmt: skip
HIJRI = (
    "محرم", "صفر", "ربيع الأول", "ربيع الثاني", "جمادى الأولى", "جمادى الآخرة",
    "رجب", "شعبان", "رمضان", "شوال", "ذي القعدة", "ذي الحجة",
)  # fmt: skip
ORDINALS = (
    "الأول", "الثاني", "الثالث", "الرابع", "الخامس", "السادس", "السابع", "الثامن", "التاسع", "العاشر",
    "الحادي عشر", "الثاني عشر", "الثالث عشر", "الرابع عشر", "الخامس عشر", "السادس عشر", "السابع عشر",
    "الثامن عشر", "التاسع عشر", "العشرين", "الحادي والعشرين", "الثاني والعشرين", "الثالث والعشرين",
    "الرابع والعشرين", "الخامس والعشرين", "السادس والعشرين", "السابع والعشرين", "الثامن والعشرين",
    "التاسع والعشرين", "الثلاثين", "الحادي والثلاثين",
)  # fmt: skip
FAMILIES = st.sampled_from([LEVANTINE, GREGORIAN, MAGHREBI, MOROCCAN])
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
#: The range of the table of Umm al-Qura.
LUNAR_DAYS = st.dates(date(1925, 1, 1), date(2070, 12, 31))
AROUND = st.sampled_from(["", "خبر: ", "في ", "نشر يوم ", "(", "قال إن الوفد وصل في "])
BEHIND = st.sampled_from(["", ".", " وصلوا", "، قال", ")", "\nثم عادوا"])


def read(before: str, written: str, behind: str, published: date | None = None) -> DateTag:
    """Return the one date of a text; its span must be exactly what was written."""
    text = before + written + behind
    (tag,) = find_dates(text, published)
    assert text[tag.start : tag.end] == written
    assert tag.evidence in text
    return tag


@given(DAYS, FAMILIES, st.sampled_from(DIGITS), st.integers(0, 5), st.tuples(AROUND, BEHIND))
def test_a_day_is_read_in_every_family_digits_and_form(
    day: date, family: tuple[str, ...], digits: str, form: int, around: tuple[str, str]
) -> None:
    month, other = family[day.month - 1], LEVANTINE[day.month - 1]
    written = [
        f"{day.day} {month} {day.year}",
        f"{day.day} {month}/{other} {day.year}" if month != other else f"{day.day} {month} {day.year}",
        f"{day.day} {month} ({other}) {day.year}" if month != other else f"{day.day} من {month} {day.year}",
        f"{ORDINALS[day.day - 1]} من {month} {day.year}",
        f"{day.day}/{day.month}/{day.year}",
        f"{day.year}-{day.month:02}-{day.day:02}",
    ][form].translate(str.maketrans("0123456789", digits))
    tag = read(around[0], written, around[1])
    assert (tag.first, tag.last, tag.precision, tag.kind, tag.note) == (day, day, "day", "absolute", "")


@given(LUNAR_DAYS, st.booleans())
def test_a_hijri_day_is_converted_by_the_calendar(day: date, in_figures: bool) -> None:
    lunar = Gregorian(day.year, day.month, day.day).to_hijri()
    written = (
        f"{lunar.day}/{lunar.month}/{lunar.year}هـ"
        if in_figures
        else f"{lunar.day} {HIJRI[lunar.month - 1]} {lunar.year}هـ"
    )
    tag = read("في ", written, " وصلوا")
    assert (tag.first, tag.precision, tag.kind) == (day, "day", "hijri")
    pair = read("في ", f"{written} الموافق {day.day} {LEVANTINE[day.month - 1]} {day.year}", " وصلوا")
    assert (pair.first, pair.note, pair.confirmed) == (day, "", True)


@given(LUNAR_DAYS, st.integers(2, 300))
def test_a_pair_of_dates_that_disagree_gets_a_note(day: date, off: int) -> None:
    lunar, other = Gregorian(day.year, day.month, day.day).to_hijri(), day + timedelta(days=off)
    written = f"{lunar.day}/{lunar.month}/{lunar.year}هـ الموافق {other.day}/{other.month}/{other.year}م"
    tag = read("", written, "")
    assert (tag.first, tag.note) == (other, f"hijri:{day.isoformat()}")


@given(LUNAR_DAYS)
def test_hijri_conversion_is_reversible(day: date) -> None:
    there = parts(day)
    assert there is not None
    assert period(*there) == (day, day, "day")
    month, year = period(*there[:2]), period(there[0])
    assert month is not None
    assert year is not None
    assert year[0] <= month[0] <= day <= month[1] <= year[1]


@given(DAYS, st.integers(0, 6))
def test_a_wrong_day_of_the_week_gets_a_note_and_the_date_stays(day: date, weekday: int) -> None:
    written = f"{WEEKDAY_NAMES[weekday]} {day.day} {LEVANTINE[day.month - 1]} {day.year}"
    tag = read("نشر ", written, "")
    assert tag.first == day
    right = day.weekday() == weekday
    assert tag.note == ("" if right else f"weekday:{WEEKDAY_NAMES[day.weekday()]}")
    assert tag.confirmed == right


@given(DAYS, st.integers(0, 6))
def test_a_day_of_the_week_alone_is_relative_to_the_publication(published: date, weekday: int) -> None:
    name = WEEKDAY_NAMES[weekday]
    alone = read("قال ", name, " إن", published).first
    last = read("قال ", f"{name} الماضي", " إن", published).first
    coming = read("يلتقي ", f"{name} المقبل", " بهم", published).first
    assert alone.weekday() == last.weekday() == coming.weekday() == weekday
    assert published - timedelta(days=6) <= alone <= published
    assert published - timedelta(days=7) <= last < published
    assert published < coming <= published + timedelta(days=7)


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.integers(-180, 180), FAMILIES)
def test_a_day_without_a_year_is_the_nearest_to_the_publication(
    published: date, days: int, family: tuple[str, ...]
) -> None:
    day = published + timedelta(days=days)
    # The day of the attacks of 2001 is not a date without a year; not every year has a leap day.
    if (day.month, day.day) in ((2, 29), SEPTEMBER_11):
        return
    tag = read("في ", f"{day.day} {family[day.month - 1]}", " وصلوا", published)
    assert (tag.first, tag.kind) == (day, "relative")


@given(DAYS, st.integers(1, 27), st.integers(1, 27), FAMILIES)
def test_a_range_has_both_ends(day: date, one: int, two: int, family: tuple[str, ...]) -> None:
    low, high = sorted((one, two))
    if low == high:
        return
    month = f"{family[day.month - 1]} {day.year}"
    for written in (f"{low}-{high} {month}", f"{low} إلى {high} {month}"):
        tag = read("موعده من ", written, "")
        assert (tag.first, tag.last, tag.kind) == (day.replace(day=low), day.replace(day=high), "range")


WORDS = st.sampled_from(
    [
        *("من", "إلى", "بين", "و", "في", "عام", "العام", "الماضي", "المقبل", "أمس", "الأول", "اليوم", "قبل"),
        *("يومين", "ثلاثة", "أيام", "3", "31", "2012", "1433", "هـ", "م", "/", "-", "(", ")", ".", "،", "\n"),
        *(
            "آذار",
            "كانون",
            "الثاني",
            "رمضان",
            "ربيع",
            "صيف",
            "الموافق",
            "الخميس",
            "مطلع",
            "النصف",
            "شهر",
            "و7",
        ),
        *("الحادي", "والعشرين", "ألفين", "واثني", "عشر", "هذا", "الأسبوع", "عامي", "لـ", "0", "9999", "٢٠١٢"),
    ]
)


@settings(max_examples=400)
@given(st.lists(st.one_of(WORDS, SCRAPED_TEXTS), max_size=40), st.one_of(st.none(), st.dates()))
def test_any_text_is_accepted_and_every_tag_lies_within_it(pieces: list[str], published: date | None) -> None:
    text = " ".join(pieces)
    behind = 0
    for tag in find_dates(text, published):
        assert behind <= tag.start < tag.end <= len(text)
        behind = tag.end
        assert tag.evidence in text
        assert text[tag.start : tag.end] in tag.evidence
        assert tag.first <= tag.last
        assert tag.values[0] == tag.value.value
        assert published is not None or tag.kind != "relative"


@pytest.mark.parametrize(
    ("piece", "size"),
    [
        ("1/", 1000),
        ("3 إلى ", 1000),
        ("و", 200_000),  # one long token
        ("بين 3 و", 1000),
        ("من عام 2011 إلى ", 1000),
        ("5 آذار ", 400),
        ("2012 و", 1000),
        ("مطلع ", 1000),
        ("الخميس ", 1000),
        ("كانون ", 1000),
        ("(3 ", 1000),
    ],
)
def test_time_grows_linearly_with_the_text(piece: str, size: int) -> None:
    def run(times: int) -> None:
        tokenize_text.cache_clear()
        find_dates(piece * times, date(2012, 5, 24))

    assert growth(run, size) < LARGEST_RATIO
