"""How gunicorn serves the archive, at home (`make run`) and in the container."""

import os
from typing import Any

from newsarchive.preload import preload

host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
# Searching is partly waiting (for a lock, a database, Elasticsearch): threads serve the rest meanwhile.
workers = int(os.environ.get("WEB_CONCURRENCY") or min(4, (os.cpu_count() or 1) + 1))
threads = int(os.environ.get("WEB_THREADS") or 4)
worker_class = "gthread"
# An upload at its limit, previewed on a slow disk, stays below.
timeout = 120
graceful_timeout = 10
# A worker's heartbeat must not wait for a disk, where the memory file system lets us write.
memory = "/dev/shm"  # noqa: S108  a file system of the machine, not a file of ours
worker_tmp_dir = memory if os.access(memory, os.W_OK | os.X_OK) else None
# Only the proxy of docker-compose.yml may say how the reader came.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
accesslog = os.environ.get("ACCESS_LOG") or None
loglevel = os.environ.get("LOG_LEVEL", "warning")
control_socket_disable = True
# Workers share what they read (newsarchive/preload.py); the master only waits.
preload_app = True


def on_starting(server: Any) -> None:
    """Before the first worker is forked."""
    preload()


def when_ready(server: Any) -> None:
    """Says where to find the archive, once it answers."""
    shown = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)  # noqa: S104  compared, not bound
    address = f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"
    print(f"\nالأرشيف جاهز:          {address}\nThe archive is ready:  {address}")
    print(f"الإدارة / admin:       {address}admin/\nCtrl-C للإيقاف / to stop", flush=True)
