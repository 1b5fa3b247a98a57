"""Articles that were read by machine are found in spite of misread words."""

import os
from pathlib import Path

import pytest

from arabic.spelling.misread_words import is_cut, likely_words
from arabic.text.tokenizer import normalized_term
from articles.readers import text_recognition
from search.engines.analyzed_text import analyze_article_text
from tools.research.recognition_renders import FACES, measure

#: Of the queries that the clean texts answer, the recognized ones answer at least so many.
LEAST_SHARE = 0.95


@pytest.mark.parametrize(("read", "meant"), [("النبرء", "النهر"), ("اشبر", "اشهر"), ("المدبنه", "المدينه")])
def test_a_misread_word_has_the_forms_of_the_word_that_was_meant(read: str, meant: str) -> None:
    read = normalized_term(read)
    assert meant in likely_words(read)
    forms = set(analyze_article_text("", f"قال {read}", doubtful=read).body.forms.split())
    assert set(analyze_article_text("", meant).body.forms.split()) & forms
    plain = analyze_article_text("", f"قال {read}").body.forms.split()
    assert set(plain) < forms


def test_a_word_that_was_cut_has_the_forms_of_the_whole() -> None:
    assert is_cut("المهند", "سين")
    forms = analyze_article_text("", "نقابة المهند سين", doubtful="المهند سين").body.forms.split()
    assert set(analyze_article_text("", "المهندسين").body.forms.split()) & set(forms)


def test_a_word_that_was_read_with_confidence_has_no_other_forms() -> None:
    assert analyze_article_text("", "صيائه النهر", doubtful="النهر").body.forms.split()[0] not in ("صيانه",)
    plain = analyze_article_text("", "صيائه").body.forms
    assert analyze_article_text("", "صيائه", doubtful="غيرها").body.forms == plain


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("REQUIRE_ALL")
    and not (text_recognition.is_available() and all(map(Path.exists, FACES))),
    reason="apt-get install tesseract-ocr-ara poppler-utils fonts-hosny-amiri fonts-kacst fonts-dejavu-core",
)
def test_known_articles_are_found_in_pages_that_were_read_by_machine() -> None:
    pages = int(os.environ.get("RENDERED_PAGES", "20"))
    found = measure(pages)
    print(found)
    # One page of twenty may be so poor that whole lines are lost.
    assert found["recognized"] >= LEAST_SHARE * found["clean"]
    assert found["confidence"] > text_recognition.SURE_TEXT
