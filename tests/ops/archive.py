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
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

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

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """A process of this archive, with its output to be read."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=self.environment | environment,
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *arguments: str, expect: int = 0, **environment: str) -> str:
        """Standard output of a finished process; fails unless it ended with `expect`."""
        process = self.start(*arguments, **environment)
        out, error = process.communicate(timeout=PATIENCE)
        assert process.returncode == expect, f"{arguments}: {process.returncode}\n{out}\n{error}"
        return out

    def manage(self, *arguments: str, expect: int = 0, **environment: str) -> str:
        """`manage.py …`."""
        return self.run("manage.py", *arguments, expect=expect, **environment)

    def answer(self, *arguments: str, expect: int = 0) -> dict[str, Any]:
        """The JSON of a command."""
        return dict(json.loads(self.manage(*arguments, "--json", expect=expect)))

    def script(self, code: str, **environment: str) -> str:
        """Runs Python with the archive's models at hand."""
        return self.run("-c", PRELUDE + code, **environment)

    def start_script(self, code: str, **environment: str) -> subprocess.Popen[str]:
        """Starts Python with the archive's models at hand."""
        return self.start("-c", PRELUDE + code, **environment)


PRELUDE = """
import django
django.setup()
from django.db import transaction
from articles import signals
from articles.models import Article, ImportBatch, Outbox, Place, PlaceMention
from search import indexing
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
