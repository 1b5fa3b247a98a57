"""Decompounding: splits words that are run together (دمشققال, المجلسالوطني, لايزال) into their parts.

A token is split where its parts are likelier to occur side by side than a new word of that length is to
exist: unigram probabilities against a cost for each letter, after P. Norvig, "Natural Language Corpus Data",
in: Beautiful Data, O'Reilly, 2009. A word of its own stays whole: a word of the frequency list or
of the dictionary, through clitics and endings; a name of the gazetteer; a word that the archive uses more
often than chance explains. The effect of the constants is measured in docs/quality.md, "Run-together words".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property, lru_cache
from itertools import pairwise
from math import log10

from arabic.morphology.affixes import FRAGMENTS, MIN_STEM, candidate_stems
from arabic.morphology.lemmatizer import is_word, morph_analyses
from arabic.morphology.protected_words import is_protected, name_term
from arabic.vocabulary.frequencies import is_frequent_word, probability
from arabic.vocabulary.vocabulary import EMPTY_VOCABULARY, Vocabulary

#: Two letters are a part only if they are one of these and precede another part: any two letters begin some
#: word.
_SHORT_PARTS = frozenset(
    {
        *("في", "من", "عن", "ان", "لا", "ما", "لم", "لن", "قد"),
        *("يا", "او", "مع", "بن", "هل", "كل", "بل", "هو", "لو"),
    }
)
#: Often written together with the next word (لايزال, ماحدث, ياشباب), so that the whole occurs often.
_GLUED_BY_HABIT = frozenset({"لا", "ما", "يا", "ولا", "وما", "فلا"})
#: Accepted before the name of a place even where the whole can be read as a rare word (فيحمص).
_PREPOSITIONS = frozenset({"في", "من", "عن", "الي", "علي", "وفي", "ومن", "والي", "وعلي"})
#: Names and formulas of two words that are so often written as one that word lists contain them.
_COMPOUND = re.compile(r"((?:ال|[وفبل])?(?:عبد(?=ال...)|ابو(?=...)))(.+)|(...+)(الله|الدين)")
#: Servant of, and religion: what names of persons begin and end with.
SERVANT, RELIGION = "عبد", "الدين"
_ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a]+")

#: Shorter tokens are always words; longer ones are not running text.
MIN_LENGTH, MAX_LENGTH = 5, 40
MAX_PARTS = 4
_MAX_PART = 14
#: The second part of a name with عبد is hardly ever longer than in عبد المستنصر.
_LONGEST_ATTRIBUTE = 8
#: Least probability of a part: nearly every word of the list reaches it, and every protected name is given
#: it.
_MIN_PROBABILITY = 1e-7
#: One of 100,000 words: likely enough to be a part, in the dictionary or not. One of 10,000: even if it is
#: short, it is not the end of a foreign name (منخلال, but not انفيلد).
_FREQUENT, _COMMON = 1e-5, 1e-4
#: The sum of log10 P(part) and of a score for each letter must reach the minimum. A last part of three
#: letters is often an ending, above all الي; few letters together are often a foreign name (كانولا): these
#: must be that much likelier.
_SCORE_PER_LETTER, _MIN_SCORE = 0.55, -4.5
_SHORT_END, _ALI_END, _ALL_SHORT = -1.0, -2.0, -1.5
_FEW_LETTERS = 7
#: The article inside a token, and parts that are all native words of some length, indicate two words.
_DEFINITE_BONUS, _NATIVE_BONUS = 1.2, 0.7
_SHORT_PART = 4
#: A word that occurs more often than its parts would be adjacent by chance (log10 of the ratio) is a word of
#: its own.
_OWN_RIGHT, _OWN_RIGHT_HABITUAL, _OWN_RIGHT_SHORT = 0.5, 2.0, -0.7
#: A word of the archive in fewer articles than this may be a typo that a few writers share.
_MIN_ARTICLES = 4
#: Approximate number of distinct words of an article: converts a share of articles into a share of tokens.
_WORDS_PER_ARTICLE = 200
_CACHE_SIZE = 20_000

Parts = tuple[str, ...]


class Decompounder:
    """Splits run-together words by the shipped tables and the vocabulary of an archive.

    Thread-safe; caches its results.
    """

    def __init__(
        self, archive: Vocabulary = EMPTY_VOCABULARY, listed: Callable[[str], bool] = is_frequent_word
    ) -> None:
        """Take the vocabulary of an archive.

        `listed` returns True if a normalized token is a frequent word; another function is passed only when
        the frequency list is built.
        """
        self._archive = archive
        self._listed = listed
        self._log_probability = lru_cache(_CACHE_SIZE)(self._compute_log_probability)
        self._cached_split = lru_cache(_CACHE_SIZE // 4)(self._split)  # whole words: `AnalyzedWordCache`

    def parts(self, token: str) -> Parts:
        """Return the two to four words that make up a normalized token; () if it stays whole.

        Concatenated, the parts are the token.
        """
        return self._cached_split(token) if MIN_LENGTH <= len(token) <= MAX_LENGTH else ()

    def is_run_together(self, token: str, share: float) -> bool:
        """Return True if a word that makes up `share` of running Arabic is nevertheless several words.

        Used by the tool that builds the frequency list, to omit words joined by habit or mistake.
        """
        parts = self.parts(token)
        if not parts or self._compound(token):
            return bool(parts)
        by_chance = sum(log10(probability(part) or _MIN_PROBABILITY) for part in parts)
        habit = parts[0] in _GLUED_BY_HABIT
        if not habit and len(parts[0]) < MIN_STEM:  # a foreign word: فيلتر, هوليستر
            return False
        short = not habit and min(map(len, parts)) == MIN_STEM  # البلاديوم, but النارعلي
        return log10(share) - by_chance < (_OWN_RIGHT_SHORT if short else _own_word_threshold(parts))

    def is_habitual_compound(self, parts: Parts) -> bool:
        """Return True if two words are joined by habit, not by accident: عبد الله, نور الدين, لا يزال."""
        if len(parts) != 2:
            return False
        if parts[0] in _GLUED_BY_HABIT or parts[0].endswith("ابو"):
            return self.parts("".join(parts)) == parts
        return self.is_person(parts)

    def is_person(self, parts: Parts) -> bool:
        """Return True for the two words of a person's name with "servant of", الدين or الله.

        They mean the person in a row only: عبد and الله are in most articles.
        """
        if len(parts) != 2 or not _COMPOUND.fullmatch("".join(parts)):
            return False
        is_name = parts[0].endswith(SERVANT) or (
            parts[1] in ("الله", RELIGION) and _is_personal_name(parts[0])
        )
        return is_name and self.parts("".join(parts)) == parts

    def _split(self, token: str) -> Parts:
        """Return the parts of a token, or () if it stays whole; does not check its length."""
        if self._listed(token) or not _ARABIC.fullmatch(token) or name_term(token):
            return ()
        return self._compound(token) or self._likely_parts(token)

    def _compound(self, token: str) -> Parts:
        """Return the two words of a token by its pattern: عبدالله, ابوبكر, نورالدين, حزبالله; else ()."""
        found = _COMPOUND.fullmatch(token)
        if not found:
            return ()
        first, second = (found[1], found[2]) if found[1] else (found[3], found[4])
        if found[1] and first.endswith("عبد"):
            more = () if self._listed(second) else self.parts(second)
            return (first, *(more or (second,))) if more or len(second) <= _LONGEST_ATTRIBUTE else ()
        rarer = second if found[1] else first
        if self._log_probability(rarer) is None or _is_dictionary_word(token):
            return ()
        is_guess = len(second) == MIN_STEM and not _is_personal_name(second)  # ابوبكر, but not ابولون
        return () if is_guess else (first, second)

    def _likely_parts(self, token: str) -> Parts:
        """Return the most probable parts, or () if the token is more probably one word."""
        listed = any(map(self._listed, candidate_stems(token)))
        if listed and not _is_place_behind_preposition(token):  # most words: no parts need to be found
            return ()
        by_chance, parts = self._best_split(token)
        if not parts or by_chance + _score_parts(parts) < _MIN_SCORE:
            return ()
        if self._is_word_of_archive(token, by_chance, parts):
            return ()
        if len(parts) == 2 and parts[0] in _PREPOSITIONS and is_protected(parts[1]):
            return parts
        whole = listed or _is_dictionary_word(token)
        return () if whole or not self._is_believable(parts) else parts

    def _is_believable(self, parts: Parts) -> bool:
        """Return True if all parts are words and none after a particle may be the end of a foreign name."""
        return all(map(self._is_part, parts)) and all(
            _may_follow_particle(before, word)
            for before, word in pairwise(parts)
            if before in _SHORT_PARTS | _GLUED_BY_HABIT
        )

    def _is_part(self, word: str) -> bool:
        """Return True if a word is frequent, a name or in the dictionary."""
        frequent = probability(word) >= _FREQUENT or word in self._names_of_archive
        return frequent or is_protected(word) or is_word(word)

    def _best_split(self, token: str) -> tuple[float, Parts]:
        """Return (sum of log10 P, parts) of the most probable split; no parts if there is none."""
        size = len(token)
        best: list[tuple[float, Parts] | None] = [(0.0, ()), *[None] * size]
        for start in range(size - 1):
            before = best[start]
            if before is None or len(before[1]) == MAX_PARTS:
                continue
            for end in range(start + 2, min(start + _MAX_PART, size) + 1):
                is_whole, too_short = end - start == size, end == size and end - start < MIN_STEM
                if is_whole or too_short:
                    continue
                known = self._log_probability(token[start:end])
                here = best[end]
                if known is not None and (here is None or before[0] + known > here[0]):
                    best[end] = before[0] + known, (*before[1], token[start:end])
        return best[size] or (0.0, ())

    def _compute_log_probability(self, part: str) -> float | None:
        """Return log10 P of a part; None if it cannot be one."""
        if part not in _SHORT_PARTS and (len(part) < MIN_STEM or part in FRAGMENTS):
            return None
        share = probability(part)
        if share < _MIN_PROBABILITY:
            share = self._names_of_archive.get(part, _MIN_PROBABILITY * is_protected(part))
        return log10(share) if share >= _MIN_PROBABILITY else None

    @cached_property
    def _names_of_archive(self) -> dict[str, float]:
        """Return words that the archive uses often and no list contains, each with its share of tokens."""
        tokens = max(self._archive.articles, 1) * _WORDS_PER_ARTICLE
        often = max(_MIN_ARTICLES, _FREQUENT * tokens)
        return {
            word: articles / tokens
            for word, articles in self._archive.words()
            if articles >= often and probability(word) < _MIN_PROBABILITY
        }

    def _is_word_of_archive(self, token: str, by_chance: float, parts: Parts) -> bool:
        """Return True if the archive uses the token more often than its parts would be adjacent by chance."""
        articles = self._archive.count(token)
        if articles < _MIN_ARTICLES:
            return False
        share = articles / (max(self._archive.articles, articles) * _WORDS_PER_ARTICLE)
        return log10(share) - by_chance > _own_word_threshold(parts)


#: Uses the shipped tables alone: for throw-away indexes, and where no vocabulary of an archive exists.
SHIPPED_DECOMPOUNDER = Decompounder()


def _own_word_threshold(parts: Parts) -> float:
    """Return the log10 ratio from which a token is a word of its own.

    Negations of verbs and vocatives are joined by habit; لا and ما before a noun begin foreign names too.
    """
    habit = parts[0] in _GLUED_BY_HABIT and (parts[0] == "يا" or _is_verb(parts[1]))
    return _OWN_RIGHT_HABITUAL if habit else _OWN_RIGHT


def _score_parts(parts: Parts) -> float:
    """Return the score of the letters of the parts."""
    letters = sum(map(len, parts))
    worth = _SCORE_PER_LETTER * letters
    if parts[-1] == "الي":
        worth += _ALI_END
    elif len(parts[-1]) == MIN_STEM and not is_protected(parts[-1]):
        worth += _SHORT_END
    if min(map(len, parts)) >= MIN_STEM and any(map(_is_definite, parts[1:])):
        worth += _DEFINITE_BONUS
    elif all(map(_is_solid, parts)):
        worth += _NATIVE_BONUS
    glued = parts[0] in _SHORT_PARTS | _GLUED_BY_HABIT or any(map(is_protected, parts))
    if letters <= _FEW_LETTERS and not glued:
        worth += _ALL_SHORT
    return worth


def _is_place_behind_preposition(token: str) -> bool:
    """Return True if a token may be a preposition and the name of a place: فيحمص."""
    return any(
        token.startswith(preposition) and is_protected(token[len(preposition) :])
        for preposition in _PREPOSITIONS
    )


def _is_definite(word: str) -> bool:
    """Return True if a word begins with the article."""
    return word.startswith("ال") and len(word) > _SHORT_PART


@lru_cache(_CACHE_SIZE)
def _is_solid(word: str) -> bool:
    """Return True if a word is not short and its most probable analysis is not a name."""
    if len(word.removeprefix("ال")) <= _SHORT_PART:
        return False
    likely = morph_analyses(word)
    return bool(likely) and likely[0].kind != "P"


def _may_follow_particle(particle: str, word: str) -> bool:
    """Return True if a word may be a part after a particle."""
    if particle in _GLUED_BY_HABIT:
        return _is_plain(word) if len(word) > MIN_STEM else _is_verb(word)
    place = particle in _PREPOSITIONS and is_protected(word)
    return place or len(word) > MIN_STEM + 1 or probability(word) >= _COMMON


def _is_dictionary_word(token: str) -> bool:
    """Return True if the dictionary has a token, through clitics other than the interrogative أ.

    اوالمدينه is او المدينه, not أوالمدينة.
    """
    return any(not analysis.proclitic.startswith(("او", "اف")) for analysis in morph_analyses(token))


def _is_verb(word: str) -> bool:
    """Return True if the most probable analysis is a verb without a clitic, or with the future س."""
    likely = morph_analyses(word)
    return bool(likely) and likely[0].kind == "V" and likely[0].proclitic in ("", "س")


def _is_personal_name(word: str) -> bool:
    """Return True if some analysis is a name."""
    return any(analysis.kind == "P" for analysis in morph_analyses(word))


def _is_plain(word: str) -> bool:
    """Return True if a word can be analyzed as a native word without a preposition, as after لا and ما."""
    return any(
        analysis.kind != "P" and analysis.proclitic in ("", "ال", "س") for analysis in morph_analyses(word)
    )
