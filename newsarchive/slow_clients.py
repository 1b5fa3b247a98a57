"""Slow clients of the web server: which requests are not whole yet, and which client is given up for others.

A thread reads a request and sends its answer itself. A dozen clients who send or take a few bytes now and
then would hold all threads, also through a proxy that passes bodies and answers on as they come. So a thread
gets a request only when it is there as a whole, and when all threads wait for their clients while others wait
for a thread, the slowest is given up. Otherwise a slow client has all the time that it needs: many lines are
slow.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

#: Bytes of the head and of the body of a request that the system keeps until the request is whole. A larger
#: body, which only uploads have, is read by a thread.
MOST_HEAD, MOST_BODY = 1 << 16, 1 << 17
#: Seconds that a thread waits for its client in all, before the client may be given up for others; the least
#: of them while many others wait.
HELD_SECONDS, LEAST_HELD_SECONDS = 5.0, 1.0
#: Bytes a second of the clients who are given up at once.
LEAST_SPEED = 20_000
#: Bytes that are sent in one piece, so that progress can be seen in a long part of an answer.
_BLOCK = 1 << 16
END_OF_HEAD = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*+([0-9]{1,9})[ \t]*+\r\n")
_NO_LENGTH = b"\r\ntransfer-encoding:"
#: The header of a request whose client waits for permission to send the body, and the permission.
_EXPECTS, CONTINUE = b"\r\nexpect:", b"HTTP/1.1 100 Continue\r\n\r\n"


def missing_bytes(begun: bytes) -> int:
    """Return how many bytes at least a request lacks that begins so; 0 if a thread should read it now."""
    end = begun.find(END_OF_HEAD)
    if end < 0:
        return 1 if len(begun) < MOST_HEAD else 0
    head = begun[: end + 2].lower()
    length = _LENGTH.search(head)
    if length is None or _NO_LENGTH in head:
        return 0
    body = int(length[1])
    return max(0, end + len(END_OF_HEAD) + body - len(begun)) if body <= MOST_BODY else 0


def expects_answer(begun: bytes) -> bool:
    """Return True if the client waits for "100 Continue" before it sends the body."""
    head, end, body = begun.partition(END_OF_HEAD)
    return bool(end) and not body and _EXPECTS in head.lower()


def arrived(sock: socket.socket) -> bytes:
    """Return the bytes in the receive buffer of a socket, and leave them there."""
    try:
        return sock.recv(MOST_HEAD + MOST_BODY, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except OSError:  # nothing yet, or the connection is gone, which its thread will see
        return b""


def wake_at(sock: socket.socket, number: int) -> None:
    """Set how many bytes a socket must hold, unless it has ended, to count as readable."""
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, number)


class ClientSocket:
    """The socket of a connection; counts the bytes of one request and its answer, and the time they took.

    Only the time in which the thread waited for the client counts, none in which the answer was made.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.begin()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def begin(self) -> None:
        """Count from zero: a request begins."""
        self._bytes, self._waited = 0, 0.0
        self._waits_since: float | None = None

    def waited(self) -> float:
        """Return the seconds that the thread has waited for the client, the present wait included."""
        since = self._waits_since  # its own thread may end the wait meanwhile
        return self._waited + (time.monotonic() - since if since is not None else 0.0)

    def is_stuck(self, patience: float) -> bool:
        """Return True if nothing has come or gone for long; before, the system took the first megabytes."""
        since = self._waits_since
        return since is not None and time.monotonic() - since >= patience

    def speed(self) -> float:
        """Return the bytes a second of that time."""
        return self._bytes / max(self.waited(), 0.001)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Receive as a socket does."""
        with self._waiting():
            data = self._sock.recv(size, flags)
        self._bytes += len(data)
        return data

    def sendall(self, data: bytes) -> None:
        """Send as a socket does."""
        view = memoryview(data)
        for start in range(0, len(view), _BLOCK):
            block = view[start : start + _BLOCK]
            with self._waiting():
                self._sock.sendall(block)
            self._bytes += len(block)

    def sendfile(self, file: BinaryIO, offset: int = 0, count: int | None = None) -> int:
        """Send a file as a socket does."""
        file.seek(offset)
        sent = 0
        while block := file.read(_BLOCK if count is None else min(_BLOCK, count - sent)):
            self.sendall(block)
            sent += len(block)
        return sent

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        self._waits_since = time.monotonic()
        try:
            yield
        finally:
            self._waited, self._waits_since = self.waited(), None


def patience(queued: int, threads: int) -> float:
    """Return how many seconds a thread may wait for its client, by the connections that wait for a thread.

    The longer the queue, the less: the clients in it may be as slow, and with a fixed time for each, dozens
    of them would keep all others out for dozens of seconds.
    """
    return max(LEAST_HELD_SECONDS, HELD_SECONDS * threads / (threads + max(0, queued - 1)))


def to_give_up(clients: Iterable[ClientSocket], seconds: float) -> list[ClientSocket]:
    """Return whom to give up if these clients have all threads, and others wait.

    Of the clients that a thread has waited for `seconds`, return those that are too slow; if none is, the
    slowest of all, unless one may end soon.
    """
    order = sorted(clients, key=lambda each: each.speed())
    held = [each for each in order if each.waited() >= seconds]
    slow = [each for each in held if each.is_stuck(seconds) or each.speed() < LEAST_SPEED]
    return slow or (order[:1] if len(held) == len(order) else [])
