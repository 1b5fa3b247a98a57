"""A thread of the web server keeps its connection to an SQLite file from one request to the next."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import RequestFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_requests_of_a_thread_take_one_connection() -> None:
    opened: list[object] = []
    statuses: list[str] = []

    def note(sender: object, **_: Any) -> None:
        opened.append(sender)

    def serve() -> None:
        try:
            for _ in range(2):
                environ = RequestFactory().get("/readyz").environ
                answer = WSGIHandler()(environ, lambda status, _headers: statuses.append(status))
                answer.close()  # type: ignore[attr-defined]  # the server does so, and Django then ends the request
        finally:
            connection.close()

    connection_created.connect(note)
    try:
        thread = threading.Thread(target=serve)
        thread.start()
        thread.join()
    finally:
        connection_created.disconnect(note)
    assert len(statuses) == 2
    # PostgreSQL keeps the default of Django, a connection for each request.
    assert len(opened) == (1 if connection.vendor == "sqlite" else 2)
