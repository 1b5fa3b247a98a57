"""The command line before the archive is set up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", [["index_status", "--json"], ["import_articles", "articles/samples"]])
def test_a_missing_setup_is_reported_without_a_traceback(command: list[str], tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"ARCHIVE_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "newsarchive.settings"}
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        check=False, cwd=PROJECT, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert "setup_archive" in done.stderr
    assert "Traceback" not in done.stderr
