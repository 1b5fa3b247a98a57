"""The memory of a process and all that it started, as Linux tells it.

A page that several processes share counts once: each has its part of it (PSS, proportional set size). Where
the kernel does not tell that, resident sets are added up, so that shared pages count more than once. Pages
of files (an index that is mapped, say) can be dropped when memory is short; anonymous ones cannot."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

PROCESSES = Path("/proc")


class Memory(NamedTuple):
    """Bytes."""

    total: int
    #: What of it stands in no file.
    anonymous: int


NO_MEMORY = Memory(0, 0)


def memory_of(pid: int) -> Memory:
    """Of a process and all below it; those that end meanwhile count nothing."""
    found = [_memory(each) for each in [pid, *descendants(pid)]]
    return Memory(sum(each.total for each in found), sum(each.anonymous for each in found))


def descendants(pid: int) -> list[int]:
    """The processes that it started, and those that they started."""
    found: list[int] = []
    try:
        for thread in (PROCESSES / str(pid) / "task").iterdir():
            for child in map(int, (thread / "children").read_text().split()):
                found += [child, *descendants(child)]
    except OSError:
        pass
    return found


def _memory(pid: int) -> Memory:
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
