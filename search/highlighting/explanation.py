"""Why an article is found: for each word of the query the places where it stands in title and text, in which
form and through what. The same matcher as the highlighter's, over the original text; no engine is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from arabic.morphology.lemmatizer import UNKNOWN_MARK, lemmas, unknown_stems
from arabic.morphology.protected_words import MARK, clitic_readings, name_form, name_runs
from arabic.text.tokenizer import exact_terms
from search.highlighting.term_matcher import CutText, Leaf, LeafFinder, leaves_of, settled, support
from search.query.compiler import QueryWord
from search.query_tree import (
    CORRECTION_LABEL,
    TEXT_FIELDS,
    AllOf,
    Node,
    Number,
    Pattern,
    Phrase,
    Term,
    TextField,
)
from search.results import Change, Record

#: How a form in the text answers a typed word, nearest first: as typed; words of a loose phrase; by its star;
#: the same name; the same light stem; an unknown word behind attached letters; the same dictionary word;
#: a part of a run-together token; a labelled expansion; a correction (close hits only).
How = Literal[
    "exact", "near", "pattern", "name", "light", "clitics", "dictionary", "part", "expansion", "correction"
]
_ORDER: dict[How, int] = {how: place for place, how in enumerate(get_args(How))}
CORRECTION: Final = "correction"
#: Marks of direction and the like: forms that differ by one alone look the same. Joiners are drawn.
_UNDRAWN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
#: The cities and the source of an article (`also_of`), for queries like حمص OR city:حلب; None = not known:
#: whatever is asked of them counts as true.
Also = frozenset[Number] | None


@dataclass(frozen=True, slots=True)
class FoundForm:
    """A form as it stands in the text, and how often in title and body."""

    text: str
    how: How
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
    found: tuple[FoundForm, ...] = ()
    #: Whether the article has it as the search demands; a correction or a phrase torn apart does not.
    strict: bool = True

    @property
    def missing(self) -> bool:
        """Whether the article lacks it. What stands for a city or source too may be there without a form."""
        return not self.found and not self.strict


class Explainer:
    """The words of a query, ready to be looked for in many articles."""

    def __init__(self, words: Sequence[QueryWord]) -> None:
        self._words = list(dict.fromkeys(words))
        self._ask_more = [settled(word.unit, ()) != word.unit for word in self._words]
        #: (index of the word, leaf), each once.
        self._leaves = [
            (index, leaf)
            for index, word in enumerate(self._words)
            for leaf in dict.fromkeys((*leaves_of(word.unit), *leaves_of(word.close)))
        ]
        numbered = list(enumerate(leaf for _, leaf in self._leaves))
        self._finders = {
            field: LeafFinder([(number, leaf) for number, leaf in numbered if leaf.field == field])
            for field in TEXT_FIELDS
        }

    def explain(self, title: CutText, body: CutText, also: Also = None) -> tuple[WordMatch, ...]:
        """A match for each word, once, in the order in which they were typed."""
        spots = self._spots(title, body)
        return tuple(_match(word, found) for word, found in zip(self._words_beside(also), spots, strict=True))

    def changes(self, title: CutText, body: CutText, also: Also = None) -> tuple[Change, ...]:
        """What a close hit did to the query: words it lacks, words in whose place it has others, phrases
        whose words it has elsewhere."""
        found: list[Change] = []
        for word, spots in zip(self._words_beside(also), self._spots(title, body), strict=True):
            there = dict.fromkeys((spot.leaf for spot in spots), True)
            if support(word.unit, there) is not None:
                continue
            forms = _match(word, spots).found
            if not forms:
                found.append(Change("left_out", word.text))
                continue
            first, whole = forms[0], support(word.close, there) is not None
            corrected = first.how == CORRECTION or not whole
            found.append(
                Change("corrected", word.text, first.text) if corrected else Change("apart", word.text)
            )
        return tuple(found)

    def _words_beside(self, also: Also) -> list[QueryWord]:
        if also is None:
            return self._words
        return [
            replace(word, unit=settled(word.unit, also), close=settled(word.close, also))
            if asks_more
            else word
            for word, asks_more in zip(self._words, self._ask_more, strict=True)
        ]

    def _spots(self, title: CutText, body: CutText) -> list[list[_Spot]]:
        """Where the leaves of each word stand."""
        texts: dict[TextField, CutText] = {"title": title, "body": body}
        spots: list[list[_Spot]] = [[] for _ in self._words]
        for field, cut in texts.items():
            for number, start, end in self._finders[field].find(cut):
                index, leaf = self._leaves[number]
                spots[index].append(_Spot(cut, leaf, start, end))
        return spots


def also_of(source: int | None, places: Iterable[int]) -> frozenset[Number]:
    """What a query may ask of an article besides words, by the ids of its source and places."""
    found = {Number("city", place) for place in places}
    return frozenset(found if source is None else {*found, Number("source", source)})


def explain(record: Record, words: Sequence[QueryWord]) -> tuple[WordMatch, ...]:
    """See `Explainer`; for one article."""
    also = also_of(record.source_id, record.place_ids)
    return Explainer(words).explain(CutText(record.title), CutText(record.body), also)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A leaf found at tokens [start, end) of a text."""

    cut: CutText
    leaf: Leaf
    start: int
    end: int


def _match(word: QueryWord, spots: Sequence[_Spot]) -> WordMatch:
    there = dict.fromkeys((spot.leaf for spot in spots), True)
    by = support(word.unit, there)
    strict = by is not None
    if by is None:
        by = _loosely(word.close, there)
    typed = tuple(exact_terms(word.text))
    forms: dict[tuple[str, How, str, str], list[int]] = {}
    for spot, how in _chosen([spot for spot in spots if by and spot.leaf in by]):
        kind, through = _through(spot, how, typed)
        written = _UNDRAWN.sub("", spot.cut.written(spot.start, spot.end))
        counts = forms.setdefault((written, how, kind, through), [0, 0])
        counts[spot.leaf.field == "body"] += 1
    found = [FoundForm(*key, title=counts[0], body=counts[1]) for key, counts in forms.items()]
    found.sort(key=lambda form: (_ORDER[form.how], -form.title - form.body))
    return WordMatch(word.text, tuple(found), strict)


def _loosely(close: Node, there: Mapping[Leaf, bool]) -> frozenset[Leaf] | None:
    """As `matching.support`; of words that the close part asks for one by one (of a torn phrase, of letters
    that were run together) those that are there are enough. None for none."""
    parts = close.children if isinstance(close, AllOf) else (close,)
    return frozenset().union(*(support(part, there) or () for part in parts)) or support(close, there)


def _chosen(spots: Iterable[_Spot]) -> list[tuple[_Spot, How]]:
    """One explanation for each place of the text, in its order: the nearer to what was typed before
    the farther, then the longer before the shorter."""
    explained = [(spot, _how(spot)) for spot in spots]

    def rank(pair: tuple[_Spot, How]) -> tuple[int, int]:
        spot, how = pair
        return _ORDER[how], spot.start - spot.end

    taken: set[tuple[int, int]] = set()
    chosen: list[tuple[_Spot, How]] = []
    for spot, how in sorted(explained, key=rank):
        places = {(id(spot.cut), at) for at in range(spot.start, spot.end)}
        if not places & taken:
            taken |= places
            chosen.append((spot, how))
    return sorted(chosen, key=lambda pair: (pair[0].leaf.field == "body", pair[0].start))


def _how(spot: _Spot) -> How:
    match spot.leaf:
        case Term(label=label) | Phrase(label=label) if label:
            return CORRECTION if label.startswith(CORRECTION_LABEL) else "expansion"
        case Pattern():
            return "pattern"
        case Phrase(slop=slop) if slop:
            return "near"
        case Term(level="forms", value=value):
            return _how_in_bag(value, spot.cut.exact[spot.start : spot.end])
        case Term(level="light") | Phrase(level="light"):
            return "light"
        case _:
            return "exact"


def _how_in_bag(form: str, tokens: Sequence[str]) -> How:
    whole: How = "dictionary"
    own = lemmas(tokens[0])
    if form.startswith(MARK):
        whole, own = "name", (name_form(tokens[0]) or "", *(run.form for run in name_runs(tokens)))
    elif form.startswith(UNKNOWN_MARK):
        whole, own = "clitics", unknown_stems(tokens[0])
    return whole if form in own else "part"


def _is_renamed(spot: _Spot, typed: Iterable[str]) -> bool:
    """Whether the name in the text is another one (سورية, not سوريا), attached letters aside."""
    there = {reading for token in spot.cut.exact[spot.start : spot.end] for reading in clitic_readings(token)}
    return not all(there.intersection(clitic_readings(word)) for word in typed)


def _through(spot: _Spot, how: How, typed: tuple[str, ...]) -> tuple[str, str]:
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
