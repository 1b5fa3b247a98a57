"""`make run`: sets the archive up, then keeps the web server and the workers (outbox, imports) running."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from environs import Env

PROJECT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 20
#: A worker that ends (its database went away, say) is started again after this many seconds.
RESTART_SECONDS = 5


def main() -> int:
    """Runs until SIGINT or SIGTERM; 1 when the port is taken or the setup failed."""
    env = Env()
    host, port = env.str("HOST", "127.0.0.1"), env.int("PORT", 8000)
    if reason := why_not_listening(host, port):
        print(
            f"تعذّر فتح العنوان {host}:{port}؛ جرّب منفذًا آخر: make run PORT={port + 1}\n"
            f"Cannot listen on {host}:{port} ({reason}). Is the archive running already? "
            f"Another port: make run PORT={port + 1}",
            file=sys.stderr,
        )
        return 1
    manage = [sys.executable, str(PROJECT / "manage.py")]
    if subprocess.run([*manage, "setup_archive"], check=False).returncode:  # noqa: S603  our own program
        print("لم يكتمل إعداد الأرشيف. The archive could not be set up (see above).", file=sys.stderr)
        return 1
    web = [sys.executable, "-m", "gunicorn", "--config", str(PROJECT / "deploy" / "gunicorn.conf.py")]
    workers = [*manage, "drain_outbox", "--forever"], [*manage, "db_worker"]
    return Processes([*web, "newsarchive.wsgi"], *workers).run()


def why_not_listening(host: str, port: int) -> str:
    """Why nobody could listen there now; empty = it is free."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error.strerror or str(error)
    return ""


class Processes:
    """The web server and its workers. The server's end is the end of all; a worker's end is mended."""

    def __init__(self, web: list[str], *workers: list[str]) -> None:
        self._web_command, self._worker_commands = web, workers
        self._stopping = False

    def run(self) -> int:
        """Runs all until a signal comes or the server ends; its exit code, 0 when asked to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        web = self._start(self._web_command)
        workers = [self._start(command) for command in self._worker_commands]
        restart_at = [0.0] * len(workers)
        while not self._stopping and web.poll() is None:
            for place, worker in enumerate(workers):
                if worker.poll() is None:
                    continue
                restart_at[place] = restart_at[place] or time.monotonic() + RESTART_SECONDS
                if time.monotonic() >= restart_at[place]:
                    workers[place], restart_at[place] = self._start(self._worker_commands[place]), 0.0
            time.sleep(0.2)
        for process in (web, *workers):
            process.terminate()
        for process in (web, *workers):
            end(process)
        return 0 if self._stopping else web.returncode or 1

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches this process alone, which then ends all of them.
        return subprocess.Popen(command, cwd=PROJECT, env=os.environ, start_new_session=True)  # noqa: S603  ours

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True


def end(process: subprocess.Popen[bytes]) -> None:
    """Asks a process to end, and makes it after STOP_SECONDS."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
