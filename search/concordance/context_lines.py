"""Words in context: each occurrence of the searched words in its sentence, one line for each.

The lines are ordered by what stands after or before the word, by date or by source. A line is kept as the
article and the tokens of its word; its text is read from the database when it is shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, get_args

from arabic.text.sentences import sentence_around
from arabic.text.tokenized_text import trimmed_end
from articles.batching import chunks
from search.concordance.hit_sample import HitSample, SampledHit
from search.concordance.occurrences import OccurrenceFinder, Occurrences, TokenSpan
from search.engines.analyzed_article import AnalyzedTokens
from search.engines.contract import SearchEngine
from search.highlighting.highlighter import Highlighter
from search.highlighting.term_matcher import MatchableText, matchable_texts
from search.query_tree import TextField
from search.results import Record
from search.store.protocols import Store

#: By date (newest first), by the words after, by the words before, by source.
LineOrder = Literal["date", "after", "before", "source"]
LINE_ORDERS: tuple[LineOrder, ...] = get_args(LineOrder)
#: Words that the order by context compares.
COMPARED_WORDS = 3
#: Articles whose texts are read at once.
TEXTS_AT_ONCE = 200
#: Lines that are made at once, each article being read once for all of its lines among them. Lines sorted by
#: their words lie far from others of their article.
LINES_AT_ONCE = 10_000


class LinePlace(NamedTuple):
    """Where a line is: the occurrence number `number` of an article, counted through title and body."""

    article: int
    number: int


@dataclass(frozen=True, slots=True)
class ContextLine:
    """An occurrence and the rest of its sentence; the three parts joined are text of the article."""

    #: The article without its text.
    record: Record
    field: TextField
    before: str
    word: str
    after: str
    #: The number of its mark among those of the article's title and body, from 1; 0 if not requested.
    mark: int = 0


@dataclass(frozen=True, slots=True)
class Concordance:
    """The places of all lines in their order, and how many hits were read of how many."""

    places: tuple[LinePlace, ...]
    read: int
    total: int


def build_concordance(
    sample: HitSample, finder: OccurrenceFinder, order: LineOrder, store: Store, most: int | None = None
) -> Concordance:
    """Return the places of the lines of all sampled hits, or of those with the first `most` lines."""
    keyed: list[tuple[tuple[str, ...], LinePlace]] = []
    sources: list[int | None] = []
    for hit in sample:
        found = finder.find(hit.analyzed)
        keys = _context_keys(hit, found, order) if order in ("after", "before") else [()] * len(found)
        keyed += [(key, LinePlace(hit.id, number)) for number, key in enumerate(keys)]
        if order == "source":
            sources += [hit.source] * len(found)
        if most is not None and len(keyed) >= most:
            break
    if order == "source":
        names = store.source_values({source for source in sources if source is not None})
        labels = [names.get(source or 0, "\uffff") for source in sources]
        keyed = [((label,), place) for label, (_, place) in zip(labels, keyed, strict=True)]
    keyed.sort(key=_key_of)  # a stable sort: equal keys stay ordered by date
    return Concordance(tuple(place for _, place in keyed), sample.read, sample.total)


def _key_of(keyed: tuple[tuple[str, ...], LinePlace]) -> tuple[str, ...]:
    return keyed[0]


#: Sorts behind the words of every script.
_AFTER_ALL_WORDS = ("\uffff",)


def _context_keys(hit: SampledHit, found: Occurrences, order: LineOrder) -> Iterator[tuple[str, ...]]:
    """Yield for each occurrence the words after it, or those before it from the nearest on.

    An occurrence at the end of its text comes last: the first page is of lines that have such words.
    """
    for spans, tokens in ((found.title, hit.analyzed.title), (found.body, hit.analyzed.body)):
        for start, end in spans:
            if order == "after":
                near: Iterable[int] = range(end, min(len(tokens), end + COMPARED_WORDS))
            else:
                near = range(start - 1, max(-1, start - 1 - COMPARED_WORDS), -1)
            yield tuple(map(tokens.normalized, near)) or _AFTER_ALL_WORDS


def read_lines(
    places: Iterable[LinePlace],
    finder: OccurrenceFinder,
    engine: SearchEngine,
    store: Store,
    highlighter: Highlighter | None = None,
) -> Iterator[ContextLine]:
    """Yield the lines at these places, in order, with the texts as they are now.

    A line is left out if its article is hidden now, or was changed and has fewer occurrences. The marks are
    numbered by the `highlighter` of the article's page.
    """
    for some in chunks(places, LINES_AT_ONCE):
        numbers: defaultdict[int, list[int]] = defaultdict(list)
        for place in some:
            numbers[place.article].append(place.number)
        lines: dict[LinePlace, ContextLine] = {}
        for ids in chunks(numbers, TEXTS_AT_ONCE):
            lines.update(_lines_of({id: numbers[id] for id in ids}, finder, engine, store, highlighter))
        yield from (lines[place] for place in some if place in lines)


def _lines_of(
    numbers: Mapping[int, Sequence[int]],
    finder: OccurrenceFinder,
    engine: SearchEngine,
    store: Store,
    highlighter: Highlighter | None,
) -> Iterator[tuple[LinePlace, ContextLine]]:
    """Yield the lines with these numbers of these articles."""
    stored, splitter = engine.analyzed_articles(list(numbers)), store.splitter()
    for id, record in store.records(list(numbers)).items():
        texts = matchable_texts(
            record.title, record.body, stored.get(id), splitter, record.low_confidence_words
        )
        without_text = replace(record, body="")
        found = finder.find(texts[0].tokens.article)
        spans: list[tuple[MatchableText, TextField, TokenSpan]] = [
            *((texts[0], "title", span) for span in found.title),
            *((texts[1], "body", span) for span in found.body),
        ]
        marks = _mark_starts(texts, highlighter) if highlighter else []
        for number in numbers[id]:
            if number < len(spans):
                text, field, span = spans[number]
                parts = _sentence_parts(text.text, text.tokens, *span)
                mark = bisect_right(marks, (field != "title", text.tokens.span(span[0])[0]))
                yield LinePlace(id, number), ContextLine(without_text, field, *parts, mark)


def _mark_starts(
    texts: tuple[MatchableText, MatchableText], highlighter: Highlighter
) -> list[tuple[bool, int]]:
    """Return (whether it is in the body, offset) of each mark of the article's page, in order."""
    title, body = texts
    return [
        *((False, span.start) for span in highlighter.marks(title, "title")),
        *((True, span.start) for span in highlighter.marks(body, "body")),
    ]


def _sentence_parts(text: str, tokens: AnalyzedTokens, first: int, end: int) -> tuple[str, str, str]:
    """Return the sentence of the tokens [first, end), cut into what is before, in and after them."""
    start, stop = tokens.span(first)[0], trimmed_end(text, *tokens.span(end - 1))
    left, right = sentence_around(text, start, stop)
    return text[left:start], text[start:stop], text[stop:right]
