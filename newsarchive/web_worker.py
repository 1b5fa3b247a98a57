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
_POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'"
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


class ArchiveWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Answers addresses that are too long, or not encoded, with a page of the archive."""

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
