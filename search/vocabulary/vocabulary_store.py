"""The vocabulary of the archive: the words of its published articles, in the database, shared by machines.

This module reads the vocabulary and erases words from it; search/vocabulary/vocabulary_updates.py writes it.

A suggestion must ask the engine how many articles a word matches now (`SearchEngine.counts`): the counts here
date from the last rebuild, or from the first time that a word was indexed.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, reduce
from operator import or_
from typing import Any, NamedTuple, TypeVar

from django.db import transaction
from django.db.models import BinaryField, Case, F, Q, Subquery, Sum, When
from django.db.models import Value as SqlValue

from arabic.morphology.decompounding import Decompounder
from arabic.vocabulary.vocabulary import (
    EMPTY_VOCABULARY,
    Vocabulary,
    VocabularyCounts,
    pack_vocabulary,
    unpack_vocabulary,
)
from search.engines.analyzed_text import document_analysis_version
from search.locks import locked
from search.models import VocabularyPart
from search.vocabulary.word_counts import count_words

# The words of this archive as of the last rebuild help to split its run-together words: the same words for
# every document of an index and for the highlighting of its hits.


def archive_splitter(keys: VocabularyKeys | None = None) -> Decompounder:
    """Return the decompounder of the archive in the database. Cached per process.

    One small query, or none if the `keys` of its state are given.
    """
    return _splitter_of(_frozen.current(keys)[0])


def read_ahead() -> None:
    """Read what a consumer of the outbox needs, if this process has not.

    The first time takes seconds of a core in a large archive: too long to hold a lock for.
    """
    archive_splitter()
    vocabulary_reader.parts()


def index_analysis_version() -> str:
    """Return the version that the forms of a text depend on; an index with another one must be rebuilt.

    It is the hash of code and tables, followed by that of the frozen words if there are any.
    """
    words = frozen_vocabulary_version()
    return f"{document_analysis_version()}-{words}" if words else document_analysis_version()


@lru_cache(maxsize=1)
def _splitter_of(words: Vocabulary) -> Decompounder:
    return Decompounder(words)


Kind = VocabularyPart.Kind
Value = TypeVar("Value")
#: Merging new words into the base may take at most this share of a process's time, if it takes long at all.
_REFRESH_SHARE, _LONG_SECONDS = 0.05, 0.05
_LOCK_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class VocabularyStats:
    """Figures for `index_status`. A word counts in each part that learned it, until the parts are merged."""

    words: int
    #: Date of the base; None if there is none.
    made_at: datetime | None
    #: Words learned since and not yet merged into the base.
    learned: int


def build_vocabulary(texts: Iterable[tuple[str, str]]) -> Vocabulary:
    """Return the vocabulary of articles given as (title, body)."""
    return Vocabulary(*count_words(texts).counts())


def current_vocabulary(keys: VocabularyKeys | None = None) -> Vocabulary:
    """Return the words of the last rebuild and those indexed since. Cached per process.

    One small query, or none if the `keys` of its state are given.
    """
    return vocabulary_reader.current(keys)


def frozen_vocabulary() -> Vocabulary:
    """Return all words known when the last rebuild began, by which run-together words are split.

    They are the same for every document of the index; empty before the first rebuild. One small query; cached
    per process.
    """
    return _frozen.current()[0]


def frozen_vocabulary_version() -> str:
    """Return a hash of the frozen vocabulary; "" if it is empty."""
    return _frozen.current()[1]


def frozen_vocabulary_bytes() -> bytes:
    """Return the frozen vocabulary packed for another process (`Vocabulary.from_bytes`); b"" if empty."""
    if not frozen_vocabulary_version():
        return b""
    parts = VocabularyPart.objects.filter(kind=Kind.FROZEN).order_by("-pk")
    return bytes(parts.values_list("words", flat=True).first() or b"")


def vocabulary_stats() -> VocabularyStats:
    """Return the size of the vocabulary without loading it."""
    base = VocabularyPart.objects.filter(kind=Kind.BASE).order_by("-pk").values("size", "made_at").first()
    learned = VocabularyPart.objects.filter(kind=Kind.LEARNED).aggregate(size=Sum("size"))["size"] or 0
    return VocabularyStats(
        (base["size"] if base else 0) + learned, base["made_at"] if base else None, learned
    )


def erase_words(words: Collection[str], phrases: Collection[str] = ()) -> None:
    """Erase normalized words, phrases that contain them, and further phrases from every part.

    The frozen part is included. For lawful erasure, when no published article contains the words. Raises
    LockHeldError.
    """
    gone, gone_phrases = set(words), set(phrases)
    with locked("drain", wait=_LOCK_SECONDS), transaction.atomic():
        for part in VocabularyPart.objects.order_by("pk"):
            held = unpack_vocabulary(bytes(part.words))
            left = _without(gone, gone_phrases, held)
            if left != held:
                part.delete()
                store_part(part.kind, left, made_at=part.made_at if part.kind == Kind.BASE else None)


def _without(gone: Set[str], gone_phrases: Set[str], held: VocabularyCounts) -> VocabularyCounts:
    def left(known: dict[str, Value]) -> dict[str, Value]:
        return {
            each: value
            for each, value in known.items()
            if each not in gone_phrases and gone.isdisjoint(each.split(" "))
        }

    return VocabularyCounts(left(held.words), left(held.phrases), held.articles, left(held.spellings))


def store_part(kind: str, counts: VocabularyCounts, *, made_at: datetime | None = None) -> None:
    """Store a part, dated now unless `made_at` is given."""
    part = VocabularyPart(kind=kind, words=pack_vocabulary(*counts), size=known_words(counts))
    part.made_at = made_at or part.made_at
    part.save()


def known_words(counts: VocabularyCounts) -> int:
    """Return the number of words of a part; the count 0 stands for a removed one."""
    return sum(times > 0 for times in counts.words.values())


_Key = tuple[int, datetime]


class VocabularyKeys(NamedTuple):
    """Keys of the newest part, whatever its kind, and of the newest frozen one; None if there is none.

    They change with every change of the vocabulary, as each adds a row. The date is part of a key because a
    primary key is used again after a rollback or the restoration of a backup.
    """

    newest: _Key | None
    frozen: _Key | None

    @classmethod
    def of_columns(cls, columns: Sequence[Any]) -> VocabularyKeys:
        """Return the keys in the values of `newest_part_columns`."""
        newest, made_at, frozen, frozen_at = columns
        return cls((newest, made_at) if newest else None, (frozen, frozen_at) if frozen else None)


def newest_part_columns() -> list[Subquery]:
    """Return subqueries for `VocabularyKeys.of_columns`, so that a query for something else has them too."""
    newest = VocabularyPart.objects.order_by("-pk")
    parts = (newest, newest.filter(kind=Kind.FROZEN))
    return [Subquery(part.values(column)[:1]) for part in parts for column in ("pk", "made_at")]


#: Shared: its dictionaries must not be changed.
EMPTY_COUNTS = VocabularyCounts({}, {}, 0, {})


class _FrozenVocabulary:
    """The frozen part, as this process last read it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: _Key | None = None
        self._vocabulary = EMPTY_VOCABULARY
        self._version = ""

    def current(self, keys: VocabularyKeys | None = None) -> tuple[Vocabulary, str]:
        """Return the frozen vocabulary and its hash."""
        parts = VocabularyPart.objects.filter(kind=Kind.FROZEN).order_by("-pk")
        newest = keys.frozen if keys else parts.values_list("pk", "made_at").first()
        with self._lock:
            if newest != self._key:
                stored = parts.values_list("words", flat=True).first()
                packed = bytes(stored) if stored else b""
                self._vocabulary = Vocabulary.from_bytes(packed) if packed else EMPTY_VOCABULARY
                self._version = hashlib.sha256(packed).hexdigest()[:6] if len(self._vocabulary) else ""
                self._key = newest
            return self._vocabulary, self._version


class VocabularyReader:
    """The base and the learned parts, as this process last read them. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        #: The newest part when the parts were last read, and when they were last merged.
        self._read: _Key | None = None
        self._put_together: _Key | None = None
        self._not_before = 0.0
        self._base_key: _Key | None = None
        self._base = EMPTY_VOCABULARY
        #: The packed learned parts that `_patch` was made of, in order; at most a few dozen.
        self._learned: dict[_Key, bytes] = {}
        self._patch = EMPTY_COUNTS
        self._vocabulary = EMPTY_VOCABULARY

    def current(self, keys: VocabularyKeys | None = None, *, allow_stale: bool = True) -> Vocabulary:
        """Return the vocabulary of the last rebuild together with the words learned since.

        With `allow_stale`, new words of a large vocabulary may be missing for some seconds.
        """
        newest = keys.newest if keys else _newest_key()
        with self._lock:
            waits = allow_stale and time.monotonic() < self._not_before
            if newest != self._put_together and not waits:
                began, worked = time.monotonic(), time.thread_time()
                self._load(newest)
                self._vocabulary = self._base.patched(*self._patch) if any(self._patch) else self._base
                self._put_together = newest
                # Processor time: on a busy machine a small vocabulary is not a slow one.
                took = time.thread_time() - worked
                self._not_before = began + (took / _REFRESH_SHARE if took > _LONG_SECONDS else 0.0)
            return self._vocabulary

    def parts(self) -> tuple[Vocabulary, VocabularyCounts]:
        """Return the base and what was learned since, where the count 0 means that a word was removed."""
        newest = _newest_key()
        with self._lock:
            self._load(newest)
            return self._base, self._patch

    def _load(self, newest: _Key | None) -> None:
        """Read the parts in one query, so that they are consistent; known parts come without their words."""
        if newest == self._read:
            return
        known = [*([self._base_key] if self._base_key else []), *self._learned]
        packed: Case | F = F("words")
        if known:
            same = reduce(or_, (Q(pk=pk, made_at=made_at) for pk, made_at in known))
            packed = Case(When(same, then=SqlValue(b"")), default=F("words"), output_field=BinaryField())
        unchanged = dict(self._learned)
        rows = VocabularyPart.objects.exclude(kind=Kind.FROZEN).order_by("pk").annotate(packed=packed)
        parts = list(rows.values_list("kind", "pk", "made_at", "packed"))
        bases = [part for part in parts if part[0] == Kind.BASE]
        if not bases:
            self._base, self._base_key = EMPTY_VOCABULARY, None
        for _, pk, made_at, stored in bases[-1:]:
            if stored:
                # Free the memory of the previous vocabulary and of what was learned on top of it first.
                self._base, self._base_key, self._learned, self._patch = (
                    EMPTY_VOCABULARY,
                    None,
                    {},
                    EMPTY_COUNTS,
                )
                self._base, self._base_key = Vocabulary.from_bytes(bytes(stored)), (pk, made_at)
        self._add_learned([part[1:] for part in parts if part[0] == Kind.LEARNED], unchanged)
        self._read = newest

    def _add_learned(
        self, parts: Sequence[tuple[int, datetime, bytes]], unchanged: Mapping[_Key, bytes]
    ) -> None:
        """Merge the parts learned since the base; the words of empty parts come from `unchanged`."""
        keys = [part[:2] for part in parts]
        read = dict(zip(keys, (bytes(stored) for *_, stored in parts), strict=True))
        before = list(self._learned)
        self._learned = {key: read[key] or unchanged[key] for key in keys}
        if keys[: len(before)] == before:  # as after every indexed chunk
            new = [self._patch, *(unpack_vocabulary(self._learned[key]) for key in keys[len(before) :])]
        else:
            new = [unpack_vocabulary(packed) for packed in self._learned.values()]
        self._patch = merge_parts(new)


def _newest_key() -> _Key | None:
    """Return the key of the newest part."""
    return VocabularyPart.objects.order_by("-pk").values_list("pk", "made_at").first()


def merge_parts(parts: Sequence[VocabularyCounts]) -> VocabularyCounts:
    """Merge learned parts in order: counts add up, 0 removes a word, the first spelling stays."""
    first = parts[0] if parts else EMPTY_COUNTS
    words, phrases, spellings = dict(first.words), dict(first.phrases), dict(first.spellings)
    for part in parts[1:]:
        for known, more in ((words, part.words), (phrases, part.phrases)):
            known.update({each: known.get(each, 0) + times if times else 0 for each, times in more.items()})
        spellings = part.spellings | spellings
    return VocabularyCounts(words, phrases, sum(part.articles for part in parts), spellings)


vocabulary_reader = VocabularyReader()
_frozen = _FrozenVocabulary()
