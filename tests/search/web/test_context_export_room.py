"""How many exports of words in context strangers may have made: without cookies, at once, kept, deleted."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from articles.models import Worker
from articles.tasks import daily_chores
from search.concordance.context_exports import create_export, run_export
from search.concordance.export_room import KEPT_FOR, NoRoomError
from search.models import ContextExport
from search.query.request import SearchRequest

pytestmark = pytest.mark.django_db
State = ContextExport.State
FAR = "198.51.100.7"
Start = Callable[..., HttpResponse]


@pytest.fixture
def start(archive: dict, settings: LazySettings) -> Start:
    """Return a function that starts an export from an address: each time a client without a session."""
    settings.LIMITS_A_MINUTE = {}

    def started(address: str = FAR, client: Client | None = None) -> HttpResponse:
        client = client or Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client.post("/search/context/start/", {"state": "q=حمص&view=context"}, REMOTE_ADDR=address)

    return started


def test_a_client_without_cookies_is_counted_by_its_address(start: Start, settings: LazySettings) -> None:
    settings.CONTEXT_EXPORTS_OF_ADDRESS = 3
    assert [start().status_code for _number in range(4)] == [302, 302, 302, 429]
    assert start("198.51.100.8").status_code == 302, "others are served"
    refused = start()
    assert "Please try again in 24 hours" in refused.content.decode()
    assert 86_000 < int(refused["Retry-After"]) <= 86_400
    ContextExport.objects.update(made_at=timezone.now() - timedelta(hours=23, minutes=30))
    assert "Please try again in 30 minutes" in start().content.decode()
    ContextExport.objects.update(made_at=timezone.now() - timedelta(days=1, minutes=1))
    assert start().status_code == 302, "the day is over"


def test_a_network_and_a_proxy_are_counted_as_for_other_limits(start: Start, settings: LazySettings) -> None:
    settings.CONTEXT_EXPORTS_OF_ADDRESS = 1
    assert [start(f"2001:db8::{number}").status_code for number in (1, 2)] == [302, 429]
    settings.PROXY_COUNT = 1
    for told, status in (("203.0.113.1", 302), ("9.9.9.9, 203.0.113.1", 429), ("203.0.113.2", 302)):
        client = Client(headers={"X-Forwarded-For": told})
        assert start("10.0.0.1", client).status_code == status, told


def test_refusals_leave_no_session_and_nothing_names_the_address(
    start: Start, settings: LazySettings
) -> None:
    settings.CONTEXT_EXPORTS_OF_ADDRESS = 1
    start()
    before = Session.objects.count()
    assert start().status_code == 429
    assert Session.objects.count() == before
    [row] = ContextExport.objects.values()
    assert FAR not in str(row)
    assert row["network"]


def test_deleting_gives_no_further_start_but_forgets_the_search(start: Start, settings: LazySettings) -> None:
    settings.CONTEXT_EXPORTS_OF_ADDRESS = 2
    reader = Client()
    for _number in range(2):
        number = int(start(client=reader)["Location"].strip("/").split("/")[-1])
        assert reader.post(f"/search/context/{number}/delete/", REMOTE_ADDR=FAR).status_code == 302
        assert reader.get(f"/search/context/{number}/").status_code == 404
    assert start(client=reader).status_code == 429
    assert {(row.owner, row.query, row.result) for row in ContextExport.objects.all()} == {("", "", None)}


def test_a_deleted_one_is_made_no_further(start: Start) -> None:
    Worker.objects.create(name="w", seen_at=timezone.now())
    reader = Client()
    start(client=reader)
    export = ContextExport.objects.get()

    def delete_it() -> bool:
        reader.post(f"/search/context/{export.pk}/delete/", REMOTE_ADDR=FAR)
        return False

    run_export(export.pk, stop=delete_it)
    export.refresh_from_db()
    assert (export.state, export.fault, export.result) == (State.FAILED, "deleted", None)


def test_few_are_made_at_once_for_strangers_and_an_account_is_not_kept_waiting(
    start: Start, settings: LazySettings
) -> None:
    Worker.objects.create(name="w", seen_at=timezone.now())
    settings.CONTEXT_EXPORTS_AT_ONCE = 3
    addresses = [FAR, FAR, FAR, "198.51.100.8", "198.51.100.9"]
    answers = [start(each) for each in addresses]
    assert [each.status_code for each in answers] == [302, 302, 429, 302, 429]
    assert "making as many of these as it can" in answers[-1].content.decode()
    assert int(answers[-1]["Retry-After"]) == 120
    reader = Client()
    reader.force_login(User.objects.create_user("reader"))
    assert start(client=reader).status_code == 302
    ContextExport.objects.update(state=State.RUNNING, changed_at=timezone.now() - timedelta(minutes=3))
    assert start().status_code == 302, "those that died with their process take no turn"


def test_the_oldest_of_strangers_make_room_after_a_day(start: Start, settings: LazySettings) -> None:
    settings.CONTEXT_EXPORTS_IN_ALL = 4
    owned = ContextExport.objects.create(owner="user:1", state=State.DONE, query="")
    assert [start(f"198.51.100.{number}").status_code for number in range(3)] == [302, 302, 429]
    refused = start("198.51.100.3")
    assert "keeps as many of these as it can. Please try again in 24 hours" in refused.content.decode()
    assert int(refused["Retry-After"]) > 86_000
    ContextExport.objects.update(made_at=timezone.now() - timedelta(days=2))
    assert start("198.51.100.3").status_code == 302
    assert ContextExport.objects.filter(pk=owned.pk).exists()
    assert ContextExport.objects.count() == 3


def test_old_ones_are_deleted_without_anybody_asking(start: Start) -> None:
    start()
    ContextExport.objects.update(made_at=timezone.now() - KEPT_FOR - timedelta(hours=1))
    for chore in daily_chores:
        chore()
    assert not ContextExport.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_take_one_place(settings: LazySettings) -> None:
    settings.CONTEXT_EXPORTS_EACH = 1

    def create(_number: int) -> str:
        try:
            create_export("user:1", SearchRequest(), network="")
        except NoRoomError as full:
            return full.shortage
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(create, range(6))) == ["", *["own"] * 5]
