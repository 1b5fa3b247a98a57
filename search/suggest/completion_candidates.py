"""What the end of an unfinished query may become: words, phrases, cities and sources, each with the question
that counts it. Nothing here has been counted yet; `suggesting` does that and shows what is left."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import Vocabulary
from search.engines.contract import FacetName
from search.query.compiler import compile_query
from search.query.lexer import OPERATORS
from search.query.parser import parse_query
from search.query.request import SearchRequest
from search.query_tree import TEXT_FIELDS, AllOf, AnyOf, Boosted, Node, Number, Phrase, Term, TextField
from search.store.name_index import NameIndex
from search.store.protocols import Store
from search.suggest.partial_query import PartialQuery, is_expensive, is_inside_or

CompletionKind = Literal["word", "phrase", "city", "source"]
#: One letter begins half of the vocabulary.
_MIN_LETTERS = 2
#: A single word begins a phrase, or stands inside a name, only from here on; the phrase in several titles.
_MIN_INNER_LETTERS, _MIN_TITLES = 3, 2
#: Names have at most so many words before the cursor, phrases of the vocabulary so many in all.
_NAME_WORDS, _PHRASE_WORDS = 5, 4
#: More words in front are asked for as they are written, not in all their forms.
_HEAD_WORDS = 8
_ARTICLE = "ال"
#: Words that ask for another one: a phrase does not end in them.
_NON_FINAL_WORDS = frozenset(
    normalized_terms(
        "من في على إلى عن مع بين ضد بعد قبل عند منذ حتى خلال حول نحو لدى دون تحت فوق أمام وراء عبر غير أن إن"
        " أو ثم لا لم لن ما هل قد كل بعض أي التي الذي الذين هذا هذه ذلك تلك هو هي كما لكن بل إذا لو و"
    )
)
_PLAIN_NAME = re.compile(r"[^\W_]+")
#: How a name is asked for inside a query.
_FIELD_NAMES: dict[FacetName, str] = {"city": "مدينة:", "source": "مصدر:"}


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on. `query` is the whole query with it. `count`: published articles that have it as
    written, beside the rest of the query."""

    kind: CompletionKind
    text: str
    query: str
    count: int = 0
    #: City and source: what remains of the query when they are taken as a filter; None where they cannot be.
    rest: str | None = None
    #: The name by which a city or source was found, where it is not the one shown.
    alias: str = ""


@dataclass(frozen=True, slots=True)
class CompletionCandidate:
    """A completion to be counted by `node`. A lower `rank` comes first, then the higher count."""

    completion: Completion
    node: Node
    rank: int = 0


def _long_enough(beginning: str) -> bool:
    """Whether it says enough of a word; the article does not."""
    return len(beginning) >= _MIN_LETTERS and beginning != _ARTICLE


class CompletionFinder:
    """The candidates for one unfinished query, at most `limit` of a kind."""

    def __init__(self, typed: PartialQuery, limit: int, store: Store) -> None:
        self._typed = typed
        self._limit = limit
        self._store = store
        self._heads: dict[int, Node | None] = {}
        #: A value behind a field name, or inside quotes, is completed as a whole.
        self._whole = bool(typed.scope or typed.closing)

    def all(self) -> list[CompletionCandidate]:
        """Of every kind that can stand here."""
        scope = self._typed.scope
        words: list[CompletionCandidate] = []
        if scope in ("", "title"):
            words = [*self._words(), *self._phrases()]
        names: list[CompletionCandidate] = []
        if scope == "city" or (not scope and not self._typed.closing):
            names += self._names("city", self._store.city_names())
        if scope == "source" or (not scope and not self._typed.closing):
            names += self._names("source", self._store.source_names())
        return words + names

    @cached_property
    def _fragment(self) -> str:
        """The unfinished word, folded; "" behind a space."""
        return "" if self._typed.after_space else self._typed.tokens[-1].normalized

    def _words(self) -> Iterator[CompletionCandidate]:
        if not _long_enough(self._fragment):
            return
        vocabulary = self._store.vocabulary()
        typed, last = self._typed, self._typed.tokens[-1]
        # In quotes the words before it belong to the question, else they are its head.
        before = [token.normalized for token in typed.tokens[:-1]] if typed.closing else []
        start = typed.tokens[0].start if before else last.start
        for word, rank in self._beginning_with(self._fragment, vocabulary):
            shown = vocabulary.spelling(word)
            if shown != typed.text[last.start : last.end] and shown not in OPERATORS:
                completion = Completion("word", shown, typed.text[: last.start] + shown + typed.closing)
                yield CompletionCandidate(
                    completion, self._beside(start, self._in_text([*before, word])), rank
                )

    def _beginning_with(self, prefix: str, vocabulary: Vocabulary) -> Iterator[tuple[str, int]]:
        """(word, rank) of the vocabulary: those that begin so; where they are few, also those that do behind
        the article."""
        found = vocabulary.starting_with(prefix, self._limit)
        yield from ((word, 0) for word, _count in found)
        if len(found) < self._limit:
            behind = vocabulary.starting_with(_ARTICLE + prefix, self._limit - len(found))
            yield from ((word, 1) for word, _count in behind)

    def _phrases(self) -> list[CompletionCandidate]:
        """Phrases of titles that begin with as many of the last words as any does."""
        typed = self._typed
        if typed.negated or (typed.scope and not typed.closing):
            return []
        for words in self._lengths(_PHRASE_WORDS - typed.after_space):
            if words == 0 or (words == 1 and len(typed.tokens[-1].normalized) < _MIN_INNER_LETTERS):
                return []
            if found := self._phrases_of(words):
                return found
        return []

    def _phrases_of(self, words: int) -> list[CompletionCandidate]:
        vocabulary = self._store.vocabulary()
        prefix = self._typed.prefix(words)
        enough = _MIN_TITLES if words == 1 and not self._typed.after_space else 1
        found = [
            (phrase, titles)
            for phrase, titles in vocabulary.phrases_starting_with(prefix, self._limit)
            if titles >= enough and phrase != prefix and phrase.rpartition(" ")[2] not in _NON_FINAL_WORDS
        ]
        start = self._typed.tokens[-words].start
        head = self._typed.text[:start]
        return [
            CompletionCandidate(
                Completion("phrase", shown, head + shown + self._typed.closing),
                self._beside(start, self._in_text(phrase.split())),
            )
            for phrase, titles in found
            if not any(longer.startswith(f"{phrase} ") and n == titles for longer, n in found)
            for shown in [vocabulary.spelling(phrase)]
        ]

    def _names(self, kind: Literal["city", "source"], index: NameIndex) -> list[CompletionCandidate]:
        """Names that begin with as many of the last words as any does."""
        typed = self._typed
        for words in self._lengths(_NAME_WORDS):
            prefix = typed.prefix(words)
            if not (typed.scope or _long_enough(prefix)):
                return []
            found = [
                match
                for match in index.starting_with(prefix, self._limit)
                if match.rank < 2 or len(prefix) >= _MIN_INNER_LETTERS
            ]
            if found:
                start = typed.tokens[-words].start if words else len(typed.text)
                return [
                    CompletionCandidate(
                        Completion(
                            kind,
                            match.known.value,
                            self._query_for(kind, match.known.value, start),
                            rest=typed.rest(words),
                            alias=match.alias,
                        ),
                        self._beside(start, Number(kind, match.known.id)),
                        match.rank,
                    )
                    for match in found
                ]
        return []

    def _lengths(self, longest: int) -> Sequence[int]:
        """How many of the last words may be completed together, most first."""
        there = len(self._typed.tokens)
        if self._whole:
            return (there,) if there <= longest else ()
        return range(min(there, longest), 0, -1)

    def _query_for(self, kind: FacetName, name: str, start: int) -> str:
        """The query with a name asked for by its field, quoted unless it is one plain word."""
        name = name.replace('"', " ")
        if self._typed.closing:
            return self._typed.text[:start] + name + self._typed.closing
        value = name if _PLAIN_NAME.fullmatch(name) else f'"{name}"'
        return self._typed.text[:start] + ("" if self._typed.scope else _FIELD_NAMES[kind]) + value

    def _in_text(self, words: Sequence[str]) -> Node:
        """Articles with the folded words in a row, in the title only where the reader asks for it."""
        fields: tuple[TextField, ...] = ("title",) if self._typed.scope == "title" else TEXT_FIELDS
        if len(words) == 1:
            return AnyOf(tuple(Term(field, "exact", words[0]) for field in fields))
        return AnyOf(tuple(Phrase(field, "exact", tuple(words)) for field in fields))

    def _beside(self, start: int, node: Node) -> Node:
        """`node`, and what the text before `start` asks for; an OR asks for nothing beside it."""
        if start not in self._heads:
            self._heads[start] = self._head(self._typed.text[:start])
        before = self._heads[start]
        return node if before is None else AllOf((before, node))

    def _head(self, text: str) -> Node | None:
        """What a text in front asks for; None if that is nothing, one of several possibilities, or too dear
        to be asked at every letter."""
        parsed = parse_query(text)
        if parsed.root is None or is_inside_or(text) or is_expensive(text):
            return None
        asked = SearchRequest(q=text, level="all" if len(normalized_terms(text)) <= _HEAD_WORDS else "exact")
        strict = compile_query(parsed, asked, self._store, loosen=False).strict
        return strict.child if isinstance(strict, Boosted) else strict  # what only ranks, counts nothing
