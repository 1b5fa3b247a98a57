"""The lexicon: ids of lemmas, relations between them, and stems with the letters as written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.morphology.stem_lexicon import (
    lemma_letters,
    lemma_roots,
    related_lemmas,
    spelling_weight,
    stem_entries,
)
from arabic.tables.gazetteer import read_table
from arabic.text.normalization import normalize, normalize_written

COMMON = ["كتاب", "بلده", "اعلي", "قدم", "صور", "مستشفي", "مسءول", "قال", "الي", "حكومات"]


@pytest.mark.parametrize(
    ("verb", "noun"),
    [
        *(("اعتقل", "اعتقال"), ("انشق", "انشقاق"), ("أعلن", "إعلان"), ("استقال", "استقالة")),
        *(("تفاوض", "تفاوض"), ("دمر", "تدمير"), ("حذر", "تحذير"), ("هدد", "تهديد")),
    ],
)
def test_a_verb_and_its_verbal_noun_are_related(verb: str, noun: str) -> None:
    family = {normalize(verb), *related_lemmas(normalize(verb))}
    assert normalize(noun) in family
    assert normalize(verb) in {normalize(noun), *related_lemmas(normalize(noun))}


def test_verbs_of_different_forms_have_different_nouns_of_action() -> None:
    """Check قدّم and تقديم against قدِم and قدوم: their letters are the same without vowels."""
    of_noun = {noun: set(related_lemmas(noun)) for noun in ("تقديم", "قدوم")}
    assert of_noun["تقديم"]
    assert of_noun["قدوم"]
    assert not of_noun["تقديم"] & of_noun["قدوم"]


@pytest.mark.parametrize("stem", COMMON)
def test_a_stem_is_its_written_form_normalized(stem: str) -> None:
    entries = stem_entries(stem)
    assert entries
    for entry in entries:
        assert normalize_written(entry.written) == stem
        assert 0 < entry.weight <= 1


def test_lemmas_of_the_same_letters_have_an_id_each() -> None:
    ids = {entry.lemma for entry in stem_entries("قدم") if lemma_letters(entry.lemma) == "قدم"}
    assert len(ids) > 1
    assert {lemma_letters(lemma) for lemma in ids} == {"قدم"}


def test_a_lemma_knows_its_root_and_other_terms_have_none() -> None:
    assert lemma_roots("كتاب") == ("كتب",)
    assert lemma_roots("§حمص") == ()


@given(st.text("اأإآهةيى", max_size=6))
def test_equal_letters_agree_and_others_never_more(word: str) -> None:
    assert spelling_weight(zip(word, word, strict=True)) == 1.0
    assert 0 < spelling_weight(zip(word, normalize(word), strict=True)) <= 1.0


def test_a_written_ta_marbuta_excludes_the_pronoun() -> None:
    assert spelling_weight([("ة", "ه")]) < spelling_weight([("ه", "ة")]) / 100


def test_further_forms_are_nouns_of_known_lemmas() -> None:
    """Check that each row of further_forms.tsv gives its form to a noun, of the lexicon or of the table."""
    for row in read_table("further_forms.tsv"):
        stem, lemma = normalize(row["form"]), row["lemma"]
        assert lemma in {each.lemma for each in stem_entries(stem) if each.kind == "N"}
        assert lemma in {each.lemma for each in stem_entries(lemma_letters(lemma))}, lemma


def test_same_lemmas_are_nouns_of_the_lexicon() -> None:
    """Check that each row of same_lemmas.tsv leads to a lemma that stays, and takes all forms with it."""
    rows = {row["lemma"]: row["instead"] for row in read_table("same_lemmas.tsv")}
    assert not rows.keys() & rows.values()
    for lemma, instead in rows.items():
        own = {each.lemma for each in stem_entries(lemma_letters(lemma))}
        assert lemma not in own, lemma
        assert instead in {each.lemma for each in stem_entries(lemma_letters(instead))}, instead
