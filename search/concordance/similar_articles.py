"""Finds articles on the same subject as an article, other than its versions.

The words that say most about the article are searched by their lemmas, and what is found is ordered by how
much of their weight it has. The weight of a word is its frequency in the article times how rare it is in this
archive (tf-idf, Spärck Jones 1972). Engines only propose candidates, so both give the same order.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from math import log

from articles.models import Article, StoryMember
from search.concordance.closed_class_words import is_topic_word
from search.engines import get_engine
from search.engines.analyzed_article import LEVEL_BITS, AnalyzedArticle, WantedTerms
from search.engines.contract import EngineError, EngineRequest, SearchView
from search.query.leaf_terms import query_lemmas
from search.query_tree import TEXT_FIELDS, AnyOf, MatchAll, Node, Number, Term

#: Articles that a reader is shown.
MOST = 5
#: Words that are counted in the archive, those of them that are searched, and candidates that are compared:
#: together they bound the time, a few hundredths of a second.
COUNTED_WORDS, SEARCHED_WORDS, CANDIDATES = 30, 12, 30
#: A word of the title counts like so many in the body.
TITLE_WEIGHT = 3
#: An article is similar if it has so many of the words, and so much of their weight.
LEAST_WORDS, LEAST_SHARE = 3, 0.35
#: The lists of function words are Arabic; of words in other letters the short ones are left out.
SHORTEST_FOREIGN_WORD = 5


@dataclass(frozen=True, slots=True)
class SubjectWord:
    """A word of the article: the terms of its lemmas, and its weight."""

    terms: tuple[str, ...]
    weight: float


def similar_articles(article: Article) -> list[Article]:
    """Return at most MOST visible articles on the same subject, the most similar first, without their texts.

    There are none if the engine does not answer: the page of an article works without it.
    """
    try:
        found = _similar_ids(article, get_engine().view())
    except EngineError:
        return []
    known = Article.objects.visible().select_related("source").defer("original", "body").in_bulk(found)
    return [known[pk] for pk in found if pk in known][:MOST]


def _similar_ids(article: Article, view: SearchView) -> list[int]:
    analyzed = view.analyzed_articles([article.pk]).get(article.pk)
    if analyzed is None:
        return []
    words = _subject_words(analyzed, view)
    if len(words) < LEAST_WORDS:
        return []
    story = StoryMember.objects.filter(article=article.pk).values_list("story", flat=True).first()
    itself: list[Node] = [Number("id", article.pk)]
    if story is not None:
        itself.append(Number("story", story))
    result = view.search(
        EngineRequest(
            query=AnyOf(tuple(_node(word.terms) for word in words), at_least=LEAST_WORDS),
            exclude=AnyOf(tuple(itself)),
            limit=CANDIDATES,
            analyzed=True,
        )
    )
    shares = _shares({hit.id: hit.analyzed for hit in result.hits if hit.analyzed}, words)
    stories = {hit.id: hit.story for hit in result.hits}
    found: list[int] = []
    for pk, share in sorted(shares.items(), key=lambda each: (-each[1], each[0])):
        of_story = stories[pk]
        if share >= LEAST_SHARE and (of_story is None or of_story not in {stories[other] for other in found}):
            found.append(pk)
    return found


def _node(terms: tuple[str, ...]) -> Node:
    return AnyOf(tuple(Term(field, "forms", term) for field in TEXT_FIELDS for term in terms))


def _subject_words(analyzed: AnalyzedArticle, view: SearchView) -> list[SubjectWord]:
    """Return the words that set the article apart, the heaviest first, each with its lemmas."""
    times: Counter[str] = Counter()
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for tokens, weight in ((analyzed.title, TITLE_WEIGHT), (analyzed.body, 1)):
        for stem, word, count in analyzed.count_types(tokens.types(0, len(tokens))):
            if is_topic_word(word) and (len(word) >= SHORTEST_FOREIGN_WORD or not word.isascii()):
                times[stem] += weight * count
                forms[stem][word] += count
    frequent = sorted(times, key=lambda stem: (-times[stem], stem))[:COUNTED_WORDS]
    terms = [query_lemmas(min(forms[stem], key=lambda word: (-forms[stem][word], word))) for stem in frequent]
    counted = view.counts([MatchAll(), *map(_node, terms)])
    words = [
        SubjectWord(of_word, (1 + log(times[stem])) * log(counted[0] / count))
        for stem, of_word, count in zip(frequent, terms, counted[1:], strict=True)
        if 1 < count < counted[0]
    ]
    return sorted(words, key=lambda word: (-word.weight, word.terms))[:SEARCHED_WORDS]


def _shares(candidates: Mapping[int, AnalyzedArticle], words: list[SubjectWord]) -> dict[int, float]:
    """Return how much of the weight of the words each candidate has, from 0 to 1."""
    wanted = WantedTerms()
    level = LEVEL_BITS["forms"]
    bits = [sum(wanted.add(term, level) for term in dict.fromkeys(word.terms)) for word in words]
    whole = sum(word.weight for word in words)
    shares = {}
    for pk, analyzed in candidates.items():
        there = 0
        for _at, found in analyzed.find(wanted):
            there |= found
        shares[pk] = sum(word.weight for word, own in zip(words, bits, strict=True) if there & own) / whole
    return shares
