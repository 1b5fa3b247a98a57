"""The result of a run of the outbox consumer so far, and by it the size of the next chunk."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from search import index_state
from search.indexing.prefetch import Prefetcher

#: Target time of a chunk: it keeps other processes waiting for the lock, and a save waits only two seconds.
CHUNK_SECONDS = 0.5
FIRST_CHUNK, MIN_CHUNK, MAX_CHUNK = 100, 10, 2000
#: Minimum for changes that no person waits for: the fixed cost of a chunk (commit, merge, vocabulary) equals
#: that of some fifty articles, and on a busy machine ever smaller chunks would spend all their time on it.
MIN_FAN_OUT_CHUNK = 300
#: Articles of a chunk that workers analyze before the lock is taken: small chunks make merges of the index
#: expensive.
PREFETCHED_CHUNK = 600
#: Articles of a chunk while people save, and for this long after it: a save waits until a chunk is written.
SHARED_CHUNK, SHARED_SECONDS = 100, 60.0


@dataclass
class DrainResult:
    """The result of one run."""

    #: Changes sent to the engine; an article counts each time it is sent.
    sent: int = 0
    #: {article: reason} of what the engine refused; these wait for another attempt.
    refused: dict[int, str] = field(default_factory=dict)
    prefetcher: Prefetcher | None = None
    #: Whether batches are left to a process that has worker processes and sends them.
    leave_fan_outs: bool = False
    #: Articles per chunk that is analyzed under the lock.
    chunk_size: int = field(default=FIRST_CHUNK, init=False)
    #: Version of the last chunk, 0 if none; when something was seen to be sent between two chunks.
    _version: int = field(default=0, init=False)
    _shared_at: float = field(default=-SHARED_SECONDS, init=False)

    def adapt_chunk_size(self, sent: int, seconds: float) -> None:
        """Choose the size of the next chunk by the time that one of `sent` articles took.

        A few articles tell little: most of their time is that of any chunk.
        """
        if sent >= MIN_CHUNK:
            wanted = int(sent * CHUNK_SECONDS / max(seconds, 0.001))
            self.chunk_size = max(MIN_CHUNK, min(wanted, 2 * self.chunk_size, MAX_CHUNK))

    def begin_chunk(self, *, interactive: bool) -> int:
        """Return the version of a chunk, and note whether others have sent changes since the last one.

        A rebuild that runs beside counts as others.
        """
        if interactive or (self._version and index_state.get_index_state().version != self._version):
            self._shared_at = time.monotonic()
        self._version = index_state.next_version()
        return self._version

    @property
    def is_shared(self) -> bool:
        """Return True if others have sent changes lately."""
        return time.monotonic() - self._shared_at < SHARED_SECONDS

    @property
    def fan_out_chunk(self) -> int:
        """Articles of a chunk that no person waits for, analyzed under the lock."""
        if self.is_shared:
            return min(max(self.chunk_size, SHARED_CHUNK), MIN_FAN_OUT_CHUNK)
        return max(self.chunk_size, MIN_FAN_OUT_CHUNK)

    @property
    def prefetched_chunk(self) -> int:
        """Articles of a chunk that is analyzed before the lock is taken."""
        return SHARED_CHUNK if self.is_shared else PREFETCHED_CHUNK
