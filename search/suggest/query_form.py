"""The advanced form and the query line: what the fields say as a query, and a query in the fields.

A query is split into the fields only where it keeps its meaning; whatever no field can hold stays as typed in
`every`, the words of which all are required.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from arabic.text.tokenizer import normalized_terms
from search.query.lexer import clean_query, tokenize_query
from search.query.nodes import And, Not, Or, QueryNode, QuotedPhrase, Wildcard, Word
from search.query.parser import parse_query
from search.query.query_operators import reader_operators
from search.suggest.query_rewriter import ClauseSpan, EditableQuery, format_query


@dataclass(frozen=True, slots=True)
class QueryForm:
    """The fields as typed. Only `every` takes operators; the others take words and phrases in quotes."""

    every: str = ""
    phrase: str = ""
    some: str = ""
    none: str = ""
    title: str = ""


def write_query(form: QueryForm) -> str:
    """Return the query that a form asks for in the operators of the page, "" if it asks for nothing."""
    operators = reader_operators()
    phrase = " ".join("".join(" " if letter in '"“”„‟＂«»' else letter for letter in form.phrase).split())
    some, none, title = map(_items, (form.some, form.none, form.title))
    parts = []
    if some:
        joined = f" {operators.either} ".join(some)
        parts.append(f"({joined})" if len(some) > 1 else joined)
    if normalized_terms(clean_query(phrase)):
        parts.append(f'"{phrase}"')
    if title:
        parts.append(operators.title + (f"({' '.join(title)})" if len(title) > 1 else title[0]))
    parts += [f"-{item}" for item in none]
    every = " ".join(form.every.split())
    if not parts or not every:
        return " ".join([every, *parts]).strip()
    parsed = parse_query(every)
    if parsed.root is None:
        return " ".join(parts)
    if parsed.complaints:  # a quotation mark without a partner would close that of another field
        every = format_query(parsed.root)
    return " ".join([f"({every})" if isinstance(parsed.root, Or) else every, *parts])


def read_query(text: str) -> QueryForm:
    """Return the fields of a query. What cannot be read, or would mean something else, is in `every`."""
    parsed = parse_query(text)
    whole = QueryForm(every=" ".join(text.split()))
    root = parsed.root
    if root is None or parsed.complaints:
        return whole
    children = root.children if isinstance(root, And) else (root,)
    editable = EditableQuery(parsed)
    clauses = editable.clauses
    if len(children) == 1:
        return _take(QueryForm(), root) or whole
    # An AND keeps the words around it apart, and joining words required.
    if len(clauses) != len(children) or (isinstance(root, And) and root.is_explicit):
        return whole
    form = QueryForm()
    taken: list[ClauseSpan] = []
    for run in _runs(children):
        if run[0] > 0 and run[-1] < len(children) - 1:
            continue  # the words around it would become neighbours, and perhaps a name
        for number in run:
            if (filled := _take(form, children[number])) is not None:
                form = filled
                taken.append(clauses[number])
    rest = "" if len(taken) == len(clauses) else editable.without_clauses(taken)
    form = QueryForm(rest, form.phrase, form.some, form.none, form.title)
    again = parse_query(write_query(form))
    return form if not again.complaints and _same(again.root, root) else whole


def _runs(children: Sequence[QueryNode]) -> list[list[int]]:
    """Return the numbers of neighbouring children that are no plain words."""
    runs: list[list[int]] = []
    for number, child in enumerate(children):
        if isinstance(child, Word | Wildcard) and child.field is None:
            continue
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _take(form: QueryForm, node: QueryNode) -> QueryForm | None:
    """Return the form with a part of a query in an empty field of its kind; None if it has none."""
    match node:
        case QuotedPhrase(text, 0, None) if not form.phrase:
            return QueryForm(form.every, text, form.some, form.none, form.title)
        case Or(children) if not form.some and (items := _plain(children, None)):
            return QueryForm(form.every, form.phrase, items, form.none, form.title)
        case Not(child) if items := _plain((child,), None):
            return QueryForm(form.every, form.phrase, form.some, f"{form.none} {items}".strip(), form.title)
        case And(children) if not form.title and (items := _plain(children, "title")):
            return QueryForm(form.every, form.phrase, form.some, form.none, items)
        case Word() | Wildcard() | QuotedPhrase() if not form.title and (items := _plain((node,), "title")):
            return QueryForm(form.every, form.phrase, form.some, form.none, items)
    return None


def _plain(nodes: Sequence[QueryNode], field: str | None) -> str:
    """Return words and phrases of a field as they are typed into one of the form; "" if there are others."""
    items: list[str] = []
    for node in nodes:
        match node:
            case Word(text, of) | QuotedPhrase(text, 0, of) if of == field:
                items.append(f'"{text}"' if isinstance(node, QuotedPhrase) else text)
            case Wildcard(text, start, end, of) if of == field:
                items.append(f"{'*' * start}{text}{'*' * end}")
            case _:
                return ""
    joined = " ".join(items)
    return joined if _items(joined) == items else ""


def _items(text: str) -> list[str]:
    """Return the words and quoted phrases of a field; operators and brackets between them are left out."""
    tokens = tokenize_query(clean_query(text), [])
    return [
        f'"{token.text}"' if token.kind == "quoted" else token.text
        for token in tokens
        if token.kind in ("word", "quoted")
    ]


def _same(one: QueryNode | None, other: QueryNode) -> bool:
    """Return True if two queries require the same, in whatever order."""

    def parts(node: QueryNode | None) -> list[str]:
        return sorted(map(repr, node.children if isinstance(node, And) else (node,)))

    return parts(one) == parts(other)
