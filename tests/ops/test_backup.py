"""A backup of a running SQLite archive is complete and private, and never overwrites a file."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def back_up(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "tools/backup.py", *arguments], check=False, cwd=PROJECT, capture_output=True,
        text=True, env=os.environ | {"ARCHIVE_DATA_DIR": str(folder)},
    )  # fmt: skip


def test_a_backup_holds_what_is_committed_while_somebody_writes(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "archive.sqlite3", isolation_level=None)) as archive:
        archive.execute("PRAGMA journal_mode=WAL")
        archive.execute("CREATE TABLE article (title text)")
        archive.execute("INSERT INTO article VALUES ('committed')")
        archive.execute("BEGIN IMMEDIATE")
        archive.execute("INSERT INTO article VALUES ('not yet')")
        assert back_up(tmp_path, str(tmp_path / "copy")).returncode == 0
        archive.execute("COMMIT")
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute("SELECT title FROM article").fetchall() == [("committed",)]
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600


def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "archive.sqlite3").close()
    (tmp_path / "copy").write_text("mine")
    done = back_up(tmp_path, str(tmp_path / "copy"))
    assert done.returncode == 1
    assert "not copied" in done.stderr
    assert (tmp_path / "copy").read_text() == "mine"


def test_a_folder_without_an_archive_is_reported(tmp_path: Path) -> None:
    done = back_up(tmp_path, str(tmp_path / "copy"))
    assert (done.returncode, "no SQLite archive" in done.stderr) == (1, True)
    assert not (tmp_path / "copy").exists()
    assert back_up(tmp_path).returncode == 2
