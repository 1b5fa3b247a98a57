"""Clients that send or take a few bytes now and then: others are served meanwhile."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote

import pytest

from newsarchive.slow_clients import (
    HELD_SECONDS,
    LEAST_HELD_SECONDS,
    LEAST_SPEED,
    MOST_BODY,
    MOST_HEAD,
    ClientSocket,
    expects_answer,
    missing_bytes,
    patience,
    to_give_up,
)
from tests.ops.archive import Archive
from tests.ops.running import get, wait_until
from tests.ops.web_server import served

HEAD = b"POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
#: More than the threads of the server, which has four.
MANY, DOZENS = 8, 24
LARGE = 150


@pytest.mark.parametrize(
    ("begun", "missing"),
    [
        (b"", 1),
        (HEAD, 1),
        (HEAD + b"\r\n", 0),
        (HEAD + b"Content-Length: 10\r\n\r\n", 10),
        (HEAD + b"content-length:10\r\n\r\nabc", 7),
        (HEAD + b"Content-Length: 3\r\n\r\nabcGET / HTTP/1.1", 0),
        (HEAD + b"Content-Length: %d\r\n\r\n" % (MOST_BODY + 1), 0),
        (HEAD + b"Content-Length: %s\r\n\r\n" % (b"9" * 400), 0),
        (HEAD + b"Content-Length: -1\r\n\r\n", 0),
        (HEAD + b"Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n", 0),
        (b"x" * MOST_HEAD, 0),
    ],
)
def test_a_request_says_what_it_lacks(begun: bytes, missing: int) -> None:
    assert missing_bytes(begun) == missing


def test_a_client_that_waits_for_a_word_is_known() -> None:
    assert expects_answer(HEAD + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n")
    assert not expects_answer(HEAD + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\nx")
    assert not expects_answer(HEAD + b"Expect: 100-continue\r\n")


class Measured(ClientSocket):
    """A connection for which a thread has waited for so long, and of so many bytes a second."""

    def __init__(self, waited: float, speed: float, *, stuck: bool = False) -> None:
        self.measured = waited, speed
        self.stuck = stuck

    def is_stuck(self, patience: float) -> bool:
        return self.stuck

    def waited(self) -> float:
        return self.measured[0]

    def speed(self) -> float:
        return self.measured[1]


def test_the_slow_are_given_up_or_else_the_slowest() -> None:
    long = HELD_SECONDS + 1
    slow, fast, faster = (Measured(long, LEAST_SPEED * times) for times in (0.5, 2, 3))
    assert to_give_up([fast, slow, faster], HELD_SECONDS) == [slow]
    assert to_give_up([faster, fast], HELD_SECONDS) == [fast]
    new, stuck = Measured(0.0, 0.0), Measured(long, LEAST_SPEED * 9, stuck=True)
    assert to_give_up([fast, new], HELD_SECONDS) == [], "that one may end soon"
    assert to_give_up([fast, stuck, slow, new], HELD_SECONDS) == [slow, stuck]


def test_the_more_wait_for_a_thread_the_less_it_waits_for_its_client() -> None:
    assert patience(1, 4) == HELD_SECONDS
    assert HELD_SECONDS > patience(5, 4) > patience(9, 4) > LEAST_HELD_SECONDS
    assert patience(100, 4) == LEAST_HELD_SECONDS
    soon = Measured(LEAST_HELD_SECONDS + 0.1, 0.0)
    assert to_give_up([soon], patience(1, 4)) == []
    assert to_give_up([soon], patience(100, 4)) == [soon]


def test_only_the_time_in_which_a_thread_waits_for_its_client_counts() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        client = ClientSocket(ours)
        theirs.sendall(b"abc")
        assert client.recv(3) == b"abc"
        waited = client.waited()
        assert client.waited() == waited, "nothing is waited for"
        thread = threading.Thread(target=client.recv, args=(1,))
        thread.start()
        wait_until(lambda: client.waited() > waited, 10)
        theirs.sendall(b"x")
        thread.join(10)
        client.begin()
        assert client.waited() == 0.0


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve an archive of large texts by gunicorn and return the port."""
    folder = tmp_path_factory.mktemp("archive")
    archive = Archive(folder)
    archive.migrate()
    archive.manage("setup_archive", "--no-samples")
    archive.script(
        # One word each, which costs nothing to analyze: more than the buffers of a connection hold.
        f"Article.objects.bulk_create(Article(title='كبير', body='ا' * 40_000) for _ in range({LARGE}))\n"
        "drain_outbox()"
    )
    with served(archive, EXPORT_TEXTS="everyone", LIMIT_EXPORTS="0") as port:
        yield port


LARGE_EXPORT = f"/search/export.jsonl?q={quote('كبير')}&texts=1&group=none"
BEGINNINGS = {
    "nothing": b"",
    "a part of a head": HEAD,
    "a part of a body": HEAD + b"Cookie: csrftoken=%s\r\nContent-Length: 2000\r\n\r\nx" % (b"a" * 32),
    "a head that asks to go on": HEAD
    + b"Cookie: csrftoken=%s\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n" % (b"a" * 32),
    "no end of their side": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    "no hand for the answer": f"GET {LARGE_EXPORT} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode(),
}


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_slow_clients_do_not_keep_others_out(port: int, kind: str) -> None:
    keep_others_out(port, kind, MANY)


def test_dozens_who_take_nothing_do_not_keep_others_out(port: int) -> None:
    """With five seconds for each they had all threads for half a minute and more."""
    keep_others_out(port, "no hand for the answer", DOZENS)


def keep_others_out(port: int, kind: str, number: int) -> None:
    """Hold connections, and fail unless others have their pages all the same."""
    begun, stop = threading.Event(), threading.Event()

    def hold() -> None:
        with ExitStack() as held:
            for _each in range(number):
                client = held.enter_context(socket.create_connection(("127.0.0.1", port)))
                client.sendall(BEGINNINGS[kind])
            begun.set()
            stop.wait(60)

    holding = threading.Thread(target=hold)
    holding.start()
    begun.wait(30)
    try:
        assert get(f"http://127.0.0.1:{port}/healthz").status == 200  # it gives up after 30 s
        assert get(f"http://127.0.0.1:{port}/about/").status == 200
    finally:
        stop.set()
        holding.join()


def test_a_slow_reader_has_its_whole_file_while_nobody_waits(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall(f"GET {LARGE_EXPORT} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
        read = sum(len(block) for block in iter(lambda: client.recv(1 << 16), b""))
    assert read > LARGE * 80_000
