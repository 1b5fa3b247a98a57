"""A query with a word replaced or left out keeps the rest as typed."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils.translation import override
from hypothesis import example, given
from hypothesis import strategies as st

from search.query.nodes import And, NamedFilter, Not, Or, QueryNode, QuotedPhrase, Wildcard, Word
from search.query.parser import parse_query
from search.suggest.query_rewriter import EditableQuery, Replacement, format_query, make_editable

WORDS = ["حمص", "دمشق", "قصف", "كي-مون", "ا.ف.ب", "2013", "plw", "-حلب", "حلب."]
SIGNS = [
    "AND",
    "OR",
    "أو",
    "NOT",
    "-",
    "(",
    ")",
    '"',
    "«",
    "»",
    "title:",
    "city:",
    "مصدر:",
    "*",
    "~2",
    "،",
    " ",
]
PIECES = st.sampled_from([*WORDS, *SIGNS])
QUERIES = st.lists(PIECES, max_size=14).flatmap(
    lambda pieces: st.sampled_from(["".join(pieces), " ".join(pieces)])
)


def query(text: str) -> EditableQuery:
    """Return the query in editable form."""
    found = make_editable(parse_query(text))
    assert found is not None
    return found


def with_word(text: str, typed: str, *words: str) -> str | None:
    """Return the query with `words` in place of `typed`."""
    start = text.index(typed)
    changed = query(text).replace_words([Replacement(start, start + len(typed), words)])
    return changed and changed[0]


@pytest.mark.parametrize(
    ("text", "words", "becomes"),
    [
        ("حمصص القديمة", ("حمص",), "حمص القديمة"),
        ('"حمصص القديمة"~3 AND -قصف', ("حمص",), '"حمص القديمة"~3 AND -قصف'),
        ("title:حمصص OR (حلب city:حماة)", ("حمص",), "title:حمص OR (حلب city:حماة)"),
        ("title:حمصص", ("حمص", "قال"), "title:(حمص قال)"),
        ("title:(حمصص حلب)", ("حمص", "قال"), "title:(حمص قال حلب)"),
        ("city:حمصص", ("دير", "الزور"), 'city:"دير الزور"'),
        ('city:"حمصص"', ("دير", "الزور"), 'city:"دير الزور"'),
        ("«حمصص»", ("حمص", "قال"), "«حمص قال»"),
    ],
)
def test_a_changed_word_stands_where_the_old_one_stood(
    text: str, words: tuple[str, ...], becomes: str
) -> None:
    assert with_word(text, "حمصص", *words) == becomes


def test_the_positions_of_the_new_words_are_returned() -> None:
    changed = query("title:حمصص وحلبب").replace_words(
        [Replacement(6, 10, ("حمص", "قال")), Replacement(11, 16, ("وحلب",))]
    )
    assert changed is not None
    text, spans = changed
    assert [text[start:end] for start, end in spans] == ["حمص قال", "وحلب"]


def test_a_word_that_would_be_read_as_an_operator_is_refused() -> None:
    assert with_word("حمص دمشققال حلب", "دمشققال", "دمشق", "او") is None


@pytest.mark.parametrize("text", ["حلب -حمصص", "حلب NOT (قصف حمصص)", "حلب -title:حمصص", "حلب حمصص*", "*حمصص"])
def test_excluded_words_and_wildcards_are_not_replaced(text: str) -> None:
    assert all("حمصص" not in text[spot.start : spot.end] for spot in query(text).spans)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("حمص قصف", ["حمص", "قصف"]),
        ('title:حمص AND -"قصف حلب" (هدنة OR سلام)', ["title:حمص", '-"قصف حلب"', "(هدنة OR سلام)"]),
        ("حمص OR حلب", []),
        ("NOT title:(حمص حلب) city:حماة", ["NOT title:(حمص حلب)", "city:حماة"]),
    ],
)
def test_the_clauses_are_the_required_parts_of_the_top_level(text: str, clauses: list[str]) -> None:
    assert [text[clause.start : clause.end] for clause in query(text).clauses] == clauses


@pytest.mark.parametrize(
    ("left_out", "rest"),
    [((0,), "قصف AND حلب"), ((1,), "حمص AND حلب"), ((2,), "حمص AND قصف"), ((0, 1), "حلب"), ((0, 2), "قصف")],
)
def test_a_clause_is_left_out_with_an_and_beside_it(left_out: tuple[int, ...], rest: str) -> None:
    asked = query("حمص AND قصف AND حلب")
    assert asked.without_clauses([asked.clauses[at] for at in left_out]) == rest


def test_what_the_parser_complains_about_is_left_out_first() -> None:
    assert query('(حمص AND "قصف حلب"~2 OR').text == 'حمص "قصف حلب"~2'
    assert make_editable(parse_query("؟ ، -")) is None


def test_a_query_without_its_quotes_and_fields_has_the_same_words() -> None:
    assert query('title:"حمص القديمة" -قصف source:"وكالة سنابل"').unquoted_text() == (
        '(حمص القديمة) -قصف source:"وكالة سنابل"'
    )


@pytest.mark.parametrize(
    ("language", "written"),
    [("ar", 'عنوان:سوق (حمص أو مدينة:"حلب")'), ("en", 'title:سوق (حمص OR city:"حلب")')],
)
def test_a_query_is_written_in_the_operators_of_the_page(language: str, written: str) -> None:
    root = parse_query("title:سوق (حمص أو مدينة:حلب)").root
    assert root is not None
    with override(language):
        assert format_query(root) == written


@given(QUERIES)
@example('"حمص"-title:حمص')
@example('"حمص"-AND')
@example("حمص AND. قصف")
def test_every_query_can_be_read_and_changed_without_an_error(text: str) -> None:
    asked = make_editable(parse_query(text))
    if asked is None:
        return
    root = parse_query(asked.text).root
    assert root == parse_query(text).root, "reading it changes nothing"
    assert root is not None
    again = parse_query(format_query(root))
    assert again.complaints or again.root == root
    for spot in asked.spans:
        for token in spot.tokens:
            changed = asked.replace_words([Replacement(token.start, token.end, ("بديل", "اخر"))])
            if changed is not None:
                parsed = parse_query(changed[0])
                assert not parsed.complaints
                assert parsed.root is not None
                assert _shape(parsed.root) == _shape(root), "operators, quotes and names are kept"
    for clause in asked.clauses:
        parsed = parse_query(asked.without_clauses([clause]))
        assert len(asked.clauses) == 1 or not parsed.complaints
    parse_query(asked.unquoted_text())


def _shape(root: QueryNode) -> tuple[Counter[str], set[str]]:
    """Count the operators, phrases, names and patterns of a query, and the fields of its words."""
    operators: Counter[str] = Counter()
    fields: set[str] = set()
    nodes = [root]
    while nodes:
        match nodes.pop():
            case And(children):
                nodes += children
            case Or(children):
                operators["or"] += 1
                nodes += children
            case Not(child):
                operators["not"] += 1
                nodes.append(child)
            case QuotedPhrase(_, slop, field):
                operators[f"quoted {slop} {field}"] += 1
            case Word(_, field):
                fields.add(str(field))
            case NamedFilter(kind):
                operators[kind] += 1
            case Wildcard():
                operators["pattern"] += 1
    return operators, fields
