"""The fields of the advanced form and the query line say the same."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from search.query.nodes import And, QueryNode
from search.query.parser import parse_query
from search.suggest.query_form import QueryForm, read_query, write_query

LANGUAGES = st.sampled_from(["ar", "en"])
WORDS = st.sampled_from(["حمص", "حلب", "قافلة", "مساعدات", "صحف*", "*حكوم*", "كي-مون", "42"])
PHRASES = st.lists(WORDS.map(lambda word: word.strip("*")), min_size=1, max_size=3).map(" ".join)
ITEMS = st.lists(st.one_of(WORDS, PHRASES.map('"{}"'.format)), max_size=3).map(" ".join)
LINES = st.lists(WORDS, max_size=3).map(" ".join)
FORMS = st.builds(QueryForm, every=LINES, phrase=st.just("") | PHRASES, some=ITEMS, none=ITEMS, title=ITEMS)
#: Pieces of any query, well formed or not.
PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "حمص",
                "حلب",
                "(",
                ")",
                '"',
                "«",
                "»",
                "-",
                "OR",
                "أو",
                "AND",
                "NOT",
                "عنوان:",
                "city:",
                "مصدر:",
            ),
            *(
                "صحف*",
                "~5",
                '"دير الزور"',
                "،",
                "عنوان:(حلب حمص)",
                "-دمشق",
                "(حمص أو حلب)",
                "~",
                "*",
                "title:",
            ),
        ]
    ),
    max_size=9,
)


def required(root: QueryNode | None) -> list[str]:
    return sorted(map(repr, root.children if isinstance(root, And) else (root,)))


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("", QueryForm()),
        ("قافلة حمص", QueryForm(every="قافلة حمص")),
        ('قافلة "دير الزور"', QueryForm(every="قافلة", phrase="دير الزور")),
        ("(حمص أو حلب) قافلة", QueryForm(every="قافلة", some="حمص حلب")),
        ("حمص OR حلب", QueryForm(some="حمص حلب")),
        ("حمص -دمشق NOT «دير الزور»", QueryForm(every="حمص", none='دمشق "دير الزور"')),
        ("عنوان:مساعدات", QueryForm(title="مساعدات")),
        ("حمص title:(قافلة مساعدات)", QueryForm(every="حمص", title="قافلة مساعدات")),
        # No field holds the rest.
        ('حمص مدينة:"دير الزور" "قافلة حمص"~5', QueryForm(every='حمص مدينة:"دير الزور" "قافلة حمص"~5')),
        ('"دير الزور" "باب عمرو"', QueryForm(every='"باب عمرو"', phrase="دير الزور")),
        ("حمص AND حلب -دمشق", QueryForm(every="حمص AND حلب -دمشق")),
        ("الأمم -حلب المتحدة", QueryForm(every="الأمم -حلب المتحدة")),
        ("حمص أو حلب قافلة", QueryForm(every="حمص أو حلب قافلة")),
        ('حمص "دير', QueryForm(every='حمص "دير')),
    ],
)
def test_a_query_fills_the_fields_that_can_hold_it(query: str, form: QueryForm) -> None:
    assert read_query(query) == form


@pytest.mark.parametrize(
    ("form", "query"),
    [
        (
            QueryForm("قافلة", "دير الزور", "حمص حلب", "دمشق", "خبر عاجل"),
            '(حمص أو حلب) "دير الزور" عنوان:(خبر عاجل) -دمشق',
        ),
        (QueryForm(some="حمص أو حلب"), "(حمص أو حلب)"),
        (QueryForm(none="-دمشق، (حلب)"), "-دمشق -حلب"),
        (QueryForm(phrase="«دير الزور»"), '"دير الزور"'),
        (QueryForm(every="حمص أو حلب", none="دمشق"), "(حمص أو حلب) -دمشق"),
        (QueryForm(every='حمص "دير', phrase="باب عمرو"), 'حمص دير "باب عمرو"'),
        (QueryForm(every='""', title="قافلة"), "عنوان:قافلة"),
        (QueryForm(phrase="؟", some="أو", none="- ("), ""),
    ],
)
def test_the_fields_write_a_query(form: QueryForm, query: str) -> None:
    written = write_query(form)
    assert written.removeprefix("قافلة ") == query
    assert parse_query(written).complaints == ()


@given(FORMS, LANGUAGES)
def test_what_is_typed_into_the_form_comes_back(form: QueryForm, language: str) -> None:
    with override(language):
        written = write_query(form)
        # Stars may cost more than a query has; what is left out then is another question.
        assert parse_query(written, max_clauses=1_000).complaints == ()
        back = write_query(read_query(written))
    assert required(parse_query(back).root) == required(parse_query(written).root)


@given(PIECES.map(" ".join) | PIECES.map("".join), LANGUAGES)
def test_a_query_means_the_same_after_the_form(query: str, language: str) -> None:
    with override(language):
        written = write_query(read_query(query))
    assert required(parse_query(written).root) == required(parse_query(query).root)


@given(*[st.text(max_size=20)] * 5)
def test_no_field_breaks_the_query_of_another(
    every: str, phrase: str, some: str, none: str, title: str
) -> None:
    written = write_query(QueryForm(every, phrase, some, none, title))
    said = {complaint.code for complaint in parse_query(written).complaints}
    if parse_query(every).complaints == ():
        assert said <= {"short_wildcard", "star_inside"}
