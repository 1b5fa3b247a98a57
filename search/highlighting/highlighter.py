"""Marks the matches of a tree of terms in the original text.

One highlighter serves both engines, the result list and the article page. It uses the stored analysis of the
text, and no offsets of an engine's own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice
from operator import itemgetter

from arabic.morphology.affixes import FUNCTION_WORDS, is_function_word
from arabic.text.normalization import normalize
from arabic.text.tokenized_text import trimmed_end
from arabic.text.tokenizer import normalized_term
from search.engines.analyzed_article import WantedTerms
from search.highlighting.snippet import HighlightSpan, snippet_spans
from search.highlighting.term_matcher import TERMS_OF_SEVERAL_WORDS, Leaf, LeafMatcher, MatchableText
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

#: The most words of a name; it is a single term, which does not tell how many it has.
MAX_NAME_WORDS = 6
#: Characters of a snippet in the result list.
SNIPPET_LENGTH = 240


class Highlighter:
    """The leaves of a tree, ready to be matched with many texts. Excluded words are never marked."""

    def __init__(self, tree: Node, wanted: WantedTerms | None = None) -> None:
        """`wanted`: see `LeafMatcher`."""
        self._words = 0
        leaves: list[tuple[Leaf, int]] = []
        self._add_leaves(tree, leaves, None)
        ranked = [(word, match_strength(leaf), leaf) for leaf, word in leaves]
        # The nearest to the typed word first: of the leaves that match a token, the lowest bit counts.
        ranked.sort(key=itemgetter(1), reverse=True)
        #: Bit of a leaf → number of its query word, how near it is to the typed word.
        self._ranks = {1 << at: rank[:2] for at, rank in enumerate(ranked)}
        #: Bit of a phrase or of a name → number of its words at most.
        self._lengths = {
            1 << at: length for at, (_, _, leaf) in enumerate(ranked) if (length := _words_of(leaf)) > 1
        }
        typed = [
            value
            for leaf, _ in leaves
            if isinstance(leaf, Pattern) or match_strength(leaf) == 3 or letters_of(leaf)
            for value in ([letters_of(leaf)] if letters_of(leaf) else _values_of(leaf))
        ]
        #: Bit of a leaf → the folded letters with which a match of it is as near as one of the word itself.
        self._letters = {
            1 << at: letters for at, (_, _, leaf) in enumerate(ranked) if (letters := letters_of(leaf))
        }
        #: True if the words as typed are of both kinds: function words then say nothing by themselves.
        self._is_mixed = len({value in FUNCTION_WORDS for value in typed}) == 2
        wanted = WantedTerms() if wanted is None else wanted
        self._matchers: dict[TextField, LeafMatcher] = {
            field: LeafMatcher(
                [(1 << at, leaf) for at, (_, _, leaf) in enumerate(ranked) if leaf.field == field], wanted
            )
            for field in TEXT_FIELDS
        }

    def _add_leaves(self, node: Node, leaves: list[tuple[Leaf, int]], word: int | None) -> None:
        """Add the leaves outside NOT, each with the number of its query word; `word` is that of all of them.

        The children of an AND are words of their own; alternatives share one number, unless all of them are
        trees (words joined by OR, or some of many).
        """
        if isinstance(node, Leaf):
            leaves.append((node, self._words if word is None else word))
        elif isinstance(node, AllOf):
            for child in node.children:
                self._words += 1
                self._add_leaves(child, leaves, word)
        elif isinstance(node, AnyOf):
            one_word = node.at_least == 1 and any(isinstance(child, Leaf) for child in node.children)
            if one_word and word is None:
                word = self._words
            for child in node.children:
                self._words += not one_word
                self._add_leaves(child, leaves, word)
        elif isinstance(node, Boosted):
            self._add_leaves(node.child, leaves, word)

    def spans(self, text: str | MatchableText, field: TextField) -> list[HighlightSpan]:
        """Return the spans of the matches in `text`, in order, without overlap.

        A token that several leaves match counts for the leaf nearest to the typed word.
        """
        tokenized = text if isinstance(text, MatchableText) else MatchableText.analyze(text)
        return [span for span, _ in self._spans(tokenized, field)]

    def _spans(self, text: MatchableText, field: TextField) -> list[tuple[HighlightSpan, int]]:
        """Return the spans, each with the bits of its leaves."""
        found = self._matchers[field].find(text.tokens)
        if not found:
            return []
        written, ranks = text.text, self._ranks
        offsets = text.tokens.spans([at for at, _ in found])
        return [
            (
                HighlightSpan(
                    start,
                    end if written[end - 1].isalnum() else trimmed_end(written, start, end),
                    ranks[leaves & -leaves][0],
                    self._strength(leaves & -leaves, written[start:end]),
                ),
                leaves,
            )
            for (start, end), (_, leaves) in zip(offsets, found, strict=True)
            if start < end
        ]

    def _strength(self, leaf: int, written: str) -> int:
        """Return how near the match of a leaf, as the text writes it, is to the typed word."""
        letters = self._letters.get(leaf)
        return 3 if letters and normalized_term(written) == letters else self._ranks[leaf][1]

    def highlight(self, text: str | MatchableText, field: TextField) -> Snippet:
        """Return the whole text with its matches marked, a phrase once; the segments joined are the text."""
        tokenized = text if isinstance(text, MatchableText) else MatchableText.analyze(text)
        written = tokenized.text
        return Snippet(tuple(split_segments(written, 0, len(written), self.marks(tokenized, field))))

    def marks(self, text: MatchableText, field: TextField) -> list[HighlightSpan]:
        """Return the marks of the whole text, a phrase once."""
        return self._whole_phrases(text.text, self._spans(text, field))

    def _whole_phrases(self, text: str, spans: Sequence[tuple[HighlightSpan, int]]) -> list[HighlightSpan]:
        """Join the words of a phrase or a name where nothing but spaces and signs is between them.

        A word like the first one of the mark begins the phrase anew: «بحمص وحمص» is twice one name.
        """
        joined: list[HighlightSpan] = []
        first = ""
        shared = words = 0  # the phrases that all words of the last mark belong to, and how many words it has
        for span, leaves in spans:
            last = joined[-1] if joined else None
            phrases = shared & leaves
            if (
                last
                and any(phrases & bit and words < length for bit, length in self._lengths.items())
                and not any(map(str.isalnum, text[last.end : span.start]))
                and not _is_alike(first, _bare(text[span.start : span.end]))
            ):
                joined[-1] = last._replace(end=span.end, weight=max(last.weight, span.weight))
                shared, words = phrases, words + 1
            else:
                joined.append(span)
                shared, words, first = leaves, 1, _bare(text[span.start : span.end])
        return joined

    def snippet(self, text: str | MatchableText, field: TextField, length: int = SNIPPET_LENGTH) -> Snippet:
        """Return about `length` characters around the best matches; the beginning if nothing matches.

        A function word that stands alone is not marked, unless the query has no others.
        """
        tokenized = text if isinstance(text, MatchableText) else MatchableText.analyze(text)
        spans = self.spans(tokenized, field)
        pieces = snippet_spans(tokenized.text, spans, length)
        if self._is_mixed:
            spans = _without_lone_function_words(tokenized.text, spans)
        parts: list[Segment] = []
        for start, end in pieces:
            if parts:
                parts.append(Segment(" … "))
            parts += split_segments(tokenized.text, start, end, spans)
        return Snippet(
            tuple(parts), cut_before=pieces[0][0] > 0, cut_after=pieces[-1][1] < len(tokenized.text)
        )


def _without_lone_function_words(text: str, spans: Sequence[HighlightSpan]) -> list[HighlightSpan]:
    """Return the spans without function words that touch no span of another word."""
    kept: list[HighlightSpan] = []
    run: list[HighlightSpan] = []
    for span in (*spans, None):
        if run and (span is None or any(map(str.isalnum, text[run[-1].end : span.start]))):
            if not all(is_function_word(text[each.start : each.end]) for each in run):
                kept += run
            run = []
        if span is not None:
            run.append(span)
    return kept


def _values_of(leaf: Leaf) -> Sequence[str]:
    """Return the words of a leaf."""
    return leaf.values if isinstance(leaf, Phrase) else (leaf.value,)


def _words_of(leaf: Leaf) -> int:
    if isinstance(leaf, Phrase):
        return len(leaf.values)
    may_be_several = isinstance(leaf, Term) and leaf.value.startswith(TERMS_OF_SEVERAL_WORDS)
    return MAX_NAME_WORDS if may_be_several else 1


def _bare(word: str) -> str:
    """Return a word folded, without letters that may be clitics and without the article."""
    return normalize(word).lstrip("وفبلك").removeprefix("ا").removeprefix("ل")


def _is_alike(first: str, word: str) -> bool:
    return first.startswith(word) or word.startswith(first)


def letters_of(leaf: Leaf) -> str:
    """Return the folded letters of the typed word that the leaf stands for; "" for others."""
    return leaf.letters if isinstance(leaf, Term) and not leaf.label else ""


def match_strength(leaf: Leaf) -> int:
    """Return how near a leaf is to the typed word.

    3: the word itself or a phrase; 2: another form of it; 1: an expansion; 0: a correction.
    """
    if isinstance(leaf, Pattern):
        return 2
    if leaf.label:
        return 0 if leaf.label.startswith(CORRECTION_LABEL_PREFIX) else 1
    return 3 if isinstance(leaf, Phrase) or leaf.level == "exact" else 2


def split_segments(text: str, start: int, end: int, spans: Sequence[HighlightSpan]) -> list[Segment]:
    """Return text[start:end], split at the spans, which are in order; no segment is empty."""
    segments: list[Segment] = []
    at = start
    first = bisect_left(spans, start, key=itemgetter(0))
    while first > 0 and spans[first - 1].end > start:
        first -= 1
    for span in islice(spans, first, None):
        if span.start >= end:
            break
        left, right = max(span.start, at), min(span.end, end)
        if left >= right:
            continue
        if left > at:
            segments.append(Segment(text[at:left]))
        segments.append(Segment(text[left:right], marked=True))
        at = right
    if at < end:
        segments.append(Segment(text[at:end]))
    return segments
