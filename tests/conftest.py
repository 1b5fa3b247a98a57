"""Fixtures shared by all tests: the real servers, and the count of passed tests in each tier.

A server is started when the first test asks for it, or is the one that the environment names:
TEST_ELASTICSEARCH_URL (without security), TEST_POSTGRES_URL. A missing server is a failure:
tools/check.py deselects the tests that need it, and none is skipped here. Without Tesseract, or the fonts of
their pages, tests of OCR are skipped unless REQUIRE_ALL is set; tools/check.py names both.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

from articles.models import Outbox
from search.coverage.coverage_counts import clear_count_cache
from tests import strict_columns
from tools.servers.elasticsearch import ElasticsearchServer
from tools.servers.elasticsearch_distribution import ElasticsearchMissingError
from tools.servers.postgres import Cluster, PostgresMissingError

# As in the worker processes of an import: fewer looks for garbage among a million objects that stay.
gc.set_threshold(20_000, 20, 20)
# `timeout` and a cancelled run end pytest by SIGTERM: like Ctrl-C, so that the servers are ended, too.
signal.signal(signal.SIGTERM, signal.default_int_handler)
# A deadline, or the check for slow generation, would fail property tests on a busy machine.
# In CI they try 40 texts each, which all together are its time; 100 where people work.
settings.register_profile(
    "no deadline",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=40 if os.environ.get("CI") else 100,
)
settings.load_profile("no deadline")

Thing = TypeVar("Thing", ElasticsearchServer, Cluster)
TIERS = ("elasticsearch", "postgres", "browser", "slow")
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "postgres_url"}
#: Packages of search without a query of their own (tests/ops/test_tiers.py). In their tests the database
#: holds a few articles; it is read by search/store, search/vocabulary and search/retrieval, which have tests.
PACKAGES_WITHOUT_QUERIES = ("engines", "highlighting", "query", "suggest", "timeline")
#: Tests about files, large answers and roles; what they ask of the database, others ask too (the desk's lists
#: and forms: tests/search/web/guard/test_absurd_values.py and tests/articles/admin/).
NOT_ABOUT_THE_DATABASE = (
    "tests/articles/admin/test_permissions.py",
    "tests/articles/ingest/test_hostile_imports.py",
    "tests/articles/ingest/test_unreadable_texts.py",
    "tests/articles/readers/",
    "tests/search/web/test_answer_sizes.py",
    "tests/search/web/test_exports.py::test_five_thousand_rows_open_in_a_spreadsheet",
)


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """Yield the address of a real Elasticsearch without security. Use an index prefix of your own."""
    if url := os.environ.get("TEST_ELASTICSEARCH_URL"):
        yield url
        return
    with _started(lambda: ElasticsearchServer(for_tests=True)) as server:
        yield server.url


@pytest.fixture
def own_elasticsearch() -> Iterator[ElasticsearchServer]:
    """Yield a real Elasticsearch for one test alone, which may kill, pause and start it."""
    with _started(lambda: ElasticsearchServer(for_tests=True)) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Yield a DATABASE_URL of a real PostgreSQL with an empty database, for subprocesses."""
    if url := os.environ.get("TEST_POSTGRES_URL"):
        yield url
        return
    with _started(Cluster) as cluster:
        yield cluster.url


@pytest.fixture(autouse=True)
def _outbox_starts_empty(request: pytest.FixtureRequest) -> None:
    """Empty the outbox before each test.

    Emptying the tables after a test with real transactions fires the triggers on SQLite, which leaves rows of
    articles that the next test never had.
    """
    if marker := request.node.get_closest_marker("django_db"):
        request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
        Outbox.objects.all().delete()
        clear_count_cache()  # rows of the next database have the same numbers as this one's


@contextmanager
def _started(make: Callable[[], Thing]) -> Iterator[Thing]:
    """Yield the running server that `make` makes; fail with the name of a missing program."""
    with ExitStack() as stack:
        try:
            thing = stack.enter_context(make())
        except (ElasticsearchMissingError, PostgresMissingError) as missing:
            pytest.fail(f"a real server is needed and cannot be had: {missing}")
        yield thing


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-tiers",
        default="",
        help=f"fail unless a test of each of these passed, separated by commas: {', '.join(TIERS)}",
    )
    parser.addoption(
        "--with-database-only",
        action="store_true",
        help="leave out the tests that do not depend on the kind of database",
    )
    parser.addoption(
        "--renew-floor",
        action="store_true",
        help="write what search quality reaches now to tests/search/evaluation/quality_floor.json",
    )


def pytest_configure(config: pytest.Config) -> None:
    strict_columns.install()
    # With pytest-xdist only the controlling process, which receives all reports, counts.
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(TierCount(config), "tier-count")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # Files with slow tests begin, so that none of them is left for one process when the others have ended.
    # Once a process has a browser, it is of no use for other tests: see the fixture `browser`.
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (item.get_closest_marker("browser") is not None, item.path not in slow))
    if config.getoption("--with-database-only"):
        without = [item for item in items if not _depends_on_database(item)]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if _depends_on_database(item)]


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass over what is loaded by now: modules and thousands of tests."""
    gc.collect()
    gc.freeze()


def _depends_on_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("postgres"):
        return True
    if item.nodeid.startswith(NOT_ABOUT_THE_DATABASE):
        return False
    if item.nodeid.startswith(tuple(f"tests/search/{name}/" for name in PACKAGES_WITHOUT_QUERIES)):
        return False
    touched = item.get_closest_marker("django_db") is not None
    return touched or not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


class TierCount:
    """Counts passed tests by tier, so that a tier that ran no test fails."""

    def __init__(self, config: pytest.Config) -> None:
        named: str = config.getoption("--require-tiers")
        self.required = [tier for tier in named.split(",") if tier]
        self.passed: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.passed.update(tier for tier in TIERS if tier in report.keywords)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if (
            not session.config.option.collectonly
            and self.empty()
            and session.exitstatus == pytest.ExitCode.OK
        ):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.required:
            counts = ", ".join(f"{tier} {self.passed[tier]}" for tier in self.required)
            terminalreporter.write_line(f"passed by tier: {counts}")
        if self.empty():
            terminalreporter.write_line(f"ERROR: no test passed in: {', '.join(self.empty())}", red=True)

    def empty(self) -> list[str]:
        """Return the required tiers in which no test passed."""
        return [tier for tier in self.required if not self.passed[tier]]
