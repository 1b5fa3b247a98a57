"""Marks the matches of a tree of terms in the original text.

One highlighter serves both engines, the result list and the article page. It uses the stored analysis of the
text, and no offsets of an engine's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from arabic.text.normalization import trimmed_end
from search.engines.analyzed_article import WantedTerms
from search.highlighting.snippet import HighlightSpan, snippet_spans
from search.highlighting.term_matcher import Leaf, LeafMatcher, MatchableText
from search.query_tree import (
    CORRECTION_LABEL_PREFIX,
    TEXT_FIELDS,
    AllOf,
    AnyOf,
    Boosted,
    Node,
    Pattern,
    Phrase,
    Term,
    TextField,
)
from search.results import Segment, Snippet

#: Characters of a snippet in the result list.
SNIPPET_LENGTH = 240


@dataclass(frozen=True, slots=True)
class _NumberedLeaf:
    """A leaf and the number of the query word that it belongs to."""

    leaf: Leaf
    word: int


class Highlighter:
    """The leaves of a tree, ready to be matched with many texts. Excluded words are never marked."""

    def __init__(self, tree: Node) -> None:
        self._words = 0
        leaves = list(self._positive(tree))
        #: Of each leaf, by its number: how near it is to the typed word, and the number of the query word.
        self._ranks = [(match_strength(each.leaf), each.word) for each in leaves]
        numbered = list(enumerate(each.leaf for each in leaves))
        wanted = WantedTerms(leaf.value for _, leaf in numbered if isinstance(leaf, Term))
        self._matchers: dict[TextField, LeafMatcher] = {
            field: LeafMatcher([(number, leaf) for number, leaf in numbered if leaf.field == field], wanted)
            for field in TEXT_FIELDS
        }

    def _positive(self, node: Node) -> Iterable[_NumberedLeaf]:
        """Yield the leaves outside NOT.

        The children of an AND are words of their own; alternatives share one number, unless all of them are
        trees (words joined by OR, or some of many).
        """
        match node:
            case Term() | Pattern() | Phrase():
                yield _NumberedLeaf(node, self._words)
            case AllOf(children):
                for child in children:
                    self._words += 1
                    yield from self._positive(child)
            case AnyOf(children, at_least):
                one_word = at_least == 1 and any(isinstance(child, Leaf) for child in children)
                word = self._words
                for child in children:
                    self._words += not one_word
                    yield from (
                        _NumberedLeaf(each.leaf, word) if one_word else each for each in self._positive(child)
                    )
            case Boosted(child):
                yield from self._positive(child)
            case _:
                return

    def spans(self, text: str | MatchableText, field: TextField) -> list[HighlightSpan]:
        """Return the spans of the matches in `text`, in order, without overlap.

        A token that several leaves match counts for the leaf nearest to the typed word.
        """
        tokenized = text if isinstance(text, MatchableText) else MatchableText.analyze(text)
        best: dict[int, tuple[int, int]] = {}
        for number, start, end in self._matchers[field].find(tokenized):
            rank = self._ranks[number]
            for at in range(start, end):
                if at not in best or rank[0] > best[at][0]:
                    best[at] = rank
        return [
            HighlightSpan(token[0], trimmed_end(tokenized.text, *token), word, worth)
            for at, (worth, word) in sorted(best.items())
            if (token := tokenized.tokens.span(at))[0] < token[1]
        ]

    def highlight(self, text: str | MatchableText, field: TextField) -> Snippet:
        """Return the whole text with its matches marked; the segments joined are the text."""
        tokenized = text if isinstance(text, MatchableText) else MatchableText.analyze(text)
        return Snippet(
            tuple(split_segments(tokenized.text, 0, len(tokenized.text), self.spans(tokenized, field)))
        )

    def snippet(self, text: str | MatchableText, field: TextField, length: int = SNIPPET_LENGTH) -> Snippet:
        """Return about `length` characters around the best matches; the beginning if nothing matches."""
        tokenized = text if isinstance(text, MatchableText) else MatchableText.analyze(text)
        spans = self.spans(tokenized, field)
        pieces = snippet_spans(tokenized.text, spans, length)
        parts: list[Segment] = []
        for start, end in pieces:
            if parts:
                parts.append(Segment(" … "))
            parts += split_segments(tokenized.text, start, end, spans)
        return Snippet(
            tuple(parts), cut_before=pieces[0][0] > 0, cut_after=pieces[-1][1] < len(tokenized.text)
        )


def match_strength(leaf: Leaf) -> int:
    """Return how near a leaf is to the typed word.

    3: the word itself or a phrase; 2: another form of it; 1: an expansion; 0: a correction.
    """
    match leaf:
        case Term(label=label) | Phrase(label=label) if label:
            return 0 if label.startswith(CORRECTION_LABEL_PREFIX) else 1
        case Phrase() | Term(level="exact"):
            return 3
        case _:
            return 2


def split_segments(text: str, start: int, end: int, spans: Iterable[HighlightSpan]) -> Iterable[Segment]:
    """Yield text[start:end], split at the spans; no segment is empty."""
    at = start
    for found in spans:
        left, right = max(found.start, at), min(found.end, end)
        if left >= right:
            continue
        if left > at:
            yield Segment(text[at:left])
        yield Segment(text[left:right], marked=True)
        at = right
    if at < end:
        yield Segment(text[at:end])
