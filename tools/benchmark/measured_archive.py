"""The archive that the benchmark measures: its articles, and an index of each engine and of the reference.

It is new and temporary, or in a folder that the next run takes up again (`manage.py benchmark --keep`). Then
only what is missing is built: an index that was made with other tables or code is made again.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

PROJECT = Path(__file__).resolve().parents[2]
SAMPLES = PROJECT / "articles" / "samples"
ENGINES = ("embedded", "elasticsearch")
#: What a kept archive is made of and how large its indexes are, in its folder.
_FACTS = "benchmark.json"


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
    #: Of each set; 0: no searches are measured.
    queries: int = 300
    warm: int = 200
    #: 0: no saves are measured.
    saves: int = 100
    seed: int = 1
    #: Another checkout whose imports are measured in turn with ours.
    against: Path | None = None
    reference: bool = True
    #: A folder in which the archive, its indexes and the data of a private server stay.
    keep: Path | None = None
    #: Build what is missing, and measure nothing.
    build_only: bool = False
    say: Callable[[str], None] = field(default=print)


class MeasuredArchive:
    """An archive in a folder, with an index of each engine and of the reference."""

    def __init__(self, folder: Path, url: str, options: BenchmarkOptions) -> None:
        self.options = options
        self._folder = folder
        self._url = url
        self._prefix = "benchmark-kept" if options.keep else f"benchmark-{os.getpid()}"
        self._environment = os.environ | {
            "ALLOWED_HOSTS": "localhost",
            "ARCHIVE_DATA_DIR": str(folder),
            "ELASTICSEARCH_PREFIX": self._prefix,
            "ELASTICSEARCH_URL": url or "http://127.0.0.1:9200",
            "DJANGO_SETTINGS_MODULE": "newsarchive.settings",
        }
        self._environment.pop("DATABASE_URL", None)
        #: What is kept: `asked` (how the articles were chosen), `kind`, `folder_ratio`, `index`.
        self._facts: dict[str, Any] = {}

    @property
    def kind(self) -> str:
        """What the articles are, for the report."""
        return str(self._facts["kind"])

    def build(self) -> dict[str, dict[str, Any]]:
        """Make what is missing; return by engine the size of the index and the seconds that it took."""
        self._fill()
        for engine in self.options.engines:
            self._rebuild(engine)
        if self._url:
            self.options.say("index of the reference")
            self._run("tools.benchmark.plain_search", self._reference)
        return {engine: self._facts["index"][engine] for engine in self.options.engines}

    def ask(self, take: str) -> dict[str, Any]:
        """Time the searches of a take; see tools/benchmark/search_times.py."""
        asked = {
            "take": take,
            "engines": list(self.options.engines),
            "reference": self._reference if self._url else "",
            "sets": str(self.options.sets.resolve()) if self.options.sets else "",
            "queries": self.options.queries,
            "warm": self.options.warm,
            "seed": self.options.seed,
        }
        return dict(json.loads(self._run("tools.benchmark.search_times", json.dumps(asked))))

    def save_articles(self, engine: str) -> list[float]:
        """Return the seconds of each save until it can be found; see tools/benchmark/save_times.py."""
        count, seed = str(self.options.saves), str(self.options.seed)
        return list(json.loads(self._run("tools.benchmark.save_times", count, seed, SEARCH_ENGINE=engine)))

    def facts(self) -> dict[str, int]:
        """Return the number of visible articles and the UTF-8 bytes of their titles and texts."""
        code = (
            "import json; from articles.models import Article; "
            "rows = Article.objects.visible().values_list('title', 'body').iterator(); "
            "sizes = [len(title.encode()) + len(body.encode()) for title, body in rows]; "
            "print(json.dumps({'articles': len(sizes), 'text_bytes': sum(sizes)}))"
        )
        return dict(json.loads(self._manage("embedded", "shell", "-v0", "-c", code)))

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

    @property
    def _reference(self) -> str:
        return f"{self._prefix}-reference"

    def _fill(self) -> None:
        """Import the articles, unless they are there."""
        asked = [str(self.options.corpus.resolve()), self.options.articles, self.options.seed]
        if (facts := self._folder / _FACTS).is_file():
            self._facts = json.loads(facts.read_text(encoding="utf-8"))
            if self._facts["asked"] != asked:
                raise BenchmarkError(f"{self._folder} holds other articles: {self._facts['asked']}")
            self._manage(self.options.engines[0], "migrate", "-v0")
            return
        if self._folder.exists():
            raise BenchmarkError(f"{self._folder} holds an archive that is not complete: delete it")
        self._folder.mkdir()
        kind, ratio = self._import()
        self._facts = {"asked": asked, "kind": kind, "folder_ratio": ratio, "index": {}}
        self._write_facts()

    def _import(self) -> tuple[str, float | None]:
        """Return what the articles are, and bytes of the folder ÷ live bytes of the embedded index."""
        kind = "the sample articles" if self.options.corpus == SAMPLES else "those of a file"
        engine = self.options.engines[0]
        self._manage(engine, "migrate", "-v0")
        self.options.say(f"import: {self.options.corpus.name}")
        done = json.loads(self._manage(engine, "import_articles", str(self.options.corpus), "--json"))
        have = int(done["created"])
        if not have:
            raise BenchmarkError(f"{self.options.corpus}: no articles were imported")
        if self.options.articles > have:
            count = self.options.articles - have
            self.options.say(f"import: {count:,} variants")
            kind += ", the others variants of them with words exchanged"
            file = self._folder / "varied.jsonl.gz"
            self._run("tools.benchmark.varied", str(file), str(count), str(self.options.seed))
            self._manage(engine, "import_articles", str(file), "--json")
            file.unlink()
        if engine != "embedded":
            return kind, None
        live, everything = index_bytes(self._folder / "index")
        return kind, round(everything / live, 3) if live else None

    def _rebuild(self, engine: str) -> None:
        """Build the index of an engine, unless the archive has it; note its size and the seconds it took."""
        if engine in self._facts["index"] and self._is_current(engine):
            return
        self.options.say(f"rebuild: {engine}")
        started = time.monotonic()
        self._manage(engine, "rebuild_index", "--json")
        seconds = round(time.monotonic() - started, 1)
        if engine == "embedded":
            live = index_bytes(self._folder / "index")[0]
        else:
            live = self._status(engine)["live_bytes"]
        self._facts["index"][engine] = {"live_bytes": live, "rebuild_seconds": seconds}
        if engine == "embedded":
            self._facts["index"][engine]["folder_ratio"] = self._facts["folder_ratio"]
        self._write_facts()

    def _is_current(self, engine: str) -> bool:
        """Return True if an index was made by these tables and this code, of all articles.

        The words by which texts are split may differ: the rebuild of another engine has counted them again.
        """
        try:
            status = self._status(engine)
        except BenchmarkError:  # the index is gone
            return False
        made_with, now = (
            str(status[name]).partition("-")[0] for name in ("analysis_version", "code_analysis_version")
        )
        return made_with == now and status["documents"] == status["visible_articles"]

    def _status(self, engine: str) -> dict[str, Any]:
        return dict(json.loads(self._manage(engine, "index_status", "--json")))

    def _write_facts(self) -> None:
        text = json.dumps(self._facts, ensure_ascii=False, indent=1)
        (self._folder / _FACTS).write_text(text + "\n", encoding="utf-8")

    def _run(self, module: str, *arguments: str, **environment: str) -> str:
        """Run `main` of a module in the archive, and return what it prints."""
        begin = f"import django; django.setup(); from {module} import main; raise SystemExit(main())"
        return self._python("-c", begin, *arguments, **environment)

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
