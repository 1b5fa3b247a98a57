"""Analysis of the next articles by worker processes, while this one sends those before them to an index.

The outbox consumer uses it where an import has left worker processes running
(articles/ingest/process_pool.py). Texts are analyzed without the lock of the outbox, so that a save waits for
the writing of a chunk only; two chunks more are submitted before, so that the workers have work while this
process writes, also where the engine merges segments meanwhile. The articles themselves are still read from
the database just before they are sent: where a text has changed in the meantime, it is analyzed again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import NamedTuple

from arabic.morphology.analyzed_words import AnalyzedWord, analyzed_words
from arabic.morphology.decompounding import Decompounder
from arabic.vocabulary.vocabulary import Vocabulary
from articles.ingest.process_pool import OrderedProcessPool, Task
from search.engines.analyzed_text import AnalyzedText, analyze_article_text
from search.engines.contract import Change, Put, changed_article_id
from search.indexing.changes import ArticleText, FanOutTexts, fan_out_texts
from search.vocabulary import vocabulary_store
from search.vocabulary.vocabulary_store import archive_splitter
from search.vocabulary.word_counts import PartCount, WordCounter
from search.vocabulary.word_form_cache import MAX_UNSAVED_WORDS, MIN_ARTICLES_TO_LOAD, word_form_cache

#: Articles in one task; chunks that are submitted behind the next one.
BATCH_ARTICLES, _CHUNKS_AHEAD = 25, 2
#: Title, body, low-confidence words (as in `IndexDocument`): all that the analysis depends on.
AnalysisInput = tuple[str, str, str]


class AnalyzedBatch(NamedTuple):
    """The analysis of the articles of one task."""

    texts: list[AnalyzedText]
    word_counts: PartCount
    #: Frequent words that the worker had not analyzed before; this process stores them (word_form_cache).
    new_words: dict[str, AnalyzedWord]


#: The result is None where the analysis failed; the engine's own analysis will show which article is at
#: fault.
_AnalysisTask = Task[ArticleText, list[AnalysisInput], AnalyzedBatch | None]
_AnalysisPool = OrderedProcessPool[ArticleText, list[AnalysisInput], AnalyzedBatch | None]


@dataclass(frozen=True, slots=True)
class _SubmittedChunk:
    """A chunk of a batch (None: of the whole archive) that is submitted to the workers."""

    batch_id: int | None
    #: The cursor of the batch when the chunk's turn comes.
    cursor: int
    size: int
    read: FanOutTexts
    tasks: list[_AnalysisTask]


class Prefetcher:
    """Analyzes texts for one run of the consumer, up to two chunks ahead of the one being sent."""

    def __init__(self, executor: ProcessPoolExecutor) -> None:
        self._executor = executor
        self._submitted: deque[_SubmittedChunk] = deque()
        self._pool: _AnalysisPool | None = None
        #: Version of the vocabulary by which the workers split run-together words.
        self._version = ""

    def submitted_size(self, batch_id: int | None, cursor: int) -> int:
        """Return the size of the chunk that was submitted for this place of a batch; 0 if there is none.

        What was submitted for another place is dropped: another process has sent articles of this batch.
        """
        if self._submitted and (self._submitted[0].batch_id, self._submitted[0].cursor) != (batch_id, cursor):
            self.close()
        return self._submitted[0].size if self._submitted else 0

    def attach_analyses(
        self, changes: Sequence[Change], batch_id: int | None, next_size: int
    ) -> tuple[list[Change], list[PartCount] | None]:
        """Return the changes with analyzed texts, and their word counts (None if an analysis failed).

        `changes` are those after the place of which `submitted_size` was asked. If nothing else is submitted
        yet, at most `next_size` articles behind these are submitted first; 0: none follow.
        """
        pool = self._current_pool()
        documents = {change.document.id: change.document for change in changes if isinstance(change, Put)}
        submitted = self._submitted.popleft().tasks if self._submitted else []
        inputs = {each.id: (each.title, each.body, each.low_confidence_words) for each in documents.values()}
        tasks = _match_submitted(pool, submitted, inputs)
        if next_size and not self._submitted:
            self._submit_after(pool, batch_id, changed_article_id(changes[-1]), next_size)
        results = _finish(pool, tasks)
        found: dict[int, AnalyzedText] = {}
        for task, batch in zip(tasks, results, strict=True):
            if batch:
                found.update(zip((pk for pk, *_read in task.items), batch.texts, strict=True))
        ready: list[Change] = [
            Put(replace(change.document, analyzed_text=found.get(change.document.id)))
            if isinstance(change, Put)
            else change
            for change in changes
        ]
        counts = [batch.word_counts for batch in results if batch]
        return ready, counts if len(counts) == len(results) else None

    def analyze_next(self, size: int) -> None:
        """Submit two chunks of at most `size` articles behind the next one, and analyze the rest of that.

        Larger ones behind the next one are dropped: somebody has begun to save.
        Call it without the lock of the outbox. It does nothing before the first chunk was sent.
        """
        if not self._submitted or self._pool is None:
            return
        self._submit_following(self._pool, size)
        following = [task for chunk in islice(self._submitted, 1, None) for task in chunk.tasks]
        _finish(self._pool, self._submitted[0].tasks, following)

    def close(self) -> None:
        """Cancel tasks that have not started."""
        if self._pool:
            self._pool.cancel(task for chunk in self._submitted for task in chunk.tasks)
        self._submitted.clear()

    def _current_pool(self) -> _AnalysisPool:
        """Return a pool whose workers split words by the vocabulary of the index that serves."""
        version = vocabulary_store.frozen_vocabulary_version()
        if self._pool is None or version != self._version:
            self.close()
            packed = vocabulary_store.frozen_vocabulary_bytes()
            # This process splits words by the vocabulary of the workers.
            local = partial(_analyze_here, splitter=archive_splitter())
            self._pool = OrderedProcessPool(
                self._executor, analyze_batch, local, remote_args=(version, packed)
            )
            self._version = version
        return self._pool

    def _submit_following(self, pool: _AnalysisPool, size: int) -> None:
        """Submit chunks behind the next one, so that there are two of them while it is written."""
        while len(self._submitted) > 1 and self._submitted[-1].size > size:
            pool.cancel(self._submitted.pop().tasks)
        while len(self._submitted) <= _CHUNKS_AHEAD and not (last := self._submitted[-1]).read.is_last:
            self._submit_after(pool, last.batch_id, last.read.last_id, size)

    def _submit_after(self, pool: _AnalysisPool, batch_id: int | None, cursor: int, size: int) -> None:
        read = fan_out_texts(batch_id, cursor, size)
        self._submitted.append(_SubmittedChunk(batch_id, cursor, read.size, read, _submit(pool, read.texts)))


def _match_submitted(
    pool: _AnalysisPool, submitted: Sequence[_AnalysisTask], texts: dict[int, AnalysisInput]
) -> list[_AnalysisTask]:
    """Return tasks for these texts: submitted ones whose texts have not changed, and new ones."""
    kept = []
    for task in submitted:
        if all(texts.get(pk) == tuple(read) for pk, *read in task.items):
            kept.append(task)
            for pk, *_read in task.items:
                del texts[pk]
        else:
            pool.cancel([task])
    return kept + _submit(pool, [(pk, *read) for pk, read in texts.items()])


def _submit(pool: _AnalysisPool, texts: Sequence[ArticleText]) -> list[_AnalysisTask]:
    """Split texts into tasks and submit them."""
    batches = [list(texts[at : at + BATCH_ARTICLES]) for at in range(0, len(texts), BATCH_ARTICLES)]
    return [
        pool.submit(batch, [(title, body, words) for _pk, title, body, words in batch]) for batch in batches
    ]


def _finish(
    pool: _AnalysisPool, tasks: Sequence[_AnalysisTask], following: Sequence[_AnalysisTask] = ()
) -> list[AnalyzedBatch | None]:
    """Return the results of the tasks, in order, doing what is not done; None for each that failed.

    While a worker has the last of them, this process does some of those `following`, youngest first.
    """
    results = []
    others = [*following, *tasks]
    for task in tasks:
        was_done = task.is_done
        try:
            batch = pool.finish(task, others)
        except Exception:  # e.g. a result that cannot be pickled; the engine's own analysis will fail again
            batch, task.is_done = None, True
        if batch and not was_done:
            analyzed_words.new_words.update(batch.new_words)
        results.append(batch)
    return results


def _analyze_here(texts: Sequence[AnalysisInput], splitter: Decompounder) -> AnalyzedBatch | None:
    """Analyze texts in this process; return None if that fails."""
    try:
        return _analyze(texts, splitter)
    except Exception:  # the engine's own analysis will fail again
        return None


def _analyze(texts: Sequence[AnalysisInput], splitter: Decompounder) -> AnalyzedBatch:
    counter = WordCounter()
    for title, body, _words in texts:
        counter.add(title, body)
    analyzed = [analyze_article_text(title, body, splitter, words) for title, body, words in texts]
    return AnalyzedBatch(analyzed, counter.to_part(), {})


# -- in a worker process ----------------------------------------------------------------------------------

_splitters: dict[str, Decompounder] = {}
_reported_types = 0


def analyze_batch(version: str, packed: bytes, texts: Sequence[AnalysisInput]) -> AnalyzedBatch:
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
