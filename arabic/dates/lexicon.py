"""The words that dates are made of, normalized."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from arabic.tables.gazetteer import name_key, read_table
from arabic.tables.numerals import find_numbers

Calendar = Literal["gregorian", "hijri", "solar", "rumi"]


def _keys(*names: str) -> frozenset[str]:
    """Return the name keys of some words."""
    return frozenset(map(name_key, names))


def _table(groups: Mapping[str, Iterable[int]] | Mapping[str, int]) -> dict[tuple[str, ...], int]:
    """Map the normalized words of each name to its value."""
    return {tuple(name_key(name).split(" ")): value for name, value in groups.items()}  # type: ignore[misc]  # keys are tuples of any length


@cache
def month_names() -> dict[tuple[str, ...], tuple[Calendar, int]]:
    """Map the normalized words of each month's name, of any family, to its calendar and number."""
    found: dict[tuple[str, ...], tuple[Calendar, int]] = {}
    for row in read_table("hijri_months.tsv"):
        found[tuple(name_key(row["name"]).split(" "))] = "hijri", int(row["month"])
    for row in read_table("months_written.tsv"):
        calendar: Calendar = "solar" if row["calendar"] == "solar" else "gregorian"
        found[tuple(name_key(row["name"]).split(" "))] = calendar, int(row["month"])
    for row in read_table("months.tsv"):
        found[tuple(name_key(row["name"]).split(" "))] = "gregorian", int(row["month"])
    return found


_UNITS = ("", "حادي", "ثاني", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن", "تاسع")
_TENS = {20: ("العشرون", "العشرين"), 30: ("الثلاثون", "الثلاثين")}


def _ordinals() -> dict[tuple[str, ...], int]:
    """Map the words of الأول … الحادي والثلاثين to 1 … 31."""
    found = {"الأول": 1, "الفاتح": 1, "فاتح": 1, "العاشر": 10, "غرة": 1}
    found |= {f"ال{unit}": number for number, unit in enumerate(_UNITS) if number > 1}
    found |= {f"ال{unit} عشر": 10 + number for number, unit in enumerate(_UNITS) if number}
    for ten, names in _TENS.items():
        for name in names:
            found[name] = ten
            found |= {f"ال{unit} و{name}": ten + number for number, unit in enumerate(_UNITS) if number}
            found[f"الواحد و{name}"] = ten + 1
    return {words: number for words, number in _table(found).items() if number <= 31}


ORDINALS = _ordinals()
#: Numbered as in Python: Monday is 0.
WEEKDAYS = {
    name_key(name): day
    for day, names in enumerate(
        (
            ("الاثنين", "الإثنين", "الأثنين"),
            ("الثلاثاء", "الثلثاء"),
            ("الأربعاء",),
            ("الخميس",),
            ("الجمعة",),
            ("السبت",),
            ("الأحد",),
        )
    )
    for name in names
}
WEEKDAY_NAMES = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
#: The position of a period: -1 the last one, 0 this one, 1 the next one.
DIRECTIONS = {
    **dict.fromkeys(
        _keys(
            "الماضي",
            "الماضية",
            "الفائت",
            "الفائتة",
            "المنصرم",
            "المنصرمة",
            "المنقضي",
            "الماضيين",
            "الماضيتين",
        ),
        -1,
    ),
    **dict.fromkeys(_keys("الجاري", "الجارية", "الحالي", "الحالية", "الراهن"), 0),
    **dict.fromkeys(_keys("المقبل", "المقبلة", "القادم", "القادمة", "المقبلين", "القادمين"), 1),
}
#: قبل الماضي: the one before the last.
BEFORE_LAST = name_key("قبل")
#: Parts of a day: صباح غد.
DAY_PARTS = _keys("صباح", "ظهر", "عصر", "مساء", "فجر", "ليل", "ليلة", "نهار")
#: A day of the week followed by such a word is a feast or a catastrophe: الجمعة العظيمة, الاثنين الأسود.
WEEKDAY_EPITHETS = _keys("العظيمة", "الحزينة", "الطويلة", "السوداء", "الأسود", "البيضاء")
#: Parts of a period as (from, to), in thirds of the period.
PERIOD_PARTS = {
    **dict.fromkeys(_keys("مطلع", "أوائل", "بداية", "بدايات", "مستهل"), (0, 1)),
    **dict.fromkeys(_keys("منتصف", "أواسط", "وسط"), (1, 2)),
    **dict.fromkeys(_keys("أواخر", "نهاية", "نهايات", "ختام", "آخر"), (2, 3)),
}
#: النصف الأول من: the parts that are numbered, and how many of them a period has.
FRACTIONS = {name_key("النصف"): 2, name_key("الثلث"): 3, name_key("الربع"): 4}
FRACTION_NUMBERS = {
    **dict.fromkeys(_keys("الأول"), 1),
    **dict.fromkeys(_keys("الثاني"), 2),
    **dict.fromkeys(_keys("الثالث"), 3),
    **dict.fromkeys(_keys("الرابع"), 4),
}
#: First and last month. A winter spans two years and counts as the whole of the year that names it.
SEASONS = {
    name_key("ربيع"): (3, 5), name_key("صيف"): (6, 8), name_key("خريف"): (9, 11), name_key("شتاء"): (1, 12),
}  # fmt: skip
SEASONS |= {f"ال{name}": months for name, months in SEASONS.items()}
THE_YEAR = _keys("العام", "السنة")
YEAR = _keys("عام", "سنة", "العام", "السنة", "للعام", "للسنة", "لعام", "لسنة", "بعام")
YEARS = _keys("عامي", "سنتي", "الأعوام", "أعوام", "العامين", "السنوات", "سنوات")
THE_MONTH, THE_WEEK, THE_DECADE = name_key("الشهر"), name_key("الأسبوع"), name_key("العقد")
MONTH_OF = _keys("شهر", "شهري", "لشهر", "بشهر")
DAY_OF = _keys("يوم", "اليوم")
CORRESPONDS_TO = _keys("الموافق", "الموافقة", "للموافق", "المصادف", "يوافق", "والموافق", "الواقع")
DATED = name_key("بتاريخ")
#: Between "which falls" and the date: السبت الواقع فيه 7 أيار, السبت الموافق لتاريخ 7/5.
FALLS_ON = _keys("في", "فيه", "ل", "تاريخ", "لتاريخ", "بتاريخ")
HIJRI_MARKS = _keys("هـ", "هجري", "هجرية", "هجريا", "للهجرة", "الهجري", "هج")
#: Marks of the Ottoman fiscal calendar and of the Persian one.
RUMI_MARKS = _keys("مالي", "مالية", "المالي", "المالية", "رومي", "رومية", "الرومي", "الرومية")
SOLAR_MARKS = _keys("شمسي", "شمسية", "شمسى", "خورشیدی", "ش")
GREGORIAN_MARKS = _keys("م", "ميلادي", "ميلادية", "للميلاد", "الميلادي")
TO = _keys("إلى", "حتى", "ولغاية", "لغاية", "وحتى", "وإلى")
THIS = _keys("هذا", "هذه")
TODAY, TOMORROW, YESTERDAY = name_key("اليوم"), _keys("غدا", "الغد", "غد"), _keys("أمس", "البارحة")
AGO = _keys("قبل", "منذ")
#: After these words اليوم is another day, or none: ذلك اليوم, طوال اليوم, مرتين في اليوم.
NOT_TODAY_BEFORE = _keys(
    *("ذلك", "نفس", "طوال", "طيلة", "في", "كل", "روسيا", "صحيفة", "جريدة", "مصر", "عين", "جيل", "عالم")
)
#: Safar (صفر) also means nil in scores.
NIL = name_key("صفر")
AFTER = name_key("بعد")
#: A year that the text named earlier.
SAME_YEAR = _keys("نفسه", "ذاته", "نفسها", "ذاتها", "عينه")
#: Given names: a following day of the week is more often a surname (محمد الخميس).
GIVEN_NAMES = _keys(
    *("محمد", "أحمد", "عبدالله", "الله", "علي", "خالد", "سعد", "فهد", "بدر", "ناصر", "صالح", "سلطان", "عمر"),
    *(
        "عبدالرحمن",
        "الرحمن",
        "عبدالعزيز",
        "العزيز",
        "إبراهيم",
        "يوسف",
        "حسن",
        "حسين",
        "سعود",
        "سلمان",
        "ماجد",
    ),
    *(
        "عثمان",
        "حمد",
        "راشد",
        "فيصل",
        "تركي",
        "مشعل",
        "نايف",
        "طارق",
        "سامي",
        "وليد",
        "مصطفى",
        "محمود",
        "عادل",
    ),
)
#: (month, day) that without a year means the attacks of 2001.
SEPTEMBER_11 = (9, 11)
FIRST, OF = name_key("أول"), name_key("من")
#: "Two days before the vote" and "three days after it" are relative to something else; "from now" is not.
OF_SOMETHING = _keys("من", "على")
NOW = _keys("الآن", "اليوم")
#: قبل نحو شهرين: about that long ago.
ABOUT = _keys("نحو", "حوالي", "قرابة", "زهاء")
LAST_NIGHT = name_key("الليلة")
#: ثمانينيات القرن الماضي, الثمانينيات من القرن العشرين; without the century they are a person's age.
DECADES = {
    f"{article}{name_key(name)}{ending}": 1900 + 10 * number
    for number, name in enumerate(
        ("عشرين", "ثلاثين", "أربعين", "خمسين", "ستين", "سبعين", "ثمانين", "تسعين"), start=2
    )
    for ending in ("يات", "ات")
    for article in ("", "ال")
}
THE_CENTURY = name_key("القرن")
LAST_CENTURY = _keys("الماضي", "العشرين", "المنصرم", "الفائت")
#: May follow a bare year; a number that counts is followed by what it counts.
AFTER_BARE_YEARS = _keys(
    *(
        "في",
        "من",
        "على",
        "إلى",
        "عن",
        "مع",
        "أن",
        "إن",
        "التي",
        "الذي",
        "الذين",
        "حيث",
        "بعد",
        "قبل",
        "عندما",
    ),
    *(
        "لكن",
        "بين",
        "كما",
        "وفق",
        "بسبب",
        "ثم",
        "أو",
        "و",
        "حتى",
        "لم",
        "لا",
        "قد",
        "إذ",
        "بأن",
        "لدى",
        "عبر",
    ),
)
BEFORE_BARE_YEARS = _keys("منذ", "خلال", "في", "حتى", "بحلول", "وفي", "ومنذ", "وحتى", "وخلال")
BETWEEN = _keys("بين", "مابين", "وبين", "من")
#: Things that are named after a date: a street, a battalion, a revolution; the day itself is not meant.
NAMED_BY_DATES = _keys(
    *("شارع", "حي", "ساحة", "ميدان", "جسر", "مدينة", "مستشفى", "مشفى", "مدرسة", "ثانوية", "جامعة", "ملعب"),
    *("كتيبة", "كتائب", "لواء", "ألوية", "حركة", "قوى", "فريق", "تحالف", "حزب", "جبهة", "تكتل", "معسكر"),
    *(
        "سد",
        "ثورة",
        "انتفاضة",
        "هجمات",
        "أحداث",
        "اعتداءات",
        "مطار",
        "قاعدة",
        "نادي",
        "كوبري",
        "جريدة",
        "صحيفة",
    ),
    *("منظمة", "تيار", "ائتلاف", "شباب", "بركان", "محور", "طريق", "دوار", "معركة", "حرب", "مخيم", "عملية"),
    *("الثورة", "حراك", "فيلم", "نفق", "حديقة", "مجمع", "ضاحية", "قرية", "بلدة", "منطقة", "متحف", "دستور"),
    *("مؤامرة", "قصر"),
)
UNITS_AGO: dict[str, tuple[str, int]] = {
    **dict.fromkeys(_keys("يوم", "يوما", "أيام"), ("day", 1)),
    **dict.fromkeys(_keys("يومين"), ("day", 2)),
    **dict.fromkeys(_keys("أسبوع", "أسبوعا", "أسابيع"), ("week", 1)),
    **dict.fromkeys(_keys("أسبوعين"), ("week", 2)),
    **dict.fromkeys(_keys("شهر", "شهرا", "أشهر", "شهور"), ("month", 1)),
    **dict.fromkeys(_keys("شهرين"), ("month", 2)),
    **dict.fromkeys(_keys("عام", "عاما", "أعوام", "سنة", "سنوات", "سنين"), ("year", 1)),
    **dict.fromkeys(_keys("عامين", "سنتين"), ("year", 2)),
}
#: Units whose form requires a number: "days ago" is not a particular day.
NUMBER_REQUIRED = _keys(
    "أيام", "يوما", "أسابيع", "أسبوعا", "أشهر", "شهور", "شهرا", "أعوام", "سنوات", "سنين", "عاما"
)
#: الأيام الثلاثة الماضية, الأسبوعين الماضيين: unit and count (0: a number follows) of a period up to now.
LAST_UNITS: dict[str, tuple[str, int]] = {
    **dict.fromkeys(_keys("الأيام"), ("day", 0)),
    **dict.fromkeys(_keys("اليومين", "اليومان"), ("day", 2)),
    **dict.fromkeys(_keys("الأسابيع"), ("week", 0)),
    **dict.fromkeys(_keys("الأسبوعين", "الأسبوعان"), ("week", 2)),
    **dict.fromkeys(_keys("الأشهر", "الشهور"), ("month", 0)),
    **dict.fromkeys(_keys("الشهرين", "الشهران"), ("month", 2)),
    **dict.fromkeys(_keys("الأعوام", "السنوات", "السنين"), ("year", 0)),
    **dict.fromkeys(_keys("العامين", "السنتين", "العامان"), ("year", 2)),
}
#: In addition to the DIRECTIONS of -1.
LAST_DIRECTIONS = _keys("الأخيرة", "الأخيرين", "الماضيان", "الأخيران", "الفائتين", "المنصرمين")


def parse_number_words(words: list[str]) -> tuple[int, int] | None:
    """Return (words used, number) of a number at the head of `words`, or None if there is none."""
    for start, end, number in find_numbers(words):
        return (end, number) if start == 0 else None
    return None


def parse_year_words(words: list[str]) -> tuple[int, int] | None:
    """Return (words used, year) of a year in words: ألفين واثني عشر, ألف وتسعمئة وثمانية وثمانين."""
    head = parse_number_words(words[:1])
    if head is None or head[1] not in (1000, 2000) or words[0].isdigit():
        return None
    used, year = 1, head[1]
    while used < len(words) and words[used].startswith("و"):
        part = parse_number_words([words[used][1:], *words[used + 1 : used + 4]])
        if part is None or part[1] >= (1000 if year % 1000 == 0 else 100) or part[1] == 0:
            break
        used, year = used + part[0], year + part[1]
        if year % 100:
            break
    return (used, year) if year != 1000 else None
