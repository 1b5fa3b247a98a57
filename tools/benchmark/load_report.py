"""What `tools.benchmark.load` reports: times by kind of request, and the memory of each process over time."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

from tools.benchmark.load_clients import LoadRecord
from tools.benchmark.process_memory import PROCESSES, Memory, descendants, process_memory
from tools.benchmark.speed_report import percentile

MB = 1024**2
#: Kinds that are pages for readers, whose p95 is compared with that of a reader alone.
PAGES = ("search", "filter", "article", "facet", "context", "next page")
_LOOK_SECONDS = 2.0
_WORKERS = ("index worker", "import worker")


class MemoryWatch:
    """Looks at the memory of a server's processes until the block ends."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._began = time.monotonic()
        #: {(role, pid): [(seconds, memory)]}
        self._seen: dict[tuple[str, int], list[tuple[float, Memory]]] = {}

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def begin(self) -> None:
        """Forget what was seen so far."""
        self._seen, self._began = {}, time.monotonic()

    def figures(self) -> list[dict[str, Any]]:
        """Return for each process its memory in MB at the start, the middle and the end, and the most."""
        return [
            {
                "process": role,
                "seconds": round(looks[-1][0] - looks[0][0]),
                "live": [round(looks[at][1].anonymous / MB) for at in (0, len(looks) // 2, -1)],
                "mapped": [
                    round((looks[at][1].total - looks[at][1].anonymous) / MB)
                    for at in (0, len(looks) // 2, -1)
                ],
                "most_live": round(max(memory.anonymous for _at, memory in looks) / MB),
            }
            for (role, _pid), looks in sorted(self._seen.items())
            if len(looks) > 1
        ]

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            seen, at = self._seen, time.monotonic() - self._began
            for role, pid in _roles(self._pid):
                if (memory := process_memory(pid)).total:
                    seen.setdefault((role, pid), []).append((at, memory))


def _roles(supervisor: int) -> Iterator[tuple[str, int]]:
    """Yield (role, process) of what `newsarchive.serve` started: in this order it starts web and workers.

    A worker that was started anew has a later number, and is named as what it is by its place only at first.
    """
    yield "supervisor", supervisor
    for place, child in enumerate(_children(supervisor)):
        name = "web server" if not place else _WORKERS[min(place, len(_WORKERS)) - 1]
        yield name, child
        for number, below in enumerate(_children(child), 1):
            yield (f"web {number}" if not place else f"{name}: reads"), below
            for each in descendants(below):
                yield f"{name}: below", each


def _children(pid: int) -> list[int]:
    try:
        return sorted(map(int, (PROCESSES / str(pid) / "task" / str(pid) / "children").read_text().split()))
    except OSError:
        return []


def summarize(
    alone: LoadRecord, together: LoadRecord, findable: Sequence[float], memory: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return all figures as one JSON object; seconds."""
    found: dict[str, Any] = {
        "errors": alone.errors + together.errors,
        "requests": sum(map(len, together.seconds.values())),
        "alone": {kind: _times(seconds) for kind, seconds in sorted(alone.seconds.items())},
        "together": {kind: _times(seconds) for kind, seconds in sorted(together.seconds.items())},
        "findable": _times(findable),
        "memory": list(memory),
        "load_after": round(os.getloadavg()[0], 2),
    }
    for name, record in (("alone", alone), ("together", together)):
        found[name]["all pages"] = _times([each for kind in PAGES for each in record.seconds.get(kind, ())])
    return found


def _times(seconds: Sequence[float]) -> dict[str, float]:
    if not seconds:
        return {"count": 0}
    return {
        "count": len(seconds),
        **{
            f"p{each}": round(percentile((1000 * one for one in seconds), each) / 1000, 4)
            for each in (50, 95, 99)
        },
        "most": round(max(seconds), 3),
    }


def report_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the report as Markdown."""
    yield (
        f"{found['engine']}, {found['clients']} readers, {found['requests']} requests, "
        f"{len(found['errors'])} errors; load {found['load']} before, {found['load_after']} after"
    )
    yield from (f"ERROR {each}" for each in found["errors"][:20])
    yield from (f"LOG {each}" for each in found["log"])
    yield "\n| seconds | alone: number, p50, p95 | together: number, p50, p95, p99, most |"
    yield "| --- | --- | --- |"
    for kind, times in found["together"].items():
        before = found["alone"].get(kind, {})
        yield (
            f"| {kind} | {_row(before, 'count', 'p50', 'p95')} | "
            f"{_row(times, 'count', 'p50', 'p95', 'p99', 'most')} |"
        )
    yield f"| from a save to a search | – | {_row(found['findable'], 'count', 'p50', 'p95', 'p99', 'most')} |"
    alone, together = (found[name]["all pages"].get("p95") for name in ("alone", "together"))
    if alone and together:
        yield f"\nPages, p95: × {together / alone:.1f} of a reader alone (to reach: × 10)"
    yield "\n| memory in MB | seconds | live: start, middle, end, most | mapped: start, middle, end |"
    yield "| --- | --- | --- | --- |"
    for each in found["memory"]:
        live, mapped = (", ".join(map(str, each[name])) for name in ("live", "mapped"))
        yield f"| {each['process']} | {each['seconds']} | {live}, {each['most_live']} | {mapped} |"


def _row(times: Mapping[str, float], *names: str) -> str:
    return ", ".join(str(times[name]) for name in names if name in times) or "–"
