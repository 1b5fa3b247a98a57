"""Word diff of two texts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.diff import TextDiff, diff_texts
from tests.arabic.strategies import SCRAPED_TEXTS
from tests.growth import FACTOR, LARGEST_RATIO, time_ratio

WORDS = st.lists(st.sampled_from(["أب", "جد", "حب", "سر", "نهر", "باب"]), max_size=12)


def side(found: TextDiff, name: str, kind: str) -> list[str]:
    return [run.text.strip() for row in found.rows for run in getattr(row, name) if run.kind == kind]


def deleted(found: TextDiff) -> list[str]:
    return side(found, "before", "deleted")


def inserted(found: TextDiff) -> list[str]:
    return side(found, "after", "inserted")


def test_a_changed_word_is_struck_out_and_its_successor_marked() -> None:
    found = diff_texts("افتتح الوزير السوق القديمة أمس", "افتتح المحافظ السوق القديمة أمس")
    assert (deleted(found), inserted(found)) == (["الوزير"], ["المحافظ"])
    assert (found.kept, found.deleted, found.inserted) == (4, 1, 1)


def test_the_spelling_counts_as_it_is_written() -> None:
    found = diff_texts("سوق حماة الكبير", "سوق حماه الكبير")
    assert (deleted(found), inserted(found)) == (["حماة"], ["حماه"])


def test_a_dropped_paragraph_is_a_row_with_nothing_beside_it() -> None:
    found = diff_texts("سطر أول.\nسطر ثان زائد.\nسطر أخير.", "سطر أول.\nسطر أخير.")
    assert (found.rows[0].changed, len(found.rows[0].after)) == (False, 1)
    assert "زائد" in " ".join(deleted(found))
    assert inserted(found) == []


def test_white_space_makes_no_difference() -> None:
    found = diff_texts("  كلمة  ثم كلمة\n\nسطر", "كلمة ثم كلمة\nسطر\n")
    assert not found.changed
    assert [len(row.before) for row in found.rows] == [1, 1]


def test_punctuation_is_compared_separately_and_does_not_count_as_a_word() -> None:
    found = diff_texts("قال إنه عاد.", "قال إنه عاد،")
    assert (deleted(found), inserted(found)) == (["."], ["،"])
    assert (found.kept, found.deleted, found.inserted) == (3, 0, 0)


@pytest.mark.parametrize(("before", "after"), [("", ""), ("", "كلمة"), ("كلمة", ""), ("\n", " ")])
def test_a_diff_with_an_empty_text(before: str, after: str) -> None:
    found = diff_texts(before, after)
    assert found.changed is bool(before.strip() or after.strip())


@given(SCRAPED_TEXTS, SCRAPED_TEXTS)
def test_each_side_of_a_diff_joins_to_its_text(before: str, after: str) -> None:
    found = diff_texts(before, after)
    assert "".join(run.text for row in found.rows for run in row.before) == before
    assert "".join(run.text for row in found.rows for run in row.after) == after


@given(SCRAPED_TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    found = diff_texts(text, text)
    assert not found.changed
    assert (found.deleted, found.inserted) == (0, 0)


@given(WORDS, WORDS)
def test_unchanged_runs_are_the_same_words_in_the_same_order_on_both_sides(
    before: list[str], after: list[str]
) -> None:
    found = diff_texts(" ".join(before), " ".join(after))
    shared = [" ".join(side(found, name, "same")).split() for name in ("before", "after")]
    assert shared[0] == shared[1]
    assert len(shared[0]) == found.kept


def words(count: int) -> list[str]:
    """Return `count` different words."""
    letters = "ابتثجحخدذرزسشص"
    return [
        f"ك{letters[at // 14 // 14 % 14]}{letters[at // 14 % 14]}{letters[at % 14]}" for at in range(count)
    ]


@pytest.mark.parametrize("at", [0, 1, 700, 1399, 1400])
def test_a_long_text_with_one_new_word_has_one_difference(at: int) -> None:
    known = words(1400)
    found = diff_texts(" ".join(known), " ".join([*known[:at], "جديدة", *known[at:]]))
    assert inserted(found) == ["جديدة"]
    assert deleted(found) == []


def test_a_paragraph_moved_in_a_long_text_is_the_only_difference() -> None:
    known = words(1400)
    paragraphs = [" ".join(known[at : at + 70]) for at in range(0, 1400, 70)]
    moved = [*paragraphs[1:10], paragraphs[0], *paragraphs[10:]]
    found = diff_texts("\n".join(paragraphs), "\n".join(moved))
    assert found.deleted == found.inserted == 70


@pytest.mark.parametrize(
    "build",
    [
        lambda size: ("خبر " * 10_000 * size, "نبأ " * 10_000 * size),
        lambda size: ("خبر نبأ " * 400 * size, "نبأ خبر خبر " * 300 * size),
        lambda size: (
            " ".join(map(str, range(3_000 * size))), " ".join(map(str, range(3_000 * size, 0, -1))),
        ),
    ],
)  # fmt: skip
def test_the_time_for_texts_that_share_nothing_in_order_grows_with_their_length(
    build: Callable[[int], tuple[str, str]],
) -> None:
    assert time_ratio(lambda pair: diff_texts(*pair), build(1), build(FACTOR)) < LARGEST_RATIO


def test_white_space_after_a_changed_word_is_not_marked_and_nothing_is_lost() -> None:
    found = diff_texts("وصلت القافلة صباح أمس إلى حمص", "وصلت القافلة مساء إلى حمص")
    (row,) = found.rows
    assert [(run.kind, run.text) for run in row.before] == [
        ("same", "وصلت القافلة "), ("deleted", "صباح أمس"), ("same", " إلى حمص"),
    ]  # fmt: skip
    assert [(run.kind, run.text) for run in row.after] == [
        ("same", "وصلت القافلة "), ("inserted", "مساء"), ("same", " إلى حمص"),
    ]  # fmt: skip
