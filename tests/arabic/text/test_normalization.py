"""Normalization: spellings that become equal, and offsets that map back to the original text."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arabic.text.normalization import (
    HAMZA_RUN,
    HAMZA_RUN_REPLACEMENT,
    NormalizedText,
    _written_characters,
    char_mappings,
    normalize,
    normalized_and_written,
    written_text,
)
from tests.arabic.strategies import SCRAPED_TEXTS


@pytest.mark.parametrize(
    ("written", "also"),
    [
        ("إدلب", "ادلب"),
        ("آذار", "اذار"),
        ("مسؤول", "مسئول"),
        ("لاجئ", "لاجىء"),
        ("شيء", "شئ"),
        ("شيء", "شىء"),
        ("سيئ", "سيء"),
        ("القامشلي", "القامشلى"),
        ("حماة", "حماه"),
        ("كريم", "کریم"),
        ("گوگل", "كوكل"),
        ("شُهَدَاء", "شهداء"),
        ("الحـــرية", "الحرية"),
        ("هٰذا", "هذا"),
        ("ﺍﻟﻌﺮﺍﻕ", "العراق"),
        ("ﻻ", "لا"),
        ("حمص\u200f", "حمص"),
        ("\ufeffحلب", "حلب"),
        ("١٢٣", "123"),
        ("۱۲۳", "123"),
        ("و\u0654", "ؤ"),
        ("ى\u0654", "ئ"),
        ("CAFÉ", "cafe"),
        ("Ⅻ", "xii"),
    ],
)
def test_spellings_of_one_word_normalize_alike(written: str, also: str) -> None:
    assert normalize(written) == normalize(also)


@pytest.mark.parametrize(
    ("one", "other"), [("حماة", "حماس"), ("سأل", "سال م"), ("ضل", "ظل"), ("علي", "على ا")]
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert normalize(one) != normalize(other)


def test_a_sign_adds_no_letters() -> None:
    assert normalize("Google™") == "google™"


@given(SCRAPED_TEXTS)
@example("يييء")
@example("ي\u064eئ")
def test_normalization_is_idempotent(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(SCRAPED_TEXTS)
@example("قرأً ىً 5ً ًً")
@example("ا\u0654 و\u0654 ى\u0654 ا\u0653")
@example("شىيىء لاجىءً")
def test_both_forms_of_a_text_made_together_are_those_made_apart(text: str) -> None:
    together, written = normalized_and_written(text)
    apart = NormalizedText(text)
    # The rules as they read best; the code's own begin with a letter, which is faster.
    plain = re.sub("(?<![ء-ي])\u064b+", "", _written_characters(text))
    assert written == written_text(text) == re.sub("(?<![ىي])[ىي]+ء", "ء", plain)
    assert together.text == apart.text == re.sub(HAMZA_RUN, HAMZA_RUN_REPLACEMENT, together._pieces)
    assert together._pieces == apart._pieces


@given(SCRAPED_TEXTS, st.integers(0, 60), st.sampled_from("\u064e\u0651\u0640\u200f\u200d"))
def test_a_diacritic_or_tatweel_anywhere_changes_nothing(text: str, at: int, mark: str) -> None:
    plain = text.replace("\u0654", "")  # a hamza mark depends on the letter before it
    assert normalize(plain[:at] + mark + plain[at:]) == normalize(plain)


@given(SCRAPED_TEXTS)
def test_origins_are_in_order_and_within_the_text(text: str) -> None:
    normalized = NormalizedText(text)
    assert normalized.text == normalize(text)
    origins = [normalized.origin(at) for at in range(len(normalized.text) + 1)]
    assert origins == sorted(origins)
    assert origins[-1] == len(text)
    assert all(0 <= origin <= len(text) for origin in origins)


def test_a_span_includes_the_diacritics_of_its_last_letter() -> None:
    text = "في دِمَشْقَ اليوم"
    normalized = NormalizedText(text)
    start = normalized.text.index("دمشق")
    first, last = normalized.span(start, start + 4)
    assert text[first:last] == "دِمَشْقَ"


def test_a_span_within_a_ligature_is_the_ligature() -> None:
    assert NormalizedText("قال ﷺ هنا").span(5, 6) == (4, 5)


def test_mapping_rules_are_single_valued_and_never_lead_to_a_source() -> None:
    rules = char_mappings()
    sources = [source for source, _ in rules]
    assert len(set(sources)) == len(sources)
    assert all(1 <= len(source) <= 2 and max(map(ord, source)) <= 0xFFFF for source in sources)
    singles = {source for source in sources if len(source) == 1}
    assert not [rule for rule in rules if singles & set(rule[1])]


@given(SCRAPED_TEXTS)
def test_the_exported_rules_equal_normalize(text: str) -> None:
    rules = dict(char_mappings())
    longest_first = sorted(rules, key=len, reverse=True)
    at, mapped = 0, ""
    while at < len(text):
        source = next((rule for rule in (text[at : at + 2], text[at]) if rule in rules), None)
        mapped += rules[source] if source else text[at]
        at += len(source or text[at])
    assert len(longest_first[0]) == 2
    assert re.sub(HAMZA_RUN, HAMZA_RUN_REPLACEMENT, mapped) == normalize(text)
