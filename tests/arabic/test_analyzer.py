"""The analyzer: stems, protected names and the lemma field."""

import pytest
from hypothesis import given

from arabic.analyzer import (
    analysis_version,
    is_overstemmed,
    lemma_terms_in_context,
    light_stem,
    stem_overrides,
)
from arabic.morphology.affixes import light10
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


def token(word: str) -> str:
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
def test_light10_stems_as_lucene_does(word: str, stem: str) -> None:
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
def test_a_root_waw_is_not_a_conjunction(one: str, other: str) -> None:
    assert light_stem(token(one)) == light_stem(token(other))


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
def test_a_protected_name_is_not_the_stem_of_another_word(name: str, word: str) -> None:
    assert is_protected(token(name))
    assert light_stem(token(name)) != light_stem(token(word))
    assert light_stem(token(f"و{name}")) != light_stem(token(word))
    assert name_term(token(word)) is None


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
def test_names_are_recognized_behind_clitics(written: str, name: str) -> None:
    form = name_term(token(written))
    assert form is not None
    assert form in lemma_field_terms(normalized_terms(name))


@pytest.mark.parametrize(
    "word", ["فاطمة", "فعالية", "باكرا", "بليون", "الحمص", "حمصي", "بابها", "رقة", "كنيس", "وبنوا"]
)
def test_a_word_is_not_split_into_clitic_and_name(word: str) -> None:
    assert name_term(token(word)) is None


@pytest.mark.parametrize(
    ("written", "word"),
    [("والرقة", "رقة"), ("بالقاهرة", "قاهر"), ("للجزائر", "جزائر"), ("وقطر", "قطرة"), ("كالسودان", "سود")],
)
def test_a_name_behind_a_clitic_is_not_the_stem_of_another_word(written: str, word: str) -> None:
    assert light_stem(token(written)).startswith(NAME_MARKER)
    assert light_stem(token(written)) != light_stem(token(word))


@pytest.mark.parametrize("name", ["الباب", "القصير", "تدمر", "نوى", "صور", "الثورة", "الميادين"])
def test_names_that_are_words_are_not_protected(name: str) -> None:
    assert not is_protected(token(name))
    assert light_stem(token(name)) == light10(token(name))


@pytest.mark.parametrize("name", ["حمص", "دمشق", "إدلب", "جنيف", "سورية", "أميركا", "بغداد", "دبي"])
def test_names_that_are_central_to_the_news_are_protected(name: str) -> None:
    assert is_protected(token(name))


def names_in(text: str) -> list[tuple[str, ...]]:
    """Return the name terms on each token."""
    forms = lemma_terms_in_context(normalized_terms(text))
    return [tuple(form for form in each if form.startswith(NAME_MARKER)) for each in forms]


def test_the_term_of_a_two_word_name_is_on_both_and_equals_its_joined_spelling() -> None:
    forms = names_in("اشتباكات بدير الزور وديرالزور")
    assert forms[0] == ()
    assert forms[1] == forms[2] == forms[3] != ()


def test_a_short_first_word_of_a_name_is_recognized_behind_clitics() -> None:
    assert names_in("ولتل أبيض") == names_in("تل أبيض") != [(), ()]


@pytest.mark.parametrize(
    ("text", "is_place"),
    [
        ("وصلوا إلى حماة", True),
        ("رجال الأمن حماة الوطن", False),
        ("كلهم وحماة الوطن", False),
        ("في حماة الوطن يتألم", True),
        ("مدينة حماة القديمة", True),
        ("وزارة حماة السورية", True),
        ("حماة اليوم", True),
    ],
)
def test_a_genitive_makes_a_name_the_noun_that_it_is_too(text: str, is_place: bool) -> None:
    assert any("§حماه" in names for names in names_in(text)) == is_place


def test_words_that_only_begin_like_a_name_are_not_one() -> None:
    assert names_in("دير قديم") == [(), ()]


def test_the_longest_multiword_name_is_found() -> None:
    terms = normalized_terms("سفير الولايات المتحدة الأمريكية في ديرالزور")
    united, deir = find_multiword_names(terms)
    assert (united.start, united.end) == (1, 4)
    assert deir == MultiwordName(5, 6, f"{NAME_MARKER}ديرالزور")


def test_all_spellings_of_a_country_share_a_term() -> None:
    assert len({name_term(token(name)) for name in ("أمريكا", "أميركا", "لأمريكا")}) == 1
    assert name_term(token("أمريكا")) in lemma_field_terms(normalized_terms("بالولايات المتحدة"))


def test_no_stem_can_equal_the_term_of_a_name() -> None:
    overrides = dict(stem_overrides())
    for name, form in protected_names().items():
        assert form.startswith(NAME_MARKER)
        assert overrides[name] == light_stem(name) == form
        assert normalized_terms(form) != [form]


@given(ARABIC_WORDS)
def test_only_a_protected_name_is_stemmed_to_its_term(word: str) -> None:
    normalized = normalize(word)
    if normalized and NAME_MARKER in light_stem(normalized):
        assert name_term(normalized)


@given(SCRAPED_TEXTS)
def test_the_lemma_field_has_the_terms_of_every_token(text: str) -> None:
    terms = normalized_terms(text)
    forms = lemma_terms_in_context(terms)
    assert len(forms) == len(terms)
    assert lemma_field_terms(terms) == [form for each in forms for form in each]
    assert all(form and " " not in form for form in lemma_field_terms(terms))


@pytest.mark.parametrize(
    ("word", "shared"),
    [("جمعية", True), ("مكتب", True), ("سلطان", True), ("سياسة", False), ("حكومة", False), ("جيش", False)],
)
def test_overstemmed_words_are_recognized(word: str, shared: bool) -> None:
    assert is_overstemmed(token(word)) is shared


def test_overrides_are_sorted_unique_single_tokens() -> None:
    overrides = stem_overrides()
    words = [word for word, _ in overrides]
    assert words == sorted(set(words))
    assert all(normalized_terms(word) == [word] for word in words)


def test_the_analysis_version_is_short_and_stable() -> None:
    assert analysis_version() == analysis_version()
    assert len(analysis_version()) == 12


def test_every_syrian_name_is_protected_or_ambiguous() -> None:
    for entry in gazetteer().by_key.values():
        terms = normalized_terms(entry.name)
        if entry.country == "SY" and len(terms) == 1:
            assert is_protected(terms[0]) or entry.ambiguous or entry.needs, entry.name
