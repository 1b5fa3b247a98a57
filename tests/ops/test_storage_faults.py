"""A disk that is full or cannot be written, a damaged database file: every door says so, without a trace."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.ops.archive import ROOT, Archive

READ = [
    ["index_status"],
    ["search", "قصف"],
    ["check_index"],
    ["export", "قصف", "--format", "csv"],
]
WRITE = [
    ["setup_archive", "--no-static", "--no-samples"],
    ["rebuild_index"],
    ["drain_outbox"],
    ["import_articles", str(ROOT / "articles" / "samples")],
    ["check_index", "--repair"],
]
#: These write only what changes, and nothing does.
IDLE = [["tag_places"], ["clean_articles"]]
PAGES = [
    ["GET", "/"],
    ["GET", "/search/?q=قصف"],
    ["GET", "/api/v1/search?q=قصف"],
    ["GET", "/articles/1/"],
    ["POST", "/admin/login/", {"username": "admin", "password": "x"}],
    ["GET", "/readyz"],
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of an archive with an article and an index, which no test changes."""
    made = Archive(tmp_path_factory.mktemp("whole") / "data")
    made.migrate()
    made.manage("setup_archive", "--no-samples", "--no-static")
    made.script(
        "Article.objects.create(title='قصف', body='قصف في حمص')\n"
        "from django.db import connection; connection.cursor().execute('PRAGMA wal_checkpoint(TRUNCATE)')"
    )
    return made.folder


@pytest.fixture
def archive(whole: Path, tmp_path: Path) -> Archive:
    """Return a copy of it."""
    return Archive(shutil.copytree(whole, tmp_path / "data"))


def outcomes(archive: Archive, steps: list[list[Any]], mount: str) -> list[dict[str, Any]]:
    """Run steps where the shell command `mount` has changed the data folder ($1), for them alone."""
    command = ["unshare", "-rm", "sh", "-ec", f'{mount}; shift; exec "$@"', "sh", str(archive.folder)]
    done = subprocess.run(
        [*command, sys.executable, "-m", "tests.ops.full_and_read_only"],
        check=False, cwd=ROOT, env=archive.environment, input=json.dumps(steps),
        capture_output=True, text=True,
    )  # fmt: skip
    assert "OUTCOMES" in done.stdout, done.stderr
    return list(json.loads(done.stdout.rpartition("OUTCOMES")[2]))


READ_ONLY = 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"'


def test_a_data_folder_that_cannot_be_written_is_named_by_every_command_and_page(archive: Archive) -> None:
    steps = [*READ, *WRITE, *IDLE, *PAGES]
    for step, outcome in zip(steps, outcomes(archive, steps, READ_ONLY), strict=True):
        assert "Traceback" not in outcome["said"], step
        if step in WRITE:
            assert outcome["code"] == 1, step
            assert "cannot be written" in outcome["said"], (step, outcome["said"])
        if step in PAGES and outcome["code"] >= 400:
            assert outcome["code"] == 503, step


def test_a_start_in_a_folder_that_cannot_be_written_ends_with_a_message(archive: Archive) -> None:
    del archive.environment["SECRET_KEY"]
    for step in (["-m", "newsarchive.serve"], ["manage.py", "index_status"]):
        done = subprocess.run(
            ["unshare", "-rm", "sh", "-ec", f'{READ_ONLY}; shift; exec "$@"', "sh", str(archive.folder),
             sys.executable, *step],
            check=False, cwd=ROOT, env=archive.environment | {"PORT": "18231"},
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 1
        assert "cannot be written" in done.stderr
        assert "Traceback" not in done.stderr


FULL = (
    'cp -r "$1" "$1.copy"; mount -t tmpfs -o size=24m tmpfs "$1"; cp -r "$1.copy/." "$1"; rm -r "$1.copy";'
    ' dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null || true'
)


def test_a_full_disk_is_named_and_what_was_saved_is_still_found(archive: Archive) -> None:
    steps: list[list[Any]] = [
        ["search", "قصف", "--json"],
        ["import_articles", str(ROOT / "articles" / "samples")],
        ["GET", "/search/?q=قصف"],
    ]
    search, imported, page = outcomes(archive, steps, FULL)
    assert json.loads(search["said"])["total"] == 1
    assert (imported["code"], page["code"]) == (1, 200)
    assert "disk is full" in imported["said"]
    assert "Traceback" not in imported["said"]


@pytest.mark.parametrize("kept", [0.5, 0.9, 100])
def test_a_cut_database_leads_to_the_backup(archive: Archive, kept: float) -> None:
    path = archive.folder / "archive.sqlite3"
    os.truncate(path, int(path.stat().st_size * kept) if kept < 1 else int(kept))
    for aside in archive.folder.glob("archive.sqlite3-*"):
        aside.unlink()
    outcome, page = outcomes(archive, [["rebuild_index"], ["GET", "/search/?q=قصف"]], "true")
    assert outcome["code"] == 1
    assert "restore the latest backup" in outcome["said"]
    assert "setup_archive" not in outcome["said"]
    assert "Traceback" not in outcome["said"]
    assert (page["code"], "نسخة احتياطية" in page["said"]) == (503, True)
