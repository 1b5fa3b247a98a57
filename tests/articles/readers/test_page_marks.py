"""To which letters the vowel marks of a page belong, and how numbers that stand alone are read."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest

from articles.readers.page_layout.glyphs import Glyph, with_marks_attached
from articles.readers.page_layout.lines import page_text
from tests.articles.readers.drawn_pages import LETTER, SIZE, drawn_text

#: Each with a mark that one of its neighbours cannot bear: on the last letter of a word, or beside an alef.
WORDS = ["بُني مربّع متصدّراً", "ارتفاعاً جديداً على قلّة المعروض", "عادَ الطلابُ إلى المدارسِ", "شُكراً"]
BASE = 700.0


def is_mark(char: str) -> bool:
    return unicodedata.category(char) == "Mn"


def marked_line(text: str, origin: float) -> list[Glyph]:
    """Return the glyphs of a line in the order of reading; `origin` is where marks begin, in letters.

    It is 0 at the left edge. Fonts have origins about their letters, and over those to the left.
    """
    glyphs = []
    right = 500.0
    for char in text:
        if is_mark(char):
            at = right + origin * LETTER
            glyphs.append(Glyph(char, at, at, BASE, SIZE))
        else:
            glyphs.append(Glyph(char, right - LETTER, right, BASE, SIZE))
            right -= LETTER
    return glyphs


@pytest.mark.parametrize("origin", [-0.4, -0.1, 0.5, 1.2])
@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("left_first", [False, True], ids=["in reading order", "from the left"])
def test_marks_belong_to_their_letters_wherever_the_font_has_their_origin(
    text: str, origin: float, left_first: bool
) -> None:
    glyphs = marked_line(text, origin)
    # Shaped text is drawn from the left: what is read first comes last, a mark before its letter.
    assert page_text([glyphs[::-1] if left_first else glyphs]) == text


def test_marks_behind_their_letters_in_a_line_from_the_left_are_told_by_what_can_bear_them() -> None:
    text = "عادَ الطلابُ إلى المدارسِ"
    clusters: list[list[Glyph]] = []
    for glyph in marked_line(text, -0.1):
        if glyph.is_mark:
            clusters[-1].append(glyph)
        else:
            clusters.append([glyph])
    drawn = [glyph for cluster in reversed(clusters) for glyph in cluster]
    assert all(one.left <= other.left + LETTER for one, other in pairwise(drawn))
    assert page_text([drawn]) == text


def test_a_shadda_is_never_on_an_alef_or_a_closed_ta() -> None:
    glyphs = marked_line("قلّة", -1.0)[::-1]
    assert [glyph.text for glyph in with_marks_attached(glyphs)] == ["ة", "لّ", "ق"]


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        (")323", "323)"),
        (")323(", "(323)"),
        ("12%+", "+12%"),
        ("21.5%+", "+21.5%"),
        ("3-", "-3"),
        ("(5-)", "(-5)"),
        ("145", "145"),
        ("92.5%", "92.5%"),
        ("+12%", "+12%"),
        ("041-2471234", "041-2471234"),
        ("2013-08-03", "2013-08-03"),
        ("12:30", "12:30"),
        ("MTN+", "MTN+"),
    ],
)
def test_a_number_alone_on_a_line_has_what_follows_it_at_its_left(drawn: str, read: str) -> None:
    line = drawn_text("أسعار الخضار في أسواق المدينة", 500, BASE)
    alone = [Glyph(char, 400 + LETTER * at, 405 + LETTER * at, 650, SIZE) for at, char in enumerate(drawn)]
    assert page_text([[*line, *alone]]).split("\n")[-1] == read


@pytest.mark.parametrize("left_first", [False, True], ids=["in reading order", "from the left"])
def test_a_narrow_letter_under_the_edge_of_the_one_before_it_is_read_after_it(left_first: bool) -> None:
    before = drawn_text("يوم ال", 500, BASE)
    edge = before[-1].left
    glyphs = [*before, Glyph("ج", edge, edge + 0.4, BASE, SIZE), *drawn_text("معة", edge, BASE)]
    assert page_text([glyphs[::-1] if left_first else glyphs]) == "يوم الجمعة"
