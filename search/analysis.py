"""From the parsed query to the tree of terms that the engines execute.

A word may match in the title or the body, at every level that the reader allows; a word in the title and
another in the body together satisfy AND. All the Arabic of a query happens here (and none in an engine).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from arabic.levels import light
from arabic.names import is_protected, name_form, name_runs
from arabic.tokens import exact_terms
from search.filters import Resolver, ids_node
from search.query import And, Named, Not, Or, ParsedQuery, QueryNode, Quoted, Wildcard, Word
from search.request import SearchLevel
from search.results import Complaint
from search.terms import (
    NOTHING,
    TEXT_FIELDS,
    AllOf,
    AnyOf,
    Everything,
    Level,
    Node,
    Pattern,
    Phrase,
    Term,
    TextField,
)
from search.terms import Not as Excluded

#: A word of the headline says what an article is about; one of the body, what it mentions.
FIELD_BOOST: dict[TextField, float] = {"title": 2.0, "body": 1.0}
#: The levels add up: a word found as typed scores at all of them and so ranks above its other forms. The stem
#: and the name carry most of the meaning, the spelling less; docs/quality.md has the measurements.
LEVEL_BOOST: dict[Level, float] = {"exact": 0.5, "light": 1.0, "forms": 1.0}
#: Words in a row are rarer than their parts together; their own score already says so.
PHRASE_BOOST = 1.0
#: A pattern scores a constant, about what a common word does.
PATTERN_BOOST = 1.0
#: A close hit has at least this share of the words (1 of 2, 2 of 3, 2 of 5, 4 of 10). With one half, articles
#: that say a long headline in other words are lost; with less, three words find what shares one of them.
CLOSE_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Analysed:
    """`strict`: every word. `close`: most words, strict hits included; None when there is nothing to leave
    out. Excluded words and named cities and sources hold in both."""

    strict: Node
    close: Node | None = None
    complaints: tuple[Complaint, ...] = ()


def analyse(parsed: ParsedQuery, level: SearchLevel, resolver: Resolver) -> Analysed:
    """The trees of a query. `resolver` finds the ids behind `city:` and `source:`."""
    if parsed.root is None:
        return Analysed(Everything())
    analyser = _Analyser(level, resolver)
    units = list(dict.fromkeys(analyser.units(parsed.root)))
    loose = list(dict.fromkeys(analyser.units(_without_quotes(parsed.root))))
    return Analysed(_all_of(units), _most_of(loose), tuple(dict.fromkeys(analyser.complaints)))


def _without_quotes(root: QueryNode) -> QueryNode:
    """The same with the words of each phrase by themselves, unless the query is but one phrase: a pasted
    headline with quotes in it is close to its article even where that has the words in another order."""
    if not isinstance(root, And):
        return root
    children: list[QueryNode] = []
    for child in root.children:
        if isinstance(child, Quoted):
            children += [Word(token, child.field) for token in exact_terms(child.text)]
        else:
            children.append(child)
    return And(tuple(children))


def _all_of(units: Sequence[Node]) -> Node:
    if len(units) == 1 and not isinstance(units[0], Excluded):
        return units[0]
    return AllOf(tuple(units))


def _any_of(children: Iterable[Node]) -> Node:
    unique = tuple(dict.fromkeys(children))
    return unique[0] if len(unique) == 1 else AnyOf(unique)


def _most_of(units: Sequence[Node]) -> Node | None:
    words = [unit for unit in units if _scores(unit)]
    rest = [unit for unit in units if not _scores(unit)]
    if len(words) < 2:
        return None
    enough = max(1, -int(-len(words) * CLOSE_SHARE // 1))
    return _all_of([AnyOf(tuple(words), at_least=enough), *rest])


def _scores(unit: Node) -> bool:
    """Whether it stands for words (a city, a source or an exclusion is never left out)."""
    match unit:
        case Term() | Pattern() | Phrase():
            return True
        case AllOf(children) | AnyOf(children):
            return any(_scores(child) for child in children)
        case _:
            return False


class _Analyser:
    def __init__(self, level: SearchLevel, resolver: Resolver) -> None:
        self.level = level
        self.resolver = resolver
        self.complaints: list[Complaint] = []

    def units(self, node: QueryNode) -> list[Node]:
        """The parts of a query that must all hold: a node each for words, names, groups and exclusions."""
        children = node.children if isinstance(node, And) else (node,)
        units: list[Node] = []
        row: list[Word] = []
        for child in children:
            if isinstance(child, Word):
                if row and row[-1].field != child.field:
                    units += self.row(row)
                    row = []
                row.append(child)
                continue
            units += self.row(row)
            row = []
            units.append(self.other(child))
        return units + self.row(row)

    def whole(self, node: QueryNode) -> Node:
        return _all_of(list(dict.fromkeys(self.units(node))))

    def other(self, node: QueryNode) -> Node:
        match node:
            case Quoted():
                return self.quoted(node)
            case Wildcard():
                return self.wildcard(node)
            case Named():
                return self.named(node)
            case Not(child):
                return Excluded(self.whole(child))
            case Or(children):
                return _any_of(self.whole(child) for child in children)
            case _:
                return self.whole(node)

    def row(self, words: Sequence[Word]) -> list[Node]:
        """A unit for each word; the words of a name of several (دير الزور) are one unit, which the name in
        the bag of forms satisfies too, however it is spelt there (ديرالزور، بدير الزور)."""
        if not words:
            return []
        fields = _fields(words[0].field)
        tokens = [exact_terms(word.text) for word in words]
        units: list[Node] = []
        at = 0
        for start, end, form in self.names(tokens):
            units += [self.word(word, fields) for word in tokens[at:start]]
            spelt = _all_of([self.word(word, fields) for word in tokens[start:end]])
            units.append(
                _any_of([*(spelt.children if isinstance(spelt, AnyOf) else [spelt]), *forms(form, fields)])
            )
            at = end
        return units + [self.word(word, fields) for word in tokens[at:]]

    def names(self, words: Sequence[Sequence[str]]) -> list[tuple[int, int, str]]:
        """(first word, behind the last word, form) of the names in a row of words, without overlap."""
        if self.level != "all":
            return []
        starts, ends, count = {}, {}, 0
        for index, word in enumerate(words):
            starts[count] = index
            count += len(word)
            ends[count] = index + 1
        found: list[tuple[int, int, str]] = []
        runs = name_runs([token for word in words for token in word])
        for run in sorted(runs, key=lambda run: (run.start, -run.end)):
            # A name that begins or ends inside a written unit is not what was typed.
            if run.start in starts and run.end in ends and (not found or starts[run.start] >= found[-1][1]):
                found.append((starts[run.start], ends[run.end], run.form))
        return found

    def word(self, tokens: Sequence[str], fields: Sequence[TextField]) -> Node:
        """One typed word. Of several tokens it is best found in a row; where the tokens say little alone
        (ا.ف.ب، 1,000) only so."""
        if len(tokens) == 1:
            return _any_of(leaf for field in fields for leaf in self.leaves(tokens[0], field))
        in_a_row = phrase(tokens, fields)
        if self.level == "exact" or all(len(token) == 1 or token.isdigit() for token in tokens):
            return in_a_row
        apart = AllOf(tuple(dict.fromkeys(self.word([token], fields) for token in tokens)))
        return _any_of([*(in_a_row.children if isinstance(in_a_row, AnyOf) else [in_a_row]), apart])

    def leaves(self, token: str, field: TextField) -> list[Node]:
        """The terms that a token stands for in a field, at the levels allowed. A protected name is never
        reduced to a stem: it would meet other words there."""
        found: list[Node] = [term(field, "exact", token)]
        if self.level != "exact" and not is_protected(token):
            found.append(term(field, "light", light(token)))
        if self.level == "all" and (form := name_form(token)):
            found.append(term(field, "forms", form))
        return found

    def quoted(self, node: Quoted) -> Node:
        tokens = exact_terms(node.text)
        fields = _fields(node.field)
        if len(tokens) == 1:
            return _any_of(term(field, "exact", tokens[0]) for field in fields)
        return phrase(tokens, fields, node.slop)

    def wildcard(self, node: Wildcard) -> Node:
        """The stars belong to the first and the last token; tokens between are whole."""
        tokens = exact_terms(node.text)
        fields = _fields(node.field)
        last = len(tokens) - 1
        units: list[Node] = []
        for index, token in enumerate(tokens):
            open_start = node.open_start and index == 0
            open_end = node.open_end and index == last
            if open_start or open_end:
                units.append(
                    _any_of(Pattern(field, token, open_start, open_end, boost(field)) for field in fields)
                )
            else:
                units.append(self.word([token], fields))
        return _all_of(units)

    def named(self, node: Named) -> Node:
        find = self.resolver.cities_named if node.kind == "city" else self.resolver.sources_named
        ids = find(node.name)
        if ids is None:
            self.complaints.append(Complaint(f"unknown_{node.kind}", node.name))
        return ids_node(node.kind, {node.name: ids or ()}) or NOTHING


def _fields(field: TextField | None) -> tuple[TextField, ...]:
    return (field,) if field else TEXT_FIELDS


def boost(field: TextField) -> float:
    """Of a pattern."""
    return FIELD_BOOST[field] * PATTERN_BOOST


def term(field: TextField, level: Level, value: str) -> Term:
    """A typed term with the boost of its field and level."""
    return Term(field, level, value, FIELD_BOOST[field] * LEVEL_BOOST[level])


def forms(form: str, fields: Sequence[TextField]) -> list[Node]:
    """A form of the bag in each field."""
    return [term(field, "forms", form) for field in fields]


def phrase(tokens: Sequence[str], fields: Sequence[TextField], slop: int = 0) -> Node:
    """Exact tokens in a row, in any of the fields."""
    values = tuple(tokens)
    return _any_of(
        Phrase(field, "exact", values, slop, FIELD_BOOST[field] * PHRASE_BOOST) for field in fields
    )
