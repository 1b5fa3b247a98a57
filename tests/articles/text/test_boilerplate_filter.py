"""Boilerplate rules: the lines that they cut or keep, and restoring the cuts."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.text.boilerplate_filter import (
    NO_RULES,
    Cut,
    RuleSet,
    filter_cuts,
    remove_boilerplate,
)
from articles.text.boilerplate_rules import KINDS, TAIL_LINES, BoilerplateRule
from articles.text.records import RawRecord
from tests.growth import FACTOR, LARGEST_RATIO, time_ratio

#: Pieces of lines, boilerplate and text, so that random lines have adjacent cuts.
PIECES = [
    "شارك", "شَارِك", "المزيد", "حول", "تصوير:", "تصوير :", "Photo", "(انتهى)", "انتهى", "قال", "الوفد.", "٣٤",
    "12", "•", "—", ":", "\u200f", " ", "  ", "\t", "ـ", "ﻻ", "ﷺ", "ؤ", "\U0001f600", "e\u0301",
]  # fmt: skip
texts = st.lists(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=5).map("".join)
    | st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join),
    max_size=8,
).map("\n".join)
rules = st.lists(
    st.builds(
        BoilerplateRule,
        id=st.integers(1, 9),
        kind=st.sampled_from(KINDS),
        pattern=st.sampled_from([*PIECES, "المزيد حول", "# قال", "شارك الوفد"]) | st.text(max_size=4),
    ),
    max_size=6,
)


def cut(text: str, rules: Iterable[BoilerplateRule]) -> tuple[str, tuple[Cut, ...]]:
    """Return the text without the boilerplate that the rules find, and the cuts."""
    cleaned = RuleSet(rules).clean(text)
    return cleaned.text, cleaned.cuts


def weave(cleaned: str, cuts: Iterable[Cut]) -> str:
    """Return the text as it was before the cuts."""
    return filter_cuts(cleaned, cuts, lambda _cut: False)[0]


def only(kind: str, pattern: str, text: str) -> str:
    return cut(text, [BoilerplateRule(1, kind, pattern)])[0]


@given(texts, rules)
def test_restoring_all_cuts_gives_the_text(text: str, some: list[BoilerplateRule]) -> None:
    cleaned, cuts = cut(text, some)
    assert weave(cleaned, cuts) == text
    assert len(cleaned) + sum(len(each.text) for each in cuts) == len(text)
    assert all(each.text for each in cuts)
    assert [each.start for each in cuts] == sorted(each.start for each in cuts)


@given(texts, rules)
@example("\r", [BoilerplateRule(1, "line", "شارك")])
@example("\u2003", [BoilerplateRule(1, "ends", "شارك")])
def test_a_text_is_never_cut_to_nothing(text: str, some: list[BoilerplateRule]) -> None:
    cleaned, cuts = cut(text, some)
    assert cleaned == text or any(char.isalnum() or char in "_#" for char in cleaned)
    assert bool(cuts) == (cleaned != text)


@given(texts, rules)
def test_a_cleaned_text_is_clean(text: str, some: list[BoilerplateRule]) -> None:
    cleaned, _cuts = cut(text.strip(), some)
    assert cleaned == cleaned.strip()
    again = cut(cleaned, some)[0]
    assert again == cleaned or cut(again, some)[0] == again, "a fifth look at most, then it stays"


@given(texts, rules, st.data())
def test_any_subset_of_the_cuts_may_be_restored(
    text: str, some: list[BoilerplateRule], data: st.DataObject
) -> None:
    cleaned, cuts = cut(text, some)
    wanted = data.draw(st.sets(st.sampled_from(range(len(cuts)))) if cuts else st.just(set()))
    chosen = {id(each) for place, each in enumerate(cuts) if place in wanted}
    partly, kept = filter_cuts(cleaned, cuts, lambda each: id(each) in chosen)
    assert weave(partly, kept) == text
    assert [each.text for each in kept] == [each.text for place, each in enumerate(cuts) if place in wanted]


@pytest.mark.parametrize(
    ("kind", "pattern", "text", "left"),
    [
        ("line", "شارك", "خبر\nشارك\nنص", "خبر\nنص"),
        ("line", "شارك", "خبر\n\n• شَارِك:\n\nنص", "خبر\n\nنص"),
        ("line", "شارك", "شارك الوفد في المؤتمر.\nنص", "شارك الوفد في المؤتمر.\nنص"),
        ("line", "شارك", "وشارك\nنص", "وشارك\nنص"),
        ("line", "عدد القراءات: #", "نص\nعدد القراءات : ١٬٢٠٠\n", "نص\nعدد القراءات : ١٬٢٠٠\n"),
        ("line", "عدد القراءات: #", "نص\nعدد القراءات : ١٢٠٠\n", "نص"),
        ("begins", "تصوير:", "نص\nتصوير: سامر علي\nنص", "نص\nنص"),
        ("begins", "تصوير:", "نص\nتصوير المشهد\nنص", "نص\nتصوير المشهد\nنص"),
        ("begins", "تصوير:", "نص\nتصوير: " + "كلمة " * 25 + "\nنص", None),
        ("begins", "© #", "نص\n© 2015 الدار\nنص", "نص\nنص"),
        ("begins", "تصوير", "تصويره\nنص", "تصويره\nنص"),
        ("ends", "/ وكالات", "نص\nدمشق / وكالات\nنص", "نص\nنص"),
        ("prefix", "Image caption", "نص\nImage caption صورة الساحة\nنص", "نص\nصورة الساحة\nنص"),
        ("prefix", "Image caption", "نص\nImage caption\nنص", "نص\nنص"),
        ("prefix", "عاجل |", "عاجل | وصلت القافلة", "وصلت القافلة"),
        ("prefix", "عاجل |", "عاجل وصلت القافلة", "عاجل وصلت القافلة"),
        ("suffix", "(انتهى)", "قال ذلك. (انتهى)", "قال ذلك."),
        ("suffix", "- موقع", "خبر طويل - موقع", "خبر طويل"),
        ("suffix", "- موقع", "خبر من موقع", "خبر من موقع"),
        ("tail", "اقرأ أيضا", "نص.\nاقرأ أيضا:\nخبر آخر\nخبر ثان", "نص."),
        ("tail", "اقرأ أيضا", "نص.\nاقرأ أيضا:\nخبر آخر\nقال الوفد إنه عاد.", None),
        ("tail", "اقرأ أيضا", "نص.\nاقرأ أيضا:" + "\nخبر" * (TAIL_LINES + 1), None),
        ("tail", "اقرأ أيضا", "اقرأ أيضا\n- خبر آخر\n- خبر ثان\nعنوان\nنص.", "عنوان\nنص."),
        ("tail", "اقرأ أيضا", "نص.\nاقرأ أيضا\n\n• خبر\n\n• خبر\n\nنص.", "نص.\nنص."),
        ("tail", "اقرأ أيضا", "نص.\nاقرأ أيضا\n- خبر\n• قال ذلك\nنص.", "نص.\n• قال ذلك\nنص."),
        ("tail", "اقرأ أيضا", "نص.\nاقرأ أيضا\n- قال الوفد إنه عاد.\nنص.", None),
        ("tail", "اقرأ أيضا", "نص.\nاقرأ أيضا" + "\n- خبر" * (TAIL_LINES + 1) + "\nنص.", None),
        ("rest", "حقوق النشر", "نص.\nحقوق النشر\nأي شيء. وأي شيء.", "نص."),
    ],
)
def test_what_each_kind_of_rule_cuts(kind: str, pattern: str, text: str, left: str | None) -> None:
    assert only(kind, pattern, text) == (text if left is None else left)


def test_a_text_that_is_all_boilerplate_is_unchanged_and_noted() -> None:
    rules = RuleSet([BoilerplateRule(1, "line", "شارك")])
    record, cuts = remove_boilerplate(RawRecord("a", title="ت", body="شارك\nشارك"), rules)
    assert (record.body, cuts) == ("شارك\nشارك", ())
    assert [problem.code for problem in record.problems] == ["furniture-whole"]


def test_a_rule_applies_only_to_its_source_and_its_field() -> None:
    rules = RuleSet(
        [
            BoilerplateRule(1, "line", "شارك", sources=frozenset({"الضفاف", "صحيفة الضفاف"})),
            BoilerplateRule(2, "suffix", "| الضفاف", "title"),
        ]
    )
    given_ = {"title": "خبر | الضفاف", "body": "نص | الضفاف\nشارك"}
    mine, cuts = remove_boilerplate(RawRecord("a", source="صحيفة الضفاف", **given_), rules)
    assert (mine.title, mine.body) == ("خبر", "نص | الضفاف")
    assert cuts == (
        Cut("title", 3, " | الضفاف", 2, "suffix: | الضفاف"),
        Cut("body", 11, "\nشارك", 1, "line: شارك"),
    )
    other, _cuts = remove_boilerplate(RawRecord("a", source="غيرها", **given_), rules)
    assert other.body == "نص | الضفاف\nشارك"


def test_no_rules_change_nothing_and_a_rule_set_can_be_pickled() -> None:
    assert NO_RULES.clean("شارك\nنص").text == "شارك\nنص"
    rules = RuleSet([BoilerplateRule(1, "line", "شارك")])
    rules.clean("نص")
    assert pickle.loads(pickle.dumps(rules)) == rules  # noqa: S301  our own bytes


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lambda size: "شارك\n" * 4_000 * size + "نص", id="lines of furniture"),
        pytest.param(
            lambda size: "اقرأ أيضا\n" * 1_500 * size + "قال الوفد إنه عاد.", id="headings of lists"
        ),
        pytest.param(
            lambda size: "- اقرأ أيضا\n" * 600 * size + "قال الوفد.",
            id="headings that are headlines",
        ),
        pytest.param(lambda size: "اقرأ أيضا" + "\n" * 20_000 * size + "نص.", id="blank lines"),
        pytest.param(lambda size: "Image caption " * 5_000 * size + "نص", id="a marker again and again"),
        pytest.param(lambda size: "ـ" * 100_000 * size + "نص (انتهى)", id="one endless line"),
    ],
)
def test_the_time_grows_with_the_length_of_a_text_and_not_with_its_square(
    build: Callable[[int], str],
) -> None:
    some = [
        BoilerplateRule(1, "line", "شارك"), BoilerplateRule(2, "tail", "اقرأ أيضا"), BoilerplateRule(3,
        "prefix", "Image caption"),
        BoilerplateRule(4, "suffix", "(انتهى)"),
    ]  # fmt: skip
    ratio = time_ratio(lambda text: cut(text, some), build(1), build(FACTOR))
    assert ratio < LARGEST_RATIO
    assert weave(*cut(build(1), some)) == build(1)
