"""Addresses that gunicorn does not pass on: too long ones, and letters that are not percent-encoded."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.conf import settings

from newsarchive.web_worker import encoded_target
from tests.ops.archive import Archive
from tests.ops.running import get, wait_until
from tests.ops.web_server import served


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("GET /search/?q=حمص HTTP/1.1", "/search/?q=" + quote("حمص")),
        ("HEAD /search/?q=حمص&x=%20 HTTP/1.1", "/search/?q=" + quote("حمص") + "&x=%20"),
        ("GET //evil.example/حمص HTTP/1.1", ""),
        ("GET /\\evil.example/حمص HTTP/1.1", ""),
        ("GET http://evil.example/حمص HTTP/1.1", ""),
        ("POST /login/?next=حمص HTTP/1.1", ""),
        ("GET /a b HTTP/1.1", ""),
        ("GET /a\tb HTTP/1.1", ""),
        ("nonsense", ""),
    ],
)
def test_letters_of_an_address_are_encoded(line: str, target: str) -> None:
    assert encoded_target(line.encode().decode("latin-1")) == target


def test_bytes_that_are_no_letters_are_not_encoded() -> None:
    assert encoded_target("GET /search/?q=\xff HTTP/1.1") == ""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve an empty archive by gunicorn and return the port."""
    folder = tmp_path_factory.mktemp("archive")
    archive = Archive(folder)
    archive.migrate()
    archive.manage("setup_archive", "--no-samples")
    with served(archive) as port:
        yield port


def test_clients_that_never_end_their_request_do_not_keep_others_out(port: int) -> None:
    """A thread reads each of them; there are four."""
    head = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
    slow = [socket.create_connection(("127.0.0.1", port), timeout=30) for _number in range(8)]
    try:
        for each in slow:
            each.sendall(head)
        for each in slow:  # ended without an answer, although they go on sending
            wait_until(lambda each=each: is_closed(each), 40)
        assert get(f"http://127.0.0.1:{port}/healthz").status == 200
    finally:
        for each in slow:
            each.close()


def is_closed(client: socket.socket) -> bool:
    """Send one more byte of a head; return True if the server has ended the connection."""
    client.settimeout(0.05)
    try:
        client.sendall(b"a")
        return client.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_the_longest_query_reaches_the_search_and_longer_addresses_get_a_page(port: int) -> None:
    address = f"http://127.0.0.1:{port}/search/?q="
    longest = " ".join(["كلمات"] * 200)[: settings.QUERY_MAX_CHARACTERS]
    assert get(address + quote(longest)).status == 200
    answer = get(address + quote("كلمات " * 2000))
    assert answer.status == 414
    assert "البحث أطول" in answer.text
    assert "shorten the search" in answer.text
    assert '<script src="' in answer.text
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def ask(port: int, target: str, *headers: str) -> str:
    """Send a request as it is given and return the whole answer."""
    head = "\r\n".join((f"GET {target} HTTP/1.1", "Host: 127.0.0.1", *headers))
    with socket.create_connection(("127.0.0.1", port)) as asking:
        asking.sendall(f"{head}\r\n\r\n".encode())
        asking.shutdown(socket.SHUT_WR)
        return asking.makefile("rb").read().decode("utf-8", "replace")


def test_nobody_but_the_server_says_where_its_links_lead(port: int) -> None:
    """Proxies pass on headers that they do not know; gunicorn would take this one from them."""
    for prefix in ("//evil.example", "/x"):
        answer = ask(port, f"{prefix}/robots.txt", f"SCRIPT_NAME: {prefix}", "Accept-Encoding: identity")
        assert answer.startswith("HTTP/1.1 404 ")
    answer = ask(port, "/opensearch.xml", "SCRIPT_NAME: /nowhere", "PATH_INFO: /help/")
    assert answer.startswith("HTTP/1.1 200 ")
    assert "OpenSearchDescription" in answer


def test_letters_that_are_not_encoded_lead_to_the_search(port: int) -> None:
    answer = ask(port, "/search/?q=حمص")
    assert answer.startswith("HTTP/1.1 301 ")
    assert f"Location: /search/?q={quote('حمص')}\r\n" in answer
    refused = ask(port, "/search/?q=حمص x")
    assert refused.startswith("HTTP/1.1 400 ")
    assert "لم يُفهم الطلب" in refused
