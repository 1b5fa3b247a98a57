"""The text of PDF files made by real programs (tools/research/make_pdf_samples.py): words and their order."""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import pytest

from articles.readers.page_layout.lines import page_text
from tests.articles.readers.drawn_pages import drawn_column
from tests.articles.readers.sample_files import parse_only, problem_codes

FILES = Path(__file__).parent / "pdf_files"
MARK = re.compile("[\u064b-\u0652\u0670]")
KINDS = ("plain", "marks", "table", "columns")
#: What the files themselves do not tell: ligatures of lam and alef without the alef, letters left out.
LOST = {
    "fpdf2-marks-naskh": 0.06,
    "weasyprint-marks-amiri": 0.06,
    # The letters were drawn one by one, which tells nothing of where a percent sign belongs.
    "fpdf2-plain-plain-amiri": 0.04,
}
UNREADABLE = {"ghostscript-plain-dejavu"}
MADE = [
    (path.stem, kind)
    for path in sorted(FILES.glob("*.pdf"))
    for kind in KINDS
    if f"-{kind}-" in path.stem.removeprefix("fpdf2-plain") and path.stem not in UNREADABLE
]


@cache
def body_of(name: str) -> str:
    """Return the text that a file of the folder gives."""
    return parse_only(f"{name}.pdf", (FILES / f"{name}.pdf").read_bytes()).body


def words_of(text: str) -> list[str]:
    """Return the words of a text without vowel marks; a border of cells is none."""
    plain = MARK.sub("", unicodedata.normalize("NFC", text))
    return re.findall(r"[\w%]+(?:[.,]\d+%?)?", plain)


def test_every_kind_has_at_least_five_files() -> None:
    assert {kind: sum(kind == each for _, each in MADE) >= 5 for kind in KINDS} == dict.fromkeys(KINDS, True)


@pytest.mark.parametrize(("name", "kind"), MADE, ids=[name for name, _ in MADE])
def test_the_words_of_a_pdf_come_out_in_the_order_of_reading(name: str, kind: str) -> None:
    wanted = words_of((FILES / f"{kind}.txt").read_text(encoding="utf-8"))
    matcher = SequenceMatcher(None, wanted, words_of(body_of(name)), autojunk=False)
    right = sum(block.size for block in matcher.get_matching_blocks())
    assert right >= len(wanted) * (1 - LOST.get(name, 0))
    assert kind == "table" or "|" not in body_of(name)


@pytest.mark.parametrize("name", [name for name, kind in MADE if kind == "table"])
def test_the_cells_of_a_table_stand_apart_the_right_one_first(name: str) -> None:
    assert "بندورة بلدية | 45 ليرة | ريف حلب" in body_of(name).split("\n")


def test_vowel_marks_stay_on_their_letters() -> None:
    wanted = [unicodedata.normalize("NFC", word) for word in ("سَيَّارَةُ", "الشَّارِعِ", "الرَّئِيسِيِّ", "المُعَلِّمُ")]
    for name in ("libreoffice-marks-naskh", "fpdf2-marks-naskh", "pango-marks-naskh"):
        body = unicodedata.normalize("NFC", body_of(name))
        assert [word for word in wanted if word not in body] == []


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("pf3", ["فلا لائحة جديدة للآلات", "3,5 ملايين (ثلاثة ملايين ونصف) أي 50٪", "وقال المسؤول: الألفاظ"]),
        ("pp1", ["إن 12.5% من المباني (نحو 300 مبنى)", "ونقلت BBC عن «المركز»", "3 آب 2013", "إلى الشّارِعِ"]),
        ("pf5", ["بندورة بلدية | 45 ليرة | ريف حلب", "وتشمل إنارة الطريق.\nويطالب أصحاب المحال"]),
        ("p09_twocol_byrow", ["للجسر القديم الكبير", "وقال رئيس البلدية"]),
        ("p01_visual", ["أعلنت بلدية المدينة أمس بدء أعمال الصيانة الكاملة"]),
        ("p03_visual_pf", ["أعلنت بلدية المدينة أن الموسم سيبدأ غدا وأن الملاك أتموا استعداداتهم"]),
        ("pp2", ["صيانة الجسر القديم تبدأ في آب\n", "على النهر، وقال رئيس البلدية إن الأعمال تستمر"]),
    ],
)
def test_a_pdf_gives_these_words(name: str, parts: list[str]) -> None:
    body = body_of(name)
    assert [part for part in parts if part not in body] == []


def test_letters_that_the_font_does_not_tell_are_told_by_their_cluster() -> None:
    assert "إِنَّ الْعَمَلَ بَدَأَ فِي الشَّارِعِ" in body_of("pf3")
    assert "سَيَّارَةُ الإسْعافِ" in body_of("pp1")


def test_letters_that_nothing_tells_are_counted() -> None:
    record = parse_only("a.pdf", (FILES / "weasyprint-marks-amiri.pdf").read_bytes())
    assert "pdf-letters" in problem_codes(record)
    assert record.body.count("\N{REPLACEMENT CHARACTER}") == 1


def test_lines_drawn_from_left_to_right_are_reversed_and_said() -> None:
    record = parse_only("a.pdf", (FILES / "fpdf2-plain-plain-amiri.pdf").read_bytes())
    assert "pdf-turned" in problem_codes(record)
    assert not problem_codes(parse_only("a.pdf", (FILES / "chromium-plain-kufi.pdf").read_bytes()))


def test_a_headline_in_one_column_keeps_the_columns_apart() -> None:
    """The lines of both stand at different heights, and the gutter is narrow beside the large letters."""
    right = [("عنوان كبير لهذا", 22.0, 700), ("الخبر", 22.0, 670)]
    right += [("سطر من العمود الأول في الجريدة", 10.0, 646 - 12 * at) for at in range(5)]
    left = [("سطر من العمود الثاني في الجريدة", 10.0, 712 - 12 * at) for at in range(9)]
    glyphs = [*drawn_column(right, 321, 600), *drawn_column(left, 20, 300)]
    lines = [line for line in page_text([glyphs]).split("\n") if line]
    assert lines[0] == "عنوان كبير لهذا الخبر"
    assert lines[1:] == [text for text, _size, _base in (*right[2:], *left)]
