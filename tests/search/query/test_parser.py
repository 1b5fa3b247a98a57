"""The query language: the tree of a query, and complaints about what was left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arabic.text.tokenizer import normalized_terms
from search.query.lexer import FIELD_NAMES, MAX_DEPTH, OPERATORS
from search.query.parser import MAX_CLAUSES, MAX_SLOP, parse_query
from search.results import Complaint
from search.web.viewmodels.complaints import complaint_message

UNDERSTOOD = [
    ("حمص", "حمص"),
    ("حمص حماة", "(حمص AND حماة)"),
    ("حمص AND حماة", "(حمص AND حماة)"),
    ("حمص OR حماة", "(حمص OR حماة)"),
    ("حمص أو حماة", "(حمص OR حماة)"),
    ("حمص او حماة", "(حمص OR حماة)"),
    ("حمص و حماة", "(حمص AND و AND حماة)"),
    ("حمص، حماة؛ حلب؟", "(حمص AND حماة AND حلب)"),
    ("حمص NOT كرة", "(حمص AND NOT كرة)"),
    ("حمص -كرة", "(حمص AND NOT كرة)"),
    ("-كرة", "NOT كرة"),
    ("NOT -كرة", "NOT كرة"),
    ("\u200f-كرة", "NOT كرة"),
    ("بان كي-مون", "(بان AND كي-مون)"),
    ("حلب حمص OR حماة درعا", "((حلب AND حمص) OR (حماة AND درعا))"),
    ("حلب (حمص OR حماة)", "(حلب AND (حمص OR حماة))"),
    ("-(حمص OR حماة) حلب", "(NOT (حمص OR حماة) AND حلب)"),
    ('"مجلس الأمن"', '"مجلس الأمن"'),
    ("«مجلس الأمن»", '"مجلس الأمن"'),
    ("“مجلس  الأمن”", '"مجلس الأمن"'),
    ("”مجلس الأمن“", '"مجلس الأمن"'),
    ('"مجلس الأمن"~5', '"مجلس الأمن"~5'),
    ('"مجلس الأمن"~٥ حلب', '("مجلس الأمن"~5 AND حلب)'),
    ('-"مجلس الأمن"', 'NOT "مجلس الأمن"'),
    ("تظاهر*", "تظاهر*"),
    ("*ظاهر*", "*ظاهر*"),
    ("*هرات", "*هرات"),
    ("title:حمص", "title:حمص"),
    ("عنوان:حمص حلب", "(title:حمص AND حلب)"),
    ("title:(حمص OR حماة)", "(title:حمص OR title:حماة)"),
    ('Title:"مجلس الأمن"', 'title:"مجلس الأمن"'),
    ("title:تظاهر*", "title:تظاهر*"),
    ("city:حمص", "city:'حمص'"),
    ('مدينة:"دير الزور"', "city:'دير الزور'"),
    ("source:سانا", "source:'سانا'"),
    ("مصدر:«وكالة الأنباء»", "source:'وكالة الأنباء'"),
    ("-city:حمص حلب", "(NOT city:'حمص' AND حلب)"),
    ("حمص –حلب", "(حمص AND NOT حلب)"),
    ("حمص – حلب", "(حمص AND حلب)"),
    ("(\N{MINUS SIGN}حلب حمص)", "(NOT حلب AND حمص)"),
    ("حمص أو. حماة", "(حمص OR حماة)"),
    ('"حمص".title:حماة', '("حمص" AND title:حماة)'),
    ("يناير2012 ا.ف.ب", "(يناير2012 AND ا.ف.ب)"),
    ("«حلب", "حلب"),
    ("", "None"),
    ("   ", "None"),
]


@pytest.mark.parametrize(("typed", "tree"), UNDERSTOOD)
def test_the_query_language(typed: str, tree: str) -> None:
    assert repr(parse_query(typed).root) == tree


COMPLAINED = [
    ("حمص AND", "حمص", "dangling_operator", "AND"),
    ("AND حمص", "حمص", "dangling_operator", "AND"),
    ("حمص AND (", "حمص", "unmatched_bracket", "("),
    ("OR حمص", "حمص", "dangling_operator", "OR"),
    ("حمص أو", "حمص", "dangling_operator", "أو"),
    ("حمص OR OR حلب", "(حمص OR حلب)", "dangling_operator", "OR"),
    ("حمص NOT", "حمص", "dangling_operator", "NOT"),
    ("حمص -", "حمص", "dangling_operator", "-"),
    ("النظام - المعارضة", "(النظام AND المعارضة)", "dangling_operator", "-"),
    ("-!!! كرة", "كرة", "dangling_operator", "-"),
    ('"حمص"-title:حماة', '("حمص" AND title:حماة)', "dangling_operator", "-"),
    ('"حمص"-حلب', '("حمص" AND حلب)', "dangling_operator", "-"),
    ('"حمص"–حلب', '("حمص" AND حلب)', "dangling_operator", "–"),
    ("(حمص)-AND", "حمص", "dangling_operator", "AND"),
    ('"حمص', "حمص", "unclosed_quote", '"'),
    ("حمص»", "حمص", "unclosed_quote", "»"),
    ('"" حمص', "حمص", "empty_quotes", '""'),
    ('"حمص"~', '"حمص"', "dangling_operator", "~"),
    ('"ا ب ت ث ج ح خ"~3', '"ا ب ت ث ج ح خ"', "near_too_long", "ا ب ت ث ج ح خ"),
    (f'"حمص حلب"~{MAX_SLOP + 1}', f'"حمص حلب"~{MAX_SLOP}', "slop_too_large", f"~{MAX_SLOP + 1}"),
    ("(حمص", "حمص", "unmatched_bracket", "("),
    ("حمص)", "حمص", "unmatched_bracket", ")"),
    ("حمص ()", "حمص", "empty_brackets", "()"),
    ("city: حمص", "حمص", "field_without_value", "city:"),
    ("حمص title:", "حمص", "field_without_value", "title:"),
    ("city:(حمص)", "حمص", "field_without_value", "city:"),
    ("ح*", "ح", "short_wildcard", "ح*"),
    ("حمص *", "حمص", "short_wildcard", "*"),
    ("تظا*هرات", "تظا*هرات", "star_inside", "تظا*هرات"),
    ("!!! ،، …", "None", "no_words", "!!! ،، …"),
    ("حمص~2 حلب", "(حمص AND حلب)", "dangling_operator", "~2"),
    ("title:حمص^٣", "title:حمص", "dangling_operator", "^٣"),
    ("AND OR NOT", "None", "dangling_operator", "NOT"),
]


@pytest.mark.parametrize(("typed", "tree", "code", "detail"), COMPLAINED)
def test_what_is_not_understood_is_left_out_with_a_complaint(
    typed: str, tree: str, code: str, detail: str
) -> None:
    parsed = parse_query(typed)
    assert repr(parsed.root) == tree
    assert Complaint(code, detail) in parsed.complaints


def test_a_long_query_is_cut_between_words_with_a_complaint() -> None:
    parsed = parse_query("كلمة " * 2_000, max_characters=1_002, max_clauses=1_000)
    assert [complaint.code for complaint in parsed.complaints] == ["too_long"]
    assert set(normalized_terms(repr(parsed.root).replace("AND", " "))) == {"كلمه"}


def test_words_beyond_the_limit_are_named() -> None:
    parsed = parse_query(" ".join(f"ك{number}" for number in range(MAX_CLAUSES + 2)), max_characters=10_000)
    assert parsed.complaints == (Complaint("too_many_words", f"ك{MAX_CLAUSES} ك{MAX_CLAUSES + 1}"),)


def test_wildcards_count_for_several_words_of_the_limit() -> None:
    parsed = parse_query(" ".join(f"كلمة{chr(0x628 + number)}*" for number in range(21)))
    assert parsed.complaints == (Complaint("too_many_words", f"كلمة{chr(0x628 + 20)}*"),)


def test_brackets_that_nest_too_deep_are_left_out_and_their_words_kept() -> None:
    deep = MAX_DEPTH + 5
    parsed = parse_query("(" * deep + "حمص OR حلب" + ")" * deep)
    assert repr(parsed.root) == "(حمص OR حلب)"
    assert Complaint("too_deep", "()") in parsed.complaints


#: Operators, brackets, quotes and words, which are joined with and without spaces.
PIECES = st.sampled_from(
    [
        *'()«»“”"*-~:،؟ .#',
        *OPERATORS,
        *(f"{name}:" for name in FIELD_NAMES),
        "حمص",
        "كي-مون",
        "2012",
        "b",
        "  ",
    ]
)
QUERIES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=40).map("".join))


@given(QUERIES)
def test_any_text_is_a_query(text: str) -> None:
    parsed = parse_query(text)
    for complaint in parsed.complaints:
        assert complaint_message(complaint)


@given(QUERIES)
def test_every_word_is_searched_or_named_in_a_complaint(text: str) -> None:
    parsed = parse_query(text)
    told = " ".join([repr(parsed.root), *(complaint.detail for complaint in parsed.complaints)])
    known = {term for name in (*OPERATORS, *FIELD_NAMES) for term in normalized_terms(name)}
    assert set(normalized_terms(text)) - known <= set(normalized_terms(told.replace("\\", " ")))


@given(st.lists(st.sampled_from(["حمص", "حلب", "-كرة", "OR", "(", ")"]), max_size=30))
def test_the_repr_of_a_tree_parses_to_the_same_tree(pieces: list[str]) -> None:
    tree = parse_query(" ".join(pieces)).root
    if tree is not None:
        assert repr(parse_query(repr(tree)).root) == repr(tree)
