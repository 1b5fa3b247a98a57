"""Measures searches, index and import in archives of their own, beside a plain Elasticsearch.

`manage.py benchmark` calls it; docs/performance.md describes what is measured. Nothing of the archive in use
is touched: the articles are imported into a temporary folder, and the indexes on Elasticsearch have a prefix
of their own and are deleted at the end. With `keep` they stay, and the next run measures the same archive.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch, TransportError

from tools.benchmark.measured_archive import PROJECT, BenchmarkOptions, MeasuredArchive
from tools.benchmark.speed_report import MAX_LOAD, TAKES, percentile, summary
from tools.servers.elasticsearch import ElasticsearchServer
from tools.servers.elasticsearch_distribution import ElasticsearchMissingError

#: Times that each checkout imports the articles, in turn.
IMPORT_ROUNDS = 2
NO_SERVER = """{reason}
The benchmark compares with a plain Elasticsearch. Either name one that runs (9.x, without other work):
    ELASTICSEARCH_URL=http://127.0.0.1:9200 make benchmark
or let it start its own, for which it needs Maven and a full JDK 21 or newer:
    apt install maven openjdk-21-jdk
or measure the embedded engine alone, without a reference:
    manage.py benchmark --engine embedded --no-reference"""


class NoServerError(Exception):
    """There is no Elasticsearch; the text says how to get one."""


def benchmark(options: BenchmarkOptions) -> dict[str, Any]:
    """Return all figures as docs/benchmark.json holds them.

    Raises NoServerError and BenchmarkError.
    """
    load = round(os.getloadavg()[0], 2)
    options.say(f"load average before: {load}")
    if load > MAX_LOAD:
        options.say(f"above {MAX_LOAD}: something else is running, the figures are not to be trusted")
    with _home(options) as home, _server(options, home) as url:
        archive = MeasuredArchive(home / "archive", url, options)
        try:
            index = archive.build()
            return {} if options.build_only else _measured(archive, index, load, url)
        finally:
            if not options.keep:
                archive.drop_indexes()


def _measured(archive: MeasuredArchive, index: dict[str, Any], load: float, url: str) -> dict[str, Any]:
    options = archive.options
    searches: dict[str, Any] = {}
    for take in TAKES if options.queries else ():
        options.say(f"searches: {TAKES[take]}")
        found = archive.ask(take)
        searches[take] = {
            "queries": found["queries"],
            "failed": found["failed"],
            "reference_segments": found["reference_segments"],
            "sets": summary(found["times"]),
        }
    saves: dict[str, Any] = {}
    for engine in options.engines if options.saves else ():
        options.say(f"saves: {engine}")
        seconds = archive.save_articles(engine)
        saves[engine] = {
            "saves": len(seconds),
            "p50": percentile(seconds, 50),
            "p95": percentile(seconds, 95),
        }
    facts = archive.facts()
    return {
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
        "commit": _commit(PROJECT),
        "cores": os.cpu_count(),
        "load": load,
        "articles": facts["articles"],
        "text_bytes": facts["text_bytes"],
        "corpus": archive.kind,
        "engines": list(options.engines),
        "server": archive.server(),
        "searches": searches,
        "saves": saves,
        "index": index,
        "against": _commit(options.against) if options.against else "",
        "imports": _imports(options, url),
    }


def _imports(options: BenchmarkOptions, url: str) -> dict[str, dict[str, Any]]:
    """Import the corpus with this code and with the other checkout, in turn, each with known words."""
    from tools.benchmark.scale import measure_import  # noqa: PLC0415  it reads this environment

    against = options.against
    if against is None:
        return {}
    found: dict[str, dict[str, Any]] = {engine: {"ours": [], "other": []} for engine in options.engines}
    corpus = options.corpus.resolve()
    with tempfile.TemporaryDirectory(prefix="newsarchive-imports-") as folder:
        home = Path(folder)
        sides = {"ours": PROJECT, "other": against.resolve()}
        for side, project in sides.items():
            measure_import(corpus, "embedded", home, keep=home / side, project=project, url=url)
        for turn in range(IMPORT_ROUNDS):
            for engine in options.engines:
                # The order changes, so that neither side always finds the machine as the other left it.
                for side in sorted(sides, reverse=bool(turn % 2)):
                    options.say(f"import, {engine}, {side}")
                    found[engine][side].append(
                        measure_import(corpus, engine, home, home / side, project=sides[side], url=url)
                    )
    return found


@contextmanager
def _home(options: BenchmarkOptions) -> Iterator[Path]:
    """Yield the folder of the archive and of a private server's data."""
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        yield options.keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="newsarchive-benchmark-") as folder:
        yield Path(folder)


@contextmanager
def _server(options: BenchmarkOptions, home: Path) -> Iterator[str]:
    """Yield the address of the named server or of a private one; "" if none is needed."""
    if not options.reference and "elasticsearch" not in options.engines:
        yield ""
        return
    named = os.environ.get("TEST_ELASTICSEARCH_URL") or os.environ.get("ELASTICSEARCH_URL")
    if named:
        _check(named)
        yield named
        return
    try:
        server = ElasticsearchServer.of_folder(home / "server") if options.keep else ElasticsearchServer()
        server.__enter__()
    except (ElasticsearchMissingError, OSError) as reason:
        raise NoServerError(NO_SERVER.format(reason=reason)) from reason
    try:
        yield server.url
    finally:
        if options.keep:
            server.shut_down()
        else:
            server.stop()


def _check(url: str) -> None:
    with closing(Elasticsearch(url, request_timeout=5, max_retries=0)) as client:
        try:
            client.info()
        except TransportError as error:
            reason = f"{url} does not answer: {error}"
            raise NoServerError(NO_SERVER.format(reason=reason)) from error


def _commit(project: Path) -> str:
    command = ("git", "describe", "--always", "--dirty")
    done = subprocess.run(command, check=False, cwd=project, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"
