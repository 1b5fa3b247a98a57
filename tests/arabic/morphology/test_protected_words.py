"""Names of several words: of places, organisations and months, the longest, through clitics, run together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.morphology.protected_words import find_multiword_names, is_protected, name_term
from arabic.text.tokenizer import normalized_terms


def names(text: str) -> list[str]:
    """Return the tokens of each name, without the term."""
    tokens = normalized_terms(text)
    return [" ".join(tokens[name.start : name.end]) for name in find_multiword_names(tokens)]


def terms(text: str) -> set[str]:
    return {name.term for name in find_multiword_names(normalized_terms(text))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("في كانون الثاني الماضي", ["كانون الثاني"]),
        ("منذ ذي الحجة", ["ذي الحجه"]),
        ("رحبت الأمم المتحدة به", ["الامم المتحده"]),
        ("قال لمجلس الأمن أمس", ["لمجلس الامن"]),
        ("الاتحاد الأوروبي لكرة القدم", ["الاتحاد الاوروبي لكره القدم"]),
        ("صندوق الأمم المتحدة للسكان", ["صندوق الامم المتحده للسكان", "الامم المتحده"]),
        ("مجلس الأمن الدولي", ["مجلس الامن الدولي"]),
        ("قرب أبو الخصيب", ["ابو الخصيب"]),
        ("كانون وثاني", []),
    ],
)
def test_the_names_of_a_text_are_the_longest_and_those_that_begin_inside_them(
    text: str, expected: list[str]
) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كانون الثاني", "كانون ثاني"),
        ("ذو القعدة", "ذي القعدة"),
        ("مجلس الأمن", "مجلس الأمن الدولي"),
        ("حزب الله", "حزبالله"),
        ("كانون الأول", "وكانونالأول"),
        ("أبو ظبي", "لأبي ظبي"),
        ("أبو ظبي", "وأباظبي"),
    ],
)
def test_spellings_of_a_name_share_its_term(one: str, other: str) -> None:
    assert len(terms(one)) == 1
    assert terms(one) == terms(other)


def test_other_names_of_an_organisation_have_terms_of_their_own() -> None:
    assert terms("مجلس التعاون").isdisjoint(terms("هيئة الأمم"))
    assert terms("المرصد السوري").isdisjoint(terms("الشبكة السورية"))
    assert terms("الخوذ البيضاء").isdisjoint(terms("الدفاع المدني السوري"))


def test_a_run_together_name_of_ordinary_words_is_not_protected() -> None:
    assert not is_protected("حزبالله")
    assert name_term("حزبالله") is None
    assert is_protected("ديرالزور")


NAME_WORDS = normalized_terms(
    "صندوق الأمم المتحدة للسكان الولايات الأمريكية مجلس الأمن الدولي كانون الثاني دير الزور ديرالزور"
)


@given(st.lists(st.sampled_from(NAME_WORDS), max_size=15))
def test_two_names_are_apart_or_one_is_inside_the_other(tokens: list[str]) -> None:
    found = find_multiword_names(tokens)
    for at, one in enumerate(found):
        assert 0 <= one.start < one.end <= len(tokens)
        for other in found[at + 1 :]:
            assert one.end <= other.start or (one.start < other.start and other.end <= one.end)
