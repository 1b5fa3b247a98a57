"""Lines that were drawn from left to right are reversed, and no others."""

from __future__ import annotations

import pytest

from arabic.spelling.bidi import reverse_visual_line, to_logical_order

PARAGRAPH = (
    "أعلنت بلدية المدينة أمس بدء أعمال صيانة الجسر القديم على النهر\n"
    "وقال رئيس البلدية إن السكان انتظروا هذه الأعمال وقتا"
)
LAST_LINES = ["طويلا.", "قليلا.", "كاملا", "أولا:", "ويبقى هناك ليلا.", "أصلا", "مثلا،", "كلا", "بديلا."]


@pytest.mark.parametrize("line", LAST_LINES)
def test_the_short_last_line_of_a_paragraph_stays_as_it_is(line: str) -> None:
    assert to_logical_order(f"{PARAGRAPH}\n{line}") == (f"{PARAGRAPH}\n{line}", False)


@pytest.mark.parametrize("line", LAST_LINES)
def test_a_short_line_alone_stays_as_it_is(line: str) -> None:
    assert to_logical_order(line) == (line, False)


@pytest.mark.parametrize("line", LAST_LINES)
def test_the_short_last_line_of_a_reversed_paragraph_is_reversed(line: str) -> None:
    drawn = "\n".join(map(reverse_visual_line, f"{PARAGRAPH}\n{line}".split("\n")))
    assert to_logical_order(drawn) == (f"{PARAGRAPH}\n{line}", True)


def test_a_reversed_line_among_right_ones_is_reversed_if_its_words_leave_no_doubt() -> None:
    line = "وصلت سيارة الإسعاف إلى الشارع الرئيسي"
    assert to_logical_order(f"{PARAGRAPH}\n{reverse_visual_line(line)}") == (f"{PARAGRAPH}\n{line}", True)
    one = reverse_visual_line("مدرسة")
    assert to_logical_order(f"{PARAGRAPH}\n{one}") == (f"{PARAGRAPH}\n{one}", False)
