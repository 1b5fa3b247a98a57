"""A page waits for its engine no longer in all than one limit allows."""

from __future__ import annotations

import socket

import pytest
from elastic_transport import ConnectionTimeout

from search.engines.contract import EngineUnavailable
from search.engines.elastic import ElasticEngine
from search.engines.elastic.client import Connection
from search.engines.page_wait import PageWait, current_wait, limited_wait


def test_the_questions_of_a_page_share_the_time() -> None:
    wait = PageWait()
    assert wait.seconds_for(2.0) == 2.0
    wait.spent = 2.5
    assert wait.seconds_for(2.0) == pytest.approx(0.5)
    wait.spent = 2.99
    assert wait.seconds_for(2.0) == 0.0


def test_a_page_asks_a_silent_server_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        engine = ElasticEngine(Connection(f"http://127.0.0.1:{silent.getsockname()[1]}"), "x", timeout=0.2)
        with limited_wait():
            for _question in range(3):
                with pytest.raises(EngineUnavailable) as failed:
                    engine.newest_version()
            wait = current_wait()
        engine.close()
    assert wait is not None
    assert wait.given_up
    assert 0.2 <= wait.spent < 0.4, "the second and third question did not wait"
    assert isinstance(failed.value.__cause__, ConnectionTimeout)
    assert current_wait() is None
