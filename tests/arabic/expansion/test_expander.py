"""Query expansion: words and terms that are searched besides the typed ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.expansion.expander import MAX_EXPANSIONS, Expansion, expand_query
from arabic.expansion.foreign_names import foreign_spellings, is_foreign, listed_spellings
from arabic.expansion.months import iter_month_terms
from arabic.expansion.synonyms import (
    SynonymMap,
    iter_byname_terms,
    read_bynames,
    shipped_organisations,
    shipped_synonyms,
)
from arabic.morphology.lemmatizer import morph_analyses
from arabic.morphology.protected_words import name_term
from arabic.tables.gazetteer import gazetteer, name_key, read_table
from arabic.tables.numerals import find_numbers, other_number_spellings
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.frequencies import is_frequent_word
from tests.arabic.analysis import lemma_field_terms
from tests.arabic.strategies import ARABIC_WORDS, SCRAPED_TEXTS


def expanded(query: str, aliases: SynonymMap | None = None) -> set[tuple[str, str]]:
    """Return (kind, shown) of the expansions of a query."""
    return {(each.kind, each.shown) for each in expand_query(normalized_terms(query), aliases)}


def searched(query: str) -> set[str]:
    """Return the words or terms of the expansions of a query."""
    return {" ".join(each.words) or each.term for each in expand_query(normalized_terms(query))}


MONTHS = [
    ("كانون الثاني", "يناير"),
    ("كانون ثاني", "يناير"),
    ("يناير", "جانفي"),
    ("يونيو", "يونيه"),
    ("يوليه", "يوليو"),
    ("مارس", "آذار"),
    ("نونبر", "تشرين الثاني"),
    ("أيار", "مايس"),
    ("15 آب", "أغسطس"),
    ("آب 2012", "أغسطس"),
    ("أغسطس", "آب"),
    ("january", "كانون الثاني"),
]


@pytest.mark.parametrize(("typed", "other"), MONTHS)
def test_a_month_is_searched_by_its_other_names(typed: str, other: str) -> None:
    assert ("month", other) in expanded(typed)


def test_a_madda_distinguishes_august_from_father() -> None:
    found = {spelt: expand_query(["اب"], None, [spelt]) for spelt in ("آب", "أب")}
    assert "أغسطس" in {each.shown for each in found["آب"]}
    assert not found["أب"]


@pytest.mark.parametrize("typed", ["أب", "جوان", "شباط العدو", "أوت"])
def test_an_ambiguous_month_name_needs_a_day_or_year_beside_it(typed: str) -> None:
    months = {shown for kind, shown in expanded(typed) if kind == "month"}
    assert months == ({"فبراير", "فيفري"} if typed.startswith("شباط") else set())


SENSES = [
    ("في 15 آب 2012", True),
    ("تموز وآب", True),
    ("آب/أغسطس", True),
    ("آب الماضي", True),
    ("قال أب لطفلين", False),
    ("في مارس", True),
    ("مارس 2012", True),
    ("مارس ضغوطا على الحكومة", False),
    ("مارس الرياضة", False),
]


@pytest.mark.parametrize(("text", "is_month"), SENSES)
def test_a_month_term_is_added_only_where_the_text_names_a_month(text: str, is_month: bool) -> None:
    assert bool(list(iter_month_terms(normalized_terms(text)))) == is_month


FOREIGN = [
    ("سيرجي", "سيرغي"),
    ("سيرغي", "سيرجي"),
    ("غوانتانامو", "جوانتانامو"),
    ("جوانتانامو", "غوانتانامو"),
    ("كلينتون", "كلنتون"),
    ("تليفزيون", "تلفزيون"),
    ("واتش", "ووتش"),
    ("يوتوب", "يوتيوب"),
    ("شيكاجو", "شيكاغو"),
    ("اليونسيف", "اليونيسيف"),
    ("لوكسمبورج", "لوكسمبورغ"),
    ("بيغوفيتش", "بيجوفيتش"),
    ("ألكسندر", "ألكساندر"),
    ("نتانياهو", "نتنياهو"),
    ("لرويترز", "رويتر"),
    ("لافروف", "لفروف"),  # also without the first vowel
    ("تويتر", "تويتير"),  # its synonym (Twitter) is not a spelling
]


@pytest.mark.parametrize(("typed", "other"), FOREIGN)
def test_a_foreign_name_is_searched_in_its_other_spellings(typed: str, other: str) -> None:
    assert name_key(other) in searched(typed)


@pytest.mark.parametrize(
    "word", ["قافلة", "مساعدات", "كتب", "مدارس", "حمص", "دمشق", "وزير", "القذافي", "عرعور", "يكتبون", "غزة"]
)
def test_an_arabic_word_or_name_has_no_other_spellings(word: str) -> None:
    assert foreign_spellings(name_key(word)) == ()


def test_a_name_of_the_dictionary_is_not_a_variant_of_another() -> None:
    assert name_key("نصار") not in foreign_spellings(name_key("نزار"))
    assert name_key("جوبا") not in foreign_spellings(name_key("كوبا"))


@pytest.mark.parametrize(
    ("typed", "other"),
    [("موهوبة", "موهبة"), ("الدكتاتور", "الدكتور"), ("أميركية", "أميركا"), ("المسير", "المشير")],
)
def test_two_words_of_the_dictionary_are_no_spellings_of_each_other(typed: str, other: str) -> None:
    """The dictionary has them as names first, but as nouns too."""
    assert name_key(other) not in foreign_spellings(name_key(typed))


def test_a_loanword_keeps_the_spellings_that_no_dictionary_has_as_words() -> None:
    assert name_key("الديكتاتور") in foreign_spellings(name_key("الدكتاتور"))
    assert name_key("فلكلور") in foreign_spellings(name_key("فولكلور"))


ALIASES = [
    ("المرصد السوري لحقوق الإنسان", "SOHR"),
    ("أ ف ب", "فرانس برس"),
    ("أ.ف.ب", "فرانس برس"),
    ("BBC", "بي بي سي"),
    ("الأونروا", "وكالة الغوث"),
    ("داعش", "تنظيم الدولة"),
    ("الشام", "دمشق"),
    ("الشهباء", "حلب"),
    ("Deir ez-Zor", "دير الزور"),
    ("homs", "حمص"),
    ("Aleppo", "حلب"),
    ("Kobani", "عين العرب"),
    ("فيس بوك", "فيسبوك"),
]


@pytest.mark.parametrize(("typed", "other"), ALIASES)
def test_a_place_or_organisation_is_searched_by_its_other_names(typed: str, other: str) -> None:
    assert ("alias", other) in expanded(typed)


def test_names_that_share_a_term_are_not_expanded() -> None:
    assert ("alias", "المرصد السوري") not in expanded("المرصد السوري لحقوق الإنسان")
    assert ("month", "كانون الثاني") not in expanded("كانون ثاني")
    assert ("joined", "ديرالزور") not in expanded("دير الزور")
    assert not any(kind == "alias" for kind, _shown in expanded("كوباني"))
    assert [shown for kind, shown in expanded("سورية") if kind in ("alias", "nationality")] == ["سوري"]


def test_a_synonym_that_contains_the_typed_words_is_not_an_expansion() -> None:
    assert ("alias", "المرصد السوري لحقوق الإنسان") not in expanded("المرصد السوري")


def test_given_synonyms_replace_the_shipped_ones() -> None:
    ours = SynonymMap([("هيئة النخيل", "هـ ن", "النخيل للأنباء")], [("واحة الشرق", "تدمر")])
    aliases = {shown for kind, shown in expanded("هيئة النخيل", ours) if kind == "alias"}
    assert aliases == {"هـ ن", "النخيل للأنباء"}
    assert ("alias", "تدمر") in expanded("قرب واحة الشرق", ours)
    assert ("alias", "واحة الشرق") not in expanded("تدمر", ours), "a byname works one way"
    assert not any(kind == "alias" for kind, _shown in expanded("الشام", ours))


def test_a_place_finds_its_byname_only_where_that_means_the_place() -> None:
    assert "@الشام" in searched("دمشق")
    assert [term for _at, term in iter_byname_terms(normalized_terms("سافر إلى الشام"))] == ["@الشام"]
    for text in ("بلاد الشام", "العراق والشام", "معضمية الشام", "حركة أحرار الشام"):
        assert not list(iter_byname_terms(normalized_terms(text))), text


@pytest.mark.parametrize(
    ("typed", "arabic"), [("Lavrov", "لافروف"), ("Obama", "أوباما"), ("Clinton", "كلينتون")]
)
def test_a_latin_name_is_searched_as_arab_newspapers_spell_it(typed: str, arabic: str) -> None:
    assert ("transliteration", name_key(arabic)) in expanded(typed)


def test_abbreviations_places_and_keyboard_errors_are_not_transliterated() -> None:
    assert not any(kind == "transliteration" for kind, _shown in expanded("CNN Homs hgpf the plw"))


@pytest.mark.parametrize(
    ("typed", "words"), [("al assad", "الاسد"), ("nasrallah", "نصر الله"), ("ghouta", "الغوطه")]
)
def test_a_latin_article_belongs_to_its_name_and_a_name_may_be_two_words(typed: str, words: str) -> None:
    tokens = normalized_terms(typed)
    whole = [each for each in expand_query(tokens) if (each.start, each.end) == (0, len(tokens))]
    assert words in {" ".join(each.words) for each in whole}


NUMBERS = [
    ("ثلاثين", "30"),
    ("30", "ثلاثين"),
    ("مئة", "100"),
    ("مائة", "مئة"),
    ("ألف", "1000"),
    ("1000", "1,000"),
    ("1,000", "1000"),
    ("١٠٠٠", "1,000"),
    ("25", "خمسة وعشرون"),
    ("ثلاثة آلاف", "3000"),
]


@pytest.mark.parametrize(("typed", "other"), NUMBERS)
def test_a_number_is_searched_in_words_and_in_digits(typed: str, other: str) -> None:
    assert ("number", other) in expanded(typed)


def test_the_digits_of_a_year_are_not_grouped() -> None:
    assert expanded("2012") == set()


@given(st.integers(min_value=3, max_value=10**9))
def test_every_spelling_of_a_number_parses_to_it(number: int) -> None:
    for words, _shown in other_number_spellings((), number):
        assert list(find_numbers(words)) == [(0, len(words), number)]


def test_a_misspelled_place_finds_the_place_and_the_place_its_misspellings() -> None:
    assert searched("الاذقية") == {"§اللاذقيه", "≈§اللاذقيه"}
    assert "≈§اللاذقيه" in searched("اللاذقية")
    assert "≈§اللاذقيه" in lemma_field_terms(normalized_terms("وصلت إلى اللازقية"))


def valid(expansion: Expansion, tokens: list[str]) -> bool:
    inside = 0 <= expansion.start < expansion.end <= len(tokens)
    return inside and bool(expansion.words) != bool(expansion.term) and bool(expansion.shown)


_PIECES = [
    "كانون الثاني",
    "آب",
    "ثلاثين",
    "1000",
    "000",
    "رويترز",
    "أ ف ب",
    "لافروف",
    "الشام",
    "homs",
    "اللازقية",
]
_TYPED = st.lists(st.one_of(ARABIC_WORDS, st.sampled_from(_PIECES)), max_size=8).map(" ".join)


@given(st.one_of(_TYPED, SCRAPED_TEXTS))
def test_every_expansion_replaces_tokens_of_the_query_by_something_else(query: str) -> None:
    tokens = normalized_terms(query)
    found = expand_query(tokens)
    assert len(found) <= MAX_EXPANSIONS
    assert all(valid(each, tokens) for each in found)
    assert all(list(each.words) != tokens[each.start : each.end] for each in found)
    assert all(normalized_terms(" ".join(each.words)) == list(each.words) for each in found), "folded"
    assert len(set(found)) == len(found)
    assert expand_query(tokens) == found


@given(ARABIC_WORDS)
def test_no_spelling_by_rule_is_an_ordinary_word_or_another_place(word: str) -> None:
    token = name_key(word)
    for variant in set(foreign_spellings(token)) - set(listed_spellings(token)):
        found = morph_analyses(variant)
        assert not found or found[0].kind == "P", variant
        assert name_term(variant) in (None, name_term(token)) or is_foreign(variant), variant


def test_the_tables_are_consistent() -> None:
    places = {key for key, _entries in gazetteer().name_keys()}
    assert [place for _byname, place, _back in read_bynames() if name_key(place) not in places] == []
    assert [name for name, others in shipped_organisations() if not all(map(name_key, (name, *others)))] == []
    names = [name_key(name) for name, _others in shipped_organisations()]
    assert len(names) == len(set(names)) > 140
    assert all("|" in row["spellings"] for row in read_table("foreign_names.tsv"))
    assert len(shipped_synonyms()) > 9_000


def test_no_organisation_has_a_frequent_word_as_a_name() -> None:
    """Check that searching for an organisation does not return every text with a common word."""
    single = {name_key(name) for _name, others in shipped_organisations() for name in others}
    words = [word for word in single if " " not in word and is_frequent_word(word)]
    assert words, "abbreviations are listed"
    assert not {"بنا", "ومع", "واع", "كاف", "الثوره"} & set(words)


@pytest.mark.parametrize(
    ("typed", "others"),
    [
        ("اعتقال", {"اعتقل"}),
        ("يلحق", {"الحاق"}),
        ("ابن", set()),  # a son; "build!" is far less likely
        ("كوريا", set()),
        ("غير", set()),
        ("محافظة", set()),  # a governorate, not "to preserve" (not_masdars.tsv)
        ("قرر", set()),
    ],
)
def test_derivations_come_from_the_likeliest_readings(typed: str, others: set[str]) -> None:
    assert {shown for kind, shown in expanded(typed) if kind == "derivation"} == others
