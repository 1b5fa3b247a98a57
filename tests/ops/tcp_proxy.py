"""A server between the archive and an engine that can be slow, silent, gone or refuse a password."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

_UNAUTHORIZED = (
    b"HTTP/1.1 401 Unauthorized\r\nX-Elastic-Product: Elasticsearch\r\nContent-Type: application/json\r\n"
    b"Content-Length: 2\r\nConnection: close\r\n\r\n{}"
)


class TcpProxy:
    """Passes bytes on to a port of this machine. Set `mode` to "pass", "silent" or "unauthorized".

    `delay` seconds pass before each answer. `requests` counts what clients sent, in whatever mode.
    """

    def __init__(self, port: int) -> None:
        self._upstream = port
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self.port = 0
        self.mode, self.delay = "pass", 0.0
        self.requests = 0
        self.start()

    def start(self) -> None:
        """Accept connections, on the same port as before."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def stop(self) -> None:
        """Refuse connections and cut the open ones."""
        if self._listener:
            # A thread that waits in accept() would keep the port otherwise.
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        self.cut()

    def cut(self) -> None:
        """Cut the open connections."""
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _address = listener.accept()
                threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._upstream)) as server, suppress(OSError):
            self._open |= {client, server}
            threading.Thread(target=self._answers, args=[server, client], daemon=True).start()
            while data := client.recv(1 << 20):
                # A request's head may come with its body or before it; bodies have no line like this.
                self.requests += data.split(b" ", 1)[0] in (b"GET", b"POST", b"PUT", b"HEAD", b"DELETE")
                if self.mode == "unauthorized":
                    client.sendall(_UNAUTHORIZED)
                    break
                if self.mode == "pass":
                    server.sendall(data)
        self._open -= {client, server}

    def _answers(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(1 << 20):
                time.sleep(self.delay)
                if self.mode == "pass":
                    client.sendall(data)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)
