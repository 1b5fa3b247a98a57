"""Articles that will be sent to an index are analysed by helping processes
(articles/ingest/process_pool.py) while
this one writes those before them. What it writes is read from the database as ever, just before: where a text
is another by then, it is analysed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from arabic.morphology.analyzed_words import AnalyzedWord, analyzed_words
from arabic.morphology.decompounding import Decompounder
from arabic.vocabulary.vocabulary import Vocabulary
from search.engines.analyzed_text import AnalyzedText, analyze_article_text
from search.engines.contract import Change, Put
from search.vocabulary import vocabulary_store
from search.vocabulary.vocabulary_store import archive_splitter
from search.vocabulary.word_counts import PartCount, WordCounter
from search.vocabulary.word_form_cache import MAX_UNSAVED_WORDS, MIN_ARTICLES_TO_LOAD, word_form_cache

#: Articles that are handed over at once.
BATCH_ARTICLES = 25
#: Id, title, body.
ArticleText = tuple[int, str, str]


class AnalyzedBatch(NamedTuple):
    """A parcel, analysed."""

    analysed: list[AnalyzedText]
    counted: PartCount
    #: Frequent words that the process had not met before: this one keeps them for the next (word_cache).
    met: dict[str, AnalyzedWord]


@dataclass(slots=True)
class _Parcel:
    texts: list[ArticleText]
    future: Future[AnalyzedBatch] | None = None
    work: AnalyzedBatch | None = None


class Prefetcher:
    """The articles of one drain, in their order."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool
        #: How many articles come next, as it was said when their texts were handed over; 0 = nothing was.
        self.size = 0
        self._parcels: list[_Parcel] = []
        #: The words that run-together ones are cut by, for the other processes.
        self._version, self._packed = "", b""

    def analysed(
        self, changes: Sequence[Change], size: int, following: Callable[[int], Sequence[ArticleText]]
    ) -> tuple[list[Change], list[PartCount] | None]:
        """The changes with their texts analysed, and their words counted (None: somebody failed to). The
        texts of the next `size` changes are handed over before this process does its share."""
        version = vocabulary_store.frozen_vocabulary_version()
        if version != self._version:
            self.close()
            self._version, self._packed = version, vocabulary_store.frozen_vocabulary_bytes()
        documents = {change.document.id: change.document for change in changes if isinstance(change, Put)}
        parcels = self._still_true({each.id: (each.title, each.body) for each in documents.values()})
        self._parcels, self.size = self._handed_over(following(size)) if size else [], size
        self._do(parcels)
        found: dict[int, AnalyzedText] = {}
        for parcel in parcels:
            if parcel.work:
                ids = (id for id, _title, _body in parcel.texts)
                found.update(zip(ids, parcel.work.analysed, strict=True))
        ready: list[Change] = [
            Put(replace(change.document, analysed=found.get(change.document.id)))
            if isinstance(change, Put)
            else change
            for change in changes
        ]
        counted = [parcel.work.counted for parcel in parcels if parcel.work]
        return ready, counted if len(counted) == len(parcels) else None

    def get_ready(self) -> None:
        """Analyse what was handed over, with the others. Best done while no lock is held."""
        self._do(self._parcels)

    def _still_true(self, texts: dict[int, tuple[str, str]]) -> list[_Parcel]:
        """The parcels of these texts: those that were handed over and are the same still, and new ones."""
        kept = []
        for parcel in self._parcels:
            if all(texts.get(id) == (title, body) for id, title, body in parcel.texts):
                kept.append(parcel)
                for id, _title, _body in parcel.texts:
                    del texts[id]
            else:
                _cancel([parcel])
        return kept + self._handed_over([(id, title, body) for id, (title, body) in texts.items()])

    def close(self) -> None:
        """What nobody wants any more is not begun."""
        _cancel(self._parcels)
        self._parcels, self.size = [], 0

    def _handed_over(self, texts: Sequence[ArticleText]) -> list[_Parcel]:
        parcels = [
            _Parcel(list(texts[at : at + BATCH_ARTICLES])) for at in range(0, len(texts), BATCH_ARTICLES)
        ]
        for parcel in parcels:
            try:
                pairs = [(title, body) for _id, title, body in parcel.texts]
                parcel.future = self._pool.submit(analyze_batch, self._version, self._packed, pairs)
            except RuntimeError:  # a process was killed, or the pool is closed: we go on alone
                break
        return parcels

    def _do(self, parcels: Sequence[_Parcel]) -> None:
        """While another process is at the first of them, this one does the last that nobody began."""
        splitter = archive_splitter()
        for parcel in parcels:
            while parcel.future and not parcel.future.done():
                idle = _idle(parcels)
                if idle is None:
                    break
                idle.future, idle.work = None, _work(idle.texts, splitter)
            if parcel.work is None:
                parcel.work = _result(parcel.future) if parcel.future else _work(parcel.texts, splitter)
                if parcel.work:
                    analyzed_words.new_words.update(parcel.work.met)


def _idle(parcels: Sequence[_Parcel]) -> _Parcel | None:
    return next((each for each in reversed(parcels) if each.future and each.future.cancel()), None)


def _cancel(parcels: Sequence[_Parcel]) -> None:
    for parcel in parcels:
        if parcel.future:
            parcel.future.cancel()


def _result(future: Future[AnalyzedBatch]) -> AnalyzedBatch | None:
    """None if the process failed: the engine's own analysis will tell which article is at fault."""
    try:
        return future.result()
    except Exception:  # whatever it is, it is met again by the one that writes
        return None


def _work(texts: Sequence[ArticleText], splitter: Decompounder) -> AnalyzedBatch | None:
    try:
        return _analysed([(title, body) for _id, title, body in texts], splitter)
    except Exception:  # as above
        return None


def _analysed(texts: Sequence[tuple[str, str]], splitter: Decompounder) -> AnalyzedBatch:
    counted = WordCounter()
    for title, body in texts:
        counted.add(title, body)
    return AnalyzedBatch(
        [analyze_article_text(title, body, splitter) for title, body in texts], counted.part(), {}
    )


# -- in the other process ---------------------------------------------------------------------------------

_splitters: dict[str, Decompounder] = {}
_reported_types = 0


def analyze_batch(version: str, packed: bytes, texts: Sequence[tuple[str, str]]) -> AnalyzedBatch:
    """A parcel, by the words of the archive as of its last rebuild."""
    global _reported_types  # noqa: PLW0603  of this process
    if version not in _splitters:
        word_form_cache.warm(MIN_ARTICLES_TO_LOAD)
        _reported_types = len(analyzed_words.new_words)
        _splitters.clear()
        _splitters[version] = Decompounder(Vocabulary.from_bytes(packed)) if packed else Decompounder()
    done = _analysed(texts, _splitters[version])
    met = dict(islice(analyzed_words.new_words.items(), _reported_types, None))
    _reported_types += len(met)
    if _reported_types >= MAX_UNSAVED_WORDS:
        analyzed_words.pack_new_words()
        _reported_types = len(analyzed_words.new_words)
    return done._replace(met=met)
