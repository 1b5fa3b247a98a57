"""Which gaps of a page are spaces, borders of cells or gutters of columns."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

import pytest

from articles.readers.page_layout.column_sides import AlternatingRun
from articles.readers.page_layout.lines import page_text
from tests.articles.readers.drawn_pages import (
    LEADING,
    SIZE,
    drawn_column,
    drawn_justified,
    drawn_rows,
    drawn_text,
)

PERSONS = [
    ("محمد علي", "أحمد سالم", "كفرنبل", "2013-08-03"),
    ("سامر خليل", "خليل حسن", "سراقب", "2013-08-04"),
    ("نور الدين", "عبد الله", "معرة النعمان", "2013-08-04"),
    ("رنا سعيد", "سعيد عمر", "بنش", "2013-08-05"),
    ("هدى ياسين", "ياسين بكري", "أريحا", "2013-08-07"),
]
OFFICES = [
    ("مديرية الزراعة والري", "الطابق الثاني شرقا"),
    ("مديرية النقل البري", "الطابق الأول غربا"),
    ("مديرية الصحة العامة", "البناء القديم خلف السوق"),
    ("مكتب السجل المدني", "الطابق الأرضي شرقا"),
    ("مكتب البريد المركزي", "ساحة المدينة القديمة"),
    ("دائرة المياه والصرف", "البناء الجديد شمالا"),
]
#: Of the ode of Imru al-Qays; all verses end in the same letter.
VERSES = [
    ("قفا نبك من ذكرى حبيب ومنزل", "بسقط اللوى بين الدخول فحومل"),
    ("فتوضح فالمقراة لم يعف رسمها", "لما نسجتها من جنوب وشمأل"),
    ("ترى بعر الآرام في عرصاتها", "وقيعانها كأنه حب فلفل"),
    ("كأني غداة البين يوم تحملوا", "لدى سمرات الحي ناقف حنظل"),
    ("وقوفا بها صحبي علي مطيهم", "يقولون لا تهلك أسى وتجمل"),
]
RIGHT_COLUMN = [
    "يطالب أصحاب المحال في السوق",
    "بتعويض عن تراجع المبيعات،",
    "ويقولون إن الموسم يبدأ بعد",
    "أسبوعين، وإن أحدا لم يزر",
    "السوق حتى الآن.",
]
LEFT_COLUMN = [
    "ورد رئيس البلدية بأن الطريق",
    "البديل يكفي حاجة الناس، وأن",
    "الحافلات ستنقل الزوار من",
    "الساحة إلى السوق كل عشر",
    "دقائق.",
]
MIDDLE_COLUMN = [
    "وقال المهندس المشرف إن من",
    "شأن الصيانة أن تطيل عمر",
    "الجسر، وإن العمل يجري على",
    "مرحلتين، تنتهي الأولى في",
    "الخريف.",
]


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


def _rows(rows: list[tuple[str, ...]]) -> list[str]:
    return [" | ".join(row) for row in rows]


def test_a_table_of_short_cells_is_read_row_by_row() -> None:
    assert _lines(page_text([drawn_rows(PERSONS, (560, 450, 320, 200))])) == _rows(PERSONS)


def test_a_table_of_two_long_cells_is_read_row_by_row() -> None:
    assert _lines(page_text([drawn_rows(OFFICES, (560, 380))])) == _rows(OFFICES)


def test_a_form_with_a_mark_in_each_cell_is_read_row_by_row() -> None:
    rows = [(f"الاسم: {name} {father}", f"مكان الولادة: {place}") for name, father, place, _date in PERSONS]
    assert _lines(page_text([drawn_rows(rows, (560, 380))])) == _rows(rows)


def test_a_table_with_a_comma_in_each_cell_is_read_row_by_row() -> None:
    towns = ["حلب", "دمشق", "إدلب", "الحسكة", "حمص", "درعا"]
    rows = [
        (f"{office}، {town}", f"{place}، {town}")
        for (office, place), town in zip(OFFICES, towns, strict=True)
    ]
    assert _lines(page_text([drawn_rows(rows, (560, 380))])) == _rows(rows)


@pytest.mark.parametrize("justified", [False, True])
def test_the_halves_of_a_verse_stay_on_its_line(justified: bool) -> None:
    if justified:
        heights = [700 - LEADING * at for at in range(len(VERSES))]
        first = [(right, 10.0, base) for (right, _left), base in zip(VERSES, heights, strict=True)]
        second = [(left, 10.0, base) for (_right, left), base in zip(VERSES, heights, strict=True)]
        glyphs = [*drawn_column(first, 320, 500), *drawn_column(second, 100, 280)]
    else:
        glyphs = drawn_rows(VERSES, (500, 300))
    assert _lines(page_text([glyphs])) == _rows(VERSES)


def test_verses_of_which_each_has_a_rhyme_of_its_own_stay_on_their_lines() -> None:
    verses = [
        ("قال محمد هو ابن مالك،", "أحمد ربي الله خير مالك"),
        ("مصليا على النبي المصطفى،", "وآله المستكملين الشرفا"),
        ("وأستعين الله في ألفيه،", "مقاصد النحو بها محويه"),
        ("تقرب الأقصى بلفظ موجز،", "وتبسط البذل بوعد منجز"),
    ]
    assert _lines(page_text([drawn_rows(verses, (500, 300))])) == _rows(verses)


@pytest.mark.parametrize("columns", [[RIGHT_COLUMN, LEFT_COLUMN], [RIGHT_COLUMN, MIDDLE_COLUMN, LEFT_COLUMN]])
def test_columns_of_the_same_heights_are_read_one_after_the_other(columns: list[list[str]]) -> None:
    rows = list(zip(*columns, strict=True))
    glyphs = drawn_rows(rows, (560, 400, 240))
    assert _lines(page_text([glyphs])) == [line for column in columns for line in column]


def test_a_table_above_columns_leaves_both_as_they_are() -> None:
    glyphs = drawn_rows(PERSONS, (560, 490, 380, 300))
    glyphs += drawn_rows(zip(RIGHT_COLUMN, LEFT_COLUMN, strict=True), (560, 380), 700 - 6 * LEADING)
    assert _lines(page_text([glyphs])) == [*_rows(PERSONS), *RIGHT_COLUMN, *LEFT_COLUMN]


STRETCHED = [
    "أعلنت بلدية المدينة أمس بدء أعمال صيانة الجسر القديم",
    "وقال المهندس الاستشاري المسؤول",
    "عن المشروع إن الأعمال تستمر ثلاثة أشهر وتشمل الطريق",
    "وأضاف الاستشاري المسؤول",
    "أن السكان سيستخدمون طريقا بديلا يمر بالسوق الغربي من",
]


@pytest.mark.parametrize("indent", [0, 25])
def test_a_line_that_was_stretched_has_no_borders(indent: int) -> None:
    """The second begins a paragraph."""
    glyphs = [
        glyph
        for at, line in enumerate(STRETCHED)
        for glyph in drawn_justified(line, 240, 520 - indent * (at == 1), 700 - LEADING * at)
    ]
    assert _lines(page_text([glyphs])) == STRETCHED


def test_a_stretched_line_of_a_column_leaves_the_gutter() -> None:
    glyphs = []
    for at in range(len(STRETCHED)):
        glyphs += drawn_justified(STRETCHED[at], 320, 590, 700 - LEADING * at)
        glyphs += drawn_justified(STRETCHED[at - 1], 20, 290, 693 - LEADING * at)
    assert _lines(page_text([glyphs])) == [*STRETCHED, *STRETCHED[-1:], *STRETCHED[:-1]]


def test_a_word_of_a_headline_that_ends_above_a_gutter_is_no_cell() -> None:
    headline = "عنوان فوق العمودين في الجريدة"
    glyphs = drawn_column([(headline, 26.0, 730)], 180, 480)
    # The space is not drawn, as in files of Cairo.
    glyphs = [glyph for glyph in glyphs if glyph.text != " " or not 280 < glyph.left < 290]
    for at, line in enumerate(RIGHT_COLUMN):
        glyphs += [
            *drawn_text(line, 440, 700 - LEADING * at),
            *drawn_text(LEFT_COLUMN[at], 250, 693 - LEADING * at),
        ]
    assert _lines(page_text([glyphs])) == [headline, *RIGHT_COLUMN, *LEFT_COLUMN]


def test_a_lone_row_between_lines_of_text_keeps_its_borders() -> None:
    glyphs = drawn_justified(STRETCHED[0], 240, 520, 700)
    glyphs += [*drawn_text("بندورة بلدية", 520, 686), *drawn_text("45 ليرة", 275, 686)]
    glyphs += drawn_justified(STRETCHED[2], 240, 520, 672)
    assert _lines(page_text([glyphs]))[1] == "بندورة بلدية | 45 ليرة"


def test_rows_of_one_word_a_cell_keep_their_borders_between_lines_of_text() -> None:
    rows = [("الصنف", "السعر", "المصدر"), ("خيار", "ثلاثون", "حلب"), ("بندورة", "خمسون", "إدلب")]
    glyphs = drawn_justified(STRETCHED[0], 240, 520, 714)
    glyphs += [*drawn_rows(rows, (520, 400, 275)), *drawn_justified(STRETCHED[2], 240, 520, 658)]
    assert _lines(page_text([glyphs]))[1:4] == _rows(rows)


@pytest.mark.parametrize("cells", [3, 12])
def test_the_work_for_a_table_grows_with_its_rows(cells: int) -> None:
    """Calls are counted: they are the same on a busy machine."""
    small, large = (_calls(lambda rows=rows: page_text([_yearbook(rows, cells)])) for rows in (25, 100))
    assert large < 6 * small


def _yearbook(rows: int, cells: int) -> list:
    table = [[str(1_000 + 37 * at * cell) for cell in range(1, cells + 1)] for at in range(rows)]
    names = ["القمح والشعير", "القطن", "الزيتون والزيت"]
    table = [[names[at % 3], *row] for at, row in enumerate(table)]
    return drawn_rows(table, range(900, 900 - 70 * (cells + 1), -70))


def _calls(work: Callable[[], object]) -> int:
    """Return the number of functions that were called."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def test_the_two_lines_of_a_headline_are_one_line_above_the_text() -> None:
    head = ("البلدية تعلن موعد ترميم السوق", "القديم في الحي الغربي")
    line = "وقال رئيس المجلس إن الأعمال تشمل الأرصفة"
    text = [(line, SIZE, 690 - LEADING * at) for at in range(6)]
    drawn = [(head[0], 24.0, 760), (head[1], 24.0, 726), *text]
    lines = page_text([drawn_column(drawn, 50, 500)]).split("\n")
    assert lines[0] == " ".join(head)
    assert lines[1:] == ["", *[line] * 6]
    below = [(head[0], 24.0, 760), (head[1], 15.0, 726), (head[1], SIZE, 700), *text]
    assert page_text([drawn_column(below, 50, 500)]).split("\n")[0] == head[0]
    near = [(line, SIZE, 712 - LEADING * at) for at in range(6)]
    assert page_text([drawn_column([*drawn[:2], *near], 50, 500)]).split("\n")[:2] == [" ".join(head), ""]


def test_spaces_that_are_drawn_before_the_letters_stay_between_the_words() -> None:
    """A gap without one would be the border of a cell, as LibreOffice's headlines were read."""
    lines = [drawn_text(line, 520, 700 - LEADING * at, 2.7) for at, line in enumerate(STRETCHED)]
    spaces_first = [sorted(line, key=lambda each: each.text != " ") for line in lines]
    assert _lines(page_text([[glyph for line in spaces_first for glyph in line]])) == STRETCHED


def test_a_headline_whose_words_stand_at_equal_distances_is_no_row_of_cells() -> None:
    """It is wider than the ragged text around it."""
    text = [line for at, line in enumerate(STRETCHED) for line in drawn_text(line, 520, 640 - LEADING * at)]
    headline = "ردود الفعل على القرار"
    for words, expected in ((headline, headline), (f"{headline} الجديد", " ".join((headline, "الجديد")))):
        glyphs = [*drawn_justified(words, 200, 520, 680), *text]
        assert _lines(page_text([glyphs]))[0] == expected


def _drawn_below(lines: Iterable[tuple[str, float]], right: float) -> list:
    return [glyph for text, base in lines for glyph in drawn_text(text, right, base)]


def test_short_last_lines_of_columns_at_one_height_belong_to_their_columns() -> None:
    right = [*RIGHT_COLUMN[:4], "السوق حتى الآن، وإن أحدا لم", "يسأل."]
    left = ["ورد رئيس البلدية بأن الطريق", "مفتوح.", "وطالب الأهالي المنظمات الدولية", "بالتدخل."]
    left += ["وأدار اللقاء الصحفي قبل أن يغادر", "القاعة."]
    glyphs = drawn_rows(zip(right, left, strict=True), (560, 360))
    assert _lines(page_text([glyphs])) == [*right, *left]


def test_columns_of_short_paragraphs_whose_lines_alternate_are_read_one_after_the_other() -> None:
    right = [("وكان المجلس قد أقر", 700), ("الموازنة.", 686), ("أعلنت بلدية المدينة أمس بدء صيانة", 664)]
    right += [("الجسر القديم على النهر الكبير.", 650), ("ولم يصدر تعليق.", 628)]
    left = [("واختتم الاجتماع", 692), ("وقال صاحب فرن إن الطحين يصل مرة", 670), ("في الأسبوع.", 656)]
    left += [("وانتهى الكلام هنا.", 628)]
    glyphs = [*_drawn_below(right, 560), *_drawn_below(left, 360)]
    assert _lines(page_text([glyphs])) == [text for text, _base in (*right, *left)]


def test_lines_that_alternate_around_one_middle_are_those_of_cells() -> None:
    for shift, of_columns in ((0, False), (4, True)):
        run = AlternatingRun()
        for base, at_right in ((714, True), (707, False), (700, True), (693, False), (686, True)):
            run.add(base + shift * at_right, at_right=at_right, at_left=not at_right)
        assert run.is_of_columns(SIZE) is of_columns
