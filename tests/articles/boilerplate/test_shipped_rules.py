"""The shipped boilerplate rules: site furniture that they remove, and sentences that they keep."""

from __future__ import annotations

import pytest

from articles.boilerplate.rule_store import iter_shipped_rules
from articles.text.boilerplate_filter import RuleSet
from articles.text.boilerplate_rules import BoilerplateRule

BOOK = RuleSet(
    BoilerplateRule(number, kind, pattern, field)
    for number, (kind, field, pattern) in enumerate(iter_shipped_rules(), start=1)
)
BEFORE, AFTER = "قال شاهد إن القافلة وصلت إلى المدينة صباحا.", "وأضاف أن الطريق مفتوح منذ أمس."


@pytest.mark.parametrize(
    "line",
    [
        "شارك", "شارك عبر واتساب", "مشاركة عبر فيسبوك", "Image caption", "طباعة الصفحة", "الكلمات المفتاحية",
        "اقرأ أيضًا | الخبز يعود إلى السوق", "اشترك في قناتنا على تلغرام", "مساحة إعلانية", "// انتهى //",
        "مصدر الصورة Getty Images", "الرئيسية > أخبار > سوريا", "المقال يعبر عن رأي الكاتب لا عن رأي الموقع",
        "عدد القراءات 1234", "عدسة: سامر علي", "المزيد من الأخبار",
    ],
)  # fmt: skip
def test_a_line_that_sites_print_is_cut(line: str) -> None:
    assert BOOK.clean(f"{BEFORE}\n{line}\n{AFTER}").text == f"{BEFORE}\n{AFTER}"


@pytest.mark.parametrize(
    "line",
    [
        "انتهى الاجتماع بعد ساعة.", "شارك عبر الهاتف في الجلسة.", "السابق واللاحق من القرارات.",
        "عدسة الكاميرا مكسورة.", "الرئيسية في المبنى قاعة واسعة.", "المقال يروي ما جرى.", "تويتر",
        "مصدر الصورة رجل لا نعرفه.", "عدد القراءات قليل.", "من نحن",
    ],
)  # fmt: skip
def test_a_sentence_that_begins_alike_stays(line: str) -> None:
    text = f"{BEFORE}\n{line}\n{AFTER}"
    assert BOOK.clean(text).text == text
