"""Collects the static files, unless the collected ones are up to date.

Hashing and compressing them takes longer than everything else at a start.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def static_files_fingerprint() -> str:
    """Return a hash over name, size and time of every file that `collectstatic` would take."""
    files = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            files.append(f"{name} {facts.st_size} {facts.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(files)).encode()).hexdigest()


def collect_static() -> bool:
    """Collect the files if necessary; return True if it was."""
    stamp = Path(settings.STATIC_ROOT) / ".collected-from"
    wanted = static_files_fingerprint()
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)
    return True
