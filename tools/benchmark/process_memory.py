"""The memory of a process and all its descendants, as Linux reports it.

A page that several processes share counts once, a share for each (PSS, proportional set size). Where the
kernel does not report that, resident sets are added up, so that shared pages count more than once. Pages of
files (of a mapped index, for example) can be dropped when memory is short; anonymous ones cannot.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

PROCESSES = Path("/proc")


class Memory(NamedTuple):
    """Memory in bytes."""

    total: int
    #: The part that is not backed by a file.
    anonymous: int


NO_MEMORY = Memory(0, 0)


def memory_of(pid: int) -> Memory:
    """Return the memory of a process and its descendants; processes that end in the meantime count 0."""
    found = [process_memory(each) for each in [pid, *descendants(pid)]]
    return Memory(sum(each.total for each in found), sum(each.anonymous for each in found))


def descendants(pid: int) -> list[int]:
    """Return the ids of the processes started by a process, and of those started by these."""
    found: list[int] = []
    try:
        for thread in (PROCESSES / str(pid) / "task").iterdir():
            for child in map(int, (thread / "children").read_text().split()):
                found += [child, *descendants(child)]
    except OSError:
        pass
    return found


def process_memory(pid: int) -> Memory:
    """Return the memory of one process; one that is gone has none."""
    home = PROCESSES / str(pid)
    try:
        lines = (home / "smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return _resident(home)
    kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    total = kilobytes.get("Pss", 0)
    return Memory(total * 1024, kilobytes.get("Pss_Anon", total) * 1024)


def _resident(home: Path) -> Memory:
    try:
        resident, of_files = map(int, (home / "statm").read_text().split()[1:3])
    except (OSError, ValueError):
        return NO_MEMORY
    page = os.sysconf("SC_PAGE_SIZE")
    return Memory(resident * page, (resident - of_files) * page)
