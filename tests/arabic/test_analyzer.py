"""Stems, protected names and the bag of forms."""

import pytest
from hypothesis import given

from arabic.analyzer import (
    analysis_version,
    is_overstemmed,
    lemma_terms_in_context,
    light_stem,
    stem_overrides,
)
from arabic.morphology.light10 import light10
from arabic.morphology.protected_words import (
    NAME_MARKER,
    MultiwordName,
    find_multiword_names,
    is_protected,
    name_term,
    protected_names,
)
from arabic.tables.gazetteer import gazetteer
from arabic.text.normalization import normalize
from arabic.text.tokenizer import normalized_terms
from tests.arabic.analysis import lemma_field_terms
from tests.arabic.strategies import ARABIC_WORDS, SCRAPED_TEXTS


def exact(word: str) -> str:
    (term,) = normalized_terms(word)
    return term


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("والكتاب", "كتاب"),
        ("بالمدينه", "مدين"),
        ("للامم", "امم"),
        ("المعتقلين", "معتقل"),
        ("ولد", "ولد"),  # waw needs three letters after it
        ("وقال", "قال"),
        ("الم", "الم"),  # two letters must remain
        ("مدرسيها", "مدرس"),  # each suffix once, in order: ها then ي
        ("كتابات", "كتاب"),
        ("ها", "ها"),
    ],
)
def test_light10_cuts_as_lucene_does(word: str, stem: str) -> None:
    assert light10(word) == stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("وزير", "الوزير"),
        ("ولاية", "الولاية"),
        ("وطني", "الوطني"),
        ("وثيقة", "الوثيقة"),
        ("وزارة", "والوزارة"),
    ],
)
def test_a_root_waw_is_no_conjunction(one: str, other: str) -> None:
    assert light_stem(exact(one)) == light_stem(exact(other))


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("حلب", "حلبات"),
        ("الرقة", "ورقة"),
        ("لبنان", "لبن"),
        ("حماة", "حماية"),
        ("عربين", "عرب"),
        ("السودان", "أسود"),
    ],
)
def test_a_protected_name_is_no_other_words_stem(name: str, word: str) -> None:
    assert is_protected(exact(name))
    assert light_stem(exact(name)) != light_stem(exact(word))
    assert light_stem(exact(f"و{name}")) != light_stem(exact(word))
    assert name_term(exact(word)) is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("بحمص", "حمص"),
        ("وبدرعا", "درعا"),
        ("لحلب", "حلب"),
        ("فكدمشق", "دمشق"),
        ("للرقة", "الرقة"),
        ("وللحسكة", "الحسكة"),
        ("والقامشلى", "القامشلي"),
        ("بديرالزور", "دير الزور"),
        ("وبسورية", "سوريا"),
        ("كوباني", "عين العرب"),
        ("بتدمر", "تدمر"),
    ],
)
def test_names_are_seen_through_clitics(written: str, name: str) -> None:
    form = name_term(exact(written))
    assert form is not None
    assert form in lemma_field_terms(normalized_terms(name))


@pytest.mark.parametrize(
    "word", ["فاطمة", "فعالية", "باكرا", "بليون", "الحمص", "حمصي", "بابها", "رقة", "كنيس", "وبنوا"]
)
def test_a_word_is_not_cut_into_clitic_and_name(word: str) -> None:
    assert name_term(exact(word)) is None


@pytest.mark.parametrize(
    ("written", "word"),
    [("والرقة", "رقة"), ("بالقاهرة", "قاهر"), ("للجزائر", "جزائر"), ("وقطر", "قطرة"), ("كالسودان", "سود")],
)
def test_a_name_behind_a_clitic_is_no_other_words_stem(written: str, word: str) -> None:
    assert light_stem(exact(written)).startswith(NAME_MARKER)
    assert light_stem(exact(written)) != light_stem(exact(word))


@pytest.mark.parametrize("name", ["الباب", "القصير", "تدمر", "نوى", "صور", "الثورة", "الميادين"])
def test_names_that_are_words_are_not_protected(name: str) -> None:
    assert not is_protected(exact(name))
    assert light_stem(exact(name)) == light10(exact(name))


@pytest.mark.parametrize("name", ["حمص", "دمشق", "إدلب", "جنيف", "سورية", "أميركا", "بغداد", "دبي"])
def test_names_that_the_news_lives_on_are_protected(name: str) -> None:
    assert is_protected(exact(name))


def names_in(text: str) -> list[tuple[str, ...]]:
    """The marked names on each token."""
    forms = lemma_terms_in_context(normalized_terms(text))
    return [tuple(form for form in each if form.startswith(NAME_MARKER)) for each in forms]


def test_a_name_of_two_words_stands_on_both_and_equals_its_joined_spelling() -> None:
    forms = names_in("اشتباكات بدير الزور وديرالزور")
    assert forms[0] == ()
    assert forms[1] == forms[2] == forms[3] != ()


def test_a_short_first_word_of_a_name_is_seen_through_clitics() -> None:
    assert names_in("ولتل أبيض") == names_in("تل أبيض") != [(), ()]


def test_a_run_that_begins_like_a_name_is_none() -> None:
    assert names_in("دير قديم") == [(), ()]


def test_name_runs_take_the_longest() -> None:
    terms = normalized_terms("سفير الولايات المتحدة الأمريكية في ديرالزور")
    united, deir = find_multiword_names(terms)
    assert (united.start, united.end) == (1, 4)
    assert deir == MultiwordName(5, 6, f"{NAME_MARKER}ديرالزور")


def test_all_country_spellings_share_a_form() -> None:
    assert len({name_term(exact(name)) for name in ("أمريكا", "أميركا", "لأمريكا")}) == 1
    assert name_term(exact("أمريكا")) in lemma_field_terms(normalized_terms("بالولايات المتحدة"))


def test_no_stem_can_equal_a_marked_form() -> None:
    overrides = dict(stem_overrides())
    for name, form in protected_names().items():
        assert form.startswith(NAME_MARKER)
        assert overrides[name] == light_stem(name) == form
        assert normalized_terms(form) != [form]


@given(ARABIC_WORDS)
def test_only_a_protected_name_has_a_marked_light_form(word: str) -> None:
    folded = normalize(word)
    if folded and NAME_MARKER in light_stem(folded):
        assert name_term(folded)


@given(SCRAPED_TEXTS)
def test_every_token_has_its_forms_and_the_bag_is_all_of_them(text: str) -> None:
    terms = normalized_terms(text)
    forms = lemma_terms_in_context(terms)
    assert len(forms) == len(terms)
    assert lemma_field_terms(terms) == [form for each in forms for form in each]
    assert all(form and " " not in form for form in lemma_field_terms(terms))


@pytest.mark.parametrize(
    ("word", "shared"),
    [("جمعية", True), ("مكتب", True), ("سلطان", True), ("سياسة", False), ("حكومة", False), ("جيش", False)],
)
def test_a_stem_is_shared_by_words_that_are_none_of_a_kind(word: str, shared: bool) -> None:
    assert is_overstemmed(exact(word)) is shared


def test_overrides_are_sorted_unique_single_tokens() -> None:
    overrides = stem_overrides()
    words = [word for word, _ in overrides]
    assert words == sorted(set(words))
    assert all(normalized_terms(word) == [word] for word in words)


def test_the_version_is_short_and_steady() -> None:
    assert analysis_version() == analysis_version()
    assert len(analysis_version()) == 12


def test_every_syrian_name_is_protected_or_ambiguous() -> None:
    for entry in gazetteer().by_key.values():
        terms = normalized_terms(entry.name)
        if entry.country == "SY" and len(terms) == 1:
            assert is_protected(terms[0]) or entry.ambiguous or entry.needs, entry.name
