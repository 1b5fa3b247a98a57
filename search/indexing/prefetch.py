"""Analysis of the next articles by worker processes, while this one sends those before them to an index.

The outbox consumer uses it where an import has left worker processes running
(articles/ingest/process_pool.py). The articles themselves are still read from the database just before they
are sent: where a text has changed in the meantime, it is analyzed again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import NamedTuple

from arabic.morphology.analyzed_words import AnalyzedWord, analyzed_words
from arabic.morphology.decompounding import Decompounder
from arabic.vocabulary.vocabulary import Vocabulary
from articles.ingest.process_pool import OrderedProcessPool, Task
from search.engines.analyzed_text import AnalyzedText, analyze_article_text
from search.engines.contract import Change, Put
from search.vocabulary import vocabulary_store
from search.vocabulary.vocabulary_store import archive_splitter
from search.vocabulary.word_counts import PartCount, WordCounter
from search.vocabulary.word_form_cache import MAX_UNSAVED_WORDS, MIN_ARTICLES_TO_LOAD, word_form_cache

#: Articles in one task.
BATCH_ARTICLES = 25
#: Id, title, body.
ArticleText = tuple[int, str, str]
#: Title, body.
TitleAndBody = tuple[str, str]


class AnalyzedBatch(NamedTuple):
    """The analysis of the articles of one task."""

    texts: list[AnalyzedText]
    word_counts: PartCount
    #: Frequent words that the worker had not analyzed before; this process stores them (word_form_cache).
    new_words: dict[str, AnalyzedWord]


#: The result is None where the analysis failed; the engine's own analysis will show which article is at
#: fault.
_AnalysisTask = Task[ArticleText, list[TitleAndBody], AnalyzedBatch | None]
_AnalysisPool = OrderedProcessPool[ArticleText, list[TitleAndBody], AnalyzedBatch | None]


class Prefetcher:
    """Analyzes texts for one run of the consumer, one chunk ahead of the one being sent."""

    def __init__(self, executor: ProcessPoolExecutor) -> None:
        self._executor = executor
        #: Size of the next chunk already submitted to the pool; 0 if none.
        self.next_size = 0
        self._tasks: list[_AnalysisTask] = []
        self._pool: _AnalysisPool | None = None
        #: Version of the vocabulary by which the workers split run-together words.
        self._version = ""

    def attach_analyses(
        self, changes: Sequence[Change], next_size: int, load_texts: Callable[[int], Sequence[ArticleText]]
    ) -> tuple[list[Change], list[PartCount] | None]:
        """Return the changes with analyzed texts, and their word counts (None if an analysis failed).

        The next `next_size` texts, which `load_texts` reads, are submitted before this process does its share
        of the current ones.
        """
        version = vocabulary_store.frozen_vocabulary_version()
        if self._pool is None or version != self._version:
            self.close()
            self._pool = self._new_pool(version)
            self._version = version
        documents = {change.document.id: change.document for change in changes if isinstance(change, Put)}
        tasks = self._match_submitted(
            self._pool, {each.id: (each.title, each.body) for each in documents.values()}
        )
        self._tasks, self.next_size = (
            _submit(self._pool, load_texts(next_size)) if next_size else [],
            next_size,
        )
        results = _finish(self._pool, tasks)
        found: dict[int, AnalyzedText] = {}
        for task, batch in zip(tasks, results, strict=True):
            if batch:
                found.update(zip((pk for pk, _title, _body in task.items), batch.texts, strict=True))
        ready: list[Change] = [
            Put(replace(change.document, analyzed_text=found.get(change.document.id)))
            if isinstance(change, Put)
            else change
            for change in changes
        ]
        counts = [batch.word_counts for batch in results if batch]
        return ready, counts if len(counts) == len(results) else None

    def run_pending(self) -> None:
        """Do the submitted tasks that no worker has begun. Best called without holding a lock.

        It does not wait for those under way: the next tasks can be submitted before the workers are idle.
        """
        if self._pool:
            self._pool.do_waiting(self._tasks)

    def close(self) -> None:
        """Cancel tasks that have not started."""
        if self._pool:
            self._pool.cancel(self._tasks)
        self._tasks, self.next_size = [], 0

    def _new_pool(self, version: str) -> _AnalysisPool:
        packed = vocabulary_store.frozen_vocabulary_bytes()
        local = partial(_analyze_here, splitter=archive_splitter())  # of this version, as the workers' one
        return OrderedProcessPool(self._executor, analyze_batch, local, remote_args=(version, packed))

    def _match_submitted(self, pool: _AnalysisPool, texts: dict[int, TitleAndBody]) -> list[_AnalysisTask]:
        """Return tasks for these texts: submitted ones whose texts have not changed, and new ones."""
        kept = []
        for task in self._tasks:
            if all(texts.get(pk) == (title, body) for pk, title, body in task.items):
                kept.append(task)
                for pk, _title, _body in task.items:
                    del texts[pk]
            else:
                pool.cancel([task])
        return kept + _submit(pool, [(pk, title, body) for pk, (title, body) in texts.items()])


def _submit(pool: _AnalysisPool, texts: Sequence[ArticleText]) -> list[_AnalysisTask]:
    """Split texts into tasks and submit them."""
    batches = [list(texts[at : at + BATCH_ARTICLES]) for at in range(0, len(texts), BATCH_ARTICLES)]
    return [pool.submit(batch, [(title, body) for _pk, title, body in batch]) for batch in batches]


def _finish(pool: _AnalysisPool, tasks: Sequence[_AnalysisTask]) -> list[AnalyzedBatch | None]:
    """Return the results of the tasks, in order; None for each that failed."""
    results = []
    for task in tasks:
        was_done = task.is_done
        try:
            batch = pool.finish(task, tasks)
        except Exception:  # e.g. a result that cannot be pickled; the engine's own analysis will fail again
            batch, task.is_done = None, True
        if batch and not was_done:
            analyzed_words.new_words.update(batch.new_words)
        results.append(batch)
    return results


def _analyze_here(texts: Sequence[TitleAndBody], splitter: Decompounder) -> AnalyzedBatch | None:
    """Analyze texts in this process; return None if that fails."""
    try:
        return _analyze(texts, splitter)
    except Exception:  # the engine's own analysis will fail again
        return None


def _analyze(texts: Sequence[TitleAndBody], splitter: Decompounder) -> AnalyzedBatch:
    counter = WordCounter()
    for title, body in texts:
        counter.add(title, body)
    analyzed = [analyze_article_text(title, body, splitter) for title, body in texts]
    return AnalyzedBatch(analyzed, counter.to_part(), {})


# -- in a worker process ----------------------------------------------------------------------------------

_splitters: dict[str, Decompounder] = {}
_reported_types = 0


def analyze_batch(version: str, packed: bytes, texts: Sequence[TitleAndBody]) -> AnalyzedBatch:
    """Analyze texts in a worker, with the archive's vocabulary as of its last rebuild."""
    global _reported_types  # noqa: PLW0603  of this process
    if version not in _splitters:
        word_form_cache.load_if_worthwhile(MIN_ARTICLES_TO_LOAD)
        _reported_types = len(analyzed_words.new_words)
        _splitters.clear()
        _splitters[version] = Decompounder(Vocabulary.from_bytes(packed)) if packed else Decompounder()
    done = _analyze(texts, _splitters[version])
    new = dict(islice(analyzed_words.new_words.items(), _reported_types, None))
    _reported_types += len(new)
    if _reported_types >= MAX_UNSAVED_WORDS:
        analyzed_words.pack_new_words()
        _reported_types = len(analyzed_words.new_words)
    return done._replace(new_words=new)
