"""A stranger who asks too much is told when to go on; everybody else is served."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client, RequestFactory
from django.urls import ResolverMatch

from search.urls import urlpatterns
from search.web.guard import shared_counters
from search.web.guard.rate_limits import KINDS, kind_of
from search.web.guard.shared_counters import clear_counters, count, counters_file

pytestmark = pytest.mark.django_db
FAR = "198.51.100.7"


@pytest.fixture(autouse=True)
def two_a_minute(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow two requests of each kind, in a minute that does not end."""
    clear_counters()
    monkeypatch.setattr("search.web.guard.rate_limits.time.time", lambda: 1_800_000_020.0)
    settings.LIMITS_A_MINUTE = dict.fromkeys(("search", "pages", "api", "export", "suggestions"), 2)


@pytest.mark.parametrize(
    "path",
    [
        *("/search/?q=x", "/facets/place/?q=x", "/search/feed.atom?q=x", "/search/export.csv?q=حمص"),
        *("/search/export/?q=x", "/selection/"),
        *("/search/view.csv?q=x&view=time", "/suggest/?q=xy", "/api/v1/search?q=x", "/api/v1/suggest?q=xy"),
    ],
)
def test_the_third_request_is_refused_until_the_minute_is_over(
    english: Client, archive: dict, path: str
) -> None:
    answers = [english.get(path, REMOTE_ADDR=FAR) for _number in range(3)]
    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    assert answers[2].status_code == 429
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    if path.startswith(("/api/", "/suggest/")):
        assert "try again in" in answers[2].json()["detail"]
    else:
        assert "Please try again in a minute" in answers[2].content.decode()
    assert english.get(path, REMOTE_ADDR="198.51.100.8").status_code == 200, "others are served"
    assert english.get("/about/", REMOTE_ADDR=FAR).status_code == 200, "what is cheap stays open"


def test_every_page_of_readers_has_a_limit_unless_it_is_named(rf: RequestFactory) -> None:
    def kind(name: str) -> str:
        request = rf.get("/")
        request.resolver_match = ResolverMatch(lambda: None, (), {}, name, None, ["search"])
        return kind_of(request)

    names = [str(pattern.name) for pattern in urlpatterns]
    assert {name for name in names if not kind(name)} == set(KINDS[""])
    assert (kind("article"), kind("new page of tomorrow"), kind("export")) == ("pages", "pages", "search")


def test_the_page_speaks_the_readers_language(client: Client, archive: dict) -> None:
    for _number in range(3):
        page = client.get("/search/?q=x", REMOTE_ADDR=FAR).content.decode()
    assert "حاول مجددًا بعد دقيقة" in page
    assert 'href="/search/?q=x"' in page, "the same search again"


def test_an_invented_address_is_not_counted(english: Client, archive: dict) -> None:
    statuses = [
        english.get("/search/?q=x", REMOTE_ADDR=FAR, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}").status_code
        for number in range(3)
    ]
    assert statuses == [200, 200, 429]


def test_readers_with_an_account_and_the_machine_itself_have_no_limit(english: Client, archive: dict) -> None:
    assert {english.get("/search/?q=x").status_code for _number in range(4)} == {200}
    english.force_login(User.objects.create_user("reader"))
    assert {english.get("/search/?q=x", REMOTE_ADDR=FAR).status_code for _number in range(4)} == {200}


def test_zero_is_no_limit(english: Client, archive: dict, settings: LazySettings) -> None:
    settings.LIMITS_A_MINUTE = {"search": 0}
    assert {english.get("/search/?q=x", REMOTE_ADDR=FAR).status_code for _number in range(4)} == {200}


def test_processes_and_threads_share_the_counters() -> None:
    """No request is lost between them, so that the limit holds for all workers of a web server."""
    processes, threads, times = 3, 3, 40
    code = (
        "from concurrent.futures import ThreadPoolExecutor as Pool\n"
        "from search.web.guard.shared_counters import count\n"
        f"list(Pool({threads}).map(lambda _: [count('x', 2e9) for _ in range({times})], range({threads})))"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code], env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        )
        for _number in range(processes)
    ]
    assert [each.wait(120) for each in started] == [0] * processes
    assert count("x", 2e9) == processes * threads * times + 1


def test_counters_of_a_minute_that_is_over_go() -> None:
    count("old", 1.0)
    shared_counters._local.sweep_at = 0.0
    count("new", time.time() + shared_counters.LONGEST_SECONDS)
    with closing(sqlite3.connect(counters_file())) as base:
        assert [name for (name,) in base.execute("SELECT name FROM counter")] == ["new"]


def test_where_nothing_can_be_written_nobody_is_refused(settings: LazySettings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.ARCHIVE_DATA_DIR = tmp_path / "file"
    assert [count("x", 2e9) for _number in range(3)] == [0, 0, 0]


def damage_header(file: Path) -> None:
    file.write_bytes(b"no database " * 100)


def damage_pages(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:100] + bytes(4000))


def lose_table(file: Path) -> None:
    with closing(sqlite3.connect(file)) as base:
        base.execute("DROP TABLE counter")


@pytest.mark.parametrize("damage", [damage_header, damage_pages, lose_table])
def test_damaged_counters_are_begun_anew_once(damage: Callable[[Path], None]) -> None:
    assert count("a", 2e9) == 1
    shared_counters._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shared_counters._local.base.close()
    shared_counters._local.base = None
    for end in ("-wal", "-shm"):
        Path(f"{counters_file()}{end}").unlink(missing_ok=True)
    damage(counters_file())
    counted = [count("a", 2e9) for _ in range(3)]
    assert counted in ([0, 1, 2], [1, 2, 3])
    # A process that still has the damaged file open leaves the new one alone.
    shared_counters._local.file = 0
    shared_counters._set_aside(sqlite3.DatabaseError("database disk image is malformed"))
    assert count("a", 2e9) == counted[-1] + 1


@pytest.mark.parametrize(
    "address", ["/login/", "/selection/", "/admin/login/", "/admin/articles/source/import/"]
)
def test_a_stranger_does_not_fill_the_disk_with_a_file(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, librarian: User, address: str
) -> None:
    """The check of the token reads a form to its end, and its files go to the disk whatever their size."""
    received: list[int] = []
    monkeypatch.setattr(
        TemporaryFileUploadHandler,
        "receive_data_chunk",
        lambda _handler, data, _start: received.append(len(data)),
    )
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.UPLOAD_MAX_FILE_BYTES = 10_000, 50_000
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

    def send(client: Client, size: int) -> int:
        client.cookies["csrftoken"] = "a" * 32
        file = SimpleUploadedFile("a.bin", b"x" * size)
        return client.post(address, {"file": file, "csrfmiddlewaretoken": "b" * 32}).status_code

    stranger, account = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    account.force_login(librarian)
    assert send(stranger, 20_000) == send(account, 60_000) == 413
    assert received == []
    assert send(stranger, 5_000) == send(account, 20_000) == 403
    assert received
