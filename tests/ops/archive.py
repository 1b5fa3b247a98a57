"""An archive for tests that run real processes: its environment, its commands, their output."""

from __future__ import annotations

import atexit
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from psycopg import sql

from tests.ops.prefork import Forked, Prefork

ROOT = Path(__file__).resolve().parents[2]
#: Time limit of a command in seconds, so that a hanging test fails at the command that hangs.
PATIENCE = 180


@dataclass
class Archive:
    """A data folder, a database and an engine that no other test shares."""

    folder: Path
    engine: str = "embedded"
    elasticsearch_url: str = ""
    database_url: str = ""

    def __post_init__(self) -> None:
        self.prefix = f"test-{secrets.token_hex(4)}"
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.environment = inherited | {
            "ARCHIVE_DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database_url or f"sqlite:///{self.folder / 'archive.sqlite3'}",
            "SECRET_KEY": "tests-only",
            "SEARCH_ENGINE": self.engine,
            "ELASTICSEARCH_URL": self.elasticsearch_url or "http://127.0.0.1:9",
            "ELASTICSEARCH_PREFIX": self.prefix,
            "DJANGO_SETTINGS_MODULE": "newsarchive.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a process of this archive as a user would, with its output in a pipe."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=self.environment,
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    @cached_property
    def prefork(self) -> Prefork:
        """Return the process whose forks need no start-up time. Its environment is fixed at the first use."""
        return Prefork(self.environment)

    def fork(self, *arguments: str) -> Forked:
        """Start a process of this archive without start-up time; its output can be read when it has ended."""
        return self.prefork.start(*arguments)

    def run(self, *arguments: str, expect: int = 0) -> str:
        """Run a process and return its standard output; fail unless it ends with the exit code `expect`."""
        process = self.fork(*arguments)
        code = process.wait(PATIENCE)
        assert code == expect, f"{arguments}: {code}\n{process.out}\n{process.error}"
        return process.out

    def manage(self, *arguments: str, expect: int = 0) -> str:
        """Run `manage.py …`."""
        return self.run("manage.py", *arguments, expect=expect)

    def migrate(self) -> None:
        """Give the archive an empty database: on SQLite a copy, as all migrations take 3.5 seconds."""
        if self.database_url:
            self.manage("migrate", "-v0")
        else:
            self.folder.mkdir(exist_ok=True)
            shutil.copyfile(migrated_database(), self.folder / "archive.sqlite3")

    def answer(self, *arguments: str, expect: int = 0) -> dict[str, Any]:
        """Run a command and return its JSON."""
        return dict(json.loads(self.manage(*arguments, "--json", expect=expect)))

    def script(self, code: str) -> str:
        """Run Python code with the archive's models available."""
        return self.run("-c", PRELUDE + code)

    def start_script(self, code: str) -> subprocess.Popen[str]:
        """Start Python code with the archive's models available."""
        return self.start("-c", PRELUDE + code)


@cache
def migrated_database() -> Path:
    """Migrate a database, once in this process, and return its file."""
    folder = TemporaryDirectory(prefix="newsarchive-migrated-")
    atexit.register(folder.cleanup)
    archive = Archive(Path(folder.name))
    archive.manage("migrate", "-v0")
    return archive.folder / "archive.sqlite3"


PRELUDE = """
import django
django.setup()
from django.db import transaction
from articles.models import Article, ImportBatch, Outbox, Place, PlaceMention
from articles.outbox.commit_hooks import searchable_now
from search.engines import get_engine
from search.indexing.outbox_consumer import drain_outbox
from search.indexing.rebuild import rebuild_index
from search.indexing.verify import verify_index
"""


@contextmanager
def running(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """End the process with the block, if it has not ended by itself."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()


def new_database(url: str) -> str:
    """Create a database on the PostgreSQL of `url` and return its address."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{url.rpartition('/')[0]}/{name}"
