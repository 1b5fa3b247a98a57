"""Reads what the reader typed: a tree of `query_nodes`, and complaints about what was not understood.

The language: words (all of them are required), `AND`, `OR` or `أو`, `NOT` or a leading `-`, brackets,
`"a phrase"` (also «…» and “…”), `"near words"~5`, `prefix*`, `*infix*`, `*suffix`, and `title:`, `city:`,
`source:` (`عنوان:`, `مدينة:`, `مصدر:`) with a word, a quoted value or, for the title, brackets. NOT binds
tighter than AND, AND tighter than OR. `و` is a word. `parse` never fails: what cannot be understood is
dropped, named in a complaint, and the words left are searched.
"""

from __future__ import annotations

from arabic.text.tokenizer import normalized_terms
from search.query.lexer import QueryToken, drop_unmatched_brackets, tokenize_query
from search.query.nodes import And, NamedFilter, Not, Or, ParsedQuery, QueryNode, QuotedPhrase, Wildcard, Word
from search.query_tree import TextField
from search.results import Complaint

#: More words than a sentence has; each one costs every engine a handful of posting lists.
MAX_CLAUSES = 200
#: What takes an engine longer counts for more: a walk through part of the vocabulary, through all of it, or
#: through the positions of every article that has the words.
_PREFIX_COST, _INFIX_COST, _NEAR_COST = 10, 40, 40
#: The default of `parse`; the service passes the archive's setting of the same name.
DEFAULT_MAX_CHARACTERS = 1000
#: A phrase's words may stand this many places apart, at most.
MAX_SLOP = 50
#: More words than this near each other are a sentence: the engines would read every article that has them.
MAX_NEAR_WORDS = 6


def parse_query(text: str, max_characters: int = DEFAULT_MAX_CHARACTERS) -> ParsedQuery:
    """Read a query. Never raises; every part that is left out stands in a complaint."""
    complaints: list[Complaint] = []
    if len(text) > max_characters:
        text, rest = _truncate(text, max_characters)
        complaints.append(Complaint("too_long", rest.strip()[:100]))
    lexemes = _within_limit(drop_unmatched_brackets(tokenize_query(text, complaints), complaints), complaints)
    # Clauses that went over the limit may leave an empty pair of brackets; `_Parser` names those too.
    root = _Parser(lexemes, complaints).either(None)
    if root is None and text.strip() and not complaints:
        complaints.append(Complaint("no_words", text.strip()[:100]))
    return ParsedQuery(root, tuple(dict.fromkeys(complaints)))


def _truncate(text: str, length: int) -> tuple[str, str]:
    """At most `length` characters, cut before the word that would be halved, and the rest."""
    end = length
    if not text[length].isspace():
        while end > 0 and not text[end - 1].isspace():
            end -= 1
    end = end or length  # one endless word
    return text[:end], text[end:]


def _within_limit(lexemes: list[QueryToken], complaints: list[Complaint]) -> list[QueryToken]:
    kept: list[QueryToken] = []
    dropped: list[str] = []
    clauses = 0
    for lexeme in lexemes:
        if lexeme.kind in ("word", "quoted"):
            clauses += _cost(lexeme)
            if clauses > MAX_CLAUSES:
                dropped.append(lexeme.text)
                continue
        kept.append(lexeme)
    if not dropped:
        return lexemes
    complaints.append(Complaint("too_many_words", " ".join(dropped)))
    return kept


class _Parser:
    """Recursive descent over lexemes whose brackets are matched and at most `lexer.MAX_DEPTH` deep."""

    def __init__(self, lexemes: list[QueryToken], complaints: list[Complaint]) -> None:
        self.lexemes = lexemes
        self.complaints = complaints
        self.at = 0

    def complain(self, code: str, detail: str) -> None:
        self.complaints.append(Complaint(code, detail))

    def peek(self) -> str:
        return self.lexemes[self.at].kind if self.at < len(self.lexemes) else "end"

    def either(self, field: TextField | None) -> QueryNode | None:
        """Operands between ORs, up to a closing bracket or the end."""
        operands: list[QueryNode] = []
        waiting = ""  # an OR that still wants its right side
        while True:
            operand = self.every(field)
            if operand is not None:
                operands.append(operand)
                waiting = ""
            if self.peek() != "or":
                break
            operator = self.lexemes[self.at].text
            self.at += 1
            if operand is None:
                self.complain("dangling_operator", operator)
            else:
                waiting = operator
        if waiting:
            self.complain("dangling_operator", waiting)
        if len(operands) > 1:
            return Or(tuple(operands))
        return operands[0] if operands else None

    def every(self, field: TextField | None) -> QueryNode | None:
        """Operands side by side or joined by AND."""
        children: list[QueryNode] = []
        waiting, spelt = "", False  # an AND that still wants its right side; whether any had both
        while self.peek() not in ("or", ")", "end"):
            if self.peek() == "and":
                operator = self.lexemes[self.at].text
                self.at += 1
                if waiting or not children:
                    self.complain("dangling_operator", operator)
                else:
                    waiting = operator
                continue
            child = self.operand(field)
            if child is not None:
                children.append(child)
                waiting, spelt = "", spelt or bool(waiting)
        if waiting:
            self.complain("dangling_operator", waiting)
        if len(children) > 1:
            return And(tuple(children), spelt)
        return children[0] if children else None

    def operand(self, field: TextField | None) -> QueryNode | None:
        """One clause with the NOTs and the field name before it; None when nothing is there to search."""
        negated = False
        while self.peek() == "not":
            operator = self.lexemes[self.at].text
            self.at += 1
            negated = True  # NOT -x: twice said is not taken back
            if self.peek() in ("and", "or", ")", "end"):
                self.complain("dangling_operator", operator)
                return None
        child = self.clause(field)
        return Not(child) if negated and child is not None else child

    def clause(self, field: TextField | None) -> QueryNode | None:
        lexeme = self.lexemes[self.at]
        self.at += 1
        if lexeme.kind == "field":
            return self.scoped(lexeme, field)
        if lexeme.kind == "(":
            child = self.either(field)
            self.at += 1  # the closing bracket is there: brackets are matched
            if child is None:
                self.complain("empty_brackets", "()")
            return child
        if lexeme.kind == "quoted":
            return QuotedPhrase(lexeme.text, self.slop(lexeme), field)
        return self.word(lexeme.text, field)

    def scoped(self, lexeme: QueryToken, outer: TextField | None) -> QueryNode | None:
        """`title:`, `city:` or `source:` and what stands right behind it."""
        follows = self.peek()
        if follows not in ("word", "quoted", "(") or not self.lexemes[self.at].glued:
            self.complain("field_without_value", lexeme.text)
            return None
        if lexeme.name == "title":
            return self.clause("title")
        if follows == "(":
            self.complain("field_without_value", lexeme.text)
            return self.clause(outer)
        value = self.lexemes[self.at]
        self.at += 1
        return NamedFilter("city" if lexeme.name == "city" else "source", value.text.strip())

    def slop(self, lexeme: QueryToken) -> int:
        if lexeme.slop > MAX_SLOP:
            self.complain("slop_too_large", f"~{lexeme.slop}")
        if lexeme.slop and len(normalized_terms(lexeme.text)) > MAX_NEAR_WORDS:
            self.complain("near_too_long", lexeme.text)
            return 0
        return min(lexeme.slop, MAX_SLOP)

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


def _cost(lexeme: QueryToken) -> int:
    """The clauses that a word or phrase counts for."""
    if lexeme.kind == "quoted":
        return _NEAR_COST if lexeme.slop else 1
    if lexeme.text.startswith("*"):
        return _INFIX_COST
    return _PREFIX_COST if lexeme.text.endswith("*") else 1


def _long_enough(core: str, open_start: bool, open_end: bool) -> bool:
    """Whether the tokens at the open ends have two letters: `ا*` would be most of the vocabulary."""
    tokens = normalized_terms(core)
    return not (open_start and len(tokens[0]) < 2) and not (open_end and len(tokens[-1]) < 2)
