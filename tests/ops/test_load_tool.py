"""The load tool counts what went wrong, goes on from what a page offers, and tells processes apart."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tools.benchmark.load_clients import LoadRecord, Reader, SiteClient, form_fields
from tools.benchmark.load_report import report_lines, summarize

PAGE = """<a href="?q=x&amp;source=3">paper</a> <a href="/articles/7/?q=x#match">one</a>
<a href="/articles/7/cite.ris">cite</a> <a href="?q=x&amp;page=2">next</a>
<a href="/search/export/?q=x">Export</a>"""


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(500 if self.path.startswith("/broken") else 200)
        self.send_header("Set-Cookie", "seen=1; Path=/")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_answers_are_timed_by_kind_and_failures_are_errors(port: int) -> None:
    record = LoadRecord()
    client = SiteClient(port, record)
    assert client.ask("page", "/") == PAGE
    assert client.cookies == {"seen": "1"}
    assert client.ask("page", "/broken") == ""
    assert SiteClient(1, record).ask("page", "/") == ""  # nobody listens
    assert len(record.seconds["page"]) == 2
    assert [each.split()[1] for each in record.errors] == ["500", "ConnectionRefusedError"]


def test_a_reader_goes_where_the_page_leads() -> None:
    reader = Reader(SiteClient(1, LoadRecord()), ["x"], "seed", 0)
    found = {
        kind: reader.next_path(kind, "q=x", PAGE) for kind in ("filter", "article", "next page", "export")
    }
    assert found == {
        "filter": "/search/?q=x&source=3",
        "article": "/articles/7/?q=x",
        "next page": "/search/?q=x&page=2",
        "export": "/search/export.csv?q=x",
    }
    assert reader.next_path("article", "q=x", "nothing was found") == ""
    close_hits_alone = '<a href="/articles/7/?q=x">one</a>'
    assert reader.next_path("export", "q=x", close_hits_alone) == ""


def test_a_form_is_sent_with_all_its_fields() -> None:
    page = """<form><input name=a value=1></form>
    <form><input name=csrfmiddlewaretoken value=t><textarea name=body>text</textarea>
    <select name=state><option value=p selected>p<option value=h>h</select>
    <input type=submit name=_save></form>"""
    assert form_fields(page, "body") == {"csrfmiddlewaretoken": "t", "body": "text", "state": "p"}
    assert form_fields("", "body") == form_fields(page, "password") == {}


def test_the_report_compares_pages_with_a_reader_alone_and_names_errors() -> None:
    alone, together = LoadRecord(), LoadRecord()
    alone.add("search", 0.1)
    for seconds in (0.1, 0.2, 0.4):
        together.add("search", seconds)
    together.fail("search: 500 /search/")
    memory = [{"process": "web 1", "seconds": 60, "live": [80, 90, 91], "mapped": [2, 2, 2], "most_live": 95}]
    found = summarize(alone, together, [1.5], memory) | {
        "engine": "embedded", "clients": 3, "load": 0.1, "log": []
    }  # fmt: skip
    text = "\n".join(report_lines(found))
    assert "× 4.0 of a reader alone" in text
    assert "| search | 1, 0.1, 0.1 | 3, 0.2, 0.4, 0.4, 0.4 |" in text
    assert "| from a save to a search | – | 1, 1.5, 1.5, 1.5, 1.5 |" in text
    assert "ERROR search: 500 /search/" in text
    assert "| web 1 | 60 | 80, 90, 91, 95 | 2, 2, 2 |" in text
