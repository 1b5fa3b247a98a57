"""The check runner itself: a tier without tests fails, and missing servers are named."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.conftest import PACKAGES_WITHOUT_QUERIES
from tests.ops.running import clean_environment, wait_until
from tools import check
from tools.check import CheckRun
from tools.servers.postgres import Cluster

PROJECT = Path(__file__).resolve().parents[2]
TESTS = PROJECT / "tests"


def pytest_of(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        check=False, cwd=PROJECT, capture_output=True, text=True, env=clean_environment(),
    )  # fmt: skip


def test_a_tier_in_which_nothing_passed_fails_the_run() -> None:
    some_test = "tests/ops/test_files.py::test_the_notice_credits_what_others_made"
    # Counted in the process that receives all reports, which with -n is not the one that runs them.
    done = pytest_of(some_test, "-n", "1", "--require-tiers", "slow,browser")
    assert done.returncode == 1
    assert "1 passed" in done.stdout
    assert "no test passed in: slow, browser" in done.stdout


def test_only_tests_that_use_the_database_run_again_on_another() -> None:
    with_queries = ("tests/articles/ingest/test_batches.py", "tests/search/store/test_database.py")
    without = ("tests/ops/test_files.py", "tests/search/suggest/test_autocomplete.py")
    done = pytest_of(*with_queries, *without, "--with-database-only", "--collect-only")
    assert [file for file in with_queries if f"{file}::" not in done.stdout] == []
    assert [file for file in without if f"{file}::" in done.stdout] == []


@pytest.mark.parametrize("package", PACKAGES_WITHOUT_QUERIES)
def test_packages_whose_tests_do_not_run_again_make_no_query(package: str) -> None:
    modules = sorted((PROJECT / "search" / package).rglob("*.py"))
    assert modules
    importing = re.compile(r"^\s*(from|import) (django\.db|(articles|search)\.models)\b", re.MULTILINE)
    assert [path.name for path in modules if importing.search(path.read_text(encoding="utf-8"))] == []


def test_ci_requires_all_tiers_and_runs_each_step_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (PROJECT / ".ci" / "run").read_text().splitlines()[-1] == "REQUIRE_ALL=1 make test-all"
    begun: list[str] = []
    monkeypatch.setattr(check, "run_quick_checks", lambda run: begun.append("make test"))
    monkeypatch.setattr(check, "run_server_checks", lambda run: begun.append("the rest"))
    monkeypatch.setattr(sys, "argv", ["check", "--all"])
    assert check.main() == 0
    assert begun == ["make test", "the rest"]


def test_a_run_that_selects_no_test_fails() -> None:
    assert pytest_of("tests/ops/test_files.py", "-m", "browser").returncode != 0


def test_a_failed_step_fails_all(capfd: pytest.CaptureFixture[str]) -> None:
    run = CheckRun()
    run.step("good", sys.executable, "-c", "pass")
    assert run.report(require_all=True) == 0
    run.step("bad", sys.executable, "-c", "raise SystemExit(1)")
    assert run.report(require_all=False) == 1
    assert "FAILED" in capfd.readouterr().out.splitlines()[-1]


def test_steps_at_once_are_reported_in_their_order_and_one_that_fails_fails_all(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run = CheckRun()
    ended = tmp_path / "the second has ended"
    wait = f"import pathlib\nwhile not pathlib.Path({str(ended)!r}).exists(): pass\nprint('first')"
    fail = f"open({str(ended)!r}, 'w').close(); print('second'); raise SystemExit(1)"
    run.at_once({"one": (sys.executable, "-c", wait), "two": (sys.executable, "-c", fail)})
    assert run.report(require_all=False) == 1
    said = capfd.readouterr().out
    assert said.index("first") < said.index("second")
    assert [(name, passed) for name, _, passed in run.steps] == [("one", True), ("two", False)]


def test_missing_servers_are_named_and_fail_the_run_only_if_required(
    capfd: pytest.CaptureFixture[str],
) -> None:
    run = CheckRun(missing=["Chromium: none found"])
    assert run.report(require_all=False) == 0
    assert "NOT RUN: Chromium" in capfd.readouterr().out
    assert run.report(require_all=True) == 1


def test_what_ocr_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it tests are skipped, which no count of passed tests shows."""
    monkeypatch.setattr(check, "is_available", lambda: False)
    monkeypatch.setattr(check, "FACES", (Path(__file__), Path("/nowhere/Amiri.ttf")))
    for name in ("TEST_ELASTICSEARCH_URL", "TEST_POSTGRES_URL"):
        monkeypatch.setenv(name, "a server")
    monkeypatch.setattr(check, "find_chromium", lambda: "a browser")
    monkeypatch.setattr(CheckRun, "step", lambda *_, **__: None)
    monkeypatch.setattr(CheckRun, "at_once", lambda *_, **__: None)
    run = CheckRun()
    check.run_server_checks(run)
    assert ["tesseract-ocr-ara" in run.missing[0], "no Amiri.ttf (" in run.missing[1]] == [True, True]
    assert run.report(require_all=True) == 1


def test_only_the_tests_on_postgresql_have_it_as_their_database(monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, tuple[str, ...]] = {}
    monkeypatch.setattr(CheckRun, "at_once", lambda _run, commands, **_settings: told.update(commands))
    url = "postgres://archive@127.0.0.1/postgres"
    check.run_tiered_tests(CheckRun(), ["postgres", "elasticsearch", "browser"], {"TEST_POSTGRES_URL": url})
    assert next(iter(told)) == "tests with postgres, elasticsearch, and slow ones", "the longest begins"
    on_postgres = [name for name, command in told.items() if f"DATABASE_URL={url}" in command]
    assert on_postgres == ["tests on PostgreSQL"]
    assert len(told) == 3
    assert "--with-database-only" in told[on_postgres[0]]


def test_a_step_sees_the_settings_it_is_given(capfd: pytest.CaptureFixture[str]) -> None:
    run = CheckRun()
    run.step("settings", sys.executable, "-c", "import os; print(os.environ['COLOUR'])", COLOUR="green")
    assert "green" in capfd.readouterr().out


def test_a_step_keeps_compiled_modules_where_the_environment_forbids_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    run = CheckRun()
    run.step("kept", sys.executable, "-c", "import sys; print(sys.dont_write_bytecode)")
    assert "False" in capfd.readouterr().out


def test_only_the_folder_of_browser_tests_has_some() -> None:
    """The process that drives the browser reads no other tests."""
    marked = {path for path in TESTS.rglob("test_*.py") if "mark.browser" in path.read_text(encoding="utf-8")}
    assert {path for path in marked if check.BROWSER_TESTS not in str(path)} == {Path(__file__)}
    assert len(marked) > 10


def test_a_program_ends_with_the_killed_process_of_the_test_that_runs_it(tmp_path: Path) -> None:
    begin = """if 1:
        import os, pathlib, signal, sys
        from tests.ops.running import running
        with running(["sleep", "60"], pathlib.Path(sys.argv[1]), {}) as process:
            command = pathlib.Path(f"/proc/{process.pid}/cmdline")
            while not command.read_text().startswith("sleep"):
                pass
            print(process.pid, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run(
        [sys.executable, "-c", begin, str(tmp_path / "log")],
        check=False, cwd=PROJECT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    state = Path(f"/proc/{int(done.stdout)}/stat")
    wait_until(lambda: not state.exists() or state.read_text().rpartition(") ")[2].startswith("Z"), 10)


@pytest.mark.postgres
def test_a_private_postgresql_keeps_its_data_after_a_power_cut() -> None:
    with Cluster() as cluster:
        with psycopg.connect(cluster.url) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('حمص')")
        cluster.kill()
        cluster.start()
        with psycopg.connect(cluster.url) as connection:
            assert connection.execute("SELECT word FROM kept").fetchone() == ("حمص",)
    assert not cluster.folder.exists()


def test_the_checks_start_without_settings() -> None:
    """Start the program as `make test` does: what it imports may not need Django's settings."""
    environment = clean_environment()
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = (sys.executable, "-m", "tools.check", "--help")
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=PROJECT, env=environment)
    assert done.returncode == 0, done.stderr
