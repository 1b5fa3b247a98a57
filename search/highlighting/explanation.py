"""Explains why an article matches: for each word of the query, its forms in title and text.

Uses the matcher of the highlighter on the original text, without asking an engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    NOT_MATCHED,
    Leaf,
    LeafMatcher,
    MatchableText,
    compile_support,
    every_support,
    positions_by_bit,
    single_bits,
)
from search.query.clauses import QueryClause
from search.query.leaf_terms import LIKELY_WORDS
from search.query_tree import (
    CORRECTION_LABEL_PREFIX,
    TEXT_FIELDS,
    AllOf,
    Number,
    Pattern,
    Phrase,
    Term,
    TextField,
)
from search.results import TermChange

#: How a form in the text matches a typed word, nearest first: as typed; words of a phrase with slop; by a
#: star; the same name; the same light stem; an out-of-vocabulary word with clitics; the same lemma; a part of
#: a run-together token; a labelled expansion; a likely word of a misread one; a correction (close hits only).
MatchKind = Literal[
    "exact", "near", "pattern", "name", "light", "clitics",
    "dictionary", "part", "expansion", "misread", "correction",
]  # fmt: skip
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
#: Words that a close hit has in another form, at most; each takes a look at its text.
MAX_NAMED_CHANGES = 12


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


class _ExplainedWord:
    """A word of a query, with what it takes to match it; see `compile_support`."""

    def __init__(self, clause: QueryClause, bit_of: Callable[[Leaf | Number], int]) -> None:
        self.text = clause.text
        self.typed = tuple(normalized_terms(clause.text))
        self.strict = compile_support(clause.strict, bit_of)
        close = clause.close
        parts = close.children if isinstance(close, AllOf) else (close,)
        self._parts = [compile_support(part, bit_of) for part in parts]
        self.close = every_support(self._parts) if len(parts) != 1 else self._parts[0]

    def relaxed_support(self, there: int) -> int:
        """Return the leaves through which the relaxed form of the word matches; 0 if there are none.

        Where the close part searches words one by one (of a phrase or a run-together word), those that are
        present are enough.
        """
        found = 0
        for part in self._parts:
            found |= max(0, part(there))
        return found or max(0, self.close(there))


class Explainer:
    """The words of a query, ready to be matched with many articles."""

    def __init__(self, clauses: Sequence[QueryClause], wanted: WantedTerms | None = None) -> None:
        """`wanted`: see `LeafMatcher`."""
        wanted = WantedTerms() if wanted is None else wanted
        #: By their bits.
        self._leaves: dict[int, Leaf] = {}
        #: The bits of the leaves by their identity, because to compare them takes time.
        self._leaf_bits: dict[int, int] = {}
        self._number_bits: dict[Number, int] = {}
        self._words = [_ExplainedWord(word, self._bit_of) for word in _distinct(clauses)]
        self._matchers: dict[TextField, LeafMatcher] = {
            field: LeafMatcher(
                [(bit, leaf) for bit, leaf in self._leaves.items() if leaf.field == field], wanted
            )
            for field in TEXT_FIELDS
        }

    def _bit_of(self, leaf: Leaf | Number) -> int:
        """Return the bit of a leaf, of a city or of a source."""
        free = 1 << len(self._leaves) + len(self._number_bits)
        if isinstance(leaf, Number):
            return self._number_bits.setdefault(leaf, free)
        bit = self._leaf_bits.setdefault(id(leaf), free)
        self._leaves[bit] = leaf
        return bit

    def explain(
        self, title: MatchableText, body: MatchableText, numbers: KnownNumbers = None
    ) -> tuple[WordMatch, ...]:
        """Return a match for each distinct word, in the order typed."""
        found = _FoundLeaves(self._leaves, self._matchers, {"title": title, "body": body})
        there = found.there | self._bits_of(numbers)
        matches = []
        for word in self._words:
            by = word.strict(there)
            strict = by != NOT_MATCHED
            matched = _found_forms(word, found, by if strict else word.relaxed_support(there))
            matches.append(WordMatch(word.text, tuple(matched), strict))
        return tuple(matches)

    def term_changes(
        self, title: MatchableText, body: MatchableText, numbers: KnownNumbers = None
    ) -> tuple[TermChange, ...]:
        """Return how a close hit differs from the query.

        It lacks words, has another form in place of a word, or has the words of a phrase apart. Of the last
        two the first MAX_NAMED_CHANGES are named.
        """
        found = _FoundLeaves(self._leaves, self._matchers, {"title": title, "body": body})
        there = found.there | self._bits_of(numbers)
        changes: list[TermChange] = []
        named = 0
        for word in self._words:
            if word.strict(there) != NOT_MATCHED:
                continue
            by = word.relaxed_support(there)
            if not by:
                changes.append(TermChange("left_out", word.text))
                continue
            named += 1
            if named > MAX_NAMED_CHANGES:
                continue
            first = _found_forms(word, found, by)[0]
            corrected = first.how in (CORRECTION, "light") or word.close(there) == NOT_MATCHED
            changes.append(
                TermChange("corrected", word.text, first.text)
                if corrected
                else TermChange("apart", word.text)
            )
        return tuple(changes)

    def _bits_of(self, numbers: KnownNumbers) -> int:
        """Return the bits of the conditions on cities and sources that are true of an article."""
        known = self._number_bits.items()
        return sum(bit for number, bit in known if numbers is None or number in numbers)


def _distinct(clauses: Sequence[QueryClause]) -> list[QueryClause]:
    """Return the clauses without those of a word that was typed before."""
    found: list[QueryClause] = []
    for clause in clauses:
        if not any(
            clause.text == other.text and clause.strict == other.strict and clause.close == other.close
            for other in found
        ):
            found.append(clause)
    return found


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


class _FoundLeaves:
    """The leaves that an article has."""

    def __init__(
        self,
        leaves: Mapping[int, Leaf],
        matchers: Mapping[TextField, LeafMatcher],
        texts: Mapping[TextField, MatchableText],
    ) -> None:
        self._leaves = leaves
        #: Of title and body: the matcher, the text, and its tokens by the bits of the leaves.
        self._found = [
            (matcher, texts[field], positions_by_bit(matcher.find(texts[field].tokens)))
            for field, matcher in matchers.items()
        ]
        #: The bits of the leaves.
        self.there = sum({bit for _, _, positions in self._found for bit in positions})

    def matches(self, bits: int) -> list[_LeafMatch]:
        """Return the matches of these leaves: in the title, then in the body, leaf by leaf."""
        return [
            _LeafMatch(text, self._leaves[bit], start, end)
            for matcher, text, positions in self._found
            for bit in single_bits(bits & self.there)
            for start, end in matcher.spans(bit, text.tokens, positions.get(bit, ()))
        ]


def _found_forms(word: _ExplainedWord, found: _FoundLeaves, leaves: int) -> list[MatchedForm]:
    """Return the forms through which a word matches by these leaves, with their counts, the best first."""
    forms: dict[tuple[str, MatchKind, str, str], list[int]] = {}
    for match, how in _best_explanations(found.matches(leaves)):
        kind, through = _match_source(match, how, word.typed)
        written = _UNDRAWN.sub("", match.text.original_text(match.start, match.end))
        counts = forms.setdefault((written, how, kind, through), [0, 0])
        counts[match.leaf.field == "body"] += 1
    matched = [MatchedForm(*key, title=counts[0], body=counts[1]) for key, counts in forms.items()]
    matched.sort(key=lambda form: (_ORDER[form.how], -form.title - form.body))
    return matched


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


def _match_kind(found: _LeafMatch) -> MatchKind:  # noqa: PLR0911  a case per kind of match
    match found.leaf:
        case Term(label=label) | Phrase(label=label) if label.startswith(CORRECTION_LABEL_PREFIX):
            return CORRECTION
        case Term(label=LIKELY_WORDS.label):
            return "misread"
        case Term(label=label) | Phrase(label=label) if label:
            return "expansion"
        case Pattern():
            return "pattern"
        case Phrase(slop=slop) if slop:
            return "near"
        case Term(level="forms", value=value, letters=letters):
            form = found.text.original_text(found.start, found.end)
            return "exact" if letters == normalized_term(form) else _lemma_match_kind(value, form)
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
