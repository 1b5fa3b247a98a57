"""Puts a backup in place while the archive is stopped: python tools/restore.py FILE."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tools.postgres_dump import is_postgres, load  # noqa: E402  found by the path above

NAME = "archive.sqlite3"


def restore(backup: Path, folder: Path) -> Path | None:
    """Make `backup` the database of the archive in `folder`; return where the former one lies now, if any.

    The backup is read whole before anything is touched. Raises OSError, sqlite3.Error or ValueError.
    """
    if not backup.is_file():
        raise FileNotFoundError(f"no file {backup}")
    check(backup)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f".{NAME}.restored"
    with suppress(FileNotFoundError):
        fresh.unlink()
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    shutil.copyfile(backup, fresh)
    aside = set_aside(folder)
    fresh.replace(folder / NAME)
    return aside


def check(backup: Path) -> None:
    """Raise sqlite3.Error or ValueError unless the file is a whole database of an archive."""
    with closing(sqlite3.connect(f"{backup.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as held:
        if (said := held.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            raise ValueError(f"the backup is damaged: {said}")
        if not held.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles_article'").fetchone():
            raise ValueError("the backup holds no archive")


def set_aside(folder: Path) -> Path | None:
    """Rename the present database with its log; return its new name. Raises ValueError if it is in use."""
    present = folder / NAME
    if not present.exists():
        return None
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(present, timeout=1)) as held:
        try:
            held.execute("PRAGMA locking_mode=EXCLUSIVE")
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise ValueError("the archive is running: stop it first") from error
    aside = folder / f"{NAME}.before-{datetime.now():%Y%m%d-%H%M%S}"
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            (folder / f"{NAME}{ending}").rename(f"{aside}{ending}")
    return aside


def main() -> int:
    """Return 0 if the backup is in place, 1 if that failed, 2 for wrong arguments."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(os.environ.get("ARCHIVE_DATA_DIR") or PROJECT / "var")
    url = os.environ.get("DATABASE_URL", "")
    try:
        if is_postgres(url):
            load(Path(sys.argv[1]), url)
            print("restored into PostgreSQL; the next start updates tables and index")
            return 0
        aside = restore(Path(sys.argv[1]), folder)
    except (OSError, ValueError, sqlite3.Error) as error:
        print(f"not restored: {error}", file=sys.stderr)
        return 1
    print(f"restored into {folder}; the next start updates tables and index")
    if aside:
        print(f"the former database is {aside}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
