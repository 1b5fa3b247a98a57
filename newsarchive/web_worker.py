"""Gunicorn's worker with threads, with the archive's own answer to requests that do not reach Django."""

from __future__ import annotations

import logging
import selectors
import socket
import time
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import quote

from django.template import loader
from django.utils import translation
from gunicorn.http.errors import InvalidRequestLine, LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

from newsarchive.slow_clients import (
    CONTINUE,
    END_OF_HEAD,
    ClientSocket,
    arrived,
    expects_answer,
    missing_bytes,
    patience,
    to_give_up,
    wake_at,
)

logger = logging.getLogger(__name__)

#: What may stand in a target as it is: every printable letter of ASCII.
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; "
    "base-uri 'none'"
)
#: How long the rest of a request that is too long is read, so that its sender comes to read the answer.
_DRAIN_SECONDS = 1.0


def encoded_target(line: object) -> str:
    """Return the address of a request line whose letters are not percent-encoded, encoded; "" for others.

    Programs send such addresses («curl http://…/search/?q=حمص»); gunicorn reads their bytes as Latin-1.
    """
    method, _space, rest = str(line).partition(" ")
    target = rest.rpartition(" HTTP/")[0]
    # An address that begins with two strokes, or a stroke of the other kind, would lead to another host.
    if method not in ("GET", "HEAD") or not target.startswith("/") or target[1:2] in ("/", "\\"):
        return ""
    try:
        letters = target.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return ""
    return "" if any(letter < "!" for letter in letters) else quote(letters, safe=_PRINTABLE)


#: Seconds that a client has to send the head of a request, then its body, and the least bytes a second of
#: that.
HEAD_SECONDS, BODY_SECONDS, BODY_BYTES_A_SECOND = 5.0, 30.0, 20_000
#: A header may name a length of 400 digits, which is no float.
_LONGEST_BODY = 10**12
#: Seconds in which a client may end its side after the server has, before the connection is cut. Its last
#: bytes are read meanwhile, as the system would else take back what was sent and not received.
CLOSE_SECONDS = 2.0


class ArchiveWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Answers addresses that are too long, or not encoded, with a page of the archive; bears slow clients."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        #: Until when each connection that a thread reads must have sent what it is read for.
        self._read_until: dict[Any, float] = {}
        #: Connections whose request is not whole yet: since when and how long it may come, and how much came.
        self._awaited: dict[Any, tuple[float, float, int]] = {}
        #: Connections that the server has ended, and until when their clients may end them.
        self._closing: dict[Any, float] = {}
        #: Connections that wait for a thread, and those that have one.
        self._queued: set[Any] = set()
        self._served: set[Any] = set()

    def enqueue_req(self, conn: Any) -> None:
        """Give a connection to a thread once its request is whole; until then the main thread watches it."""
        since, _seconds, before = self._awaited.pop(conn, (time.monotonic(), 0.0, -1))
        missing, begun = 0, b""
        if not (conn.initialized and conn.parser.unreader.buf.getvalue()):  # a thread has read its beginning
            begun = arrived(conn.sock)
            if len(begun) > before:  # else the client has ended its side
                missing = missing_bytes(begun)
        if missing and self.alive:
            if expects_answer(begun):
                with suppress(OSError):
                    conn.sock.send(CONTINUE)
            seconds = HEAD_SECONDS + (BODY_SECONDS if END_OF_HEAD in begun else 0.0)
            self._awaited[conn] = since, seconds, len(begun)
            wake_at(conn.sock, len(begun) + missing)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_more, conn))
            return
        wake_at(conn.sock, 1)
        conn.data_ready = True
        conn.close = partial(self._close, conn)
        self._queued.add(conn)
        super().enqueue_req(conn)

    def _on_more(self, conn: Any, client: Any) -> None:
        self.poller.unregister(client)
        self.enqueue_req(conn)

    def _close(self, conn: Any, graceful: bool = False) -> None:
        """End a connection; gunicorn's own way waits for the client in the main thread, for two seconds."""
        try:
            if not graceful:
                raise OSError
            conn.sock.shutdown(socket.SHUT_WR)
            conn.sock.setblocking(False)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_last, conn))
            self._closing[conn] = time.monotonic() + CLOSE_SECONDS
        except OSError:  # the client has gone
            conn.sock.close()

    def _on_last(self, conn: Any, client: Any) -> None:
        """Read what a client sends after its answer, to its end."""
        with suppress(OSError):
            if client.recv(1 << 16):
                return
        self._cut(conn, self._closing)

    def _cut(self, conn: Any, watched: dict[Any, Any]) -> None:
        del watched[conn]
        self.poller.unregister(conn.sock)
        conn.sock.close()

    def handle(self, conn: Any) -> Any:
        """Serve one request of a connection, in a thread."""
        self._queued.discard(conn)
        if not isinstance(conn.sock, ClientSocket):
            conn.sock = ClientSocket(conn.sock)
        conn.sock.begin()
        self._served.add(conn)
        self._read_until[conn] = time.monotonic() + HEAD_SECONDS
        try:
            return super().handle(conn)
        finally:
            self._read_until.pop(conn, None)
            self._served.discard(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request whose head was read; its body is read on the way."""
        told = dict(req.headers).get("CONTENT-LENGTH", "0")
        length = min(int(told), _LONGEST_BODY) if told.isascii() and told.isdigit() else 0
        seconds = BODY_SECONDS + length / BODY_BYTES_A_SECOND
        self._read_until[conn] = time.monotonic() + seconds
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Stop waiting for clients that are too slow; the main thread asks for this about once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn, (since, seconds, _bytes) in list(self._awaited.items()):
            if now > since + seconds or not self.alive:
                self.nr_conns -= 1
                self._cut(conn, self._awaited)
        for conn in [conn for conn, until in self._closing.items() if now > until]:
            self._cut(conn, self._closing)
        for conn, until in list(self._read_until.items()):
            if now > until:
                self._read_until.pop(conn, None)
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)  # the thread reads an end; an answer is still sent
        if self._queued and len(self._served) >= self.cfg.threads:
            seconds = patience(len(self._queued), self.cfg.threads)
            for client in to_give_up([conn.sock for conn in list(self._served)], seconds):
                with suppress(OSError):
                    client.shutdown(socket.SHUT_RDWR)  # its thread sees the connection end

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Answer an error of reading or serving a request."""
        if isinstance(exc, LimitRequestLine):
            self._answer(client, "414 URI Too Long", "414.html")
        elif isinstance(exc, InvalidRequestLine):
            target = encoded_target(getattr(exc, "req", ""))
            if target:
                _send(client, "301 Moved Permanently", b"", Location=target)
            else:
                self._answer(client, "400 Bad Request", "400.html")
        else:
            super().handle_error(req, client, addr, exc)

    def _answer(self, client: socket.socket, status: str, template: str) -> None:
        with translation.override("ar"):  # the reader's language stands in the part that was not read
            page = loader.render_to_string(template)
        _send(client, status, page.encode(), Content_Type="text/html; charset=utf-8")


def _send(client: socket.socket, status: str, body: bytes, **headers: str) -> None:
    fields = {
        "Connection": "close",
        "Content-Length": str(len(body)),
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    with suppress(OSError):
        client.settimeout(_DRAIN_SECONDS)
        client.sendall(f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body)
        client.shutdown(socket.SHUT_WR)
        end = time.monotonic() + _DRAIN_SECONDS
        while time.monotonic() < end and client.recv(1 << 16):
            pass
