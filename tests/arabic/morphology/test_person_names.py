"""Names of persons in texts and as typed, and what a text that writes ة means by ه."""

from __future__ import annotations

import pytest

from arabic.analyzer import lemma_terms_in_context
from arabic.morphology.lemmatizer import lemmas
from arabic.morphology.text_readings import careless_lemmas, name_lemma


def _asked(word: str) -> set[str]:
    """Return what a typed word searches, as search/query/leaf_terms.py puts it together."""
    return {*lemmas(word), name_lemma(word)} - {""}


def _terms(text: str, word: str) -> set[str]:
    words = text.split()
    return set(lemma_terms_in_context(words)[words.index(word)])


@pytest.mark.parametrize(
    ("text", "name", "other"),
    [
        ("قال نوري المالكي أمس", "المالكي", "المالكية"),
        ("ووصل خالد بن كامل أمس", "كامل", "الكاملة"),
        ("والمقدم صادق أكد", "صادق", "صادقت"),
        ("الأمير سلطان بن جميل", "جميل", "جميلة"),
        ("استقبل خالد الحربي", "الحربي", "الحربية"),
    ],
)
def test_a_word_in_a_persons_name_is_no_form_of_another_word(text: str, name: str, other: str) -> None:
    terms = _terms(text, name)
    assert terms == {name_lemma(name)}
    assert terms & _asked(name)
    assert not terms & _asked(other)


@pytest.mark.parametrize(
    ("text", "name", "others"),
    [
        ("علي بن أبي طالب", "طالب", "طلاب يطالب"),
        ("المفتي عبدالعزيز آل الشيخ", "الشيخ", "شيوخ المشايخ"),
        ("أحمد أبو حسنة", "حسنة", "حسن"),
        ("كلمة وأبو سهمين", "سهمين", "أسهم"),
        ("صرح بن رودس", "بن", "أبناء أبناؤنا البن بنون"),
    ],
)
def test_what_follows_son_of_is_a_name_only(text: str, name: str, others: str) -> None:
    assert not _terms(text, name) & {lemma for other in others.split() for lemma in _asked(other)}


def test_a_name_with_letters_that_searching_folds_is_found_by_them() -> None:
    assert _asked("ربيعة") & _terms("لبيد بن ربيعة", "ربيعة")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("الدورة ال طلاب", "طلاب"),
        ("الهلال أبو البطولات", "البطولات"),
        ("أحمد ابن الأربع سنوات", "الأربع"),
        ("رأيت أبي شيوخ", "شيوخ"),
    ],
)
def test_what_only_looks_like_son_of_makes_no_name(text: str, word: str) -> None:
    assert _terms(text, word) == set(lemmas(word))


def test_son_of_is_found_by_both_spellings() -> None:
    for typed, text in (("ابن", "بن"), ("بن", "ابن"), ("لابن", "بن"), ("الأبناء", "ابن")):
        assert set(lemmas(typed)) & set(lemmas(text)), (typed, text)


@pytest.mark.parametrize(
    ("text", "word"),
    [("مطار الملك خالد الدولي", "الدولي"), ("على المالي", "المالي"), ("الرئيس اليمني", "اليمني")],
)
def test_an_adjective_is_no_name(text: str, word: str) -> None:
    assert _terms(text, word) == set(lemmas(word))


def test_a_surname_is_found_through_clitics() -> None:
    assert _asked("للمالكي") & _terms("قال نوري المالكي", "المالكي")
    assert _asked("المالكي") & _terms("وقال لنوري والمالكي", "والمالكي")


def test_a_given_name_is_no_adjective() -> None:
    assert not set(lemmas("خالد")) & set(lemmas("خالدة"))
    assert set(lemmas("رائد".replace("ئ", "ء"))) & set(lemmas("رواد"))  # a word as well


def test_a_text_that_writes_teh_means_the_pronoun_by_heh() -> None:
    assert careless_lemmas("دوره") == set(lemmas("دورة"))
    assert not careless_lemmas("منطقه")  # hardly "his logic"
    careful = "الوزارة والبلدية والمدرسة أكدت دوره"
    assert not _terms(careful, "دوره") & set(lemmas("دورة"))
    assert _terms(careful, "دوره") & set(lemmas("الدور"))
    assert _terms("الوزاره والبلديه والمدرسه أكدت دوره", "دوره") >= set(lemmas("دورة"))
