"""Chunks of the outbox are small while people wait for saves, and otherwise of about half a second."""

from __future__ import annotations

import pytest

from search import index_state
from search.indexing import drain_result


@pytest.mark.django_db
def test_chunks_are_small_while_others_save() -> None:
    done = drain_result.DrainResult()
    done.chunk_size = 50
    for _chunk in range(2):
        done.begin_chunk(interactive=False)
    assert (done.fan_out_chunk, done.prefetched_chunk) == (300, 600)
    index_state.next_version()  # another process
    done.begin_chunk(interactive=False)
    assert (done.fan_out_chunk, done.prefetched_chunk) == (100, 100)
    done.chunk_size = 2000
    assert done.fan_out_chunk == 300
    own = drain_result.DrainResult()
    own.begin_chunk(interactive=True)  # this process sends what people save
    assert own.prefetched_chunk == 100


def test_the_size_of_chunks_follows_the_time_of_those_that_tell_something() -> None:
    done = drain_result.DrainResult()
    before = done.chunk_size
    done.adapt_chunk_size(1, 0.01)
    assert done.chunk_size == before
    done.adapt_chunk_size(40, 1.0)
    assert done.chunk_size == 20
