"""Articles that were read by machine are found in spite of misread words."""

import os
from pathlib import Path

import pytest

from arabic.morphology.analyzed_words import WordType
from arabic.spelling.misread_words import MISREAD_MARKER, is_cut, likely_word
from arabic.text.tokenizer import normalized_term
from articles.readers.ocr import tesseract
from articles.readers.ocr.ocr_confidence import MIN_TEXT_CONFIDENCE
from search.engines.analyzed_text import analyze_article_text, with_likely_words
from tools.research.ocr_renders import FACES, measure

#: Of the queries that the clean texts answer, those that OCR read answer at least so many.
LEAST_SHARE = 0.95


def forms(text: str, low_confidence_words: str = "") -> set[str]:
    """Return the terms of the lemma field of a text with these uncertain words."""
    return set(analyze_article_text("", text, low_confidence_words=low_confidence_words).body.forms.split())


def likely(word: str) -> set[str]:
    """Return the terms of a word as a misread one has them."""
    return {MISREAD_MARKER + form for form in forms(word)}


@pytest.mark.parametrize(
    ("read", "meant"), [("النبرء", "النهر"), ("المدبنه", "المدينه"), ("يتاخرء", "يتاخر")]
)
def test_a_misread_word_has_the_marked_forms_of_the_word_that_was_meant(read: str, meant: str) -> None:
    read = normalized_term(read)
    assert likely_word(read) == meant
    assert forms(read, low_confidence_words=read) == forms(read) | likely(meant)


def test_a_word_that_was_cut_has_the_forms_of_the_whole() -> None:
    whole = likely("المتظاهرين")
    assert is_cut("المتظا", "هرين")
    assert whole <= forms("المتظا هرين", low_confidence_words="المتظا هرين")
    for low_confidence_words in ("المتظا", "هرين"):
        assert not whole <= forms("المتظا هرين", low_confidence_words), "both parts must be uncertain"


@pytest.mark.parametrize("read", ["قبل", "حزب", "حلب", "اشبر", "المهند سين"])
def test_words_that_a_dictionary_knows_as_they_were_read_have_no_other_forms(read: str) -> None:
    assert likely_word(read) or is_cut(*read.split()), "they look like others"
    assert forms(read, low_confidence_words=read) == forms(read)


def test_words_that_were_read_with_confidence_have_no_other_forms() -> None:
    assert forms("المدبنه والنهر", low_confidence_words="والنهر") == forms("المدبنه والنهر")
    assert forms("المدبنه والنهر", low_confidence_words="المدبنه") > forms("المدبنه والنهر")


def test_a_misread_word_keeps_what_the_words_around_it_add() -> None:
    types = [WordType("المدبنه", "مدبن", each) for each in ("~المدبنه", "~المدبنه ^مدبن")]
    found, cut = with_likely_words(types, {"المدبنه"})
    added = " ".join(MISREAD_MARKER + form for form in analyze_article_text("", "المدينه").body.forms.split())
    assert [each.lemma_field for each in found] == [f"{each.lemma_field} {added}" for each in types]
    assert cut == []


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("REQUIRE_ALL") and not (tesseract.is_available() and all(map(Path.exists, FACES))),
    reason="apt-get install tesseract-ocr-ara poppler-utils fonts-hosny-amiri fonts-kacst fonts-dejavu-core",
)
def test_known_articles_are_found_in_pages_that_were_read_by_machine() -> None:
    pages = int(os.environ.get("RENDERED_PAGES", "20"))
    found = measure(pages)
    print(found)
    # One page of twenty may be so poor that whole lines are lost.
    assert found["ocr"] >= LEAST_SHARE * found["clean"]
    assert found["confidence"] > MIN_TEXT_CONFIDENCE
