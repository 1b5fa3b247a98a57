"""Configuration of gunicorn, at home (`make run`) and in the container."""

import os
from typing import Any

from newsarchive.metrics_folder import share_counters
from newsarchive.preload import preload, read_archive
from search.web.guard.log_records import server_config

share_counters()
host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
# A search partly waits (for a lock, a database, Elasticsearch); meanwhile threads serve other requests.
workers = int(os.environ.get("WEB_CONCURRENCY") or min(4, (os.cpu_count() or 1) + 1))
threads = int(os.environ.get("WEB_THREADS") or 4)
# Threads, and the archive's own page for addresses that are too long (newsarchive/web_worker.py).
worker_class = "newsarchive.web_worker.ArchiveWorker"
# The most that gunicorn allows: 1,350 Arabic letters, and a query may have 1,000 (QUERY_MAX_CHARACTERS).
limit_request_line = 8190
# Longer than the preview of an upload of maximum size on a slow disk.
timeout = 120
graceful_timeout = 10
# A worker's heartbeat must not wait for a disk where the memory file system is writable.
memory = "/dev/shm"  # noqa: S108  a file system of the machine, not a file of ours
worker_tmp_dir = memory if os.access(memory, os.W_OK | os.X_OK) else None
# Only the proxy of docker-compose.yml may set the reader's address and scheme.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
# By default a trusted proxy may also send SCRIPT_NAME, which begins every link of the page, and proxies pass
# on headers that they do not know: whoever sends it would choose where the links lead.
forwarder_headers = ""
# With "-" the archive logs each request itself (search/web/guard/request_trace.py). What the server writes
# into a file has no query strings and no referrers: what readers look for does not belong in a log.
accesslog = None if os.environ.get("ACCESS_LOG") == "-" else os.environ.get("ACCESS_LOG") or None
access_log_format = '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms %({x-request-id}o)s'
loglevel = os.environ.get("LOG_LEVEL", "warning")
logconfig_dict = server_config(level=loglevel.upper(), as_json=os.environ.get("LOG_FORMAT") == "json")
control_socket_disable = True
# Workers share what was read before the fork (newsarchive/preload.py); the master only waits.
preload_app = True


def on_starting(server: Any) -> None:
    """Run before the first worker is forked."""
    preload()
    read_archive()


def when_ready(server: Any) -> None:
    """Print the address of the archive once it responds."""
    shown = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)  # noqa: S104  compared, not bound
    address = f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"
    print(f"\nالأرشيف جاهز:          {address}\nThe archive is ready:  {address}")
    print(f"الإدارة / admin:       {address}admin/\nCtrl-C للإيقاف / to stop", flush=True)
