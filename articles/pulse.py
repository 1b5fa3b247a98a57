"""The sign of life that a background worker gives to its supervisor, through memory that both share.

The heartbeat in the database (articles/tasks.py) tells other hosts; the supervisor opens no database. A
worker whose interpreter is held gives neither.
"""

from __future__ import annotations

import mmap
import struct
import time


class Pulse:
    """The time of the last beat. Made before a fork, it is the same in both processes."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 8)

    def beat(self) -> None:
        """Note that the process works."""
        self._memory[:] = struct.pack("d", time.monotonic())

    def forget(self) -> None:
        """Forget the beats of a process that ended; the next is watched from its own first beat."""
        self._memory[:] = bytes(8)

    def age(self) -> float:
        """Return the seconds since the last beat; 0 before the first."""
        (last,) = struct.unpack("d", self._memory[:])
        return time.monotonic() - last if last else 0.0


#: The pulse of this process; a supervisor replaces it in the processes that it starts.
own_pulse = Pulse()


def adopt_pulse(pulse: Pulse) -> None:
    """Give the signs of life of this process to `pulse`, which its supervisor watches."""
    global own_pulse  # noqa: PLW0603  one per process, set when it begins
    own_pulse = pulse


def beat() -> None:
    """Give a sign of life."""
    own_pulse.beat()
