"""A private PostgreSQL for tests, started from the machine's own binaries and removed afterwards."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tools.servers.ports import free_port

START_SECONDS = 60
DEBIAN_FOLDER = Path("/usr/lib/postgresql")


class PostgresMissingError(RuntimeError):
    """This machine has no PostgreSQL that could be started."""


def binaries() -> Path:
    """Return the folder of `initdb` and `postgres`: the newest of Debian's, else the one on the PATH.

    Raises PostgresMissingError.
    """
    numbered = [path for path in DEBIAN_FOLDER.glob("*/bin") if path.parent.name.isdecimal()]
    for folder in sorted(numbered, key=lambda path: int(path.parent.name), reverse=True):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    found = shutil.which("initdb")
    if found is None:
        raise PostgresMissingError("no initdb here (Debian: apt-get install postgresql)")
    return Path(found).resolve().parent


def unprivileged_user() -> str | None:
    """Return the user for running a server that refuses root; None if we are not root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


class Cluster:
    """An empty database, reached over TCP with a password: `with Cluster() as cluster: cluster.url`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="newsarchive-postgres-"))
        self.password = secrets.token_urlsafe(16)
        self.port = 0
        self._user = unprivileged_user()
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Return the value for DATABASE_URL."""
        return f"postgres://archive:{self.password}@127.0.0.1:{self.port}/postgres"

    def __enter__(self) -> Cluster:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Create the cluster the first time, start it, and return when it accepts connections.

        Raises PostgresMissingError, or RuntimeError with the end of its log.
        """
        programs = binaries()
        data = self.folder / "data"
        if not data.exists():
            password_file = self.folder / "password"
            password_file.write_text(self.password)
            self._give_away(password_file)
            self._give_away(self.folder)
            self._run([
                programs / "initdb", "-D", data, "-U", "archive", "--auth=scram-sha-256",
                f"--pwfile={password_file}", "--encoding=UTF8", "--locale=C", "--no-sync",
            ])  # fmt: skip
        self.port = self.port or free_port()
        # No fsync: a crash loses only a test. No socket: its folder may not be writable.
        options = ["listen_addresses=127.0.0.1", f"port={self.port}", "unix_socket_directories=", "fsync=off"]
        arguments = [part for option in options for part in ("-c", option)]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [programs / "postgres", "-D", data, *arguments],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder, user=self._user,
                start_new_session=True,
            )  # fmt: skip
        self._wait(programs)

    def stop(self) -> None:
        """End the server and remove its folder."""
        self.kill(gently=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self, *, gently: bool = False) -> None:
        """End the server and keep its folder, so that `start` continues with the same data and port."""
        if self._server is None or self._server.poll() is not None:
            return
        self._server.send_signal(2 if gently else 9)  # SIGINT is PostgreSQL's "fast" shutdown
        self._server.wait(START_SECONDS)
        self._server = None

    def _wait(self, programs: Path) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._server is None or self._server.poll() is not None:
                break
            ready = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
            if subprocess.run(ready, check=False).returncode == 0:
                return
            time.sleep(0.1)
        log = (self.folder / "log").read_text(errors="replace")[-2000:]
        raise RuntimeError(f"PostgreSQL did not start on port {self.port}:\n{log}")

    def _run(self, command: list[str | Path]) -> None:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd=self.folder, user=self._user
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")

    def _give_away(self, path: Path) -> None:
        if self._user is not None:
            shutil.chown(path, self._user)
