"""Explains why an article matches: for each word of the query, its forms in title and text.

Uses the matcher of the highlighter on the original text, without asking an engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, get_args

from arabic.analyzer import STEM_MARKER
from arabic.morphology.lemmatizer import OOV_MARKER, lemmas, oov_stem_terms
from arabic.morphology.protected_words import NAME_MARKER, clitic_readings, find_multiword_names, name_term
from arabic.morphology.stem_lexicon import lemma_letters
from arabic.text.tokenizer import normalized_term, normalized_terms, written_terms
from search.engines.analyzed_article import WantedTerms
from search.highlighting.term_matcher import (
    Leaf,
    LeafMatcher,
    MatchableText,
    is_supported,
    positive_leaves,
    resolve_numbers,
    supporting_leaves,
)
from search.query.clauses import QueryClause
from search.query_tree import (
    CORRECTION_LABEL_PREFIX,
    TEXT_FIELDS,
    AllOf,
    Node,
    Number,
    Pattern,
    Phrase,
    Term,
    TextField,
)
from search.results import TermChange

#: How a form in the text matches a typed word, nearest first: as typed; words of a phrase with slop; by a
#: star; the same name; the same light stem; an out-of-vocabulary word with clitics; the same lemma; a part of
#: a run-together token; a labelled expansion; a correction (close hits only).
MatchKind = Literal[
    "exact", "near", "pattern", "name", "light", "clitics", "dictionary", "part", "expansion", "correction"
]
#: The same forms occur in many hits.
_CACHED_FORMS = 10_000
_ORDER: dict[MatchKind, int] = {how: place for place, how in enumerate(get_args(MatchKind))}
CORRECTION: Final = "correction"
#: Direction marks and other invisible characters: forms that differ in these alone look the same. Joiners are
#: not among them, because they change what is drawn.
_UNDRAWN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
#: The cities and the source of an article (`filter_numbers`), for queries like حمص OR city:حلب. None: not
#: known, and every condition on them counts as true.
KnownNumbers = frozenset[Number] | None


@dataclass(frozen=True, slots=True)
class MatchedForm:
    """A form as written in the text, and how often in title and body."""

    text: str
    how: MatchKind
    #: For an expansion its kind ("month", "alias", ...); for a name "attached" (letters before it), "renamed"
    #: (the place under another name or spelling); else "".
    kind: str = ""
    #: The lemma, or the expansion or correction as shown to the reader; else "".
    through: str = ""
    title: int = 0
    body: int = 0


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A word of the query as typed, and the forms of the article that match it.

    The nearest forms come first, then the most frequent.
    """

    typed: str
    found: tuple[MatchedForm, ...] = ()
    #: True if the article matches it strictly; False for a correction or the scattered words of a phrase.
    strict: bool = True

    @property
    def missing(self) -> bool:
        """True if the article lacks it. A word that may also be a city or source can match without a form."""
        return not self.found and not self.strict


class Explainer:
    """The words of a query, ready to be matched with many articles."""

    def __init__(self, clauses: Sequence[QueryClause]) -> None:
        distinct = {(clause.text, clause.strict, clause.close): clause for clause in clauses}
        self._words = list(distinct.values())
        self._has_numbers = [resolve_numbers(word.strict, ()) != word.strict for word in self._words]
        #: (index of the word, leaf), without duplicates.
        self._leaves = [
            (index, leaf)
            for index, word in enumerate(self._words)
            for leaf in dict.fromkeys((*positive_leaves(word.strict), *positive_leaves(word.close)))
        ]
        numbered = list(enumerate(leaf for _, leaf in self._leaves))
        wanted = WantedTerms(leaf.value for _, leaf in numbered if isinstance(leaf, Term))
        self._matchers = {
            field: LeafMatcher([(number, leaf) for number, leaf in numbered if leaf.field == field], wanted)
            for field in TEXT_FIELDS
        }

    def explain(
        self, title: MatchableText, body: MatchableText, numbers: KnownNumbers = None
    ) -> tuple[WordMatch, ...]:
        """Return a match for each distinct word, in the order typed."""
        matches = self._matches(title, body)
        return tuple(
            _match_clause(word, found)
            for word, found in zip(self._clauses_given(numbers), matches, strict=True)
        )

    def term_changes(
        self, title: MatchableText, body: MatchableText, numbers: KnownNumbers = None
    ) -> tuple[TermChange, ...]:
        """Return how a close hit differs from the query.

        It lacks words, has another form in place of a word, or has the words of a phrase apart.
        """
        found: list[TermChange] = []
        for word, matches in zip(self._clauses_given(numbers), self._matches(title, body), strict=True):
            there = dict.fromkeys((match.leaf for match in matches), True)
            if is_supported(word.strict, there):
                continue
            forms = _match_clause(word, matches).found
            if not forms:
                found.append(TermChange("left_out", word.text))
                continue
            first, whole = forms[0], is_supported(word.close, there)
            corrected = first.how in (CORRECTION, "light") or not whole
            found.append(
                TermChange("corrected", word.text, first.text)
                if corrected
                else TermChange("apart", word.text)
            )
        return tuple(found)

    def _clauses_given(self, numbers: KnownNumbers) -> list[QueryClause]:
        """Return the clauses for an article with these numbers."""
        if numbers is None:
            return self._words
        return [
            _resolved(word, numbers) if has_numbers else word
            for word, has_numbers in zip(self._words, self._has_numbers, strict=True)
        ]

    def _matches(self, title: MatchableText, body: MatchableText) -> list[list[_LeafMatch]]:
        """Return the matches of the leaves of each word."""
        texts: dict[TextField, MatchableText] = {"title": title, "body": body}
        matches: list[list[_LeafMatch]] = [[] for _ in self._words]
        for field, text in texts.items():
            for number, start, end in self._matchers[field].find(text):
                index, leaf = self._leaves[number]
                matches[index].append(_LeafMatch(text, leaf, start, end))
        return matches


def _resolved(clause: QueryClause, numbers: frozenset[Number]) -> QueryClause:
    close = resolve_numbers(clause.close, numbers)
    return QueryClause(clause.text, resolve_numbers(clause.strict, numbers), lambda: (close,))


def filter_numbers(source: int | None, places: Iterable[int]) -> frozenset[Number]:
    """Return the numbers of an article that a query may name besides words: its source and its places."""
    found = {Number("city", place) for place in places}
    return frozenset(found if source is None else {*found, Number("source", source)})


@dataclass(frozen=True, slots=True)
class _LeafMatch:
    """A leaf matched at tokens [start, end) of a text."""

    text: MatchableText
    leaf: Leaf
    start: int
    end: int


def _match_clause(word: QueryClause, matches: Sequence[_LeafMatch]) -> WordMatch:
    """Return the forms through which a clause matches, with their counts."""
    there = dict.fromkeys((match.leaf for match in matches), True)
    by = supporting_leaves(word.strict, there)
    strict = by is not None
    if by is None:
        by = _relaxed_support(word.close, there)
    typed = tuple(normalized_terms(word.text))
    forms: dict[tuple[str, MatchKind, str, str], list[int]] = {}
    for match, how in _best_explanations([match for match in matches if by and match.leaf in by]):
        kind, through = _match_source(match, how, typed)
        written = _UNDRAWN.sub("", match.text.original_text(match.start, match.end))
        counts = forms.setdefault((written, how, kind, through), [0, 0])
        counts[match.leaf.field == "body"] += 1
    found = [MatchedForm(*key, title=counts[0], body=counts[1]) for key, counts in forms.items()]
    found.sort(key=lambda form: (_ORDER[form.how], -form.title - form.body))
    return WordMatch(word.text, tuple(found), strict)


def _relaxed_support(close: Node, there: Mapping[Leaf, bool]) -> frozenset[Leaf] | None:
    """Return the leaves through which the relaxed form of a clause matches; None if it does not match.

    Where the close part searches words one by one (of a phrase or a run-together word), those that are
    present are enough.
    """
    parts = close.children if isinstance(close, AllOf) else (close,)
    return frozenset().union(*(supporting_leaves(part, there) or () for part in parts)) or supporting_leaves(
        close, there
    )


def _best_explanations(matches: Iterable[_LeafMatch]) -> list[tuple[_LeafMatch, MatchKind]]:
    """Return one explanation for each place of the text, in its order.

    If several overlap, the nearest to the typed word is taken, then the longest.
    """
    explained = [(match, _match_kind(match)) for match in matches]

    def rank(pair: tuple[_LeafMatch, MatchKind]) -> tuple[int, int]:
        match, how = pair
        return _ORDER[how], match.start - match.end

    taken: set[tuple[int, int]] = set()
    chosen: list[tuple[_LeafMatch, MatchKind]] = []
    for match, how in sorted(explained, key=rank):
        places = {(id(match.text), at) for at in range(match.start, match.end)}
        if not places & taken:
            taken |= places
            chosen.append((match, how))
    return sorted(chosen, key=lambda pair: (pair[0].leaf.field == "body", pair[0].start))


def _match_kind(found: _LeafMatch) -> MatchKind:
    match found.leaf:
        case Term(label=label) | Phrase(label=label) if label:
            return CORRECTION if label.startswith(CORRECTION_LABEL_PREFIX) else "expansion"
        case Pattern():
            return "pattern"
        case Phrase(slop=slop) if slop:
            return "near"
        case Term(level="forms", value=value):
            return _lemma_match_kind(value, found.text.original_text(found.start, found.end))
        case Term(level="light") | Phrase(level="light"):
            return "light"
        case _:
            return "exact"


@lru_cache(_CACHED_FORMS)
def _lemma_match_kind(lemma: str, form: str) -> MatchKind:
    """Return how a form as written in a text has a term of the lemma field."""
    whole: MatchKind = "dictionary"
    words = written_terms(form)
    tokens = list(map(normalized_term, words))
    own = lemmas(words[0])
    if lemma.startswith(NAME_MARKER):
        whole, own = "name", (name_term(tokens[0]) or "", *(run.term for run in find_multiword_names(tokens)))
    elif lemma.startswith(STEM_MARKER):
        return "light"
    elif lemma.startswith(OOV_MARKER):
        whole, own = "clitics", oov_stem_terms(tokens[0])
    return whole if lemma in own else "part"


def _is_renamed(found: _LeafMatch, typed: Iterable[str]) -> bool:
    """Return True if the name in the text is another one (سورية, not سوريا), clitics aside."""
    there = {
        reading
        for token in found.text.normalized(found.start, found.end)
        for reading in clitic_readings(token)
    }
    return not all(there.intersection(clitic_readings(word)) for word in typed)


def _match_source(found: _LeafMatch, how: MatchKind, typed: tuple[str, ...]) -> tuple[str, str]:
    """Return (kind, through) of `MatchedForm`."""
    match found.leaf:
        case Term(label=label) | Phrase(label=label) if label:
            kind, _, shown = label.partition(":")
            return (kind if how == "expansion" else "", shown)
        case Term(value=value) if how == "dictionary":
            return "", lemma_letters(value)
        case _ if how == "name":
            return ("renamed" if _is_renamed(found, typed) else "attached"), ""
        case _:
            return "", ""
