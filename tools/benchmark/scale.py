"""Measures large imports, each into a new archive of its own in a temporary folder.

    .venv/bin/python -m tools.benchmark.scale [--articles N] [--words N]           invented articles
    .venv/bin/python -m tools.benchmark.scale --file F.jsonl.gz --takes 3000,6000  its first articles

With --takes the words are cached beforehand, as in an archive in use: an import of the longest take, which is
not reported, fills the folder `cache` that the others begin with. --engine may be repeated.

Prints one JSON object per import: articles; seconds from the start of the command until all are findable; the
processor seconds of all its processes; the load of the machine before and after; the maximum memory of all
its processes together in MB, that of anonymous pages too, and when that was; `memory`: the same at every
10,000 articles that were read, then indexed. A page that processes share counts once
(tools/benchmark/process_memory.py). Elasticsearch itself is not measured; its index is deleted.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

from elasticsearch import Elasticsearch

from tools.benchmark.invented import synthetic_articles
from tools.benchmark.process_memory import NO_MEMORY, Memory, memory_of

PROJECT = Path(__file__).resolve().parents[2]
LOOK_SECONDS = 0.25
STEP = 10_000
MB = 1024**2


def main() -> int:
    """Run the requested measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--words", type=int, default=120, help="in each text")
    parser.add_argument("--file", type=Path, help="articles (.jsonl.gz) instead of invented ones")
    parser.add_argument("--takes", type=_numbers, help="how many of them, e.g. 3000,6000,12000")
    parser.add_argument("--engine", action="append", choices=["embedded", "elasticsearch"])
    options = parser.parse_args()
    engines = options.engine or ["embedded"]
    with tempfile.TemporaryDirectory(prefix="newsarchive-scale-") as folder:
        home = Path(folder)
        if options.file is None:
            file = _written(home, synthetic_articles(options.articles, options.words))
            for engine in engines:
                _tell(engine, measure_import(file, engine, home))
            return 0
        takes = options.takes or [sum(1 for _ in _lines(options.file))]
        known = home / "cache"
        if options.takes:
            measure_import(
                _written(home, islice(_lines(options.file), max(takes))), engines[0], home, keep=known
            )
        for engine in engines:
            for take in takes:
                _tell(
                    engine,
                    measure_import(_written(home, islice(_lines(options.file), take)), engine, home, known),
                )
    return 0


def _numbers(text: str) -> list[int]:
    return list(map(int, text.split(",")))


def _tell(engine: str, figures: dict[str, Any]) -> None:
    print(json.dumps({"engine": engine} | figures), flush=True)


def _lines(file: Path) -> Iterator[str]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from lines


def _written(home: Path, lines: Iterable[str]) -> Path:
    file = home / "articles.jsonl.gz"
    with gzip.open(file, "wt", compresslevel=1, encoding="utf-8") as out:
        out.writelines(line.rstrip("\n") + "\n" for line in lines)
    return file


def measure_import(
    file: Path,
    engine: str,
    home: Path,
    known: Path | None = None,
    *,
    keep: Path | None = None,
    project: Path = PROJECT,
    url: str = "",
) -> dict[str, Any]:
    """Import a file into a new archive. `known`: a folder `cache` to begin with; `keep`: where to save it.

    `project` is another checkout whose code is to be measured, `url` the address of Elasticsearch if it is
    not that of the environment.
    """
    folder = home / "archive"
    manage = [sys.executable, str(project / "manage.py")]
    with _archive(folder, engine, manage, url) as environment:
        if known and known.exists():
            shutil.copytree(known, folder / "cache")
        watch = ImportMonitor(folder / "archive.sqlite3")
        load, used, began = os.getloadavg()[0], _processor_seconds(), time.monotonic()
        command = [*manage, "import_articles", str(file), "--json"]
        answer, pipe = folder / "answer.json", subprocess.PIPE
        with (
            answer.open("w") as out,
            subprocess.Popen(command, env=environment, stdout=out, stderr=pipe, text=True) as process,
        ):
            listener = threading.Thread(target=watch.listen, args=[process.stderr])
            listener.start()
            while process.poll() is None:
                watch.look(process.pid)
                time.sleep(LOOK_SECONDS)
            listener.join()
        seconds = time.monotonic() - began
        if process.returncode:
            raise SystemExit(f"the import ended with {process.returncode}")
        count = json.loads(answer.read_text())["read"]
        if keep and (folder / "cache").exists():  # an import of few articles leaves no cache
            shutil.copytree(folder / "cache", keep)
    return {
        "articles": count,
        "seconds": round(seconds, 1),
        "articles_per_second": round(count / seconds, 1),
        "processor_seconds": round(_processor_seconds() - used, 1),
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
        **watch.figures(),
    }


@contextmanager
def _archive(folder: Path, engine: str, manage: Sequence[str], url: str) -> Iterator[dict[str, str]]:
    """Yield the environment of a new archive; delete it at the end with its indexes on Elasticsearch."""
    prefix = f"scale-{os.getpid()}"
    environment = os.environ | {
        "ARCHIVE_DATA_DIR": str(folder), "SEARCH_ENGINE": engine, "ELASTICSEARCH_PREFIX": prefix
    }  # fmt: skip
    environment.pop("DATABASE_URL", None)
    url = url or os.environ.get("ELASTICSEARCH_URL", "http://127.0.0.1:9200")
    environment["ELASTICSEARCH_URL"] = url
    folder.mkdir()
    try:
        subprocess.run([*manage, "migrate", "-v0"], env=environment, check=True)
        yield environment
    finally:
        shutil.rmtree(folder)
        if engine == "elasticsearch":
            with closing(
                Elasticsearch(url, api_key=os.environ.get("ELASTICSEARCH_API_KEY") or None)
            ) as server:
                for index in server.indices.get(index=f"{prefix}-*", expand_wildcards="all"):
                    server.indices.delete(index=index)


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@dataclass
class ImportMonitor:
    """Observes an import from outside: its memory, its output and its database."""

    database: Path
    stage: str = "read"
    done: int = 0
    peak: Memory = NO_MEMORY
    peak_anonymous: int = 0
    peak_at: tuple[str, int] = ("read", 0)
    steps: list[dict[str, Any]] = field(default_factory=list)
    _next: int = STEP

    def listen(self, lines: IO[str]) -> None:
        """Record how many articles were read, until the command ends."""
        for line in lines:
            told, _, rest = line.partition(" read, ")
            if rest and self.stage == "read":
                self.done = int(told.replace(",", ""))

    def look(self, pid: int) -> None:
        """Record the current memory of the process and its helpers."""
        if indexed := self._indexed():
            if self.stage == "read":
                self.stage, self._next = "indexed", STEP
            self.done = indexed
        now = memory_of(pid)
        self.peak_anonymous = max(self.peak_anonymous, now.anonymous)
        if now.total > self.peak.total:
            self.peak, self.peak_at = now, (self.stage, self.done)
        if self.done >= self._next:
            self.steps.append({self.stage: self.done} | _in_mb(now))
            self._next = (self.done // STEP + 1) * STEP

    def figures(self) -> dict[str, Any]:
        """Return the recorded figures."""
        return {
            "peak_mb": round(self.peak.total / MB),
            "peak_anonymous_mb": round(self.peak_anonymous / MB),
            "peak_at": " ".join(map(str, self.peak_at)),
            "memory": self.steps,
        }

    def _indexed(self) -> int:
        """Return how many articles were sent to the index; in a new archive they are numbered from 1."""
        with (
            suppress(sqlite3.Error),
            closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=0)) as base,
        ):
            found = base.execute("SELECT max(cursor) FROM articles_outbox").fetchone()
            return int(found[0] or 0)
        return 0


def _in_mb(memory: Memory) -> dict[str, int]:
    return {"mb": round(memory.total / MB), "anonymous_mb": round(memory.anonymous / MB)}


if __name__ == "__main__":
    sys.exit(main())
