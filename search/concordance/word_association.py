"""Words that stand near the searched words, and words that set the hits apart, by log-likelihood.

The measure is G² of a two-by-two table (Dunning 1993, "Accurate methods for the statistics of surprise and
coincidence"): how surprising a count is if the word were as frequent here as elsewhere. Unlike mutual
information it does not favour words that occur once.

Forms of a word count as one by their light stem, and its most frequent form is shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log

from arabic.analyzer import light_stem
from arabic.morphology.lemmatizer import morph_analyses
from arabic.vocabulary.frequencies import probability
from search.concordance.closed_class_words import is_topic_word
from search.concordance.hit_sample import HitSample
from search.concordance.occurrences import OccurrenceFinder
from search.engines.analyzed_article import AnalyzedTokens
from search.engines.contract import SearchEngine
from search.query.compiler import PreparedSearch
from search.query.query_cost import reading_cost
from search.query_tree import TEXT_FIELDS, AllOf, AnyOf, MatchAll, Node, Term

#: Words on either side of an occurrence that are near it.
WINDOW = 5
#: A word has to be counted so often to be listed, and G² has to exceed the value of p = 0.001.
MIN_COUNT = 3
MIN_LOG_LIKELIHOOD = 10.83
#: Words in a list, and candidates that are counted in the whole archive for it.
MAX_WORDS = 40
MAX_CANDIDATES = 60
#: Letters that are written together with the word after them; a word of so many letters has none of them.
_PROCLITICS, _SHORTEST = "وفبكل", 3
#: Words of an average article, to estimate how many articles of any archive have a word.
_WORDS_PER_ARTICLE = 250


@dataclass(frozen=True, slots=True)
class AssociatedWord:
    """A word (normalized, its most frequent form) with its counts.

    Of partners: times near the searched words, and in all texts read. Of words that set the hits apart: hits
    with the word, and articles of the archive with it.
    """

    word: str
    here: int
    in_all: int
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class WordList:
    """Words by descending log-likelihood, the totals of `here` and `in_all`, and the size of the sample."""

    words: tuple[AssociatedWord, ...]
    here: int
    in_all: int
    read: int
    total: int


def log_likelihood(here: int, size_here: int, elsewhere: int, size_elsewhere: int) -> float:
    """Return G² of a word with these counts in two collections of these sizes, negative if it is rarer here.

    Both counts and both rests enter, so that the measure holds for frequent words too.
    """
    total, size = here + elsewhere, size_here + size_elsewhere
    if not total or not size_here or not size_elsewhere:
        return 0.0
    rest, missing_here, missing_elsewhere = size - total, size_here - here, size_elsewhere - elsewhere
    cells = (
        (here, total * size_here / size),
        (elsewhere, total * size_elsewhere / size),
        (missing_here, rest * size_here / size),
        (missing_elsewhere, rest * size_elsewhere / size),
    )
    found = 2 * sum(count * log(count / expected) for count, expected in cells if count > 0 and expected > 0)
    return found if here * size_elsewhere >= elsewhere * size_here else -found


def word_partners(sample: HitSample, finder: OccurrenceFinder) -> WordList:
    """Return the words that are more frequent within WINDOW words of an occurrence than elsewhere."""
    near: defaultdict[tuple[str, str], int] = defaultdict(int)
    everywhere: Counter[str] = Counter()
    size_near = size_everywhere = 0
    for hit in sample:
        article, found = hit.analyzed, finder.find(hit.analyzed)
        texts = ((article.title, found.title), (article.body, found.body))
        beside = "".join([_types_near(tokens, spans) for tokens, spans in texts])
        others = "".join([_types_outside(tokens, spans) for tokens, spans in texts])
        for stem, word, times in article.count_types(beside):
            near[stem, word] += times
        everywhere.update(map(article.stems.__getitem__, others))
        size_near += len(beside)
        size_everywhere += len(others)
    by_stem: defaultdict[str, int] = defaultdict(int)
    for (stem, _word), times in near.items():
        by_stem[stem] += times
    frequent = {stem for stem, times in by_stem.items() if times >= MIN_COUNT}
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (stem, word), times in near.items():
        if stem in frequent:
            forms[stem][word] = times
    words = []
    for stem, counts in forms.items():
        if is_topic_word(word := _most_frequent(counts)):
            here, in_all = by_stem[stem], everywhere[stem]
            likelihood = log_likelihood(here, size_near, in_all - here, size_everywhere - size_near)
            words.append(AssociatedWord(word, here, in_all, likelihood))
    return WordList(_listed(words), size_near, size_everywhere, sample.read, sample.total)


def _types_near(tokens: AnalyzedTokens, spans: Sequence[tuple[int, int]]) -> str:
    """Return the types of the tokens near the spans and in none of them, each token once."""
    if not spans:
        return ""
    parts, done = [], 0
    for (start, end), (following, _) in zip(spans, [*spans[1:], (len(tokens), 0)], strict=True):
        done = max(done, start - WINDOW)
        parts.append(tokens.types(done, start))
        done = min(following, end + WINDOW)
        parts.append(tokens.types(end, done))
    return "".join(parts)


def _types_outside(tokens: AnalyzedTokens, spans: Sequence[tuple[int, int]]) -> str:
    """Return the types of the tokens that are in none of the spans."""
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(tokens)]
    return "".join(map(tokens.types, starts, ends))


def _words_in(spans: Iterable[tuple[int, int]], tokens: AnalyzedTokens) -> list[str]:
    return [tokens.normalized(at) for start, end in spans for at in range(start, end)]


def distinctive_words(
    search: PreparedSearch, sample: HitSample, finder: OccurrenceFinder, engine: SearchEngine
) -> WordList:
    """Return the words that more of the hits have than the rest of the archive.

    The sample only proposes words; the engine counts them in all hits and in all articles.
    A query of so many terms that to count sixty words with it would take seconds has them counted in the hits
    that were read.
    """
    in_hits: Counter[str] = Counter()
    by_stem_read: Counter[str] = Counter()
    is_dear = reading_cost(search.compiled.strict) > 1
    searched: set[str] = set()
    for hit in sample:
        in_hits.update(hit.analyzed.distinct_words)
        by_stem_read.update(set(hit.analyzed.stems.values()))
        found = finder.find(hit.analyzed)
        for spans, tokens in ((found.title, hit.analyzed.title), (found.body, hit.analyzed.body)):
            searched.update(_words_in(spans, tokens))
    forms = _forms_by_stem(in_hits, min(MIN_COUNT, sample.read))
    for stem in map(light_stem, searched):
        forms.pop(stem, None)
    candidates = _candidates(forms, sample.read)
    nodes = [_stem_node(stem) for stem in candidates]
    of_archive, *of_stems = engine.counts([MatchAll(), *nodes])
    if is_dear:
        of_hits, of_stems_here = sample.read, [by_stem_read[stem] for stem in candidates]
    else:
        hits = AllOf((search.compiled.strict, *search.filters.nodes.values()))
        of_hits, *of_stems_here = engine.counts([hits, *(AllOf((hits, node)) for node in nodes)])
    words = []
    for stem, in_all, here in zip(candidates, of_stems, of_stems_here, strict=True):
        likelihood = log_likelihood(here, of_hits, in_all - here, of_archive - of_hits)
        words.append(AssociatedWord(_most_frequent(forms[stem]), here, in_all, likelihood))
    return WordList(_listed(words), of_hits, of_archive, sample.read, sample.total)


def still_found(words: WordList, engine: SearchEngine) -> WordList:
    """Return an earlier list without the words that no visible article has any more."""
    nodes = [_stem_node(light_stem(each.word)) for each in words.words]
    counts = engine.counts(nodes) if nodes else ()
    left = tuple(each for each, count in zip(words.words, counts, strict=True) if count)
    return replace(words, words=left)


def _candidates(forms: Mapping[str, Counter[str]], read: int) -> list[str]:
    """Return the stems that are likeliest to set the hits apart, by how frequent Arabic texts have them."""

    def surprise(stem: str) -> float:
        counts = forms[stem]
        here = max(counts.values())
        expected = sum(_share_of_articles(word) for word in counts) or _share_of_articles("")
        return here * log(here / read / expected) if here > expected * read else 0.0

    return sorted(forms, key=lambda stem: (-surprise(stem), stem))[:MAX_CANDIDATES]


@lru_cache(maxsize=50_000)
def _share_of_articles(word: str) -> float:
    """Return the share of articles that have a word, if it is as frequent in them as in running Arabic."""
    return 1 - (1 - max(probability(word), 1e-7)) ** _WORDS_PER_ARTICLE


def _stem_node(stem: str) -> Node:
    return AnyOf(tuple(Term(field, "light", stem) for field in TEXT_FIELDS))


def _forms_by_stem(counts: Mapping[str, int], least: int) -> defaultdict[str, Counter[str]]:
    """Return the topic words that are counted at least so often, by their light stem."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word, times in counts.items():
        if times >= least and is_topic_word(word):
            found[_stem(word)][word] = times
    return found


#: The forms of the words of a few thousand articles, which the shorter cache of `light_stem` does not hold.
_stem = lru_cache(maxsize=40_000)(light_stem)


def _most_frequent(counts: Counter[str]) -> str:
    return min(counts, key=lambda word: (-counts[word], len(word), word))


def _listed(words: Iterable[AssociatedWord]) -> tuple[AssociatedWord, ...]:
    """Return the strongest words, each once: ريف but not بريف, and of وجبهة and لجبهة the stronger one."""
    strong = [each for each in words if each.here >= MIN_COUNT and each.log_likelihood >= MIN_LOG_LIKELIHOOD]
    by_stem = {_stem(each.word): each for each in strong}
    listed: dict[str, AssociatedWord] = {}
    for each in sorted(strong, key=lambda each: (-each.log_likelihood, each.word)):
        stem = _stem(_without_proclitic(each.word))
        listed.setdefault(stem, by_stem.get(stem, each))
    return tuple(sorted(listed.values(), key=lambda each: (-each.log_likelihood, each.word))[:MAX_WORDS])


def _without_proclitic(word: str) -> str:
    """Return the word without a first letter that is likeliest a proclitic, if three letters are left.

    بريف is ريف, but لجنة is no جنة. Of a word that the dictionary does not have nobody knows.
    """
    if word[:1] not in _PROCLITICS or len(word) <= _SHORTEST:
        return word
    found = morph_analyses(word)
    return word[1:] if found and found[0].proclitic[:1] == word[0] else word
