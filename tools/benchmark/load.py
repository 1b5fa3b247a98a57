"""Puts a served archive under load, and reports times, errors and the memory of each of its processes.

    .venv/bin/python -m tools.benchmark.load --archive KEPT --engine embedded --minutes 1

KEPT is the folder of `manage.py benchmark --keep KEPT --build-only`; it is copied, so that nothing of it is
changed. Without it the archive has the sample articles. The archive is started as `make run` starts it; then

1. one reader alone asks for --alone seconds (20);
2. --clients readers (16) ask for --minutes, each with a pause of --pause seconds (1) on the average between
   two pages, 0 = none, while an editor saves an article every five seconds and an upload of --import articles
   (10,000) is imported. The articles are variants of those there (tools/benchmark/varied.py).

It prints a table and, with --json, one JSON object. The exit code is 1 if any request failed. Memory is told
apart: "live" pages belong to the process alone, "mapped" ones to files such as the index.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.benchmark.load_clients import Editor, LoadRecord, Reader, SiteClient
from tools.benchmark.load_report import MemoryWatch, report_lines, summarize
from tools.servers.elasticsearch import ElasticsearchServer
from tools.servers.ports import free_port

PROJECT = Path(__file__).resolve().parents[2]
ADMIN_PASSWORD = "only-for-this-load"  # noqa: S105  of an archive that is deleted at the end
START_SECONDS, STOP_SECONDS = 600, 60
SAVE_EVERY = 5.0
#: Queries of each set that readers choose from.
QUERIES = 300
_QUERIES_CODE = (
    "import django, json; django.setup(); from tools.benchmark.workload import measured_queries; "
    f"found = measured_queries(None, {QUERIES}, 1); "
    "from articles.models import Article; "
    "ids = list(Article.objects.visible().order_by('pk').values_list('pk', flat=True)[:400]); "
    "print(json.dumps([[text for each in found.values() for text in each], ids]))"
)
_VARIED_CODE = (
    "import django; django.setup(); from tools.benchmark.varied import main; raise SystemExit(main())"
)


@dataclass(frozen=True)
class LoadWork:
    """Where and what is asked: the port, queries of readers, articles that the editor saves, her upload."""

    port: int
    queries: Sequence[str]
    articles: Sequence[int]
    upload: Path | None


def main() -> int:
    """Run the load and print what was seen."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--archive", type=Path, help="folder of `manage.py benchmark --keep`")
    parser.add_argument("--engine", choices=["embedded", "elasticsearch"], default="embedded")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--pause", type=float, default=1.0)
    parser.add_argument("--alone", type=float, default=20.0)
    parser.add_argument("--import", type=int, default=10_000, dest="imported", help="0: no import")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"load average before: {load:.2f}", file=sys.stderr)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsarchive-load-")))
        environment = stack.enter_context(prepared_archive(home, options))
        queries, ids = json.loads(_python(environment, "-c", _QUERIES_CODE))
        upload = home / "upload.jsonl.gz" if options.imported else None
        if upload:
            _python(environment, "-c", _VARIED_CODE, str(upload), str(options.imported), "2")
        server = stack.enter_context(served(environment, home / "log"))
        watch = stack.enter_context(MemoryWatch(server.pid))
        work = LoadWork(int(environment["PORT"]), queries, ids, upload)
        found = _put_under_load(work, watch, options)
        found["log"] = [line for line in (home / "log").read_text().splitlines() if "ERROR" in line][:20]
    found |= {"engine": options.engine, "load": round(load, 2), "clients": options.clients}
    print(json.dumps(found, ensure_ascii=False) if options.json else "\n".join(report_lines(found)))
    return 1 if found["errors"] else 0


@contextmanager
def prepared_archive(home: Path, options: argparse.Namespace) -> Iterator[dict[str, str]]:
    """Yield the environment of a copy of the archive, with the index of its engine."""
    folder = home / "archive"
    if options.archive:
        shutil.copytree(options.archive / "archive", folder)
    environment = os.environ | {
        "ARCHIVE_DATA_DIR": str(folder),
        "SEARCH_ENGINE": options.engine,
        "ELASTICSEARCH_PREFIX": f"load-{os.getpid()}",
        "ADMIN_PASSWORD": ADMIN_PASSWORD,
        "DJANGO_SETTINGS_MODULE": "newsarchive.settings",
        "HOST": "127.0.0.1",
        "PORT": str(free_port()),
        "LOG_LEVEL": "warning",
    }
    environment.pop("DATABASE_URL", None)
    with ElasticsearchServer() if options.engine == "elasticsearch" else nullcontext() as engine:
        if engine:
            environment["ELASTICSEARCH_URL"] = engine.url
        _python(environment, "manage.py", "setup_archive")
        yield environment


def _python(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        check=False,
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{arguments[:2]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


@contextmanager
def served(environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the archive as `make run` does, until the end of the block."""
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "newsarchive.serve"], cwd=PROJECT, env=environment,
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        probe, until = SiteClient(int(environment["PORT"]), LoadRecord()), time.monotonic() + START_SECONDS
        while not probe.ask("probe", "/readyz"):
            if server.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"the archive did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.5)
        yield server
    finally:
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()


def _put_under_load(work: LoadWork, watch: MemoryWatch, options: argparse.Namespace) -> dict[str, Any]:
    """Let one reader in alone, then all of them with the editor; return the figures."""
    stop = threading.Event()
    alone, together = LoadRecord(), LoadRecord()
    single = Reader(SiteClient(work.port, alone), work.queries, "alone", options.pause)
    single.read_until(time.monotonic() + options.alone, stop)
    editor = Editor(SiteClient(work.port, together), ADMIN_PASSWORD, work.articles)
    if work.upload:
        editor.upload(work.upload)
    watch.begin()
    deadline = time.monotonic() + 60 * options.minutes
    readers = [
        Reader(SiteClient(work.port, together), work.queries, f"reader {number}", options.pause)
        for number in range(options.clients)
    ]
    threads = [threading.Thread(target=each.read_until, args=[deadline, stop]) for each in readers]
    threads.append(threading.Thread(target=editor.save_until, args=[deadline, SAVE_EVERY, stop]))
    for each in threads:
        each.start()
    try:
        for each in threads:
            each.join()
    finally:
        stop.set()
    return summarize(alone, together, editor.findable, watch.figures())


if __name__ == "__main__":
    sys.exit(main())
