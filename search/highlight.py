"""Marks what a tree of terms found, in the original text. One highlighter for both engines, the result list
and the article page: it applies the levels of `arabic` to the text itself and never sees an engine's
offsets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from arabic.letters import written_end
from arabic.levels import light, token_forms
from arabic.tokens import Token, tokenize
from search.excerpt import Mark, excerpt
from search.results import Segment, Snippet
from search.terms import AllOf, AnyOf, Level, Node, Pattern, Phrase, Term, TextField

#: Characters of a snippet in the result list.
SNIPPET_LENGTH = 240
#: Word types whose stem is remembered; a page of news has a few thousand.
_light = lru_cache(maxsize=65_536)(light)


@dataclass(frozen=True, slots=True)
class _Looked:
    """A leaf and the number of the query word that it stands for."""

    leaf: Term | Pattern | Phrase
    word: int


class Highlighter:
    """The positive leaves of a tree, ready to be found in many texts. Excluded words are never marked."""

    def __init__(self, tree: Node) -> None:
        self._words = 0
        self._leaves = list(self._positive(tree))
        self._fields: dict[TextField, _Field] = {
            field: _Field([looked for looked in self._leaves if looked.leaf.field == field])
            for field in ("title", "body")
        }

    def _positive(self, node: Node) -> Iterable[_Looked]:
        """Leaves outside NOT. The children of AND are words of their own; alternatives share one."""
        match node:
            case Term() | Pattern() | Phrase():
                yield _Looked(node, self._words)
            case AllOf(children):
                for child in children:
                    self._words += 1
                    yield from self._positive(child)
            case AnyOf(children):
                mixed = not all(isinstance(child, Term | Pattern | Phrase) for child in children)
                for child in children:
                    self._words += mixed
                    yield from self._positive(child)
            case _:
                return

    def marks(self, text: str, field: TextField) -> list[Mark]:
        """What matches in `text`, in order, without overlap."""
        return self._fields[field].marks(text)

    def mark(self, text: str, field: TextField) -> Snippet:
        """The whole text with its matches marked; the segments joined are the text."""
        return Snippet(tuple(segments(text, 0, len(text), self.marks(text, field))))

    def snippet(self, text: str, field: TextField, length: int = SNIPPET_LENGTH) -> Snippet:
        """About `length` characters around the best matches; the beginning if nothing matches."""
        marks = self.marks(text, field)
        pieces = excerpt(text, marks, length)
        parts: list[Segment] = []
        for start, end in pieces:
            if parts:
                parts.append(Segment(" … "))
            parts += segments(text, start, end, marks)
        return Snippet(tuple(parts), cut_before=pieces[0][0] > 0, cut_after=pieces[-1][1] < len(text))


def mark(text: str, tree: Node, field: TextField) -> Snippet:
    """See `Highlighter.mark`; for one text."""
    return Highlighter(tree).mark(text, field)


def snippet(text: str, tree: Node, field: TextField, length: int = SNIPPET_LENGTH) -> Snippet:
    """See `Highlighter.snippet`; for one text."""
    return Highlighter(tree).snippet(text, field, length)


def segments(text: str, start: int, end: int, marks: Iterable[Mark]) -> Iterable[Segment]:
    """text[start:end] cut at the marks; nothing is lost, nothing is empty."""
    at = start
    for found in marks:
        left, right = max(found.start, at), min(found.end, end)
        if left >= right:
            continue
        if left > at:
            yield Segment(text[at:left])
        yield Segment(text[left:right], marked=True)
        at = right
    if at < end:
        yield Segment(text[at:end])


class _Field:
    """What to look for in one field."""

    def __init__(self, looked: Sequence[_Looked]) -> None:
        self.terms: dict[Level, dict[str, int]] = {"exact": {}, "light": {}, "forms": {}}
        self.patterns: list[tuple[Pattern, int]] = []
        self.phrases: list[tuple[Phrase, int]] = []
        for each in looked:
            match each.leaf:
                case Term(level=level, value=value):
                    self.terms[level].setdefault(value, each.word)
                case Pattern() as pattern:
                    self.patterns.append((pattern, each.word))
                case Phrase() as phrase:
                    self.phrases.append((phrase, each.word))
        #: Word type -> query word; the same types come back in every text of a page.
        self.types: dict[str, int | None] = {}

    def marks(self, text: str) -> list[Mark]:
        if not (any(self.terms.values()) or self.patterns or self.phrases):
            return []
        tokens = tokenize(text)
        words = [self.word_of(token.exact) for token in tokens]
        if self.terms["forms"]:
            wanted = self.terms["forms"]
            for index, forms in enumerate(token_forms([token.exact for token in tokens])):
                if words[index] is None and forms:
                    words[index] = next((wanted[form] for form in forms if form in wanted), None)
        for phrase, word in self.phrases:
            for index in occurrences(phrase, tokens):
                words[index] = word
        return [
            Mark(token.start, written_end(text, token.start, token.end), word)
            for token, word in zip(tokens, words, strict=True)
            if word is not None and token.start < token.end
        ]

    def word_of(self, exact: str) -> int | None:
        """The query word that a word type stands for by itself, at exact or light or by a pattern."""
        if exact in self.types:
            return self.types[exact]
        word = self.terms["exact"].get(exact)
        if word is None and self.terms["light"]:
            word = self.terms["light"].get(_light(exact))
        if word is None:
            word = next((word for pattern, word in self.patterns if fits(pattern, exact)), None)
        self.types[exact] = word
        return word


def fits(pattern: Pattern, exact: str) -> bool:
    """Whether a pattern of the engines matches this token."""
    if pattern.open_start and pattern.open_end:
        return pattern.value in exact
    return exact.endswith(pattern.value) if pattern.open_start else exact.startswith(pattern.value)


def occurrences(phrase: Phrase, tokens: Sequence[Token]) -> set[int]:
    """Indexes of the tokens that belong to an occurrence of `phrase`, by the definition of `terms.Phrase`: a
    token for each word, none used twice, (position - place) spread over at most `slop`."""
    places: dict[str, list[int]] = {}
    for place, value in enumerate(phrase.values):
        places.setdefault(value, []).append(place)
    # (position - place, index, place) of every token that may stand at a place, in the order of the spread.
    shifted: list[tuple[int, int, int]] = []
    for index, token in enumerate(tokens):
        value = token.exact if phrase.level == "exact" else _light(token.exact)
        shifted += [(index - place, index, place) for place in places.get(value, ())]
    shifted.sort()
    found: set[int] = set()
    end = 0
    counts = [0] * len(phrase.values)
    for start, (lowest, _, _) in enumerate(shifted):
        while end < len(shifted) and shifted[end][0] <= lowest + phrase.slop:
            counts[shifted[end][2]] += 1
            end += 1
        if all(counts):
            window = shifted[start:end]
            if len(places) == len(phrase.values) or _distinct(window, len(phrase.values)):
                found.update(index for _, index, _ in window)
        counts[shifted[start][2]] -= 1
    return found


def _distinct(window: Sequence[tuple[int, int, int]], places: int) -> bool:
    """Whether every place can have a token of its own (a phrase that repeats a word): augmenting paths."""
    choices: list[list[int]] = [[] for _ in range(places)]
    for _, index, place in window:
        choices[place].append(index)
    taken: dict[int, int] = {}

    def settle(place: int, seen: set[int]) -> bool:
        for index in choices[place]:
            if index not in seen:
                seen.add(index)
                if index not in taken or settle(taken[index], seen):
                    taken[index] = place
                    return True
        return False

    return all(settle(place, set()) for place in range(places))
