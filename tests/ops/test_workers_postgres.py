"""PostgreSQL follows the same rules: the tests of writing, of the outbox and of rebuilds, run on it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.ops.archive import ROOT, new_database

SAME = (
    "tests/articles/test_outbox.py",
    "tests/articles/test_simultaneous.py",
    "tests/articles/test_triggers.py",
    "tests/search/test_background.py",
    "tests/search/test_indexing.py",
    "tests/search/test_indexing_faults.py",
    "tests/search/test_rebuild.py",
)


@pytest.mark.postgres
@pytest.mark.slow
def test_what_holds_on_sqlite_holds_on_postgresql(postgres_url: str) -> None:
    environment = os.environ | {"DATABASE_URL": new_database(postgres_url)}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-m",
        "not elasticsearch",
        *SAME,
    ]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
