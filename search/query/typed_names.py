"""Finds the names of several words in a row of typed words: «الولايات المتحدة», «كانون الثاني».

Such a name is one thing: a strict hit names it, through clitics or run together, and its words elsewhere in
the text do not count. Names of the shipped tables have a term in the lemma field of the index; those that
librarians added are searched as phrases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from arabic.expansion.expander import Expansion
from arabic.expansion.synonyms import SynonymMap
from arabic.morphology.affixes import LETTER_CLITICS
from arabic.morphology.decompounding import RELIGION, SERVANT, SHIPPED_DECOMPOUNDER
from arabic.morphology.protected_words import find_multiword_names
from search.query.leaf_terms import lemma_terms, name_phrases, or_branches, phrase, term
from search.query.nodes import Word
from search.query.request import SearchLevel
from search.query_tree import AllOf, Node, TextField


@dataclass(frozen=True, slots=True)
class TypedName:
    """A name that takes the words at `at`."""

    at: range
    tokens: tuple[str, ...]  #: as typed
    form: str = ""  #: its term in the lemma field; "" if it has none
    name: tuple[str, ...] = ()  #: if it has none: its tokens without clitics

    def nodes(self, fields: Sequence[TextField], level: SearchLevel) -> list[Node]:
        """Return the alternatives of the name itself.

        At the level "exact" its words stand in a row as typed, and name nothing else: all its hits are hits
        of the level "all" too.
        """
        if level != "exact":
            return lemma_terms(self.form, fields) if self.form else name_phrases(self.name, fields)
        rows = [phrase(self.tokens, [field]) for field in fields]
        if not self.form:
            return rows
        return [
            AllOf((row, term(field, "forms", self.form))) for field, row in zip(fields, rows, strict=True)
        ]


def find_typed_names(words: Sequence[Sequence[str]], synonyms: SynonymMap) -> list[TypedName]:
    """Return the names among the normalized tokens of some words in a row, in order.

    Of names that overlap, the first one counts, and of those the longest. A name that begins or ends inside a
    word was not typed. `synonyms` knows the names that the shipped tables lack.
    """
    offsets = WordOffsets(words)
    row = [token for word in words for token in word]
    found = [
        TypedName(at, tuple(row[run.start : run.end]), run.term)
        for run in find_multiword_names(row)
        if (at := offsets.words(run.start, run.end))
    ]
    found += [
        TypedName(at, tuple(row[match.start : match.end]), name=match.name)
        for match in synonyms.find(row)
        if len(match.name) > 1 and (at := offsets.words(match.start, match.end))
    ]
    found += _names_of_persons(row, offsets)
    found.sort(key=lambda name: (name.at.start, -name.at.stop, not name.form))
    names: list[TypedName] = []
    for name in found:
        if not names or name.at.start >= names[-1].at.stop:
            names.append(name)
    return names


def _names_of_persons(row: Sequence[str], offsets: WordOffsets) -> Iterator[TypedName]:
    """Yield the names of persons of two words: عبد الرحمن, نور الدين. The words mean them in a row only."""
    for start, words in enumerate(pairwise(row)):
        name = _person_name(words)
        # «رحمه الله» looks like such a name.
        if name and (name[0] == SERVANT or name[1] == RELIGION) and (at := offsets.words(start, start + 2)):
            yield TypedName(at, words, name=name)


def person_nodes(parts: Sequence[str], fields: Sequence[TextField]) -> list[Node]:
    """Return the nodes of a person's name that is written as one word: عبدالرحمن; [] for other words."""
    name = _person_name(parts)
    return name_phrases(name, fields) if name else []


def _person_name(parts: Sequence[str]) -> tuple[str, ...]:
    """Return the two words of a person's name, without clitics; () if these words are no such name."""
    words = tuple(parts)
    if not SHIPPED_DECOMPOUNDER.is_person(words):
        return ()
    is_servant = words[0].removesuffix(SERVANT) in ("", *LETTER_CLITICS)
    return (SERVANT if is_servant else words[0], *words[1:])


class WordOffsets:
    """Maps token offsets of some words in a row to the written words."""

    def __init__(self, words: Sequence[Sequence[str]]) -> None:
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        count = 0
        for index, word in enumerate(words):
            self._starts[count] = index
            count += len(word)
            self._ends[count] = index + 1

    def words(self, start: int, end: int) -> range | None:
        """Return the words whose tokens are [start, end); None if it begins or ends inside a word."""
        if start in self._starts and end in self._ends:
            return range(self._starts[start], self._ends[end])
        return None


class WordRow:
    """Some typed words in a row, and what may stand in the place of each."""

    def __init__(
        self, words: Sequence[Word], tokens: Sequence[Sequence[str]], word_nodes: Sequence[Node]
    ) -> None:
        self.words = words
        #: The normalized tokens of each word.
        self.tokens = tokens
        self.word_nodes = word_nodes
        #: Of each word: the word itself, the name that it belongs to, its expansions.
        self.alternatives: list[list[Node]] = [list(or_branches(node)) for node in word_nodes]
        #: The expansions of names of several words, by the index of their first word.
        self.of_names: defaultdict[int, list[Node]] = defaultdict(list)
        #: Of each word: what makes no strict hit, but ranks them and finds close ones.
        self.related: list[list[Node]] = [[] for _ in word_nodes]

    def text(self, at: range) -> str:
        """Return the words at `at` as typed."""
        return " ".join(self.words[index].text for index in at)

    def related_to(self, at: range) -> list[Node]:
        """Return what ranks strict hits and finds close ones for the words at `at`, if there are others."""
        if len(at) == len(self.words):
            return []
        return [node for index in at for node in self.related[index]]

    def anywhere(self, name: TypedName) -> Expansion:
        """Return the expansion that looks for the words of a name anywhere."""
        return Expansion(name.at.start, name.at.stop, "anywhere", (), self.text(name.at))
