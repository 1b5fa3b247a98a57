"""Growth of processor time with the size of an input, for tests that hold on a busy machine too."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

Input = TypeVar("Input")
#: The larger input of a test has this many times the size of the smaller.
FACTOR = 4
#: Linear time gives a ratio of 4, quadratic time one of 16.
MOST_FOR_LINEAR = 8.0


def time_ratio(work: Callable[[Input], object], small: Input, large: Input, runs: int = 3) -> float:
    """Return the processor time of `work(large)` over that of `work(small)`, each the best of `runs`."""
    best = [float("inf"), float("inf")]
    enabled = gc.isenabled()
    gc.disable()
    try:
        for _run in range(runs):
            for place, each in enumerate((small, large)):
                started = time.process_time()
                work(each)
                best[place] = min(best[place], time.process_time() - started)
    finally:
        if enabled:
            gc.enable()
    return best[1] / best[0]
