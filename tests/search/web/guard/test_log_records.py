"""Errors, refusals and failed logins leave a line with the id of the request, and no reader's word."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client

from search.web import views
from search.web.guard.log_records import JsonFormatter, RecordFormatter, logging_config

pytestmark = pytest.mark.django_db

Lines = Callable[[], str]
WORDS = "زنجبيل مريخي"


@pytest.fixture(params=[RecordFormatter, JsonFormatter])
def lines(request: pytest.FixtureRequest) -> Iterator[Lines]:
    """Return a function that returns what the root logger wrote so far."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param(with_queries=False))
    root = logging.getLogger()
    root.addHandler(handler)
    logging.getLogger("archive.request").setLevel("INFO")
    yield stream.getvalue
    logging.getLogger("archive.request").setLevel("WARNING")
    root.removeHandler(handler)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Client:
    """Return a client of an archive whose search fails on every word."""

    def fail(prepared: object) -> None:
        raise RuntimeError(f"cannot look for {WORDS} nor زنجبيلx nor q=lorries nor زنجبيلي")

    monkeypatch.setattr(views, "run_search", fail)
    return Client(raise_request_exception=False)


def test_a_fault_leaves_its_traceback_and_the_id_that_the_reader_sees(
    broken: Client, index: None, lines: Lines
) -> None:
    answer = broken.get("/search/", {"q": f"{WORDS} lorries"})
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()
    said = lines()
    assert "RuntimeError" in said
    assert "views.py" in said
    assert answer["X-Request-ID"] in said
    for word in (*WORDS.split(), "lorries", "%D8%B2"):
        assert word not in said


def test_a_setting_lets_the_words_in(broken: Client, index: None) -> None:
    record = logging.makeLogRecord({"msg": f"fault in {WORDS}"})
    assert WORDS in RecordFormatter(with_queries=True).format(record)


def test_a_request_is_logged_without_its_query_string(client: Client, index: None, lines: Lines) -> None:
    answer = client.get("/search/", {"q": WORDS})
    said = [line for line in lines().splitlines() if "archive.request" in line]
    assert len(said) == 1
    assert "/search/" in said[0]
    assert answer["X-Request-ID"] in said[0]
    assert lines().count(answer["X-Request-ID"]) >= 2, "the line of Django about the 503, too"
    assert "?" not in said[0]
    assert "q=" not in said[0]


def test_a_refused_host_is_logged(client: Client, lines: Lines) -> None:
    assert client.get("/about/", headers={"host": "evil.example"}).status_code == 400
    assert "django.security.DisallowedHost" in lines()
    assert "evil.example" in lines()


@pytest.mark.parametrize("address", ["/login/", "/admin/login/"])
def test_a_failed_login_is_logged_by_the_name_of_the_account(
    client: Client, index: None, lines: Lines, address: str
) -> None:
    User.objects.create_user("salma", password="correct horse")
    client.post(address, {"username": "salma", "password": "wrong horse"})
    client.post(address, {"username": "my-password-by-mistake", "password": "salma"})
    said = lines()
    assert said.count("failed login") == 2
    assert "salma" in said
    assert "127.0.0.1" in said
    assert "wrong horse" not in said
    assert "my-password-by-mistake" not in said


def test_a_refusal_is_one_line(client: Client, lines: Lines) -> None:
    user = User.objects.create_user("reader", is_staff=True)
    client.force_login(user)
    assert client.get("/admin/articles/article/held/").status_code == 403
    assert "Traceback" not in lines()
    assert "/admin/articles/article/held/" in lines()


def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ELASTICSEARCH_PASSWORD", "hunter22222")
    record = logging.makeLogRecord({"msg": "hunter22222 and https://archive:other-secret@host:9200/news"})
    said = RecordFormatter(with_queries=True).format(record)
    assert "hunter22222" not in said
    assert "other-secret" not in said
    assert "host:9200/news" in said


def test_a_line_break_makes_no_second_line() -> None:
    record = logging.makeLogRecord({"msg": "Not Found: %s", "args": ("/x\n2026 ERROR all is well",)})
    assert "\n" not in RecordFormatter(with_queries=False).format(record)
    json.loads(JsonFormatter(with_queries=False).format(record))


def test_every_django_logger_reaches_stderr_through_our_handler() -> None:
    config = logging_config(level="WARNING", as_json=True, with_queries=False, with_requests=True)
    assert config["loggers"]["django"]["handlers"] == []
    assert config["loggers"]["archive.request"]["level"] == "INFO"
    assert config["formatters"]["archive"]["()"] is JsonFormatter
