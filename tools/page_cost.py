"""Measures what a page of results weighs, and its time over HTTP beside that of its search.

    .venv/bin/python -m tools.page_cost --archive KEPT

KEPT is the folder of `manage.py benchmark --keep KEPT --build-only`; it is copied. The archive is started as
`make run` starts it, but with one process of the web server: one reader's connection stays with one, and a
new connection would meet one that has not read its tables yet. Asked are --terms (60) words and names of
cities with at least a hundred hits each, drawn by --seed, after twenty others: first the page over HTTP,
compressed, by one reader, then `run_search` in this process, each --rounds (3) times in turn; of each the
median counts. It prints

- HTML bytes, compressed and not; stylesheets and scripts; what the first view sends with all that it links;
- p50 of pages and of searches, and the median of their ratio;
- seconds of the most frequent word and of a function word in the other views;
- seconds, processor time and memory of exports of all articles, each in a process of its own.

Above a load of one, which it prints first, only processor time means anything.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

from tools.benchmark.load import PROJECT, prepared_archive, served

WARM_TERMS = 20
VIEWS = {
    "words in context by date": "view=context",
    "words in context by what follows": "view=context&order=after",
    "partners": "view=context&words=partners",
    "distinctive words": "view=context&words=distinctive",
    "time": "view=time",
}
FUNCTION_WORD = "في"
EXPORTS = ("csv", "xlsx", "jsonl", "bib", "ris")
#: Of requests a minute, for strangers; 0 = none.
_LIMITS = ("LIMIT_SEARCHES", "LIMIT_PAGES", "LIMIT_API", "LIMIT_EXPORTS", "LIMIT_SUGGESTIONS")
_LINKED = re.compile(
    r'<(?:link rel="(?:stylesheet|preload|icon)"|script)[^>]*?(?:href|src)="([^"]+)"', re.DOTALL
)


def main() -> int:
    """Measure and print; with --measure it is the process that has the archive's settings."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--archive", type=Path, help="folder of `manage.py benchmark --keep`")
    parser.add_argument("--engine", choices=["embedded", "elasticsearch"], default="embedded")
    parser.add_argument("--terms", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measured(int(os.environ["PORT"]), options), ensure_ascii=False, indent=2))
        return 0
    print(f"load average before: {os.getloadavg()[0]:.2f}", file=sys.stderr)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsarchive-pages-")))
        environment = stack.enter_context(prepared_archive(home, options))
        environment |= dict.fromkeys(_LIMITS, "0") | {"WEB_CONCURRENCY": "1"}
        stack.enter_context(served(environment, home / "log"))
        numbers = ("terms", "seed", "rounds")
        given = [f"--{name}={getattr(options, name)}" for name in numbers]
        command = [sys.executable, "-m", "tools.page_cost", "--measure", *given]
        subprocess.run(command, check=True, cwd=PROJECT, env=environment)
        for form in EXPORTS:
            print(json.dumps(export_cost(form, environment)), flush=True)
    return 0


class PageReader:
    """Asks for pages over one connection, compressed."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, path: str) -> tuple[float, bytes]:
        """Return the seconds until the answer was there, and its bytes as they were sent."""
        for attempt in range(2):  # the server closes a connection that was idle for two seconds
            started = time.perf_counter()
            try:
                self._connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
                answer = self._connection.getresponse()
                data = answer.read()
            except (http.client.RemoteDisconnected, ConnectionError):
                self._connection.close()
                if attempt:
                    raise
                continue
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status}")
            return time.perf_counter() - started, data
        raise AssertionError


def measured(port: int, options: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of pages; the settings are those of the served archive."""
    import django  # noqa: PLC0415  the process that starts this one has no settings

    django.setup()
    from search.query.request import SearchRequest  # noqa: PLC0415  needs settings
    from search.retrieval.service import run_search  # noqa: PLC0415  needs settings
    from search.web.viewmodels.list_place import DEFAULT_GROUP  # noqa: PLC0415  needs settings
    from tools.benchmark.workload import common_terms, frequent_words  # noqa: PLC0415  needs settings

    def search(term: str) -> float:
        started = time.perf_counter()
        run_search(SearchRequest(q=term, group=DEFAULT_GROUP))
        return time.perf_counter() - started

    reader = PageReader(port)
    drawn = common_terms(options.terms + WARM_TERMS, options.seed)
    terms, others = drawn[: options.terms], drawn[options.terms :]
    for term in others:
        reader.ask(f"/search/?q={quote(term)}")
        search(term)
    pages: list[float] = []
    searches: list[float] = []
    sent: list[bytes] = []
    for term in terms:
        rounds = [(reader.ask(f"/search/?q={quote(term)}"), search(term)) for _ in range(options.rounds)]
        sent.append(rounds[0][0][1])
        pages.append(1e3 * statistics.median(page[0] for page, _ in rounds))
        searches.append(1e3 * statistics.median(seconds for _, seconds in rounds))
    html = [gzip.decompress(data).decode() for data in sent]
    return {
        "terms": len(terms),
        "html_kb": _middle_and_most([len(text.encode()) / 1024 for text in html]),
        "sent_kb": _middle_and_most([len(data) / 1024 for data in sent]),
        "stylesheets": max(text.count('rel="stylesheet"') for text in html),
        "scripts": max(text.count("<script") for text in html),
        "first_view_kb": round(_first_view(reader, html[0], sent[0]) / 1024, 1),
        "page_ms_p50": round(statistics.median(pages), 1),
        "search_ms_p50": round(statistics.median(searches), 1),
        "ratio_of_p50": round(statistics.median(pages) / statistics.median(searches), 2),
        "views_ms": {
            f"{name}, {word}": round(
                1e3 * statistics.median(reader.ask(f"/search/?q={quote(word)}&{view}")[0] for _ in range(5))
            )
            for word in (frequent_words()[0], FUNCTION_WORD)
            for name, view in VIEWS.items()
        },
    }


def _first_view(reader: PageReader, html: str, sent: bytes) -> int:
    """Return the bytes of a page and of all that it links for its first view, without headers."""
    linked = {urljoin("/", address) for address in _LINKED.findall(html)}
    return len(sent) + sum(len(reader.ask(address)[1]) for address in linked)


def export_cost(form: str, environment: dict[str, str]) -> dict[str, Any]:
    """Export all articles in a process of its own; memory is its greatest, with Django and all tables."""
    command = [sys.executable, "manage.py", "export", "", "--format", form, "--output", os.devnull]
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return {
        "format": form,
        "seconds": round(time.perf_counter() - started, 1),
        "processor_s": round(used.ru_utime + used.ru_stime, 1),
        "memory_mb": round(used.ru_maxrss / 1024),
    }


def _middle_and_most(values: list[float]) -> list[float]:
    return [round(statistics.median(values), 1), round(max(values), 1)]


if __name__ == "__main__":
    sys.exit(main())
