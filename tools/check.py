"""Runs the checks of `make test` and `make test-all`, with the time of each step and a summary at the end.

    python -m tools.check            # Python only: at most 5 minutes
    python -m tools.check --all      # that, and the real Elasticsearch, PostgreSQL and Chromium: at most 40

Servers and programs that the machine lacks are left out of --all and named at the end; with REQUIRE_ALL=1
that is a failure.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from articles.readers.ocr.tesseract import is_available
from tools.research.page_faces import FACES
from tools.servers.elasticsearch import ElasticsearchServer
from tools.servers.elasticsearch_distribution import ElasticsearchMissingError
from tools.servers.postgres import Cluster, PostgresMissingError

PROJECT = Path(__file__).resolve().parent.parent
QUICK = "not elasticsearch and not postgres and not browser and not slow"
#: On PostgreSQL every test that touches the database runs again, and the tests of PostgreSQL itself.
ON_POSTGRES = "not elasticsearch and not browser and not slow"
#: Cores that are used; more would need more memory than a small machine has.
CORES = min(4, os.cpu_count() or 1)
#: Parallel test processes, as one of them often waits for the disk, a server or a program. The tests
#: of a file stay together because they share expensive fixtures, and run in order because the slowest files
#: come first.
TEST_PROCESSES = CORES + 1
SHIPPED = ("arabic", "articles", "search", "newsarchive", "deploy", "tools")
#: All tests with a browser are here (tests/ops/test_tiers.py): their process need not read the others.
BROWSER_TESTS = "tests/search/web/browser"
CHROMIUM_NAMES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


@dataclass
class CheckRun:
    """The steps so far (name, seconds, passed), and what the machine lacks."""

    steps: list[tuple[str, float, bool]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    def step(self, name: str, *command: str, **environment: str) -> None:
        """Run a command from the project's folder, its output unbuffered."""
        print(f"\n== {name}", flush=True)
        begun = time.monotonic()
        done = subprocess.run(
            command, check=False, cwd=PROJECT, env=inherited() | environment, stdin=subprocess.DEVNULL
        )
        self.steps.append((name, time.monotonic() - begun, done.returncode == 0))

    def at_once(self, commands: Mapping[str, tuple[str, ...]], **environment: str) -> None:
        """Run commands side by side, at least two at a time, and print what they say in their order."""

        def run(command: tuple[str, ...]) -> tuple[float, subprocess.CompletedProcess[str]]:
            begun = time.monotonic()
            done = subprocess.run(
                command, check=False, cwd=PROJECT, env=inherited() | environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )  # fmt: skip
            return time.monotonic() - begun, done

        with ThreadPoolExecutor(max(2, CORES)) as pool:
            for name, (seconds, done) in zip(commands, pool.map(run, commands.values()), strict=True):
                print(f"\n== {name}\n{done.stdout}", end="", flush=True)
                self.steps.append((name, seconds, done.returncode == 0))

    @property
    def seconds(self) -> float:
        """Return the time since the first step began."""
        return time.monotonic() - self.begun

    def report(self, require_all: bool) -> int:
        """Print the summary and return the exit code."""
        print()
        for name, seconds, passed in self.steps:
            print(f"{'ok    ' if passed else 'FAILED'} {seconds:7.1f} s  {name}")
        failed = [name for name, _, passed in self.steps if not passed]
        for part in self.missing:
            print(f"{'FAILED' if require_all else 'NOT RUN'}: {part}")
        good = not failed and not (self.missing and require_all)
        print(f"{'All passed' if good else 'FAILED'} in {self.seconds:.0f} s", flush=True)
        return 0 if good else 1


def inherited() -> dict[str, str]:
    """Return this process's environment, in which Python keeps the modules that it has compiled.

    Machines of CI often forbid it. Each of the hundreds of processes that the tests start would then compile
    the project again, and each process of tests would rewrite all assertions (docs/decisions/0018).
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def python(*arguments: str) -> tuple[str, ...]:
    """Return a command of this environment's Python."""
    return (sys.executable, *arguments)


def pytest(*arguments: str, processes: int = TEST_PROCESSES) -> tuple[str, ...]:
    """Return a command that runs tests in so many processes."""
    parallel = ("-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder") if processes > 1 else ()
    return python("-m", "pytest", "-q", "--durations=25", *parallel, *arguments)


def program(name: str) -> str:
    """Return the path of a program that is installed in this environment."""
    return str(Path(sys.executable).with_name(name))


def run_quick_checks(run: CheckRun) -> None:
    """Run the checks of `make test`."""
    run.at_once(
        {
            # The longest first.
            "types": python("-m", "mypy", "arabic", "articles", "search", "newsarchive"),
            "templates": (program("djlint"), "--lint", "--check", "--quiet", "templates"),
            "migrations": python("manage.py", "makemigrations", "--check", "--dry-run"),
            "import directions": (program("lint-imports"), "--no-logo"),
            "lint": (program("ruff"), "check", "."),
            "format": (program("ruff"), "format", "--check", "."),
            "security lint": (program("bandit"), "-q", "-c", "pyproject.toml", "-ll", "-r", *SHIPPED),
            "settings of a deployment": (
                "env",
                "BEHIND_TLS=true",
                "ALLOWED_HOSTS=archive.example",
                f"SECRET_KEY={secrets.token_hex(48)}",
                *python("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
            ),
        },
        **throwaway_settings(),
    )
    run.step("tests", *pytest("-m", QUICK))
    print(f"\n`make test`: {run.seconds:.0f} s", flush=True)


def throwaway_settings() -> dict[str, str]:
    """Return settings for a command that needs Django but no archive."""
    return {"DJANGO_SETTINGS_MODULE": "tests.settings"}


def run_server_checks(run: CheckRun) -> None:
    """Run the checks that `make test-all` adds."""
    with ExitStack() as stack:
        servers: dict[str, str] = {}
        tiers: list[str] = []
        elasticsearch = None if "TEST_ELASTICSEARCH_URL" in os.environ else begin_elasticsearch(stack)
        try:
            if "TEST_POSTGRES_URL" not in os.environ:
                servers["TEST_POSTGRES_URL"] = stack.enter_context(Cluster()).url
            tiers.append("postgres")
        except PostgresMissingError as reason:
            run.missing.append(f"PostgreSQL: {reason}")
        try:
            if elasticsearch:
                servers["TEST_ELASTICSEARCH_URL"] = elasticsearch.result().url
            tiers.append("elasticsearch")
        except ElasticsearchMissingError as reason:
            run.missing.append(f"Elasticsearch: {reason}")
        if chromium := find_chromium():
            servers["CHROMIUM"] = chromium
            tiers.append("browser")
        else:
            run.missing.append(
                "Chromium: none found (Debian: apt-get install chromium), or name it in CHROMIUM"
            )
        run.missing += missing_for_scans()
        run_tiered_tests(run, tiers, servers)


def missing_for_scans() -> list[str]:
    """Return what is missing of what the tests of OCR need; without it they are skipped."""
    missing = []
    if not is_available():
        install = "apt-get install tesseract-ocr-ara poppler-utils"
        missing.append(f"OCR: no Tesseract with Arabic or no pdftoppm (Debian: {install})")
    if lacking := [face.name for face in FACES if not face.exists()]:
        install = "apt-get install fonts-hosny-amiri fonts-kacst fonts-dejavu-core"
        missing.append(f"fonts of drawn pages: no {', '.join(lacking)} (Debian: {install})")
    return missing


def begin_elasticsearch(stack: ExitStack) -> Future[ElasticsearchServer]:
    """Start Elasticsearch while PostgreSQL starts; the stack stops it."""
    starting = stack.enter_context(ThreadPoolExecutor(1)).submit(
        lambda: ElasticsearchServer(for_tests=True).__enter__()
    )
    stack.callback(lambda: starting.exception() or starting.result().stop())
    return starting


def run_tiered_tests(run: CheckRun, tiers: list[str], servers: dict[str, str]) -> None:
    """Run the tests marked for the available tiers, the slow ones, and those that run again on PostgreSQL.

    The first part takes longest and waits for servers; the others run beside it, one after the other.
    Tests with a browser are in one process of their own: a process that has had a browser is of no use for
    other tests, and the screens would be the last to end.
    """
    others = [tier for tier in tiers if tier != "browser"]
    absent = [tier for tier in ("elasticsearch", "postgres") if tier not in tiers]
    expression = " and ".join(
        (f"({' or '.join((*others, 'slow'))})", "not browser", *(f"not {tier}" for tier in absent))
    )
    # PostgreSQL's own tests run below, on PostgreSQL; those that need several servers run here.
    if "postgres" in tiers:
        expression += " and not (postgres and not elasticsearch and not slow)"
    required = ",".join((*(tier for tier in others if tier != "postgres"), "slow"))
    name = f"tests with {', '.join(others) or 'no server'}, and slow ones"
    commands = {name: pytest("-m", expression, "--require-tiers", required)}
    if "browser" in tiers:
        with_browser = " and ".join(("browser", *(f"not {tier}" for tier in absent)))
        commands["tests with a browser"] = pytest(
            "-m", with_browser, "--require-tiers", "browser", BROWSER_TESTS, processes=1
        )
    if "postgres" in tiers:
        database = servers.get("TEST_POSTGRES_URL") or os.environ["TEST_POSTGRES_URL"]
        again = ("-m", ON_POSTGRES, "--with-database-only", "--require-tiers", "postgres")
        commands["tests on PostgreSQL"] = (
            "env",
            f"DATABASE_URL={database}",
            *pytest(*again, processes=CORES),
        )
    run.at_once(commands, **servers)


def find_chromium() -> str | None:
    """Return the browser that the tests drive: $CHROMIUM, or one of the system's."""
    named = os.environ.get("CHROMIUM")
    return next((path for path in (named, *CHROMIUM_NAMES) if path and Path(path).exists()), None)


def main() -> int:
    """Run the checks; return 0 if all passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--all", action="store_true", help="also the real Elasticsearch, PostgreSQL, Chromium"
    )
    options = parser.parse_args()
    run = CheckRun()
    run_quick_checks(run)
    if options.all:
        run_server_checks(run)
    return run.report(require_all=os.environ.get("REQUIRE_ALL") == "1")


if __name__ == "__main__":
    sys.exit(main())
