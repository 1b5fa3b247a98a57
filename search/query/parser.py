"""Parses the query language into a tree of `search/query/nodes.py`, with complaints about what was left out.

The language: words (all of them are required), `AND`, `OR` or `أو`, `NOT` or a leading `-`, brackets, `"a
phrase"` (also «…» and “…”), `"near words"~5`, `prefix*`, `*infix*`, `*suffix`, and `title:`, `city:`,
`source:` (`عنوان:`, `مدينة:`, `مصدر:`) with a word, a quoted value or, for the title, brackets. NOT binds
tighter than AND, AND tighter than OR. `و` is a word. `parse_query` never fails: it leaves out what it cannot
read, with a complaint, and searches the remaining words.
"""

from __future__ import annotations

from dataclasses import replace

from arabic.text.tokenizer import normalized_terms
from search.query.lexer import QueryToken, clean_query, drop_unmatched_brackets, tokenize_query
from search.query.nodes import And, NamedFilter, Not, Or, ParsedQuery, QueryNode, QuotedPhrase, Wildcard, Word
from search.query_tree import TextField
from search.results import Complaint

#: Maximum number of words and phrases in a query. Sentences have fewer; each word costs several posting
#: lists.
MAX_CLAUSES = 100
#: Number of clauses that a slow one counts for: a prefix scans part of the term dictionary, an infix all of
#: it, and a phrase with slop reads the positions of every article that has the words.
_PREFIX_COST, _INFIX_COST, _NEAR_COST = 5, 33, 20
#: The default length limit; searches pass settings.QUERY_MAX_CHARACTERS.
DEFAULT_MAX_CHARACTERS = 1000
#: The largest slop of a phrase.
MAX_SLOP = 50
#: A phrase of more words loses its slop: the engines would read every article that has these words.
MAX_NEAR_WORDS = 6


def parse_query(
    text: str, max_characters: int = DEFAULT_MAX_CHARACTERS, max_clauses: int = MAX_CLAUSES
) -> ParsedQuery:
    """Parse a query. Never raises; every part left out has a complaint."""
    complaints: list[Complaint] = []
    if len(text) > max_characters:
        text, rest = _truncate(text, max_characters)
        complaints.append(Complaint("too_long", rest.strip()[:100]))
    cleaned = clean_query(text)
    tokens = tokenize_query(cleaned, complaints)
    kept = _limit_clauses(drop_unmatched_brackets(tokens, complaints), complaints, max_clauses)
    # Clauses over the limit may leave an empty pair of brackets; `_Parser` complains about those too.
    root = _Parser(kept, complaints).disjunction(None)
    if root is None and text.strip() and not complaints:
        complaints.append(Complaint("no_words", text.strip()[:100]))
    return ParsedQuery(root, tuple(dict.fromkeys(complaints)), cleaned, tuple(tokens))


def _truncate(text: str, length: int) -> tuple[str, str]:
    """Return at most `length` characters, up to the end of a word, and the rest."""
    end = length
    if not text[length].isspace():
        while end > 0 and not text[end - 1].isspace():
            end -= 1
    end = end or length  # one endless word
    return text[:end], text[end:]


def _limit_clauses(tokens: list[QueryToken], complaints: list[Complaint], most: int) -> list[QueryToken]:
    """Return the tokens without the words and phrases that exceed the limit."""
    kept: list[QueryToken] = []
    dropped: list[str] = []
    clauses = 0
    for token in tokens:
        if token.kind in ("word", "quoted"):
            clauses += _clause_cost(token)
            if clauses > most:
                dropped.append(token.text)
                continue
        kept.append(token)
    if not dropped:
        return tokens
    complaints.append(Complaint("too_many_words", " ".join(dropped)))
    return kept


class _Parser:
    """A recursive descent parser over tokens whose brackets match and are at most `lexer.MAX_DEPTH` deep."""

    def __init__(self, tokens: list[QueryToken], complaints: list[Complaint]) -> None:
        self.tokens = tokens
        self.complaints = complaints
        self.at = 0

    def complain(self, code: str, detail: str) -> None:
        self.complaints.append(Complaint(code, detail))

    def peek(self) -> str:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else "end"

    def disjunction(self, field: TextField | None) -> QueryNode | None:
        """Parse the operands between ORs, up to a closing bracket or the end."""
        operands: list[QueryNode] = []
        pending = ""  # an OR without its right operand yet
        while True:
            operand = self.conjunction(field)
            if operand is not None:
                operands.append(operand)
                pending = ""
            if self.peek() != "or":
                break
            operator = self.tokens[self.at].text
            self.at += 1
            if operand is None:
                self.complain("dangling_operator", operator)
            else:
                pending = operator
        if pending:
            self.complain("dangling_operator", pending)
        if len(operands) > 1:
            return Or(tuple(operands))
        return operands[0] if operands else None

    def conjunction(self, field: TextField | None) -> QueryNode | None:
        """Parse operands that are adjacent or joined by AND."""
        children: list[QueryNode] = []
        pending, is_explicit = "", False  # an AND without its right operand yet; True once an AND has both
        while self.peek() not in ("or", ")", "end"):
            if self.peek() == "and":
                operator = self.tokens[self.at].text
                self.at += 1
                if pending or not children:
                    self.complain("dangling_operator", operator)
                else:
                    pending = operator
                continue
            child = self.operand(field)
            if child is not None:
                if pending and isinstance(child, Word):
                    child = replace(child, is_apart=True)
                children.append(child)
                pending, is_explicit = "", is_explicit or bool(pending)
        if pending:
            self.complain("dangling_operator", pending)
        if len(children) > 1:
            return And(tuple(children), is_explicit)
        return children[0] if children else None

    def operand(self, field: TextField | None) -> QueryNode | None:
        """Parse one clause with the NOTs before it; return None if it holds nothing to search."""
        negated = False
        while self.peek() == "not":
            operator = self.tokens[self.at].text
            self.at += 1
            negated = True  # NOT -x excludes x: a double negation does not cancel out
            if self.peek() in ("and", "or", ")", "end"):
                self.complain("dangling_operator", operator)
                return None
        child = self.clause(field)
        return Not(child) if negated and child is not None else child

    def clause(self, field: TextField | None) -> QueryNode | None:
        """Parse a word, a phrase, a group in brackets or a field with its value."""
        token = self.tokens[self.at]
        self.at += 1
        if token.kind == "field":
            return self.field_clause(token, field)
        if token.kind == "(":
            child = self.disjunction(field)
            self.at += 1  # the closing bracket is there: brackets are matched
            if child is None:
                self.complain("empty_brackets", "()")
            return child
        if token.kind == "quoted":
            return QuotedPhrase(token.text, self.slop(token), field)
        return self.word(token.text, field)

    def field_clause(self, token: QueryToken, outer: TextField | None) -> QueryNode | None:
        """Parse `title:`, `city:` or `source:` and the value right after it."""
        follows = self.peek()
        if follows not in ("word", "quoted", "(") or not self.tokens[self.at].is_adjacent:
            self.complain("field_without_value", token.text)
            return None
        if token.name == "title":
            return self.clause("title")
        if follows == "(":
            self.complain("field_without_value", token.text)
            return self.clause(outer)
        value = self.tokens[self.at]
        self.at += 1
        return NamedFilter("city" if token.name == "city" else "source", value.text.strip())

    def slop(self, token: QueryToken) -> int:
        if token.slop > MAX_SLOP:
            self.complain("slop_too_large", f"~{token.slop}")
        if token.slop and len(normalized_terms(token.text)) > MAX_NEAR_WORDS:
            self.complain("near_too_long", token.text)
            return 0
        return min(token.slop, MAX_SLOP)

    def word(self, text: str, field: TextField | None) -> QueryNode:
        core = text.strip("*")
        open_start, open_end = text.startswith("*"), text.endswith("*")
        if "*" in core:
            self.complain("star_inside", text)
        elif (open_start or open_end) and not _long_enough(core, open_start, open_end):
            self.complain("short_wildcard", text)
        elif open_start or open_end:
            return Wildcard(core, open_start, open_end, field)
        return Word(core, field)


def _clause_cost(token: QueryToken) -> int:
    """Return the number of clauses that a word or phrase counts for."""
    if token.kind == "quoted":
        return _NEAR_COST if token.slop else 1
    if token.text.startswith("*"):
        return _INFIX_COST
    return _PREFIX_COST if token.text.endswith("*") else 1


def _long_enough(core: str, open_start: bool, open_end: bool) -> bool:
    """Return True if the tokens at the open ends have two letters or more: `ا*` would match most words."""
    tokens = normalized_terms(core)
    return not (open_start and len(tokens[0]) < 2) and not (open_end and len(tokens[-1]) < 2)
