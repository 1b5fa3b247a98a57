"""Copies the archive's database while it runs: python tools/backup.py FILE."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tools.postgres_dump import dump, is_postgres  # noqa: E402  found by the path above


def backup(database: Path, target: Path) -> None:
    """Write a consistent copy, readable by its owner only. Raises OSError or sqlite3.Error."""
    if not database.is_file():
        raise FileNotFoundError(f"no SQLite archive in {database.parent}")
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def main() -> int:
    """Return 0 if the database was copied, 1 if that failed, 2 for wrong arguments."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(os.environ.get("ARCHIVE_DATA_DIR") or PROJECT / "var")
    url = os.environ.get("DATABASE_URL", "")
    try:
        if is_postgres(url):
            dump(url, Path(sys.argv[1]))
            return 0
        backup(folder / "archive.sqlite3", Path(sys.argv[1]))
    except (OSError, ValueError, sqlite3.Error) as error:
        print(f"not copied: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
