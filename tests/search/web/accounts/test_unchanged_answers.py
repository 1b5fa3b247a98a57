"""What a reader may not see changes no answer: not a count, a list, a neighbour, a story or a suggestion.

Not in the list, because they do change: the order by relevance and its scores, which count words of the whole
archive (docs/decisions/0047-private-archives.md).
"""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.conf import LazySettings
from django.test import Client

from articles.models import Article, Audience, Source
from articles.near_duplicates.clusters import join
from search.indexing.outbox_consumer import drain_outbox
from tests.search.web.conftest import Write

pytestmark = pytest.mark.django_db

#: A word of hidden articles, one letter from a word of a visible one, and a place of hidden articles.
SECRET, NEAR, PLACE = "قزلمنبور", "قزلمنبود", "كفرسر"
ANSWERS = (
    *("/", "/coverage/", "/coverage/?by=source", "/coverage/?by=city", "/search/advanced/", "/help/"),
    *(f"/search/?q=حمص{view}" for view in ("", "&view=time", "&view=context", "&sort=newest")),
    *("/search/?q=السوق&view=context&words=partners", "/search/?q=السوق&view=context&words=distinctive"),
    *("/facets/place/", "/facets/source/", "/facets/date/", "/facets/event/", "/facets/?q=حمص"),
    *("/search/feed.atom?q=حمص", "/search/export/?q=حمص", "/search/export.jsonl?q=حمص"),
    *("/api/v1/search?q=حمص", "/api/v1/search/all", "/sitemap-articles.xml", f"/suggest/?q={SECRET[:4]}"),
    *("/suggest/?q=صيد", "/suggest/?q=وكالة س", "/search/?q=حمص&source=وكالة سرية"),
    # Corrections, completions and parts of run-together words.
    *(
        f"/search/?q={each}"
        for each in (SECRET, f"ق{SECRET[2:]}", f"حمص{SECRET}", f"حمص {SECRET}", f'"{SECRET}"')
    ),
    *(
        f"/search/?q=حمص {SECRET[:4]} {SECRET[4:]}",
        f"/api/v1/search?q={SECRET}",
        f"/suggest/?q=حمص {NEAR[:4]}",
    ),
    # Places.
    *(f"/search/?q=حمص&{kind}={PLACE}" for kind in ("city", "governorate", "country", "not_place")),
    *(f"/search/?q=city:{PLACE}", f"/search/?q=حمص&city={PLACE}&view=time", f"/suggest/?q={PLACE[:3]}"),
    *(f"/search/advanced/?{kind}place_name={PLACE}" for kind in ("", "find=1&")),
    *(f"/coverage/?by=city&city={PLACE}", f"/coverage/?city={PLACE}", f"/coverage/?by=source&city={PLACE}"),
)
#: What differs between any two answers. The scores of the API are of the whole archive.
NOISE = re.compile(r'nonce="[^"]*"|"(?:took_ms|made_at|score)": ?[^,}]*|<updated>[^<]*|[\w-]{64}')


def answers(client: Client, addresses: list[str]) -> dict[str, tuple[int, str]]:
    found = {}
    for address in addresses:
        answer = client.get(quote(address, safe="/?&="))
        found[address] = answer.status_code, NOISE.sub("", answer.getvalue().decode())
    return found


def test_hidden_articles_change_no_answer(
    client: Client, archive: dict[str, Article], write: Write, settings: LazySettings
) -> None:
    settings.PUBLIC_ARCHIVE = True
    Source.objects.create(name="وكالة سرية", audience=Audience.LIBRARIANS)
    write("بلدة", f"خبر من حمص عن صيدا و{NEAR}.", cities=("صيدا",), day="2015-01-02")
    for number in range(11):
        write("مدينة", f"خبر عن {NEAR}.", day="2015-01-02", findable=number == 10)
    shown = list(archive.values())
    new = Article.objects.latest("pk").pk + 1
    addresses = [*ANSWERS, *(f"/articles/{new}/{page}" for page in ("", "why/?q=x", "cite.bib", "file/"))]
    addresses += [f"/articles/{each.pk}/?q=حمص&at=1" for each in shown]
    before = answers(client, addresses)
    text = f"قال {SECRET} إن السوق في حمص وصيدا عاد يوم 3 آذار 2013 إلى العمل."
    for state, source in (("published", "وكالة سرية"), ("draft", ""), ("held", ""), ("withdrawn", "")):
        hidden = write(
            "حمص", text, state=state, source=source, cities=("صيدا", "حمص", PLACE), day="2016-05-05"
        )
        join(hidden, shown[0], by=None, reason="نسخة")
    drain_outbox()
    assert hidden.pk == new + 3
    after = answers(client, addresses)
    assert [address for address in addresses if before[address] != after[address]] == []
