"""Reads the analyzed texts of the hits of a search, the newest first, within a budget.

What stands around a word can only be counted by reading the articles. A page reads as many of the newest hits
as its budget of words allows, and says so; an export reads all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from articles.batching import chunks
from articles.models import Article
from search.engines.analyzed_article import AnalyzedArticle
from search.engines.analyzed_text import analyze_article
from search.engines.contract import EngineRequest, SearchEngine
from search.query.compiler import PreparedSearch

#: Articles whose analysis is read at once.
BATCH_SIZE = 100
#: Hits that a page reads at most, however short they are; both engines return them in one request.
MAX_SAMPLED_HITS = 10_000
#: No more hits are asked for than the budget allows of articles with so many words.
SHORT_ARTICLE = 50
#: A text without a stored analysis is analyzed anew, which takes as long as reading this many others.
NEW_ANALYSIS_COST = 20


@dataclass(frozen=True, slots=True)
class SampledHit:
    """A hit that readers may see, with its analysis. `source` is the id of its source."""

    id: int
    source: int | None
    analyzed: AnalyzedArticle

    @property
    def words(self) -> int:
        """Number of tokens in title and body."""
        return len(self.analyzed.title) + len(self.analyzed.body)


class HitSample:
    """The hits of a search that are read, from the newest; `read` and `total` count them while iterating."""

    def __init__(
        self,
        search: PreparedSearch,
        engine: SearchEngine,
        budget: int | None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """`budget`: maximum number of words to read; None reads all hits.

        `progress` is called with the number of hits read and that of all, from time to time.
        """
        self._search, self._budget = search, budget
        self._view = engine.view()
        self._progress = progress
        most = MAX_SAMPLED_HITS
        if budget is not None:
            most = max(BATCH_SIZE, min(most, budget // SHORT_ARTICLE))
        request = EngineRequest(
            query=search.compiled.strict, filters=search.filters.nodes, sort="newest", limit=most
        )
        if budget is None:
            self._ids: Sequence[int] = list(engine.scan(request))
            #: Number of hits.
            self.total = len(self._ids)
        else:
            found = self._view.search(request)
            self._ids, self.total = [hit.id for hit in found.hits], found.total
        #: Number of hits read so far.
        self.read = 0

    @property
    def is_complete(self) -> bool:
        """True if all hits were read."""
        return self.read >= self.total

    def __iter__(self) -> Iterator[SampledHit]:
        """Yield the hits. Those hidden or deleted since the index was written are read but left out."""
        left = self._budget
        for batch in chunks(self._ids, BATCH_SIZE):
            if left is not None and left <= 0:
                return
            if self._progress:
                self._progress(self.read, self.total)
            for hit, cost in self._read(batch):
                self.read += 1
                if left is not None:
                    left -= cost
                if hit is not None:
                    yield hit
                if left is not None and left <= 0:
                    return

    def _read(self, ids: Sequence[int]) -> Iterator[tuple[SampledHit | None, int]]:
        """Yield each hit, None if it is hidden, and what it costs of the budget."""
        rows = Article.objects.visible().filter(pk__in=ids).order_by().values_list("pk", "source_id")
        sources = dict(rows)
        analyzed = self._view.analyzed_articles(ids)
        for id in ids:
            if id not in sources:
                yield None, 0
            elif (article := analyzed.get(id)) is not None:
                hit = SampledHit(id, sources[id], article)
                yield hit, hit.words
            elif (article := self._analyze(id)) is not None:
                hit = SampledHit(id, sources[id], article)
                yield hit, hit.words * NEW_ANALYSIS_COST
            else:
                yield None, 0

    def _analyze(self, id: int) -> AnalyzedArticle | None:
        shown = Article.objects.visible().filter(pk=id)
        row = shown.values_list("title", "body", "low_confidence_words").first()
        if row is None:
            return None
        title, body, low_confidence_words = row
        return analyze_article(title, body, self._search.store.splitter(), low_confidence_words)
