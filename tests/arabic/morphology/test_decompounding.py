"""Decompounding: run-together words that are split, and words that never are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.analyzer import lemma_terms_in_context
from arabic.morphology.decompounding import MAX_PARTS, SHIPPED_DECOMPOUNDER, Decompounder
from arabic.morphology.lemmatizer import is_word, lemmas
from arabic.morphology.protected_words import name_term, protected_names
from arabic.text.normalization import normalize
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.frequencies import is_frequent_word, probability
from arabic.vocabulary.vocabulary import Vocabulary
from tests.arabic.analysis import lemma_field_terms
from tests.arabic.strategies import ARABIC_WORDS


def parts(word: str, decompounder: Decompounder = SHIPPED_DECOMPOUNDER) -> str:
    return "+".join(decompounder.parts(normalize(word)))


@pytest.mark.parametrize(
    ("written", "cut"),
    [
        ("دمشققال", "دمشق+قال"),  # a full stop is missing between them
        ("التنظيمات", ""),
        ("المجلسالوطني", "المجلس+الوطني"),
        ("مدينةحمص", "مدينه+حمص"),
        ("فيحمص", "في+حمص"),  # also "so he roasts"
        ("منالقاهرة", "من+القاهره"),
        ("علىالحدود", "علي+الحدود"),
        ("إلىدمشق", "الي+دمشق"),
        ("رئيسمجلسالوزراء", "رءيس+مجلس+الوزراء"),
        ("لايزال", "لا+يزال"),
        ("ولايزال", "ولا+يزال"),
        ("ماحدث", "ما+حدث"),
        ("أوالتدخل", "او+التدخل"),
        ("عبدالله", "عبد+الله"),
        ("وعبدالرحمن", "وعبد+الرحمن"),
        ("عبدالعزيزالسليمان", "عبد+العزيز+السليمان"),
        ("أبوبكر", "ابو+بكر"),
        ("نورالدين", "نور+الدين"),
        ("حزبالله", "حزب+الله"),
    ],
)
def test_run_together_words_are_split_into_their_parts(written: str, cut: str) -> None:
    assert parts(written) == cut


@pytest.mark.parametrize(
    "whole",
    [
        *(
            "قال",
            "المستشفيات",
            "وللمستشفيات",
            "فسيكفيكهم",
            "منهم",
            "لابد",
            "فيلم",
            "لافروف",
            "منصور",
            "مانديلا",
        ),
        *(
            "أبواب",
            "أبوابها",
            "الخالدين",
            "بالوالدين",
            "أبوظبي",
            "ديرالزور",
            "بديرالزور",
            "السورية",
            "عليهما",
        ),
        *("انفيلد", "كاتالونيا", "غوانتانامو", "يتفاوضون", "واستدراجهم", "فيسبوك", "لبنان", "ولبنان", "من"),
        *("القدساوي", "اللامسؤولة", "والاقتصاديين", "هوليستر", "أبولون", "بي", "Reuters", "2012", "ﷺ", ""),
    ],
)
def test_a_word_of_its_own_is_never_split(whole: str) -> None:
    assert parts(whole) == ""


WORDS_OF_NEWS = st.sampled_from(
    normalized_terms(
        "قال رئيس مجلس الوزراء في مؤتمر صحفي إن الحكومة ستعمل على إعادة إعمار المدينة القديمة من أجل عودة "
        "أهلها إلى بيوتهم بعد انتهاء الحرب التي دمرت معظم الأحياء السكنية في حلب وحمص خلال السنوات الماضية"
    )
)


@given(st.one_of(ARABIC_WORDS.map(normalize), st.lists(WORDS_OF_NEWS, min_size=1, max_size=5).map("".join)))
def test_the_parts_concatenate_to_the_word(token: str) -> None:
    found = SHIPPED_DECOMPOUNDER.parts(token)
    assert found == () or "".join(found) == token
    assert len(found) in (0, *range(2, MAX_PARTS + 1))
    assert all(len(part) >= 2 for part in found)


@given(st.lists(WORDS_OF_NEWS, min_size=2, max_size=2), st.sampled_from(sorted(protected_names())))
def test_listed_words_and_names_are_never_split(words: list[str], name: str) -> None:
    joined = "".join(words)
    assert SHIPPED_DECOMPOUNDER.parts(name) == ()
    if is_frequent_word(joined) or name_term(joined):
        assert SHIPPED_DECOMPOUNDER.parts(joined) == ()


@given(st.lists(WORDS_OF_NEWS, min_size=2, max_size=3))
def test_all_parts_are_known_words(words: list[str]) -> None:
    for part in SHIPPED_DECOMPOUNDER.parts("".join(words)):
        assert is_frequent_word(part) or is_word(part) or name_term(part)


def test_most_concatenated_pairs_are_split_again() -> None:
    sentence = normalized_terms(
        "وأكد المتحدث باسم وزارة الخارجية الروسية خلال المؤتمر الصحفي اليوم الثلاثاء استمرار العمليات "
        "العسكرية ضد التنظيمات المسلحة داخل الأراضي السورية وأشار أيضا إلى ضرورة المفاوضات بين الأطراف"
    )
    pairs = [(a, b) for a, b in pairwise(sentence) if len(a) > 2 and len(b) > 2]
    found = [pair for pair in pairs if SHIPPED_DECOMPOUNDER.parts("".join(pair)) == pair]
    assert len(found) >= 0.75 * len(pairs)


NEWS = Vocabulary(
    {"ابوالعيش": 27, "شنايدرلين": 10, "ايرانالناس": 2, "خوزقان": 90, "لايزال": 23}, articles=12_000
)


def test_a_word_that_is_frequent_in_the_archive_stays_whole() -> None:
    assert parts("شنايدرلين", Decompounder(NEWS)) == ""
    assert parts("إيرانالناس", Decompounder(NEWS)) == "ايران+الناس"


def test_habitual_compounds_are_split_even_if_frequent_in_the_archive() -> None:
    assert parts("لايزال", Decompounder(NEWS)) == "لا+يزال"
    assert parts("أبوالعيش", Decompounder(NEWS)) == "ابو+العيش"


def test_a_name_known_only_to_the_archive_can_be_a_part() -> None:
    assert parts("مدينةخوزقان") == ""
    assert parts("مدينةخوزقان", Decompounder(NEWS)) == "مدينه+خوزقان"


def test_the_lemma_field_of_a_run_together_word_has_the_terms_of_its_parts() -> None:
    (terms,) = lemma_terms_in_context(normalized_terms("فيمدينةحمص"))
    assert {name_term("حمص"), *lemmas("مدينه"), *lemmas("في")} <= set(terms)
    assert set(lemma_field_terms(["الوطني"])) <= set(lemma_field_terms(["المجلسالوطني"]))


def test_a_multiword_name_is_found_among_the_parts() -> None:
    assert name_term("ديرالزور") in lemma_field_terms(normalized_terms("فيمدينةديرالزور"))


def test_the_analyzer_uses_the_decompounder_it_is_given() -> None:
    (shipped,) = lemma_terms_in_context(["شنايدرلين"])
    (own,) = lemma_terms_in_context(["شنايدرلين"], Decompounder(NEWS))
    assert set(own) <= set(shipped)


@given(ARABIC_WORDS.map(normalize))
def test_splitting_is_deterministic(token: str) -> None:
    assert (
        Decompounder().parts(token) == SHIPPED_DECOMPOUNDER.parts(token) == SHIPPED_DECOMPOUNDER.parts(token)
    )


def test_frequencies_are_shares_of_running_arabic() -> None:
    assert 0.02 < probability("في") < 0.06
    assert probability("في") > probability("من") > probability("المدينه") > probability("دمشقيه") >= 0.0
    assert probability("المجلسالوطني") == 0.0
    assert not is_frequent_word("عبدالله")
    assert is_frequent_word("مدينه")
