"""Finds words that the reader may have meant, from the language and the vocabulary of the archive.

This module asks no engine; `did_you_mean` counts each candidate's hits before it is shown. The costs below
order only the suggestions. docs/quality.md, "Spelling", has measurements of the corrections as a whole, but
none of the individual costs and thresholds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log10

from arabic.expansion.compounds import compound_parts, compound_spellings
from arabic.morphology.lemmatizer import is_word
from arabic.morphology.protected_words import is_protected
from arabic.spelling.keyboard import fix_keyboard_layout
from arabic.spelling.spellcheck import corrections
from arabic.spelling.transliteration import transliterations
from arabic.text.tokenizer import Token, normalized_terms, tokenize
from arabic.vocabulary.frequencies import is_frequent_word
from arabic.vocabulary.vocabulary import Vocabulary
from search.query.relaxation import known_parts
from search.results import SuggestionKind
from search.store.protocols import Store
from search.suggest.query_rewriter import EditableQuery, EditableSpan, Replacement

#: A word in more articles than this was meant as typed, or is a common misspelling of the archive.
RARE_WORD_MAX_ARTICLES = 2
#: How many times as frequent another word must be if the archive has the typed one.
MIN_FREQUENCY_RATIO = 10
#: Maximum number of options per word, and of candidates per query.
MAX_OPTIONS, MAX_CANDIDATES = 3, 8
#: Costs of other changes (a spelling correction costs 0 to 2): text typed in the wrong keyboard layout
#: has one reading, a transliteration has several.
KEYBOARD_COST, SPLIT_COST, JOIN_COST, TRANSLITERATION_COST = 0.2, 0.4, 0.5, 0.6
#: Corrections that cost more are other words; a word of the dictionary has one error at most.
MAX_CORRECTION_COST, MAX_COST_FOR_KNOWN_WORD = 1.5, 1.0
#: Taken off the cost for each factor of ten in the number of articles.
LOG10_FREQUENCY_BONUS = 0.2
#: The article, which is never a word by itself.
_ARTICLES = frozenset({"ال", "وال", "بال", "لل"})
_LATIN = re.compile("[a-z]+")


@dataclass(frozen=True, slots=True)
class CorrectionOption:
    """One change.

    `words`: the new words, folded, that come from articles; they may be shown only while a published article
    has them.
    """

    replacement: Replacement
    kind: SuggestionKind
    cost: float
    rank: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CorrectionCandidate:
    """Changes made together, in different places of the query."""

    options: tuple[CorrectionOption, ...]

    @property
    def cost(self) -> float:
        """The sum of its costs; lower = likelier to be meant, before anything is counted."""
        return sum(option.cost for option in self.options)

    @property
    def kind(self) -> SuggestionKind:
        """The kind of its costliest change."""
        return max(self.options, key=lambda option: option.cost).kind

    @property
    def words(self) -> tuple[str, ...]:
        """The words of all its options that come from articles."""
        return tuple(dict.fromkeys(word for option in self.options for word in option.words))


def correction_candidates(query: EditableQuery, store: Store) -> list[CorrectionCandidate]:
    """Return at most MAX_CANDIDATES other readings of the query, best first; none for words that are fine."""
    finder = _CandidateFinder(query, store)
    joined: list[CorrectionOption] = []
    for first, second in pairwise(query.spans):
        if not joined or joined[-1].replacement.end <= first.start:
            joined += finder.joined(first, second)
    by_place = [[option] for option in joined]
    for span in query.spans:
        if not any(option.replacement.start <= span.start < option.replacement.end for option in joined):
            by_place += [options for options in finder.of_span(span) if options]
    if not by_place:
        return []
    best = [options[0] for options in by_place]
    found = [tuple(best)]
    found += [
        (*best[:at], option, *best[at + 1 :]) for at, options in enumerate(by_place) for option in options[1:]
    ]
    found += [(option,) for option in best]
    return [CorrectionCandidate(options) for options in dict.fromkeys(found)][:MAX_CANDIDATES]


def is_doubtful(word: str, vocabulary: Vocabulary) -> bool:
    """Return True if another word may have been meant: few articles and no word list have this one."""
    if vocabulary.count(word) > RARE_WORD_MAX_ARTICLES or word[0].isdigit() or is_protected(word):
        return False
    return not (is_frequent_word(word) and is_word(word))


def has_unknown_word(query: EditableQuery, vocabulary: Vocabulary) -> bool:
    """Return True if one of the words is in no article and no word list, even if its parts match."""
    words = {token.normalized for span in query.spans for token in span.tokens}
    return any(is_doubtful(word, vocabulary) for word in vocabulary.unknown(words))


class _CandidateFinder:
    """Finds the options for each place of one query."""

    def __init__(self, query: EditableQuery, store: Store) -> None:
        self.text = query.text
        self.store = store
        self.vocabulary = store.vocabulary()

    def of_span(self, span: EditableSpan) -> Iterator[list[CorrectionOption]]:
        """Yield the options for a run of letters as a whole, or for each of its words; best first."""
        unsure = [token for token in span.tokens if is_doubtful(token.normalized, self.vocabulary)]
        whole = list(self.keyboard(span)) or list(self.transliterated(span)) if unsure else []
        if len(span.tokens) > 1 and whole:
            yield sorted(whole, key=_rank)
            return
        if span.kind == "quoted":
            yield [option for token in span.tokens if token not in unsure for option in self.apart(token)]
        for token in unsure:
            options = [*whole, *self.corrected(token)]
            if len(span.tokens) == 1:
                options += self.split(token)
            yield sorted(options, key=_rank)[:MAX_OPTIONS]

    def keyboard(self, span: EditableSpan) -> Iterator[CorrectionOption]:
        """Yield the same keys on the other keyboard layout, where punctuation keys may be letters."""
        if typed := fix_keyboard_layout(self.text[span.start : span.end]):
            words = [typed[token.start : token.end] for token in tokenize(typed)]
            yield self.option(span.start, span.end, words, "keyboard", KEYBOARD_COST)

    def transliterated(self, span: EditableSpan) -> Iterator[CorrectionOption]:
        """Yield the Arabic spellings of a name in Latin letters (al-Assad), those of the archive first."""
        if all(_LATIN.fullmatch(token.normalized) for token in span.tokens):
            latin = "-".join(token.normalized for token in span.tokens)
            names = transliterations(latin, self.vocabulary, MAX_OPTIONS)
            of_archive = [name for name in names if all(word in self.vocabulary for word in name.split())]
            for place, name in enumerate(of_archive or names[:1]):
                cost = TRANSLITERATION_COST + place / 10
                yield self.option(span.start, span.end, name.split(), "transliteration", cost)

    def corrected(self, token: Token) -> Iterator[CorrectionOption]:
        """Yield spelling corrections from the words of the archive."""
        needed = self.vocabulary.count(token.normalized) * MIN_FREQUENCY_RATIO
        farthest = MAX_COST_FOR_KNOWN_WORD if is_word(token.normalized) else MAX_CORRECTION_COST
        for found in corrections(token.normalized, self.vocabulary, MAX_OPTIONS):
            if found.kind == "spelling" and found.cost <= farthest and found.articles > needed:
                yield self.option(token.start, token.end, [found.word], "spelling", found.cost)

    def split(self, token: Token) -> Iterator[CorrectionOption]:
        """Yield the words of a run-together token."""
        if parts := known_parts(token.normalized, self.store):
            yield self.option(token.start, token.end, parts, "split", SPLIT_COST)

    def apart(self, token: Token) -> Iterator[CorrectionOption]:
        """Yield the words of a name or compound of a phrase, which is searched as spelt: عبدالله."""
        parts = compound_parts(token.normalized)
        if parts and all(part in self.vocabulary for part in parts):
            yield self.option(token.start, token.end, parts, "split", SPLIT_COST)

    def joined(self, first: EditableSpan, second: EditableSpan) -> Iterator[CorrectionOption]:
        """Yield two neighbouring words joined into one that a space has split."""
        if not self.text[first.end : second.start].isspace():
            return
        is_phrase = first.kind == second.kind == "quoted" and len(first.tokens) == len(second.tokens) == 1
        if not (is_phrase or (self.bare(first) and self.bare(second))):
            return
        parts = first.tokens[0].normalized, second.tokens[0].normalized
        word = "".join(parts)
        odd = any(
            part in _ARTICLES or part not in self.vocabulary or is_doubtful(part, self.vocabulary)
            for part in parts
        ) or (is_phrase and (0, 2, word) in compound_spellings(parts))
        if odd and word in self.vocabulary:
            yield self.option(first.start, second.end, [word], "joined", JOIN_COST)

    def bare(self, span: EditableSpan) -> bool:
        """Return True if the span is a single word with nothing before or around it."""
        return span.kind == "word" and not span.scoped and len(span.tokens) == 1

    def option(
        self, start: int, end: int, words: Sequence[str], kind: SuggestionKind, cost: float
    ) -> CorrectionOption:
        """Return the change at [start, end) with its cost and rank."""
        folded = [token for word in words for token in normalized_terms(word)]
        if kind == "keyboard":  # made of the typed keys alone
            proposed = []
        elif kind == "transliteration":
            proposed = [word for word in folded if word in self.vocabulary]
        else:
            proposed = folded
        articles = min((self.vocabulary.count(word) for word in folded), default=0)
        written = tuple(self.vocabulary.spelling(word) for word in words)
        return CorrectionOption(
            Replacement(start, end, written),
            kind,
            cost,
            cost - LOG10_FREQUENCY_BONUS * log10(1 + articles),
            tuple(proposed),
        )


def _rank(option: CorrectionOption) -> float:
    return option.rank
