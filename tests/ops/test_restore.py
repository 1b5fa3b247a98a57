"""A backup that is restored into an empty place serves what the archive held; nothing is lost on the way."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.ops.archive import ROOT, Archive, new_database


def tool(name: str, folder: Path, file: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, f"tools/{name}.py", str(file)], check=False, cwd=ROOT, capture_output=True,
        text=True, env=os.environ | {"DATABASE_URL": "", "ARCHIVE_DATA_DIR": str(folder)} | settings,
    )  # fmt: skip


def test_a_backup_restored_into_an_empty_place_is_the_archive(tmp_path: Path) -> None:
    old, new = Archive(tmp_path / "old"), Archive(tmp_path / "new" / "data")
    old.migrate()
    old.manage("setup_archive", "--no-samples", "--no-static")
    old.script("Article.objects.create(title='قصف', body='قصف في حمص'); drain_outbox()")
    assert tool("backup", old.folder, tmp_path / "copy").returncode == 0
    old.script("Article.objects.create(title='بعد النسخة')")

    restored = tool("restore", new.folder, tmp_path / "copy")
    assert restored.returncode == 0, restored.stderr
    new.manage("setup_archive", "--no-samples", "--no-static")
    assert new.answer("check_index")["clean"]
    assert [hit["title"] for hit in new.answer("search", "قصف")["hits"]] == ["قصف"]
    assert new.answer("index_status")["visible_articles"] == 1

    again = tool("restore", old.folder, tmp_path / "copy")
    assert again.returncode == 0, again.stderr
    (aside,) = old.folder.glob("archive.sqlite3.before-*[0-9]")
    assert str(aside) in again.stdout
    old.manage("setup_archive", "--no-samples", "--no-static")
    assert old.answer("check_index")["clean"], "the index was ahead of the backup"
    assert old.answer("search", "النسخة")["total"] == 0


def test_a_damaged_or_foreign_backup_leaves_the_archive_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "archive.sqlite3").write_bytes(b"mine")
    backups = {"cut": b"SQLite format 3" + bytes(4000), "empty": b"", "text": b"no database"}
    for name, content in backups.items():
        (tmp_path / name).write_bytes(content)
        done = tool("restore", folder, tmp_path / name)
        assert (done.returncode, done.stderr[:13]) == (1, "not restored:"), name
        assert "Traceback" not in done.stderr
    assert tool("restore", folder, tmp_path / "none").returncode == 1
    assert [path.name for path in folder.iterdir()] == ["archive.sqlite3"]
    assert (folder / "archive.sqlite3").read_bytes() == b"mine"


def test_a_running_archive_is_not_replaced(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "data")
    archive.folder.mkdir()
    archive.migrate()
    assert tool("backup", archive.folder, tmp_path / "copy").returncode == 0
    with closing(sqlite3.connect(archive.folder / "archive.sqlite3")) as process:
        process.execute("SELECT count(*) FROM articles_article").fetchall()
        refused = tool("restore", archive.folder, tmp_path / "copy")
        assert (refused.returncode, "stop it first" in refused.stderr) == (1, True)
    assert tool("restore", archive.folder, tmp_path / "copy").returncode == 0


@pytest.mark.postgres
def test_a_backup_of_postgresql_restored_into_an_empty_database_is_the_archive(
    postgres_url: str, tmp_path: Path
) -> None:
    old = Archive(tmp_path / "old", database_url=new_database(postgres_url))
    new = Archive(tmp_path / "new", database_url=new_database(postgres_url))
    for archive in (old, new):
        archive.folder.mkdir()
    old.manage("setup_archive", "--no-samples", "--no-static")
    old.script("Article.objects.create(title='قصف', body='قصف في حمص'); drain_outbox()")
    copy = tmp_path / "copy"
    done = tool("backup", old.folder, copy, DATABASE_URL=old.database_url)
    assert (done.returncode, copy.stat().st_mode & 0o777) == (0, 0o600), done.stderr
    assert tool("backup", old.folder, copy, DATABASE_URL=old.database_url).returncode == 1, (
        "overwrites nothing"
    )
    old.script("Article.objects.create(title='بعد النسخة')")

    refused = tool("restore", old.folder, copy, DATABASE_URL=old.database_url)
    assert (refused.returncode, "not empty" in refused.stderr) == (1, True)
    (tmp_path / "cut").write_bytes(copy.read_bytes()[:-2000])
    assert tool("restore", new.folder, tmp_path / "cut", DATABASE_URL=new.database_url).returncode == 1
    restored = tool("restore", new.folder, copy, DATABASE_URL=new.database_url)
    assert restored.returncode == 0, restored.stderr
    new.manage("setup_archive", "--no-samples", "--no-static")
    assert new.answer("check_index")["clean"]
    assert [hit["title"] for hit in new.answer("search", "قصف")["hits"]] == ["قصف"]
    assert new.answer("index_status")["visible_articles"] == 1
    assert new.answer("index_status")["missing_triggers"] == []
