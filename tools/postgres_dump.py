"""Backup and restore of an archive in PostgreSQL, with its own programs pg_dump and pg_restore."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg

_DEBIAN_FOLDER = Path("/usr/lib/postgresql")


def is_postgres(url: str) -> bool:
    """Return True if a DATABASE_URL names a PostgreSQL."""
    return url.startswith(("postgres://", "postgresql://"))


def dump(url: str, target: Path) -> None:
    """Write a consistent dump, readable by its owner only. Raises OSError, or ValueError with the reason."""
    held = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(held, "wb") as file:
            _run("pg_dump", url, "--format=custom", "--no-owner", stdout=file.fileno())
    except (OSError, ValueError):
        target.unlink()
        raise


def load(backup: Path, url: str) -> None:
    """Restore a dump into an empty database, all of it or nothing. Raises OSError or ValueError."""
    if not backup.is_file():
        raise FileNotFoundError(f"no file {backup}")
    if "TABLE DATA public articles_article " not in _run("pg_restore", "", "--list", str(backup)):
        raise ValueError("the backup holds no archive")
    try:
        with psycopg.connect(url) as connection:
            held = connection.execute(
                "SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1"
            ).fetchone()
    except psycopg.Error as error:
        raise ValueError(str(error)) from error
    if held:
        raise ValueError("the database is not empty: make an empty one and name it in DATABASE_URL")
    options = (
        "--no-owner",
        "--exit-on-error",
        "--single-transaction",
        f"--dbname={_environment(url)['PGDATABASE']}",
    )
    _run("pg_restore", url, *options, str(backup))


def _run(program: str, url: str, *arguments: str, stdout: int = subprocess.PIPE) -> str:
    done = subprocess.run(
        [_find(program), *arguments], check=False, stdin=subprocess.DEVNULL, stdout=stdout,
        stderr=subprocess.PIPE, env=os.environ | (_environment(url) if url else {}),
    )  # fmt: skip
    if done.returncode:
        raise ValueError(done.stderr.decode(errors="replace").strip() or f"{program} failed")
    return (done.stdout or b"").decode(errors="replace")


def _environment(url: str) -> dict[str, str]:
    """Return the connection as variables: arguments, with a password among them, are visible to others."""
    parts = urlsplit(url)
    named = {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    return {name: value for name, value in named.items() if value}


def _find(program: str) -> str:
    """Return the newest of Debian's, which reads the dumps of older servers, else the one on the PATH."""
    numbered = [path for path in _DEBIAN_FOLDER.glob("*/bin") if path.parent.name.isdecimal()]
    for folder in sorted(numbered, key=lambda path: int(path.parent.name), reverse=True):
        if (folder / program).exists():
            return str(folder / program)
    if found := shutil.which(program):
        return found
    raise FileNotFoundError(f"{program} is missing (Debian: apt-get install postgresql-client)")
