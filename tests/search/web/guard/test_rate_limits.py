"""A stranger who asks too much is told when to go on; everybody else is served."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.cache import caches
from django.test import Client

pytestmark = pytest.mark.django_db
FAR = "198.51.100.7"


@pytest.fixture(autouse=True)
def two_a_minute(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow two requests of each kind, in a minute that does not end."""
    caches["limits"].clear()
    monkeypatch.setattr("search.web.guard.rate_limits.time.time", lambda: 1_800_000_020.0)
    settings.LIMITS_A_MINUTE = dict.fromkeys(("search", "api", "export", "suggestions"), 2)


@pytest.mark.parametrize(
    "path",
    [
        *("/search/?q=x", "/facets/place/?q=x", "/search/feed.atom?q=x", "/search/export.csv?q=حمص"),
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


def test_the_page_speaks_the_readers_language(client: Client, archive: dict) -> None:
    for _number in range(3):
        page = client.get("/search/?q=x", REMOTE_ADDR=FAR).content.decode()
    assert "حاول مجددًا بعد دقيقة" in page


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
