"""How processor time grows with the size of the input: a ratio of two sizes, never an absolute time."""

import time
from collections.abc import Callable

#: The larger input is this many times the smaller one.
FACTOR = 4
#: Between the ratio of linear code (about FACTOR) and of quadratic code (about FACTOR squared).
LARGEST_RATIO = 6.0
#: Rounds of measurements. The best time of each size counts, so that a busy machine does not fail the test.
ROUNDS = 6


def growth(run: Callable[[int], object], size: int) -> float:
    """Return the ratio of the best processor times of `run(FACTOR * size)` and `run(size)`.

    Stops early once the ratio is below `LARGEST_RATIO`.
    """
    run(size)  # tables are loaded and caches filled
    small = large = float("inf")
    for _round in range(ROUNDS):
        small = min(small, _seconds(run, size))
        large = min(large, _seconds(run, FACTOR * size))
        if large < LARGEST_RATIO * small:
            break
    return large / small


def _seconds(run: Callable[[int], object], size: int) -> float:
    started = time.process_time()
    run(size)
    return time.process_time() - started
