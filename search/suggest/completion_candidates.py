"""Finds completions of an unfinished query: words, phrases, cities and sources.

`search/suggest/autocomplete.py` counts each of them by its node and shows those that find something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from arabic.morphology.affixes import ARTICLE
from arabic.text.tokenizer import normalized_terms
from arabic.vocabulary.vocabulary import Vocabulary
from search.query.compiler import compile_query
from search.query.lexer import OPERATORS
from search.query.parser import parse_query
from search.query.query_operators import reader_operators
from search.query.request import SearchRequest
from search.query_tree import TEXT_FIELDS, AllOf, AnyOf, Node, Number, Phrase, Term, TextField
from search.store.name_index import NameIndex
from search.store.protocols import Store
from search.suggest.partial_query import PartialQuery, is_expensive, is_inside_or

CompletionKind = Literal["word", "phrase", "city", "source"]
#: A shorter beginning matches too much of the vocabulary.
_MIN_LETTERS = 2
#: A single word is completed to a phrase, or found inside a name, from this length on; the phrase must be in
#: several titles.
_MIN_INNER_LETTERS, _MIN_TITLES = 3, 2
#: Maximum number of words of a name before the cursor, and of a whole phrase of the vocabulary.
_NAME_WORDS, _PHRASE_WORDS = 5, 4
#: If more words precede, they are searched as written, not at every level.
_HEAD_WORDS = 8
#: Words that need another one after them: no phrase ends in one of these.
_NON_FINAL_WORDS = frozenset(
    normalized_terms(
        "من في على إلى عن مع بين ضد بعد قبل عند منذ حتى خلال حول نحو لدى دون تحت فوق أمام وراء عبر غير أن إن"
        " أو ثم لا لم لن ما هل قد كل بعض أي التي الذي الذين هذا هذه ذلك تلك هو هي كما لكن بل إذا لو و"
    )
)
_PLAIN_NAME = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Completion:
    """A completion.

    `query` is the whole query with it; `count` the published articles that have it as written and match the
    rest of the query.
    """

    kind: CompletionKind
    text: str
    query: str
    count: int = 0
    #: For a city or source: the rest of the query if it is used as a filter instead; None if it cannot be.
    rest: str | None = None
    #: The name by which a city or source was found, if it is not the one shown.
    alias: str = ""


@dataclass(frozen=True, slots=True)
class CompletionCandidate:
    """A completion to be counted by `node`. A lower `rank` comes first, then the higher count."""

    completion: Completion
    node: Node
    rank: int = 0


def _long_enough(beginning: str) -> bool:
    """Return True if the beginning is worth completing; the bare article is not."""
    return len(beginning) >= _MIN_LETTERS and beginning != ARTICLE


class CompletionFinder:
    """Finds the candidates for one unfinished query, at most `limit` of a kind."""

    def __init__(self, typed: PartialQuery, limit: int, store: Store) -> None:
        self._typed = typed
        self._limit = limit
        self._store = store
        self._heads: dict[int, Node | None] = {}
        #: True for a value after a field name or inside quotes: it is completed as a whole.
        self._whole = bool(typed.scope or typed.closing)

    def all(self) -> list[CompletionCandidate]:
        """Return the candidates of every kind that is possible here."""
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
        """The unfinished word, folded; "" after a space."""
        return "" if self._typed.after_space else self._typed.tokens[-1].normalized

    def _words(self) -> Iterator[CompletionCandidate]:
        """Yield words of the vocabulary that begin with the unfinished one."""
        if not _long_enough(self._fragment):
            return
        vocabulary = self._store.vocabulary()
        typed, last = self._typed, self._typed.tokens[-1]
        # Inside quotes the words before it are part of the phrase, elsewhere they are the rest of the query.
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
        """Yield (word, rank) of words with this prefix.

        If there are few, also words that have it after the article.
        """
        found = vocabulary.starting_with(prefix, self._limit)
        yield from ((word, 0) for word, _count in found)
        if len(found) < self._limit:
            behind = vocabulary.starting_with(ARTICLE + prefix, self._limit - len(found))
            yield from ((word, 1) for word, _count in behind)

    def _phrases(self) -> list[CompletionCandidate]:
        """Return phrases of titles that begin with as many of the last words as possible."""
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
        """Return phrases of titles that begin with the last `words` words."""
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
        """Return names that begin with as many of the last words as possible."""
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
                rest = typed.query_without(words)
                return [
                    CompletionCandidate(
                        Completion(
                            kind,
                            match.known.value,
                            self._query_for(kind, match.known.value, start),
                            rest=rest,
                            alias=match.alias,
                        ),
                        self._beside(start, Number(kind, match.known.id)),
                        match.rank,
                    )
                    for match in found
                ]
        return []

    def _lengths(self, longest: int) -> Sequence[int]:
        """Return how many of the last words may be completed together, the largest number first."""
        there = len(self._typed.tokens)
        if self._whole:
            return (there,) if there <= longest else ()
        return range(min(there, longest), 0, -1)

    def _query_for(self, kind: Literal["city", "source"], name: str, start: int) -> str:
        """Return the query with a name after its field name, in quotes unless it is one plain word."""
        name = name.replace('"', " ")
        if self._typed.closing:
            return self._typed.text[:start] + name + self._typed.closing
        value = name if _PLAIN_NAME.fullmatch(name) else f'"{name}"'
        return (
            self._typed.text[:start]
            + ("" if self._typed.scope else getattr(reader_operators(), kind))
            + value
        )

    def _in_text(self, words: Sequence[str]) -> Node:
        """Return a node for articles with the folded words in a row.

        In the title only, if that is the field.
        """
        fields: tuple[TextField, ...] = ("title",) if self._typed.scope == "title" else TEXT_FIELDS
        if len(words) == 1:
            return AnyOf(tuple(Term(field, "exact", words[0]) for field in fields))
        return AnyOf(tuple(Phrase(field, "exact", tuple(words)) for field in fields))

    def _beside(self, start: int, node: Node) -> Node:
        """Return `node` combined with the query before `start`, unless an OR joins them."""
        if start not in self._heads:
            self._heads[start] = self._head(self._typed.text[:start])
        before = self._heads[start]
        return node if before is None else AllOf((before, node))

    def _head(self, text: str) -> Node | None:
        """Return the node of the text before the completion.

        None if the text has no words, ends inside an OR, or is too expensive to be searched at every key.
        """
        parsed = parse_query(text)
        if parsed.root is None or is_inside_or(parsed.tokens) or is_expensive(parsed.tokens):
            return None
        asked = SearchRequest(q=text, level="all" if len(normalized_terms(text)) <= _HEAD_WORDS else "exact")
        return compile_query(parsed, asked, self._store, relax=False).strict
