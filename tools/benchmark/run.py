"""Measures searches, index and import in archives of their own, beside a plain Elasticsearch.

`manage.py benchmark` calls it; docs/performance.md describes what is measured. Nothing of the archive in use
is touched: the articles are imported into a temporary folder, and the indexes on Elasticsearch have a prefix
of their own and are deleted at the end.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch, TransportError

from tools.benchmark.speed_report import MAX_LOAD, TAKES, summary
from tools.servers.elasticsearch import ElasticsearchServer
from tools.servers.elasticsearch_distribution import ElasticsearchMissingError

PROJECT = Path(__file__).resolve().parents[2]
SAMPLES = PROJECT / "articles" / "samples"
ENGINES = ("embedded", "elasticsearch")
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


class BenchmarkError(Exception):
    """A step failed; the text says which and why."""


@dataclass(frozen=True)
class BenchmarkOptions:
    """What to measure; see the options of `manage.py benchmark`."""

    engines: Sequence[str] = ENGINES
    corpus: Path = SAMPLES
    sets: Path | None = None
    #: 0: as many as the corpus has.
    articles: int = 0
    queries: int = 300
    warm: int = 200
    seed: int = 1
    #: Another checkout whose imports are measured in turn with ours.
    against: Path | None = None
    reference: bool = True
    say: Callable[[str], None] = field(default=print)


def benchmark(options: BenchmarkOptions) -> dict[str, Any]:
    """Return all figures as docs/benchmark.json holds them.

    Raises NoServerError and BenchmarkError.
    """
    load = round(os.getloadavg()[0], 2)
    options.say(f"load average before: {load}")
    if load > MAX_LOAD:
        options.say(f"above {MAX_LOAD}: something else is running, the figures are not to be trusted")
    with tempfile.TemporaryDirectory(prefix="newsarchive-benchmark-") as home, _server(options) as url:
        archive = _Archive(Path(home) / "archive", url, options)
        try:
            return _measured(archive, load)
        finally:
            archive.drop_indexes()


def _measured(archive: _Archive, load: float) -> dict[str, Any]:
    options = archive.options
    folder_ratio = archive.fill()
    index = archive.rebuild()
    if "embedded" in index:
        index["embedded"]["folder_ratio"] = folder_ratio
    searches: dict[str, Any] = {}
    for take in TAKES:
        options.say(f"searches: {TAKES[take]}")
        found = archive.ask(take)
        searches[take] = {
            "queries": found["queries"],
            "failed": found["failed"],
            "reference_segments": found["reference_segments"],
            "sets": summary(found["times"]),
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
        "index": index,
        "against": _commit(options.against) if options.against else "",
        "imports": archive.imports(),
    }


class _Archive:
    """A new archive in a folder, with an index of each engine and of the reference."""

    def __init__(self, folder: Path, url: str, options: BenchmarkOptions) -> None:
        self.options = options
        self._folder = folder
        self._url = url
        self._prefix = f"benchmark-{os.getpid()}"
        self._environment = os.environ | {
            "ALLOWED_HOSTS": "localhost",
            "ARCHIVE_DATA_DIR": str(folder),
            "ELASTICSEARCH_PREFIX": self._prefix,
            "ELASTICSEARCH_URL": url or "http://127.0.0.1:9200",
            "DJANGO_SETTINGS_MODULE": "newsarchive.settings",
        }
        self._environment.pop("DATABASE_URL", None)
        #: What the articles are, for the report.
        self.kind = "the sample articles" if options.corpus == SAMPLES else "those of a file"

    def fill(self) -> float | None:
        """Import the articles; return bytes of the folder ÷ live bytes of the embedded index."""
        self._folder.mkdir()
        engine = self.options.engines[0]
        self._manage(engine, "migrate", "-v0")
        self.options.say(f"import: {self.options.corpus.name}")
        done = json.loads(self._manage(engine, "import_articles", str(self.options.corpus), "--json"))
        have = int(done["created"])
        if not have:
            raise BenchmarkError(f"{self.options.corpus}: no articles were imported")
        if self.options.articles > have:
            self.options.say(f"import: {self.options.articles - have:,} variants")
            self.kind += ", the others variants of them with words exchanged"
            file = self._folder / "varied.jsonl.gz"
            count = self.options.articles - have
            self._run("tools.benchmark.varied", str(file), str(count), str(self.options.seed))
            self._manage(engine, "import_articles", str(file), "--json")
            file.unlink()
        if engine != "embedded":
            return None
        live, everything = index_bytes(self._folder / "index")
        return round(everything / live, 3) if live else None

    def rebuild(self) -> dict[str, dict[str, Any]]:
        """Build the index of every engine; return its size and the seconds it took."""
        found: dict[str, dict[str, Any]] = {}
        for engine in self.options.engines:
            self.options.say(f"rebuild: {engine}")
            started = time.monotonic()
            self._manage(engine, "rebuild_index", "--json")
            seconds = round(time.monotonic() - started, 1)
            if engine == "embedded":
                live = index_bytes(self._folder / "index")[0]
            else:
                live = json.loads(self._manage(engine, "index_status", "--json"))["live_bytes"]
            found[engine] = {"live_bytes": live, "rebuild_seconds": seconds}
        return found

    def ask(self, take: str) -> dict[str, Any]:
        """Time the searches of a take; see tools/benchmark/search_times.py."""
        asked = {
            "take": take,
            "engines": list(self.options.engines),
            "reference": f"{self._prefix}-reference" if self._url else "",
            "sets": str(self.options.sets.resolve()) if self.options.sets else "",
            "queries": self.options.queries,
            "warm": self.options.warm,
            "seed": self.options.seed,
        }
        return dict(json.loads(self._run("tools.benchmark.search_times", json.dumps(asked))))

    def facts(self) -> dict[str, int]:
        """Return the number of visible articles and the UTF-8 bytes of their titles and texts."""
        code = (
            "import json; from articles.models import Article; "
            "rows = Article.objects.visible().values_list('title', 'body').iterator(); "
            "sizes = [len(title.encode()) + len(body.encode()) for title, body in rows]; "
            "print(json.dumps({'articles': len(sizes), 'text_bytes': sum(sizes)}))"
        )
        return dict(json.loads(self._manage("embedded", "shell", "-v0", "-c", code)))

    def imports(self) -> dict[str, dict[str, Any]]:
        """Import the corpus with this code and with the other checkout, in turn, each with known words."""
        from tools.benchmark.scale import measure_import  # noqa: PLC0415  it reads this environment

        against = self.options.against
        if against is None:
            return {}
        found: dict[str, dict[str, Any]] = {
            engine: {"ours": [], "other": []} for engine in self.options.engines
        }
        corpus = self.options.corpus.resolve()
        with tempfile.TemporaryDirectory(prefix="newsarchive-imports-") as folder:
            home = Path(folder)
            sides = {"ours": PROJECT, "other": against.resolve()}
            for side, project in sides.items():
                measure_import(corpus, "embedded", home, keep=home / side, project=project, url=self._url)
            for turn in range(IMPORT_ROUNDS):
                for engine in self.options.engines:
                    # The order changes, so that neither side always finds the machine as the other left it.
                    for side in sorted(sides, reverse=bool(turn % 2)):
                        self.options.say(f"import, {engine}, {side}")
                        found[engine][side].append(
                            measure_import(
                                corpus, engine, home, home / side, project=sides[side], url=self._url
                            )
                        )
        return found

    def server(self) -> dict[str, Any] | None:
        """Return version and heap (in MB) of the server, None without one."""
        if not self._url:
            return None
        with closing(Elasticsearch(self._url)) as client:
            nodes = client.nodes.info(metric="jvm")["nodes"].values()
            heap = sum(node["jvm"]["mem"]["heap_max_in_bytes"] for node in nodes) // 1024**2
            return {"version": client.info()["version"]["number"], "heap_mb": heap}

    def drop_indexes(self) -> None:
        """Delete what this run has left on the server."""
        if not self._url:
            return
        with closing(Elasticsearch(self._url)) as client:
            for index in client.indices.get(index=f"{self._prefix}-*", expand_wildcards="all"):
                client.indices.delete(index=index)

    def _run(self, module: str, *arguments: str) -> str:
        """Run `main` of a module in the archive, and return what it prints."""
        begin = f"import django; django.setup(); from {module} import main; raise SystemExit(main())"
        return self._python("-c", begin, *arguments)

    def _manage(self, engine: str, *arguments: str) -> str:
        return self._python("manage.py", *arguments, SEARCH_ENGINE=engine)

    def _python(self, *arguments: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            check=False,
            cwd=PROJECT,
            env=self._environment | environment,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            what = " ".join(arguments[:3])
            raise BenchmarkError(f"{what} ended with {done.returncode}: {done.stderr.strip()[-1000:]}")
        return done.stdout


def index_bytes(folder: Path) -> tuple[int, int]:
    """Return the bytes of an embedded index's files in use, and those of its whole folder.

    Files in use are named after the segments that Tantivy's `meta.json` lists.
    """
    files = [path for path in folder.rglob("*") if path.is_file()]
    live = 0
    for meta in (path for path in files if path.name == "meta.json"):
        used = {each["segment_id"].replace("-", "") for each in json.loads(meta.read_text())["segments"]}
        live += sum(
            path.stat().st_size
            for path in meta.parent.iterdir()
            if path.name == "meta.json" or re.split(r"[.-]", path.name)[0] in used
        )
    return live, sum(path.stat().st_size for path in files)


@contextmanager
def _server(options: BenchmarkOptions) -> Iterator[str]:
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
        server = ElasticsearchServer()
        server.__enter__()
    except (ElasticsearchMissingError, OSError) as reason:
        raise NoServerError(NO_SERVER.format(reason=reason)) from reason
    try:
        yield server.url
    finally:
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
