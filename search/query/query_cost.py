"""What a query costs: the number of terms it is searched by, which bounds the time of a search.

A word is searched by six terms or more, a word that was run together by forty: the number of words says
little about the time of a query. Terms are counted rather than seconds, so that the same query is answered
alike on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from search.query.leaf_terms import LIKELY_WORDS
from search.query.nodes import And, NamedFilter, Not, Or, ParsedQuery, QueryNode, node_text
from search.query_tree import AllOf, AnyOf, Boosted, MustNot, Node, Pattern, Phrase, Term
from search.results import Complaint

#: Terms of all clauses of a query. The headlines of news articles have eighty, a hundred frequent words 700.
MAX_TERMS = 1000
#: Of a phrase the positions are read. A pattern is looked for in all terms of an article, a term in a table;
#: an infix in all terms of the archive, too.
_PHRASE_TERMS, _PREFIX_TERMS, _INFIX_TERMS = 3, 15, 150
#: From so many terms on a text takes longer to read than its words do.
_TERMS_FREE = 200
_LIKELY_WORDS = LIKELY_WORDS.label


def count_terms(nodes: Sequence[Node]) -> int:
    """Return what the trees cost, in terms."""
    found = 0
    for node in nodes:
        match node:
            case Term(label=label):
                found += label != _LIKELY_WORDS  # few texts have such a term
            case Phrase():
                found += _PHRASE_TERMS
            case Pattern(open_start=open_start):
                found += _INFIX_TERMS if open_start else _PREFIX_TERMS
            case AllOf(children) | AnyOf(children):
                found += count_terms(children)
            case Boosted(child) | MustNot(child):
                found += count_terms((child,))
            case _:
                pass
    return found


def reading_cost(query: Node) -> float:
    """Return what it costs to find the words of a query in a text, beside an ordinary query; 1 or more."""
    return max(1.0, count_terms((query,)) / _TERMS_FREE)


def without_last_words(parsed: ParsedQuery, terms: int) -> tuple[ParsedQuery, Complaint | None]:
    """Return the query without its last words if it has more terms than allowed, and what was left out.

    What is excluded and named filters stay: without them the query would find more. A tenth more than needed
    is left out, because words differ in their terms.
    """
    if terms <= MAX_TERMS or parsed.root is None:
        return parsed, None
    words = sum(1 for _ in _words(parsed.root))
    left = iter(range(min(words - 1, words * MAX_TERMS * 9 // (terms * 10)) or 1))
    dropped: list[str] = []
    root = _kept(parsed.root, left, dropped)
    if not dropped:
        return parsed, None
    return replace(parsed, root=root), Complaint("too_many_words", " ".join(dropped))


def with_left_out(left_out: Complaint, complaints: Sequence[Complaint]) -> tuple[Complaint, ...]:
    """Return the complaints with one about all words left out: a query may be shortened more than once."""
    earlier = [each.detail for each in complaints if each.code == left_out.code]
    others = (each for each in complaints if each.code != left_out.code)
    return (replace(left_out, detail=" ".join((*earlier, left_out.detail))), *others)


def _words(node: QueryNode) -> Iterator[QueryNode]:
    """Yield what is searched: words, phrases, wildcards."""
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from _words(child)
        case Not() | NamedFilter():
            return
        case _:
            yield node


def _kept(node: QueryNode, left: Iterator[int], dropped: list[str]) -> QueryNode | None:
    """Return the node without the words for which none is `left`."""
    match node:
        case And(children) | Or(children):
            kept = [child for child in (_kept(child, left, dropped) for child in children) if child]
            if len(kept) > 1:
                return replace(node, children=tuple(kept))
            return kept[0] if kept else None
        case Not() | NamedFilter():
            return node
        case _ if next(left, None) is None:
            dropped.append(node_text(node))
            return None
        case _:
            return node
