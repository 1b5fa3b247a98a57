"""Gunicorn's worker with threads, with the archive's own answer to requests that do not reach Django."""

from __future__ import annotations

import logging
import socket
import time
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from django.template import loader
from django.utils import translation
from gunicorn.http.errors import InvalidRequestLine, LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

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
#: that. A thread waits for each of them, so a dozen slow clients would keep all others out.
HEAD_SECONDS, BODY_SECONDS, BODY_BYTES_A_SECOND = 5.0, 30.0, 20_000
#: A header may name a length of 400 digits, which is no float.
_LONGEST_BODY = 10**12


class ArchiveWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Answers addresses that are too long, or not encoded, with a page of the archive; ends slow requests."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        #: Until when each connection that a thread reads must have sent what it is read for.
        self._read_until: dict[Any, float] = {}

    def handle(self, conn: Any) -> Any:
        """Serve one request of a connection, in a thread."""
        self._read_until[conn] = time.monotonic() + HEAD_SECONDS
        try:
            return super().handle(conn)
        finally:
            self._read_until.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Answer a request whose head was read; its body is read on the way."""
        told = dict(req.headers).get("CONTENT-LENGTH", "0")
        length = min(int(told), _LONGEST_BODY) if told.isascii() and told.isdigit() else 0
        seconds = BODY_SECONDS + length / BODY_BYTES_A_SECOND
        self._read_until[conn] = time.monotonic() + seconds
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Stop reading from clients that are too slow; the main thread asks for this about once a second."""
        super().murder_pending()
        now = time.monotonic()
        for conn, until in list(self._read_until.items()):
            if now > until:
                self._read_until.pop(conn, None)
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)  # the thread reads an end; an answer is still sent

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
