"""Cuts a query into words, quotes, brackets and operators; `query.parse` puts them together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Literal

from arabic.text.tokenizer import normalized_terms
from search.results import Complaint

QueryTokenKind = Literal["word", "quoted", "field", "and", "or", "not", "(", ")"]

#: Brackets inside brackets; nobody writes more by hand, and the engines recurse as deep as the tree.
MAX_DEPTH = 20

OPERATORS: dict[str, QueryTokenKind] = {"AND": "and", "OR": "or", "أو": "or", "او": "or", "NOT": "not"}
FIELD_NAMES = {
    "title": "title",
    "عنوان": "title",
    "العنوان": "title",
    "city": "city",
    "مدينة": "city",
    "المدينة": "city",
    "source": "source",
    "مصدر": "source",
    "المصدر": "source",
}
#: Arabic comma, semicolon and question mark are punctuation, never part of a word or an operator.
_SPACES = str.maketrans(dict.fromkeys("،؛؟", " "))
#: Direction marks come along with pasted text and would stand between a space and its minus.
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
#: Writers mix these freely, so any of them closes any other; « is closed by » alone.
_QUOTES = '"“”„‟＂'
#: A quotation may begin with any of these.
OPENING_QUOTES = f"«{_QUOTES}"
_CHUNK = re.compile(rf"[^\s()«»{_QUOTES}]+")
_FIELD = re.compile(rf"({'|'.join(FIELD_NAMES)}):", re.IGNORECASE)
#: What other search engines read behind a word as fuzziness or weight.
_FUZZY_OR_BOOST_SUFFIX = re.compile(r"[~^][0-9٠-٩۰-۹.]*$")
_SLOP = re.compile(r"~([0-9٠-٩۰-۹]*)")


@dataclass(frozen=True, slots=True)
class QueryToken:
    """A piece of the query. `glued`: no space stands before it. `name`: of a field, title, city or source.
    It stands at [start, end) of the `cleaned` query, with the punctuation around a word and the quotes around
    a phrase."""

    kind: QueryTokenKind
    text: str
    glued: bool = False
    slop: int = 0
    name: str = ""
    start: int = 0
    end: int = 0


def tokenize_query(text: str, complaints: list[Complaint]) -> list[QueryToken]:
    """The pieces of `text` in their order; adds to `complaints` what it leaves out."""
    return _Lexer(clean_query(text), complaints).run()


def clean_query(text: str) -> str:
    """The query without direction marks, spaces for the punctuation that is never part of it; what a page's
    source writes for a sign (`&quot;`) is that sign, however often it was escaped."""
    while (plain := _ENTITY.sub(lambda entity: unescape(entity[0]), text)) != text:
        text = plain
    return _DIRECTION_MARKS.sub("", text).translate(_SPACES)


class _Lexer:
    def __init__(self, text: str, complaints: list[Complaint]) -> None:
        self.text = text
        self.complaints = complaints
        self.at = 0
        self.lexemes: list[QueryToken] = []

    def run(self) -> list[QueryToken]:
        while self.at < len(self.text):
            letter = self.text[self.at]
            if letter.isspace():
                self.at += 1
            elif letter in "()":
                self.add("(" if letter == "(" else ")", letter, 1)
            elif letter == "«" or letter in _QUOTES:
                self.quote(letter)
            elif letter == "»":
                self.complain("unclosed_quote", letter)
                self.at += 1
            else:
                self.chunk()
        return self.lexemes

    def add(self, kind: QueryTokenKind, text: str, length: int, *, slop: int = 0, name: str = "") -> None:
        glued = self.at > 0 and not self.text[self.at - 1].isspace()
        self.lexemes.append(QueryToken(kind, text, glued, slop, name, self.at, self.at + length))
        self.at += length

    def complain(self, code: str, detail: str) -> None:
        self.complaints.append(Complaint(code, detail))

    def quote(self, opening: str) -> None:
        closers = "»" if opening == "«" else _QUOTES
        ends = [end for end in (self.text.find(closer, self.at + 1) for closer in closers) if end > 0]
        if not ends:
            self.complain("unclosed_quote", opening)
            self.at += 1
            return
        end = min(ends)
        content = self.text[self.at + 1 : end]
        length = end + 1 - self.at
        slop = 0
        if near := _SLOP.match(self.text, end + 1):
            length += len(near.group())
            if near[1]:
                slop = int(near[1])
            else:
                self.complain("dangling_operator", "~")
        if normalized_terms(content):
            self.add("quoted", " ".join(content.split()), length, slop=slop)
        else:
            self.complain("empty_quotes", self.text[self.at : end + 1])
            self.at += length

    def chunk(self) -> None:
        """A run without spaces, brackets and quotes: an operator, a field name, a minus or a word."""
        match = _CHUNK.match(self.text, self.at)
        if match is None:  # cannot be: `run` has looked at every other letter
            self.at += 1
            return
        chunk = match.group()
        if chunk.startswith("-") and (self.at == 0 or self.text[self.at - 1] in "(" or self.spaced()):
            self.minus(chunk)
        elif field := _FIELD.match(chunk):
            self.add("field", field.group(), field.end(), name=FIELD_NAMES[field[1].lower()])
        elif chunk in OPERATORS:
            self.add(OPERATORS[chunk], chunk, len(chunk))
        elif (suffix := _FUZZY_OR_BOOST_SUFFIX.search(chunk)) and normalized_terms(chunk[: suffix.start()]):
            self.complain("dangling_operator", suffix.group())
            self.add("word", _strip_punctuation(chunk[: suffix.start()]), len(chunk))
        elif normalized_terms(chunk):
            self.add("word", _strip_punctuation(chunk), len(chunk))
        else:
            if "*" in chunk:
                self.complain("short_wildcard", chunk)
            self.at += len(chunk)

    def spaced(self) -> bool:
        return self.text[self.at - 1].isspace()

    def minus(self, chunk: str) -> None:
        """NOT, if something to exclude stands right behind it; else a dash, which is dropped and named."""
        rest = chunk.lstrip("-")
        dashes = len(chunk) - len(rest)
        follows = self.text[self.at + dashes : self.at + dashes + 1]
        if normalized_terms(rest) or (not rest and follows and (follows in "(«" or follows in _QUOTES)):
            self.add("not", "-", dashes)
        else:
            self.complain("dangling_operator", "-")
            self.at += len(chunk)


def _strip_punctuation(chunk: str) -> str:
    """Without the punctuation around it; stars stay."""
    start, end = 0, len(chunk)
    while not (chunk[start].isalnum() or chunk[start] == "*"):
        start += 1
    while not (chunk[end - 1].isalnum() or chunk[end - 1] == "*"):
        end -= 1
    return chunk[start:end]


def drop_unmatched_brackets(lexemes: list[QueryToken], complaints: list[Complaint]) -> list[QueryToken]:
    """The same without brackets that have no partner or nest too deep; each kind is named once."""
    dropped: set[int] = set()
    open_at: list[int] = []
    for index, lexeme in enumerate(lexemes):
        if lexeme.kind == "(":
            open_at.append(index)
        elif lexeme.kind == ")":
            if not open_at:
                dropped.add(index)
                complaints.append(Complaint("unmatched_bracket", ")"))
                continue
            if len(open_at) > MAX_DEPTH:
                dropped.update((index, open_at[-1]))
                complaints.append(Complaint("too_deep", "()"))
            open_at.pop()
    if open_at:
        dropped.update(open_at)
        complaints.append(Complaint("unmatched_bracket", "("))
    return [lexeme for index, lexeme in enumerate(lexemes) if index not in dropped]
