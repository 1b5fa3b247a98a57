"""An archive that gunicorn serves, for tests that query it over HTTP."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.ops.archive import Archive
from tests.ops.running import get, running, wait_until
from tools.servers.ports import free_port

COMMAND = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "newsarchive.wsgi"]


@contextmanager
def served(archive: Archive, **settings: str) -> Iterator[int]:
    """Serve an archive with these settings beside its own, by one worker; yield the port once it answers."""
    port = free_port()
    environment = archive.environment | {
        "HOST": "127.0.0.1", "PORT": str(port), "ALLOWED_HOSTS": "127.0.0.1", "WEB_CONCURRENCY": "1",
    }  # fmt: skip
    log = archive.folder / "gunicorn.log"
    with running(COMMAND, log, environment | settings):
        wait_until(lambda: get(f"http://127.0.0.1:{port}/healthz").status == 200, 120, log.read_text)
        yield port
