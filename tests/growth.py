"""Growth of processor time with the size of the input, as the ratio of two times, never an absolute time."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

Input = TypeVar("Input")
#: The larger input is this many times the smaller one.
FACTOR = 4
#: Between the ratio of linear code (about FACTOR) and of quadratic code (about FACTOR squared).
LARGEST_RATIO = 8.0
#: Rounds of measurements. The best time of each size counts, so that a busy machine does not fail a test.
ROUNDS = 6


def time_ratio(work: Callable[[Input], object], small: Input, large: Input) -> float:
    """Return the processor time of `work(large)` over that of `work(small)`, each the best of some rounds.

    Stops early once the ratio is below `LARGEST_RATIO`.
    """
    work(small)  # tables are loaded and caches filled
    best_small = best_large = float("inf")
    enabled = gc.isenabled()
    gc.disable()
    try:
        for _round in range(ROUNDS):
            best_small = min(best_small, _seconds(work, small))
            best_large = min(best_large, _seconds(work, large))
            if best_large < LARGEST_RATIO * best_small:
                break
    finally:
        if enabled:
            gc.enable()
    return best_large / best_small


def growth(run: Callable[[int], object], size: int) -> float:
    """Return `time_ratio` of `run(size)` and `run(FACTOR * size)`."""
    return time_ratio(run, size, FACTOR * size)


def _seconds(work: Callable[[Input], object], given: Input) -> float:
    started = time.process_time()
    work(given)
    return time.process_time() - started
