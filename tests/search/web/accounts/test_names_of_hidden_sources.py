"""Whoever may not see a source does not learn that there is one of its name."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from urllib.parse import quote, unquote_plus

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.utils.http import http_date

from articles.models import Article, Audience, Source
from search.models import IndexState

pytestmark = pytest.mark.django_db

HIDDEN, ABSENT = "وكالة سنابل", "وكالة أشباح"
#: Where a reader can name a source.
NAMED = (
    "/search/?q=حمص&source={name}",
    "/search/?q=حمص&source={name}&date=2012",
    "/search/?q=حمص&view=context&source={name}",
    "/search/?q=حمص&view=time&source={name}",
    "/search/advanced/?source={name}",
    "/facets/?q=حمص&source={name}",
    "/facets/source/?q=حمص&source={name}",
    "/coverage/?by=city&source={name}",
    "/coverage/?source={name}",
    "/search/feed.atom?q=حمص&source={name}",
    "/search/export/?q=حمص&source={name}",
    "/search/export.jsonl?source={name}",
    "/api/v1/search?q=حمص&source={name}",
    "/api/v1/search/all?source={name}",
    "/api/v1/suggest?q={name}",
    "/suggest/?q={name}",
)
#: What differs between any two answers.
NOISE = re.compile(r'nonce="[^"]*"|"took_ms": [^,]*|"made_at": [^,]*|<updated>[^<]*')


def told(client: Client, address: str, name: str) -> tuple[int, str]:
    """Return the answer without the name that was asked for."""
    answer = client.get(quote(address.format(name=name), safe="/?&=") + "&lang=en")
    text = html.unescape(unquote_plus(unquote_plus(answer.getvalue().decode())))
    return answer.status_code, NOISE.sub("", text.replace(name, "NAME").replace(ascii(name)[1:-1], "NAME"))


@pytest.mark.parametrize("change", [str, lambda name: name.replace("ة", "ه")])
def test_a_hidden_source_is_answered_for_as_one_that_does_not_exist(
    client: Client, archive: dict[str, Article], subtests: pytest.Subtests, change: Callable[[str], str]
) -> None:
    Source.objects.filter(name=HIDDEN).update(audience=Audience.LIBRARIANS, latin_name="Sanabil")
    Source.objects.create(name="وكالة أخرى", latin_name="Other")
    for address in NAMED:
        with subtests.test(address):
            hidden = told(client, address, change(HIDDEN))
            assert HIDDEN not in hidden[1]
            assert "Sanabil" not in hidden[1]
            assert hidden == told(client, address, change(ABSENT))


def test_a_kept_feed_is_current_only_for_readers_who_may_see_and_read_the_same(
    client: Client, archive: dict[str, Article]
) -> None:
    source = Source.objects.filter(name=HIDDEN)
    # As if the index had been written a minute ago.
    IndexState.objects.update(version=int(time.time() - 60) * 1000)
    client.force_login(User.objects.create(username="reader"))

    def ask(language: str = "ar", **headers: str) -> HttpResponse:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client.get("/search/feed.atom?q=حمص", headers=headers)

    kept = ask()
    assert HIDDEN in kept.content.decode()
    assert kept.headers["Cache-Control"] == "private, no-cache"
    by_tag, by_time = {"If-None-Match": kept.headers["ETag"]}, {"If-Modified-Since": http_date(time.time())}
    again = ask(**by_tag)
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "private, no-cache")
    for known in (by_tag, by_time):
        assert ask("en", **known).status_code == 200
    source.update(audience=Audience.LIBRARIANS)
    restricted = [ask(**known) for known in (by_tag, by_time)]
    source.update(audience=Audience.ACCOUNTS)
    assert HIDDEN in ask(**by_time).content.decode()
    client.logout()
    for answer in (*restricted, *(ask(**known) for known in (by_tag, by_time))):
        assert answer.status_code == 200
        assert HIDDEN not in answer.content.decode()
