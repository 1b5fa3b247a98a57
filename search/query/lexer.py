"""Splits a query into words, quoted phrases, brackets and operators, for `search/query/parser.py`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Literal

from arabic.text.tokenizer import normalized_terms
from search.results import Complaint

QueryTokenKind = Literal["word", "quoted", "field", "and", "or", "not", "(", ")"]

#: Maximum nesting depth of brackets: the engines recurse as deep as the tree.
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
#: Direction marks come with pasted text; one between a space and a minus would hide the exclusion.
_DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
#: Any of these closes any other, because writers mix them; only » closes «.
_QUOTES = '"“”„‟＂'
#: Signs that may open a quotation.
OPENING_QUOTES = f"«{_QUOTES}"
_CHUNK = re.compile(rf"[^\s()«»{_QUOTES}]+")
_FIELD = re.compile(rf"({'|'.join(FIELD_NAMES)}):", re.IGNORECASE)
#: Operators of other search engines after a word: fuzziness and boost.
_FUZZY_OR_BOOST_SUFFIX = re.compile(r"[~^][0-9٠-٩۰-۹.]*$")
#: Word processors make an en dash of a hyphen, and some keyboards type a minus sign.
_DASHES = ("-", "–", "\N{MINUS SIGN}")
_SLOP = re.compile(r"~([0-9٠-٩۰-۹]*)")


@dataclass(frozen=True, slots=True)
class QueryToken:
    """A token of the query language, at [start, end) of the cleaned query.

    The offsets include the punctuation around a word and the quotes of a phrase.
    """

    kind: QueryTokenKind
    text: str
    #: True if no space precedes it.
    is_adjacent: bool = False
    slop: int = 0
    #: Of a field token: title, city or source.
    name: str = ""
    start: int = 0
    end: int = 0


def tokenize_query(text: str, complaints: list[Complaint]) -> list[QueryToken]:
    """Return the tokens of a cleaned query in order; add a complaint for each omitted part."""
    return _Lexer(text, complaints).run()


def clean_query(text: str) -> str:
    """Return the query without direction marks and with spaces for Arabic punctuation.

    HTML entities (`&quot;`) are resolved, also those that were escaped more than once.
    """
    while (plain := _ENTITY.sub(lambda entity: unescape(entity[0]), text)) != text:
        text = plain
    return _DIRECTION_MARKS.sub("", text).translate(_SPACES)


class _Lexer:
    def __init__(self, text: str, complaints: list[Complaint]) -> None:
        self.text = text
        self.complaints = complaints
        self.at = 0
        self.tokens: list[QueryToken] = []

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
        return self.tokens

    def add(self, kind: QueryTokenKind, text: str, length: int, *, slop: int = 0, name: str = "") -> None:
        is_adjacent = self.at > 0 and not self.text[self.at - 1].isspace()
        self.tokens.append(QueryToken(kind, text, is_adjacent, slop, name, self.at, self.at + length))
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
        """Read a run without spaces, brackets and quotes: an operator, a field name, a minus or a word."""
        match = _CHUNK.match(self.text, self.at)
        if match is None:  # unreachable: `run` has handled every other character
            self.at += 1
            return
        chunk = match.group()
        bare = _strip_punctuation(chunk)
        lead = chunk.index(bare)
        if chunk.startswith(_DASHES):
            self.minus(chunk)
        elif field := _FIELD.match(chunk, lead):
            self.at += lead
            self.add("field", field.group(), field.end() - lead, name=FIELD_NAMES[field[1].lower()])
        elif bare in OPERATORS:
            self.add(OPERATORS[bare], bare, len(chunk))
        elif (suffix := _FUZZY_OR_BOOST_SUFFIX.search(chunk)) and normalized_terms(chunk[: suffix.start()]):
            self.complain("dangling_operator", suffix.group())
            self.add("word", _strip_punctuation(chunk[: suffix.start()]), len(chunk))
        elif normalized_terms(chunk):
            self.add("word", bare, len(chunk))
        else:
            if "*" in chunk:
                self.complain("short_wildcard", chunk)
            self.at += len(chunk)

    def minus(self, chunk: str) -> None:
        """Read a leading dash: NOT if it follows a space or an opening bracket and precedes a word.

        Else it is a dash, which is left out with a complaint. Without one, a query from which the quotation
        before the dash is left out would exclude the word behind it.
        """
        rest = chunk.lstrip("".join(_DASHES))
        dashes = len(chunk) - len(rest)
        before = self.text[self.at - 1 : self.at]
        follows = self.text[self.at + dashes : self.at + dashes + 1]
        is_operator = not before or before == "(" or before.isspace()
        if is_operator and (
            normalized_terms(rest) or (not rest and follows and follows in f"({OPENING_QUOTES}")
        ):
            self.add("not", "-", dashes)
        else:
            if chunk[0] == "-" or not is_operator:  # an en dash between spaces is punctuation of a headline
                self.complain("dangling_operator", chunk[0])
            self.at += dashes


def _strip_punctuation(chunk: str) -> str:
    """Return the chunk without the punctuation around it; stars stay."""
    start, end = 0, len(chunk)
    while start < end and not (chunk[start].isalnum() or chunk[start] == "*"):
        start += 1
    while start < end and not (chunk[end - 1].isalnum() or chunk[end - 1] == "*"):
        end -= 1
    return chunk[start:end]


def drop_unmatched_brackets(tokens: list[QueryToken], complaints: list[Complaint]) -> list[QueryToken]:
    """Return the tokens without brackets that have no partner or nest too deep."""
    dropped: set[int] = set()
    open_at: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind == "(":
            open_at.append(index)
        elif token.kind == ")":
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
    return [token for index, token in enumerate(tokens) if index not in dropped]
