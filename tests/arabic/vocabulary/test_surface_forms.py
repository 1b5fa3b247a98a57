"""Surface forms: normalized words are shown as the archive writes them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.surface_forms import SurfaceFormCounter, iter_surface_phrases, normalized_words


def best(*texts: str) -> dict[str, str]:
    spellings = SurfaceFormCounter()
    for text in texts:
        spellings.add(text)
        spellings.add_phrases(iter_surface_phrases(text, 4))
    return spellings.best()


def test_the_most_frequent_spelling_is_shown() -> None:
    assert best("أحمد احمد أحمد مدينة مدينه مدينة")["احمد"] == "أحمد"
    assert best("احمد احمد أحمد").get("احمد", "احمد") == "احمد"


def test_of_two_equally_frequent_spellings_the_more_distinctive_is_shown() -> None:
    assert best("مدينه مدينة")["مدينه"] == "مدينة"
    assert best("مسئول مسؤول شؤون")["شءون"] == "شؤون"


def test_diacritics_and_tatweel_do_not_make_another_spelling() -> None:
    assert best("مَدِينَةٌ مديـنة مدينه مدينه") == {"مدينه": "مدينة"} | {
        normalized: written
        for normalized, written in best("مدينة مدينة مدينه مدينه").items()
        if " " in normalized
    }


def test_latin_words_keep_their_capitals() -> None:
    assert best("قناة BBC العربية")["bbc"] == "BBC"


def test_phrases_are_shown_as_written_and_not_word_by_word() -> None:
    found = best("جلس على الكرسي، على الأرض، على مهل", "علي عبدالله صالح يتنحى")
    assert found["علي"] == "على"
    assert found.get("علي عبدالله صالح", "علي عبدالله صالح") == "علي عبدالله صالح"
    assert best("علي عبدالله صالح في مدينة حمص")["مدينه حمص"] == "مدينة حمص"


def test_a_phrase_does_not_reach_across_punctuation() -> None:
    assert list(iter_surface_phrases("حمص: قصف الأحياء القديمة", 3)) == [
        "قصف الأحياء",
        "قصف الأحياء القديمة",
        "الأحياء القديمة",
    ]


@given(st.text(max_size=60))
def test_the_shown_form_normalizes_to_the_searched_one(text: str) -> None:
    for normalized, written in best(text).items():
        assert " ".join(normalized_terms(written)) == normalized
        assert normalized != written


def test_a_lone_tatweel_does_not_count_as_a_word() -> None:
    assert best("ـ ـ ـ مدينة") == {"مدينه": "مدينة"}


@given(st.text(st.sampled_from("شئآةىءي²ⅷ٣\u0640\u064bk\U0001d400ﷺ'ﻻ"), max_size=70))
def test_a_written_word_is_normalized_as_the_tokenizer_does(written: str) -> None:
    assert normalized_words(written) == normalized_terms(written)
