"""Locks between processes: who waits is the next one."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from search.locks import LockHeldError, is_held, locked

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_process_that_waits_comes_before_the_one_that_takes_the_lock_again_at_once() -> None:
    order: list[str] = []

    def wait_for_it() -> None:
        try:
            with locked("drain", wait=60):
                order.append("waited")
        finally:
            connection.close()

    waiting = threading.Thread(target=wait_for_it)
    with locked("drain", wait=60):
        waiting.start()
        while not is_held("drain-turn"):  # type: ignore[arg-type]  its turn is no lock of its own
            pass
    for _ in range(20):
        with locked("drain", wait=60):
            order.append("again")
    waiting.join()
    assert order[0] == "waited"


def test_a_process_that_gives_up_leaves_its_turn_to_others() -> None:
    refused: list[str] = []

    def give_up() -> None:
        try:
            with locked("drain", wait=0.01):
                refused.append("")
        except LockHeldError as error:
            refused.append(str(error))
        finally:
            connection.close()

    with locked("drain"):
        impatient = threading.Thread(target=give_up)
        impatient.start()
        impatient.join()
    assert refused == ["another process holds the drain lock"]
    with locked("drain", wait=60):
        assert is_held("drain")
    assert not is_held("drain")
