"""Why an article is found: for each word of the query the places where it stands in title and text, in which
form and through what. The same matcher as the highlighter's, over the original text; no engine is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from arabic.morphology.lemmatizer import OOV_MARKER, lemmas, oov_stem_terms
from arabic.morphology.protected_words import NAME_MARKER, clitic_readings, find_multiword_names, name_term
from arabic.text.tokenizer import normalized_terms
from search.highlighting.term_matcher import (
    Leaf,
    LeafMatcher,
    TokenizedText,
    positive_leaves,
    resolve_numbers,
    supporting_leaves,
)
from search.query.compiler import QueryClause
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
from search.results import Record, TermChange

#: How a form in the text answers a typed word, nearest first: as typed; words of a loose phrase; by its star;
#: the same name; the same light stem; an unknown word behind attached letters; the same dictionary word;
#: a part of a run-together token; a labelled expansion; a correction (close hits only).
MatchKind = Literal[
    "exact", "near", "pattern", "name", "light", "clitics", "dictionary", "part", "expansion", "correction"
]
_ORDER: dict[MatchKind, int] = {how: place for place, how in enumerate(get_args(MatchKind))}
CORRECTION: Final = "correction"
#: Marks of direction and the like: forms that differ by one alone look the same. Joiners are drawn.
_UNDRAWN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
#: The cities and the source of an article (`also_of`), for queries like حمص OR city:حلب; None = not known:
#: whatever is asked of them counts as true.
KnownNumbers = frozenset[Number] | None


@dataclass(frozen=True, slots=True)
class MatchedForm:
    """A form as it stands in the text, and how often in title and body."""

    text: str
    how: MatchKind
    #: Of an expansion its kind ("month", "alias", ...); of a name "attached" (letters before it) or "renamed"
    #: (the place under another name or spelling); else "".
    kind: str = ""
    #: The word of the dictionary, or the expansion or correction as the reader sees it; else "".
    through: str = ""
    title: int = 0
    body: int = 0


@dataclass(frozen=True, slots=True)
class WordMatch:
    """A word of the query as typed and what of the article answers it, nearest forms first, then the most
    frequent."""

    typed: str
    found: tuple[MatchedForm, ...] = ()
    #: Whether the article has it as the search demands; a correction or a phrase torn apart does not.
    strict: bool = True

    @property
    def missing(self) -> bool:
        """Whether the article lacks it. What stands for a city or source too may be there without a form."""
        return not self.found and not self.strict


class Explainer:
    """The words of a query, ready to be looked for in many articles."""

    def __init__(self, words: Sequence[QueryClause]) -> None:
        self._words = list(dict.fromkeys(words))
        self._ask_more = [resolve_numbers(word.unit, ()) != word.unit for word in self._words]
        #: (index of the word, leaf), each once.
        self._leaves = [
            (index, leaf)
            for index, word in enumerate(self._words)
            for leaf in dict.fromkeys((*positive_leaves(word.unit), *positive_leaves(word.close)))
        ]
        numbered = list(enumerate(leaf for _, leaf in self._leaves))
        self._finders = {
            field: LeafMatcher([(number, leaf) for number, leaf in numbered if leaf.field == field])
            for field in TEXT_FIELDS
        }

    def explain(
        self, title: TokenizedText, body: TokenizedText, also: KnownNumbers = None
    ) -> tuple[WordMatch, ...]:
        """A match for each word, once, in the order in which they were typed."""
        spots = self._spots(title, body)
        return tuple(
            _match_clause(word, found) for word, found in zip(self._words_beside(also), spots, strict=True)
        )

    def changes(
        self, title: TokenizedText, body: TokenizedText, also: KnownNumbers = None
    ) -> tuple[TermChange, ...]:
        """What a close hit did to the query: words it lacks, words in whose place it has others, phrases
        whose words it has elsewhere."""
        found: list[TermChange] = []
        for word, spots in zip(self._words_beside(also), self._spots(title, body), strict=True):
            there = dict.fromkeys((spot.leaf for spot in spots), True)
            if supporting_leaves(word.unit, there) is not None:
                continue
            forms = _match_clause(word, spots).found
            if not forms:
                found.append(TermChange("left_out", word.text))
                continue
            first, whole = forms[0], supporting_leaves(word.close, there) is not None
            corrected = first.how == CORRECTION or not whole
            found.append(
                TermChange("corrected", word.text, first.text)
                if corrected
                else TermChange("apart", word.text)
            )
        return tuple(found)

    def _words_beside(self, also: KnownNumbers) -> list[QueryClause]:
        if also is None:
            return self._words
        return [
            replace(word, unit=resolve_numbers(word.unit, also), close=resolve_numbers(word.close, also))
            if asks_more
            else word
            for word, asks_more in zip(self._words, self._ask_more, strict=True)
        ]

    def _spots(self, title: TokenizedText, body: TokenizedText) -> list[list[_LeafMatch]]:
        """Where the leaves of each word stand."""
        texts: dict[TextField, TokenizedText] = {"title": title, "body": body}
        spots: list[list[_LeafMatch]] = [[] for _ in self._words]
        for field, cut in texts.items():
            for number, start, end in self._finders[field].find(cut):
                index, leaf = self._leaves[number]
                spots[index].append(_LeafMatch(cut, leaf, start, end))
        return spots


def filter_numbers(source: int | None, places: Iterable[int]) -> frozenset[Number]:
    """What a query may ask of an article besides words, by the ids of its source and places."""
    found = {Number("city", place) for place in places}
    return frozenset(found if source is None else {*found, Number("source", source)})


def explain(record: Record, words: Sequence[QueryClause]) -> tuple[WordMatch, ...]:
    """See `Explainer`; for one article."""
    also = filter_numbers(record.source_id, record.place_ids)
    return Explainer(words).explain(TokenizedText(record.title), TokenizedText(record.body), also)


@dataclass(frozen=True, slots=True)
class _LeafMatch:
    """A leaf found at tokens [start, end) of a text."""

    cut: TokenizedText
    leaf: Leaf
    start: int
    end: int


def _match_clause(word: QueryClause, spots: Sequence[_LeafMatch]) -> WordMatch:
    there = dict.fromkeys((spot.leaf for spot in spots), True)
    by = supporting_leaves(word.unit, there)
    strict = by is not None
    if by is None:
        by = _relaxed_support(word.close, there)
    typed = tuple(normalized_terms(word.text))
    forms: dict[tuple[str, MatchKind, str, str], list[int]] = {}
    for spot, how in _best_explanations([spot for spot in spots if by and spot.leaf in by]):
        kind, through = _match_source(spot, how, typed)
        written = _UNDRAWN.sub("", spot.cut.written(spot.start, spot.end))
        counts = forms.setdefault((written, how, kind, through), [0, 0])
        counts[spot.leaf.field == "body"] += 1
    found = [MatchedForm(*key, title=counts[0], body=counts[1]) for key, counts in forms.items()]
    found.sort(key=lambda form: (_ORDER[form.how], -form.title - form.body))
    return WordMatch(word.text, tuple(found), strict)


def _relaxed_support(close: Node, there: Mapping[Leaf, bool]) -> frozenset[Leaf] | None:
    """As `matching.support`; of words that the close part asks for one by one (of a torn phrase, of letters
    that were run together) those that are there are enough. None for none."""
    parts = close.children if isinstance(close, AllOf) else (close,)
    return frozenset().union(*(supporting_leaves(part, there) or () for part in parts)) or supporting_leaves(
        close, there
    )


def _best_explanations(spots: Iterable[_LeafMatch]) -> list[tuple[_LeafMatch, MatchKind]]:
    """One explanation for each place of the text, in its order: the nearer to what was typed before
    the farther, then the longer before the shorter."""
    explained = [(spot, _match_kind(spot)) for spot in spots]

    def rank(pair: tuple[_LeafMatch, MatchKind]) -> tuple[int, int]:
        spot, how = pair
        return _ORDER[how], spot.start - spot.end

    taken: set[tuple[int, int]] = set()
    chosen: list[tuple[_LeafMatch, MatchKind]] = []
    for spot, how in sorted(explained, key=rank):
        places = {(id(spot.cut), at) for at in range(spot.start, spot.end)}
        if not places & taken:
            taken |= places
            chosen.append((spot, how))
    return sorted(chosen, key=lambda pair: (pair[0].leaf.field == "body", pair[0].start))


def _match_kind(spot: _LeafMatch) -> MatchKind:
    match spot.leaf:
        case Term(label=label) | Phrase(label=label) if label:
            return CORRECTION if label.startswith(CORRECTION_LABEL_PREFIX) else "expansion"
        case Pattern():
            return "pattern"
        case Phrase(slop=slop) if slop:
            return "near"
        case Term(level="forms", value=value):
            return _lemma_match_kind(value, spot.cut.exact[spot.start : spot.end])
        case Term(level="light") | Phrase(level="light"):
            return "light"
        case _:
            return "exact"


def _lemma_match_kind(form: str, tokens: Sequence[str]) -> MatchKind:
    whole: MatchKind = "dictionary"
    own = lemmas(tokens[0])
    if form.startswith(NAME_MARKER):
        whole, own = "name", (name_term(tokens[0]) or "", *(run.term for run in find_multiword_names(tokens)))
    elif form.startswith(OOV_MARKER):
        whole, own = "clitics", oov_stem_terms(tokens[0])
    return whole if form in own else "part"


def _is_renamed(spot: _LeafMatch, typed: Iterable[str]) -> bool:
    """Whether the name in the text is another one (سورية, not سوريا), attached letters aside."""
    there = {reading for token in spot.cut.exact[spot.start : spot.end] for reading in clitic_readings(token)}
    return not all(there.intersection(clitic_readings(word)) for word in typed)


def _match_source(spot: _LeafMatch, how: MatchKind, typed: tuple[str, ...]) -> tuple[str, str]:
    """(kind, what stands between the typed word and the form), as in `FoundForm`."""
    match spot.leaf:
        case Term(label=label) | Phrase(label=label) if label:
            kind, _, shown = label.partition(":")
            return (kind if how == "expansion" else "", shown)
        case Term(value=value) if how == "dictionary":
            return "", value
        case _ if how == "name":
            return ("renamed" if _is_renamed(spot, typed) else "attached"), ""
        case _:
            return "", ""
