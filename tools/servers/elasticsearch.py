"""A real Elasticsearch for development and tests, on a machine without Docker.

    python -m tools.servers.elasticsearch fetch            # into the cache; prints the folder
    python -m tools.servers.elasticsearch run --port 9200  # until Ctrl-C

It is a private server on free ports, in a folder of its own. Elasticsearch refuses to run as root: root
starts it as another user.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import secrets
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from tools.servers.elasticsearch_distribution import (
    ElasticsearchMissingError,
    account,
    fetch,
    find_jdk,
)
from tools.servers.ports import free_port

START_SECONDS, STOP_SECONDS = 120, 120


@dataclass
class ElasticsearchServer:
    """A private single-node server in a folder of its own. Use as a context manager.

    `secured` adds TLS with a self-signed certificate (`ca`) and passwords (user `elastic`, `password`).
    `for_tests` compiles its code once and not again better: a start takes 19 seconds of processor time and
    not 30, and indexes are created as fast. Not for measures.
    """

    secured: bool = False
    for_tests: bool = False
    port: int = 0
    heap: str = "1g"
    #: Settings of a node of several (tools/servers/elasticsearch_nodes.py); without them it is alone.
    node: dict[str, Any] = field(default_factory=dict)
    #: Not in the default temporary folder, which may be in memory or closed to other users.
    folder: Path = field(
        default_factory=lambda: Path(tempfile.mkdtemp(prefix="newsarchive-es-", dir="/var/tmp"))
    )
    password: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.home, self.jdk = fetch(), find_jdk()
        self.port = self.port or free_port()
        self.transport_port = free_port()
        self.config = self.folder / "config"
        self.account = account()

    @classmethod
    def of_folder(cls, folder: Path) -> ElasticsearchServer:
        """Return a server with the data that another one left in this folder by `shut_down`, if any."""
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(folder / "config", ignore_errors=True)  # names the ports of that one
        return cls(folder=folder)

    @property
    def base_url(self) -> str:
        """Return scheme, host and port."""
        return f"{'https' if self.secured else 'http'}://localhost:{self.port}"

    @property
    def url(self) -> str:
        """Return the address with user and password in it, as ELASTICSEARCH_URL takes it."""
        return self.base_url.replace("//", f"//elastic:{self.password}@") if self.secured else self.base_url

    @property
    def ca(self) -> Path | None:
        """Return the certificate that signed the server's, in PEM."""
        return self.config / "ca.pem" if self.secured else None

    def __enter__(self) -> ElasticsearchServer:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -- lifecycle ----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start, and return when the server responds. Starting again after `kill` keeps the data."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start without waiting: nodes respond when they have found each other."""
        if not self.config.is_dir():
            self._configure()
        log = (self.folder / "console.log").open("ab")
        self.process = subprocess.Popen(
            [
                self._java(),
                "-cp",
                f"{self.home}/lib/tools/server-launcher/*",
                "org.elasticsearch.server.launcher.ServerLauncher",
            ],
            env=self._environment(),
            cwd=self.home,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **self._identity(),
        )
        log.close()

    def kill(self) -> None:
        """End the server as a power cut would."""
        self._signal(signal.SIGKILL)
        if self.process:
            self.process.wait(30)
        self.process = None

    def shut_down(self) -> None:
        """End the server in good order, and leave its folder."""
        self._signal(signal.SIGTERM)
        if self.process:
            self.process.wait(STOP_SECONDS)
        self.process = None

    def pause(self) -> None:
        """Freeze the server: the kernel accepts connections, but no response comes."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen server continue."""
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """End the server and remove its folder."""
        if self.process:
            self.resume()
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def request(
        self, method: str, path: str, body: object = None, *, timeout: float = 10
    ) -> dict[str, object]:
        """Send a plain JSON request as the superuser; raises urllib's errors."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.base_url + path, data, {"Content-Type": "application/json"}, method=method
        )
        if self.secured:
            token = base64.b64encode(f"elastic:{self.password}".encode()).decode()
            request.add_header("Authorization", f"Basic {token}")
        context = ssl.create_default_context(cafile=str(self.ca)) if self.secured else None
        with urllib.request.urlopen(request, timeout=timeout, context=context) as answer:
            return dict(json.loads(answer.read() or b"{}"))

    # -- internals ----------------------------------------------------------------------------------------

    def _signal(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def _identity(self) -> dict[str, Any]:
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def _java(self) -> str:
        return str(self.jdk / "bin/java")

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
            "HOME": str(self.folder),
            "JAVA": self._java(),
            "JAVA_TYPE": "ES_JAVA_HOME",
            "ES_JAVA_HOME": str(self.jdk),
            "ES_HOME": str(self.home),
            "ES_PATH_CONF": str(self.config),
            "ES_DISTRIBUTION_TYPE": "tar",
            "ES_JAVA_OPTS": f"-Xms{self.heap} -Xmx{self.heap}{' -XX:TieredStopAtLevel=1' * self.for_tests}",
            "ES_TMPDIR": str(self.folder / "tmp"),
            "CLI_JAVA_OPTS": "-Xms4m -Xmx64m -XX:+UseSerialGC",
        }

    def _configure(self) -> None:
        for name in ("config", "config/jvm.options.d", "data", "logs", "tmp"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for name in ("log4j2.properties", "jvm.options"):
            shutil.copy(self.home / "config" / name, self.config / name)
        settings = {
            **(self.node or {"discovery.type": "single-node"}),
            "network.host": "127.0.0.1",
            "http.port": self.port,
            "transport.port": self.transport_port,
            "path.data": str(self.folder / "data"),
            "path.logs": str(self.folder / "logs"),
            # The disk of a development machine is often nearly full; the server must not turn read-only
            # because of it.
            "cluster.routing.allocation.disk.threshold_enabled": False,
            "xpack.security.enabled": self.secured,
        }
        if self.secured:
            settings |= {
                "xpack.security.autoconfiguration.enabled": False,
                "xpack.security.http.ssl.enabled": True,
                "xpack.security.http.ssl.certificate": "ca.pem",
                "xpack.security.http.ssl.key": "http.key",
            }
        lines = [f"{key}: {json.dumps(value)}" for key, value in settings.items()]
        (self.config / "elasticsearch.yml").write_text("\n".join(lines) + "\n")
        self._own(self.folder)
        if self.secured:
            self._secure()

    def _own(self, path: Path) -> None:
        if self.account is None:
            return
        for item in (path, *path.rglob("*")):
            os.chown(item, self.account.pw_uid, self.account.pw_gid)

    def _secure(self) -> None:
        for name in ("users", "users_roles", "roles.yml", "role_mapping.yml"):
            source = self.home / "config" / name
            (self.config / name).write_bytes(source.read_bytes() if source.is_file() else b"")
        self._own(self.config)
        keystore = {"CLI_NAME": "keystore", "CLI_LIBS": "lib/tools/keystore-cli"}
        # Forced, it makes the keystore.
        self._cli(keystore, "add", "-f", "-x", "bootstrap.password", typed=self.password)
        self._certify()
        self._own(self.config)
        (self.config / "http.key").chmod(0o600)
        # The client under test runs as another user.
        self.folder.chmod(0o755)

    def _certify(self) -> None:
        """Make the key and the self-signed certificate of the server."""
        certificates = {
            "CLI_NAME": "certutil",
            "CLI_LIBS": "modules/x-pack-core,modules/x-pack-security,lib/tools/security-cli",
        }
        bundle = self.config / "http.zip"
        names = ["--ip", "127.0.0.1", "--dns", "localhost"]
        self._cli(certificates, "cert", "--self-signed", "--pem", "--silent", *names, "--out", str(bundle))
        with zipfile.ZipFile(bundle) as pair:
            (self.config / "ca.pem").write_bytes(pair.read("instance/instance.crt"))
            (self.config / "http.key").write_bytes(pair.read("instance/instance.key"))

    def _cli(self, settings: dict[str, str], *arguments: str, typed: str = "") -> None:
        # The launcher script reads the JDK from ES_JAVA_HOME and the tool from CLI_NAME and CLI_LIBS.
        environment = {
            key: value for key, value in self._environment().items() if key not in ("JAVA", "JAVA_TYPE")
        }
        subprocess.run(
            ["bash", str(self.home / "bin/elasticsearch-cli"), *arguments],
            env=environment | settings,
            cwd=self.home,
            input=typed.encode(),
            check=True,
            capture_output=True,
            **self._identity(),
        )

    def wait(self, seconds: float = START_SECONDS) -> None:
        """Return when the server responds. Raises ElasticsearchMissingError if it does not in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                break
            try:
                self.request("GET", "/_cluster/health?wait_for_status=yellow&timeout=10s", timeout=12)
            except (urllib.error.URLError, OSError):
                time.sleep(0.3)
            else:
                return
        tail = (self.folder / "console.log").read_text(errors="replace")[-3000:]
        raise ElasticsearchMissingError(f"Elasticsearch did not start on port {self.port}:\n{tail}")


def main() -> int:
    """Fetch, or run until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["fetch", "run"])
    parser.add_argument("--port", type=int, default=9200)
    parser.add_argument("--secured", action="store_true")
    options = parser.parse_args()
    if options.action == "fetch":
        print(fetch())
        return 0
    # The default of these would end this process and leave the server running.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    with (
        suppress(KeyboardInterrupt),
        ElasticsearchServer(secured=options.secured, port=options.port) as server,
    ):
        print(server.url, f"ELASTICSEARCH_CA={server.ca}" if server.secured else "", flush=True)
        signal.pause()
    return 0


if __name__ == "__main__":
    sys.exit(main())
