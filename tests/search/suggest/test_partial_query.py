"""Possible completions at the end of an unfinished query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.suggest.partial_query import MAX_PARTIAL_QUERY_CHARACTERS, PartialQuery, parse_partial_query


def seen(text: str) -> PartialQuery:
    found = parse_partial_query(text)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("حم", ["حم"]),
        ("حمص القد", ["حمص", "القد"]),
        ("(دمشق OR حمص القد", ["حمص", "القد"]),
        ("قصف -حلب حمص القد", ["حمص", "القد"]),
        ("title:قصف حم", ["حم"]),
        ('"حي قديم" حم', ["حم"]),
        ("حمص، دم", ["حمص", "دم"]),
        ("\u200fأح", ["اح"]),
        ("دمشق أو", ["او"]),
        ("كي-مو", ["كي", "مو"]),
    ],
)
def test_the_words_in_a_row_before_the_cursor(text: str, words: list[str]) -> None:
    assert [token.normalized for token in seen(text).tokens] == words


def test_after_a_space_the_next_word_is_completed() -> None:
    typed = seen("مدينة حمص ")
    assert (typed.prefix(2), typed.after_space) == ("مدينه حمص ", True)


@pytest.mark.parametrize(
    "text", ["", " ", "؟", "حم*", "*حم", "حم~2", "حم^3", '"حي قديم"~3', "حمص AND", "NOT", "حم.", "(", "قصف)"]
)
def test_where_nothing_can_be_completed(text: str) -> None:
    assert parse_partial_query(text) is None


@pytest.mark.parametrize(
    ("text", "scope", "closing"),
    [
        ("مدينة:حم", "city", ""),
        ("city:", "city", ""),
        ('city:"دير ال', "city", '"'),
        ("مصدر:وكا", "source", ""),
        ("عنوان:حم", "title", ""),
        ("«دير ال", "", "»"),
        ('title:"دير ال', "title", '"'),
        ('"حي قديم" “دير', "", "”"),
    ],
)
def test_field_names_and_open_quotes_decide_what_is_completed(text: str, scope: str, closing: str) -> None:
    assert (seen(text).scope, seen(text).closing) == (scope, closing)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("حم", ""),
        ("قصف حم", "قصف"),
        ("قصف مدفعي حم", "قصف مدفعي"),
        ('"حي قديم" حم', '"حي قديم"'),
        ("دمشق أو حم", None),
        ("(قصف حم", None),
        ("NOT حم", None),
        ("-حم", None),
        ("مدينة:حم", None),
        ('"قصف حم', None),
    ],
)
def test_a_name_becomes_a_filter_only_if_the_meaning_stays_the_same(text: str, rest: str | None) -> None:
    assert seen(text).query_without(1) == rest


def test_a_pasted_text_is_not_completed() -> None:
    assert parse_partial_query("حمص " * (MAX_PARTIAL_QUERY_CHARACTERS // 4)) is not None
    assert parse_partial_query("حمص " * MAX_PARTIAL_QUERY_CHARACTERS) is None


SIGNS = st.text(st.sampled_from('حمص اأ"«»“()-*~:؟ \u200f\0كabAND') | st.characters(), max_size=40)


@given(SIGNS | st.builds("city:{}".format, SIGNS) | st.builds('مدينة:"{}'.format, SIGNS))
def test_any_text_can_be_read_and_its_offsets_lie_in_the_text(text: str) -> None:
    typed = parse_partial_query(text)
    for words in range(len(typed.tokens) if typed else 0, 0, -1):
        assert typed is not None
        assert typed.text.startswith(typed.before(words))
        assert typed.prefix(words).split()
        typed.query_without(words)
