"""An archive of its own for tests that run real processes: its environment, its commands, what it says."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.ops.prefork import Forked, Prefork

ROOT = Path(__file__).resolve().parents[2]
#: Of any one command, in seconds; a test that hangs says where.
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
        """A process of this archive, started as a person starts it, with its output to be read."""
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
        """Where processes come from that need not start anew. The environment is fixed with the first."""
        return Prefork(self.environment)

    def fork(self, *arguments: str) -> Forked:
        """A process of this archive that begins to work at once, its output to be read when it has ended."""
        return self.prefork.start(*arguments)

    def run(self, *arguments: str, expect: int = 0) -> str:
        """Standard output of a finished process; fails unless it ended with `expect`."""
        process = self.fork(*arguments)
        code = process.wait(PATIENCE)
        assert code == expect, f"{arguments}: {code}\n{process.out}\n{process.error}"
        return process.out

    def manage(self, *arguments: str, expect: int = 0) -> str:
        """`manage.py …`."""
        return self.run("manage.py", *arguments, expect=expect)

    def answer(self, *arguments: str, expect: int = 0) -> dict[str, Any]:
        """The JSON of a command."""
        return dict(json.loads(self.manage(*arguments, "--json", expect=expect)))

    def script(self, code: str) -> str:
        """Runs Python with the archive's models at hand."""
        return self.run("-c", PRELUDE + code)

    def start_script(self, code: str) -> subprocess.Popen[str]:
        """Starts Python with the archive's models at hand."""
        return self.start("-c", PRELUDE + code)


PRELUDE = """
import django
django.setup()
from django.db import transaction
from articles import signals
from articles.models import Article, ImportBatch, Outbox, Place, PlaceMention
from search.indexing import indexing
from search.engines import get_engine
"""


@contextmanager
def running(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Ends it with the block, if it has not ended by itself."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate()


def new_database(url: str) -> str:
    """A database of its own on the PostgreSQL that `url` names; its address."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{url.rpartition('/')[0]}/{name}"
