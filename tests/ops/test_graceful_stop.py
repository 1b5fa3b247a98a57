"""SIGTERM in the middle of work: everything ends in time, nothing is lost, no process and no port is left."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from newsarchive.serve import STOP_SECONDS, find_listen_error
from tests.ops.archive import ROOT, Archive
from tests.ops.running import get, running, wait_until
from tests.ops.test_kill_import import processes_of
from tests.ops.test_postgres_outage import RECORDS, STATE, UPLOAD, rows_done
from tools.servers.ports import free_port

pytestmark = pytest.mark.slow


LARGE = 300


@contextmanager
def begun_export(port: int) -> Iterator[socket.socket]:
    """Yield the connection of an export of large texts whose head is there, and nothing of it is read."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        path = f"/search/export.jsonl?q={quote('كبير')}&texts=1&group=none"
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert connection.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 200"
        yield connection


def test_sigterm_during_an_import_and_exports_after_a_search(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "data")
    archive.migrate()
    port = free_port()
    archive.environment |= {
        "HOST": "127.0.0.1", "PORT": str(port), "ALLOWED_HOSTS": "127.0.0.1", "WEB_CONCURRENCY": "1",
        "IMPORT_PROCESSES": "0", "EXPORT_TEXTS": "everyone",
    }  # fmt: skip
    archive.manage("setup_archive", "--no-samples")
    archive.script(
        "Article.objects.create(title='قصف', body='قصف في حمص')\n"
        # One word each, which costs nothing to analyze: more than the buffers of a connection hold.
        f"Article.objects.bulk_create(Article(title='كبير', body='ا' * 40_000) for _ in range({LARGE}))\n"
        "drain_outbox()"
    )
    address, log = f"http://127.0.0.1:{port}", tmp_path / "log"
    answers: list[int] = []

    def ask() -> None:
        paths = ("/search/?q=قصف", "/search/export.jsonl?q=قصف&texts=1")
        answers.extend(get(address + path).status for path in paths)

    with running([sys.executable, "-m", "newsarchive.serve"], log, archive.environment) as supervisor:
        wait_until(lambda: get(f"{address}/readyz").status == 200, 120, log.read_text)
        archive.script(UPLOAD)
        wait_until(lambda: 0 < rows_done(archive) < RECORDS, 120, log.read_text)
        reader = threading.Thread(target=ask)
        # An answer that its client has not read must not hold the stop.
        with (
            urllib.request.urlopen(f"{address}/healthz") as idle,
            begun_export(port) as read, begun_export(port) as unread,
        ):  # fmt: skip
            reader.start()
            reader.join(30)
            supervisor.send_signal(signal.SIGTERM)
            whole = http.client.HTTPResponse(read)
            whole.begin()
            assert len(whole.read().splitlines()) == 1 + LARGE, "the file whose client reads on is whole"
            assert supervisor.wait(2 * STOP_SECONDS + 10) == 0, log.read_text()
            cut = http.client.HTTPResponse(unread)
            cut.begin()
            with pytest.raises((http.client.IncompleteRead, ConnectionError)):
                cut.read()
            assert idle.status == 200
    assert answers == [200, 200]
    wait_until(lambda: not processes_of(archive), 10, lambda: str(processes_of(archive)))
    assert find_listen_error("127.0.0.1", port) == ""
    assert "Traceback" not in log.read_text()
    assert "gave no sign" not in log.read_text()
    archive.manage("db_worker", "--batch")
    assert archive.script(STATE).strip() == f"published;;{RECORDS};{RECORDS};{RECORDS}"
    archive.manage("drain_outbox")
    assert archive.answer("check_index")["clean"]


@pytest.mark.elasticsearch
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_elasticsearch_of_development_ends_with_its_command(number: int) -> None:
    port = free_port()
    command = [sys.executable, "-m", "tools.servers.elasticsearch", "run", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as tool:
        # Before it answers: that is when the server would be left behind most easily.
        wait_until(lambda: bool(servers_of(port)), 60)
        tool.send_signal(number)
        assert tool.wait(60) == 0
    wait_until(lambda: not servers_of(port), 20, lambda: str(servers_of(port)))
    assert find_listen_error("127.0.0.1", port) == ""


def servers_of(port: int) -> list[str]:
    """Return the processes of the server with this port of the loopback interface."""
    folders = [path for path in Path("/var/tmp").glob("newsarchive-es-*") if has_port(path, port)]  # noqa: S108  the tool's own folder
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            said = (process / "cmdline").read_text().replace("\0", " ")
            homes = (process / "environ").read_bytes()
        except OSError:
            continue
        if any(os.fsencode(folder) in homes for folder in folders) and "java" in said:
            found.append(said[:80])
    return found or [str(folder) for folder in folders]


def has_port(folder: Path, port: int) -> bool:
    """Return True if a server's folder names this port."""
    settings = folder / "config" / "elasticsearch.yml"
    try:
        return f"http.port: {port}\n" in settings.read_text()
    except OSError:
        return False
