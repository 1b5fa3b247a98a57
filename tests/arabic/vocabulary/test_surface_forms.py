"""Folded words are shown as the archive writes them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.surface_forms import SurfaceFormCounter, iter_surface_phrases


def best(*texts: str) -> dict[str, str]:
    spellings = SurfaceFormCounter()
    for text in texts:
        spellings.add(text)
        spellings.add_phrases(iter_surface_phrases(text, 4))
    return spellings.best()


def test_the_most_frequent_spelling_is_shown() -> None:
    assert best("أحمد احمد أحمد مدينة مدينه مدينة")["احمد"] == "أحمد"
    assert best("احمد احمد أحمد").get("احمد", "احمد") == "احمد"


def test_of_two_spellings_as_frequent_the_one_that_tells_more_is_shown() -> None:
    assert best("مدينه مدينة")["مدينه"] == "مدينة"
    assert best("مسئول مسؤول شؤون")["شءون"] == "شؤون"


def test_marks_and_tatweel_are_no_spelling_of_their_own() -> None:
    assert best("مَدِينَةٌ مديـنة مدينه مدينه") == {"مدينه": "مدينة"} | {
        folded: written for folded, written in best("مدينة مدينة مدينه مدينه").items() if " " in folded
    }


def test_latin_words_keep_their_capitals() -> None:
    assert best("قناة BBC العربية")["bbc"] == "BBC"


def test_phrases_are_written_as_a_text_has_them_and_not_word_by_word() -> None:
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
def test_what_is_shown_folds_to_what_is_searched(text: str) -> None:
    for folded, written in best(text).items():
        assert " ".join(normalized_terms(written)) == folded
        assert folded != written


def test_tatweel_that_stands_alone_outweighs_no_word() -> None:
    assert best("ـ ـ ـ مدينة") == {"مدينه": "مدينة"}
