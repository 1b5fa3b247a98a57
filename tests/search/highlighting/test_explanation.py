"""Explanation of a match: the forms found for each word, and how a close hit differs from the query."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arabic.text.tokenizer import normalized_terms, tokenize
from search.engines.contract import SearchEngine
from search.highlighting.explanation import Explainer, MatchedForm, WordMatch, filter_numbers
from search.highlighting.highlighter import Highlighter
from search.highlighting.term_matcher import NOT_MATCHED, MatchableText, compile_support
from search.query.clauses import QueryClause
from search.query.compiler import compile_query, prepare_search
from search.query.parser import parse_query
from search.query.request import SearchRequest
from search.query_tree import AllOf, AnyOf, Boosted, MatchAll, MustNot, Node, Number, Phrase, Term
from search.results import Record, TermChange
from search.retrieval.service import run_search
from search.store.memory import MemoryStore
from tests.search.news import NewsItem, publish

STORE = MemoryStore([])


def words(query: str) -> tuple[QueryClause, ...]:
    return prepare_search(SearchRequest(q=query), STORE).compiled.clauses


def explain(record: Record, clauses: Sequence[QueryClause]) -> tuple[WordMatch, ...]:
    numbers = filter_numbers(record.source_id, record.place_ids)
    return Explainer(clauses).explain(
        MatchableText.analyze(record.title), MatchableText.analyze(record.body), numbers
    )


def why(query: str, body: str, title: str = "") -> tuple[WordMatch, ...]:
    return explain(Record(1, title, body), words(query))


def forms(query: str, body: str) -> list[tuple[str, str]]:
    """Return (form, how it matches) for a query of one word."""
    [match] = why(query, body)
    return [(form.text, form.how) for form in match.found]


FORMS = [
    ("حمص", "قصف حمص وبحمص", [("حمص", "exact"), ("وبحمص", "name")]),
    ("كتاب", "الكتاب كتاب", [("كتاب", "exact"), ("الكتاب", "dictionary")]),
    ("وزير", "اجتمع الوزراء", [("الوزراء", "dictionary")]),
    ("تظاهر*", "تظاهرات", [("تظاهرات", "pattern")]),
    ('"مجلس الأمن"', "مجلس الشعب ومجلس الأمن ثم مجلس الأمن", [("مجلس الأمن", "exact")]),
    ('"قصف حمص"~3', "قصف عنيف على حمص", [("قصف", "near"), ("حمص", "near")]),
    ("وقال", "دمشققال", [("دمشققال", "part")]),
    ("لافروف", "قال للافروف", [("للافروف", "clitics")]),
    ("دمشق", "دمشققال", [("دمشققال", "part")]),
    ("الإبراهيمي", "قال الابراهيمي", [("الابراهيمي", "exact")]),
    ("زرافة", "قصف حمص", []),
]


@pytest.mark.parametrize(("query", "body", "expected"), FORMS)
def test_a_word_is_explained_by_the_forms_in_the_text(
    query: str, body: str, expected: list[tuple[str, str]]
) -> None:
    assert forms(query, body) == expected


def test_a_name_of_several_words_is_explained_as_a_whole() -> None:
    [match] = why("دير الزور", "في ديرالزور وبدير الزور، لا الزور ولا دير")
    assert match.typed == "دير الزور"
    assert [(form.text, form.how) for form in match.found] == [("ديرالزور", "name"), ("وبدير الزور", "name")]


def test_a_word_that_was_typed_twice_is_explained_once() -> None:
    assert len(why("حمص قصف حمص", "حمص")) == 2


def test_a_form_that_matches_by_lemma_names_the_lemma() -> None:
    [match] = why("وزير", "اجتمع الوزراء")
    assert match.found[0].through == "وزير"


def test_another_name_of_the_place_is_distinguished_from_clitics() -> None:
    [match] = why("سوريا", "بسوريا وفي سورية")
    assert {(form.text, form.kind) for form in match.found} == {("بسوريا", "attached"), ("سورية", "renamed")}


def test_forms_are_counted_separately_in_title_and_text() -> None:
    [match] = why("حمص", "حمص وحمص، حمص", title="حمص")
    assert match.found == (
        MatchedForm("حمص", "exact", title=1, body=2),
        MatchedForm("وحمص", "name", kind="attached", body=1),
    )


def test_forms_that_look_the_same_are_counted_as_one() -> None:
    [match] = why("حمص", "إلى حمص، أحياء حمص\u200f، \u202bحمص\u202c")
    assert match.found == (MatchedForm("حمص", "exact", body=3),)


def test_a_word_that_the_article_lacks_is_named_and_excluded_words_are_not() -> None:
    matches = why("حمص زرافة -قصف", "حمص")
    assert [(match.typed, match.missing, match.strict) for match in matches] == [
        ("حمص", False, True),
        ("زرافة", True, False),
    ]


def test_an_expansion_of_the_analysis_is_named_with_the_form_in_the_text() -> None:
    [match] = why("يناير", "في 3 كانون الثاني 2012")
    assert [(form.text, form.how, form.kind, form.through) for form in match.found] == [
        ("كانون الثاني", "expansion", "month", "كانون الثاني")
    ]


def leaf(value: str, label: str = "") -> Term:
    return Term("body", "exact", value, label=label)


def test_an_expansion_shows_its_kind_and_its_name() -> None:
    unit = AnyOf((leaf("المركز"), Phrase("body", "exact", ("وكاله", "الانباء"), label="alias:الوكالة")))
    [match] = explain(Record(1, "", "قالت وكالة الأنباء"), [QueryClause("المركز", unit)])
    assert match == WordMatch(
        "المركز", (MatchedForm("وكالة الأنباء", "expansion", "alias", "الوكالة", body=1),)
    )


def test_what_was_typed_explains_a_form_before_an_expansion_does() -> None:
    unit = AnyOf((leaf("سيرغي", "spelling:سيرغي"), leaf("سيرغي")))
    [match] = explain(Record(1, "", "سيرغي"), [QueryClause("سيرغي", unit)])
    assert [form.how for form in match.found] == ["exact"]


def test_only_the_alternative_that_matches_explains() -> None:
    unit = AnyOf((AllOf((leaf("دير"), leaf("الزور"))), leaf("ديري")))
    [match] = explain(Record(1, "", "دير وديري ديري"), [QueryClause("دير الزور", unit)])
    assert [form.text for form in match.found] == ["ديري"]


def test_a_close_hit_names_the_words_left_out_corrected_and_apart() -> None:
    loose = AllOf((leaf("مجلس"), leaf("الشعب")))
    row = [
        QueryClause("حمص", leaf("حمص")),
        QueryClause("زرافة", leaf("زرافه")),
        QueryClause(
            "الوازات",
            leaf("الوازات"),
            lambda: (AnyOf((leaf("الوازات"), leaf("الوزارات", "correction:الوزارات"))),),
        ),
        QueryClause('"مجلس الشعب"', Phrase("body", "exact", ("مجلس", "الشعب")), lambda: (loose,)),
    ]
    body = MatchableText.analyze("حمص والوزارات، الوزارات، الشعب في مجلس")
    assert Explainer(row).term_changes(MatchableText.analyze(""), body) == (
        TermChange("left_out", "زرافة"),
        TermChange("corrected", "الوازات", "الوزارات"),
        TermChange("apart", '"مجلس الشعب"'),
    )


def test_a_close_hit_with_one_part_of_a_run_together_word_has_it_in_its_place() -> None:
    both = AllOf((leaf("دمشق", "correction:دمشق قال"), leaf("قال", "correction:دمشق قال")))
    row = [QueryClause("دمشققال", leaf("دمشققال"), lambda: (both,))]
    changed = Explainer(row).term_changes(MatchableText.analyze(""), MatchableText.analyze("قال"))
    assert changed == (TermChange("corrected", "دمشققال", "قال"),)
    [match] = Explainer(row).explain(MatchableText.analyze(""), MatchableText.analyze("قال"))
    assert ([form.text for form in match.found], match.strict) == (["قال"], False), (
        "the marked word is explained"
    )


VOCABULARY = [
    "حمص",
    "بحمص",
    "دير",
    "الزور",
    "ديرالزور",
    "كتاب",
    "الكتب",
    "الوزراء",
    "وزير",
    "قصف",
    "سوريا",
    "سورية",
]
TEXTS = st.lists(st.sampled_from([*VOCABULARY, "شُـهَـداء", "،", ".", "\n"]), max_size=30).map(" ".join)
QUERIES = ["حمص", "دير الزور", "وزير كتاب", "كتب سورية", '"حمص قصف"', "قص*", '"قصف حمص"~4', "ديرالزور قصف"]


@given(TEXTS, st.sampled_from(QUERIES))
@example("دير حمص الزور", "دير الزور")
def test_marks_are_whole_tokens_and_those_that_are_explained(body: str, query: str) -> None:
    tokens = {(token.start, token.end) for token in tokenize(body)}
    tree = compile_query(parse_query(query), SearchRequest(q=query), STORE).strict
    marks = Highlighter(tree).spans(body, "body")
    assert {(mark.start, mark.end) for mark in marks} <= tokens
    marked = {token for mark in marks for token in normalized_terms(body[mark.start : mark.end])}
    told = {
        token
        for match in why(query, body)
        if match.strict  # the words of a name that stand apart are told, and not marked
        for form in match.found
        for token in normalized_terms(form.text)
    }
    assert told <= marked
    if all(match.strict for match in why(query, body)):
        assert told >= marked - {"دير", "الزور"}, "a lone word of a name is marked, the name explains"


ARTICLES = [
    ("قصف حمص", "سقطت قذائف بحمص."),
    ("الوزراء", "كتب سورية للوزراء، وكتاب من دمشققال."),
    ("وزير", "في دير الزور كتاب عن سوريا"),
    ("", "شُهداء ديرالزور وقصفهم، حمص قصف"),
    ("قصف على مدينة حمص", "الكتاب والوزير ولافروف في 3 كانون الثاني"),
    ("سيرغي لافروف", "عبدالله في المجلسالوطني، 2 فبراير"),
    ("رسالة", "لا شيء هنا"),
]
ASKED = [
    *QUERIES,
    *(
        "وزير OR حمص",
        "title:وزير",
        "شهيد",
        "دمشق قال",
        "للافروف",
        "يناير",
        "شباط",
        "سيرجي",
        "عبد الله",
        "المجلس الوطني",
    ),
]


@pytest.mark.django_db
def test_an_article_is_a_strict_hit_if_and_only_if_every_word_is_explained(engine: SearchEngine) -> None:
    ids = publish(engine, *(NewsItem(title, body) for title, body in ARTICLES))
    for query in ASKED:
        request = SearchRequest(q=query)
        found = {hit.record.id for hit in run_search(request, engine=engine).hits if hit.strict}
        row = prepare_search(request).compiled.clauses
        explained = {
            key
            for key, (title, body) in zip(ids, ARTICLES, strict=True)
            if all(match.strict and match.found for match in explain(Record(key, title, body), row))
        }
        assert explained == found, query


@pytest.mark.django_db
def test_no_close_hit_has_every_word_and_each_names_its_changes(engine: SearchEngine) -> None:
    publish(engine, *(NewsItem(title, body) for title, body in ARTICLES), NewsItem("قصف", cities=["حلب"]))
    either = "قصف (زرافة أو مدينة:حلب)"
    for query in ("قصف زرافة حمص", "وزير قذائف كتاب", '"حمص مدينة" قصف', either):
        close = [hit for hit in run_search(SearchRequest(q=query), engine=engine).hits if not hit.strict]
        assert close, query
        assert all(hit.changes for hit in close), query


LEAVES = [Term("body", "exact", value) for value in "abc"]
CITY = Number("city", 1)
TREES: st.SearchStrategy[Node] = st.recursive(
    st.sampled_from([*LEAVES, CITY, MatchAll()]),
    lambda nodes: st.one_of(
        st.lists(nodes, max_size=3).map(lambda children: AllOf(tuple(children))),
        st.builds(
            lambda some, least: AnyOf(tuple(some), least), st.lists(nodes, max_size=3), st.integers(0, 3)
        ),
        nodes.map(MustNot),
        nodes.map(lambda child: Boosted(child, ())),
    ),
    max_leaves=8,
)


def through(node: Node, there: set[Node]) -> set[Node] | None:
    """Return the leaves through which a tree matches; None if it does not."""
    match node:
        case Term() | Number():
            return {node} if node in there else None
        case AllOf(children):
            parts = [through(child, there) for child in children]
            return None if None in parts else set().union(*filter(None, parts))
        case AnyOf(children, at_least):
            parts = [through(child, there) for child in children]
            held = [part for part in parts if part is not None]
            return set().union(*held) if len(held) >= at_least else None
        case Boosted(child):
            return through(child, there)
        case MustNot(child):
            numbers = {each for each in there if isinstance(each, Number)}
            return set() if through(child, numbers) is None else None
        case _:
            return set()


@given(TREES, st.sets(st.sampled_from([*LEAVES, CITY])))
def test_a_tree_is_supported_by_the_leaves_through_which_it_matches(tree: Node, there: set[Node]) -> None:
    bits = {leaf: 1 << number for number, leaf in enumerate([*LEAVES, CITY])}
    found = compile_support(tree, bits.__getitem__)(sum(bits[each] for each in there))
    expected = through(tree, there)
    assert found == (NOT_MATCHED if expected is None else sum(bits[leaf] for leaf in expected - {CITY}))
