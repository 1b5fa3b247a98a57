"""Words in context read in the background: start, progress, download, deletion, and who sees them."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone
from lxml import html

from articles.history import erasure
from articles.models import Article, Erasure, Worker
from search.concordance.context_exports import KEPT_FOR, LOST_AFTER, run_export, unpack_words
from search.engines import get_engine
from search.indexing.outbox_consumer import drain_outbox
from search.models import ContextExport
from search.reader_tasks import run_context_export
from tests.search.web.conftest import Write, text_of

pytestmark = pytest.mark.django_db
State = ContextExport.State


@pytest.fixture
def convoys(write: Write) -> list[Article]:
    """Create eight articles, of which a page reads two."""
    made = [
        write("خبر", f"وصلت قافلة ضصثحك إلى حمص يوم {n}.", day=f"2014-01-0{n}", findable=False)
        for n in range(1, 9)
    ]
    drain_outbox()
    return made


def start(client: Client, **state: str) -> ContextExport:
    query = "&".join(f"{key}={value}" for key, value in {"q": "حمص", "view": "context", **state}.items())
    answer = client.post("/search/context/start/", {"state": query})
    assert answer.status_code == 302, answer.content.decode()
    return ContextExport.objects.get(pk=int(answer.headers["Location"].strip("/").split("/")[-1]))


def downloaded(client: Client, export: ContextExport) -> list[list[str]]:
    answer = client.get(f"/search/context/{export.pk}/table.csv")
    assert answer.status_code == 200
    text = answer.getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:])))


def test_a_page_that_read_a_part_offers_to_read_all(
    client: Client, convoys: list[Article], settings: LazySettings
) -> None:
    settings.CONTEXT_MAX_WORDS = 10
    tree = html.fromstring(client.get("/search/", {"q": "حمص", "view": "context"}).content.decode())
    [form] = tree.cssselect(".view-sample form")
    fields = {each.get("name"): each.get("value") for each in form.cssselect("input")}
    answer = client.post(form.get("action"), fields, follow=True)
    shown = html.fromstring(answer.content.decode())
    assert "قُرئت 8 أخبار" in text_of(shown.cssselect(".exports")[0])
    [link] = shown.cssselect(".exports a[download]")
    rows = list(csv.reader(io.StringIO(client.get(link.get("href")).getvalue().decode()[1:])))
    assert [row[1] for row in rows[1:]] == [f"2014-01-0{n}" for n in range(8, 0, -1)]


def test_lines_keep_their_order_and_words_their_counts(client: Client, convoys: list[Article]) -> None:
    oldest_first = downloaded(client, start(client, order="after"))
    assert [row[5] for row in oldest_first[1:]] == [f"يوم {n}." for n in range(1, 9)]
    words = downloaded(client, start(client, words="partners"))
    assert words[0][0] == "الكلمة"


def test_an_export_holds_no_text_and_shows_no_article_that_was_hidden_since(
    client: Client, convoys: list[Article]
) -> None:
    export = start(client)
    assert "ضصثحك".encode() not in bytes(export.result or b"")
    Article.objects.filter(pk=convoys[0].pk).update(state=Article.State.WITHDRAWN)
    assert [row[0] for row in downloaded(client, export)[1:]] == [str(each.pk) for each in convoys[:0:-1]]


def test_a_list_of_words_loses_those_that_no_article_has_any_more_and_goes_with_an_erasure(
    client: Client, write: Write
) -> None:
    text = "رأى حمص غحصلمرق مرة واحدة هنا."
    secret = [write("خبر", text, day="2014-01-01", findable=False) for _ in range(8)]
    for _ in range(20):
        write("طقس", "مطر غزير على الجبال", findable=False)
    write("طقس", "مطر")
    export = start(client, words="distinctive")
    assert "غحصلمرق" in {each.word for each in unpack_words(bytes(export.result or b"")).words}
    assert "غحصلمرق" in {row[0] for row in downloaded(client, export)}
    Article.objects.filter(pk__in=[each.pk for each in secret[1:]]).update(state=Article.State.WITHDRAWN)
    drain_outbox()
    assert "غحصلمرق" in {row[0] for row in downloaded(client, export)}
    lines = start(client)
    erasure.erase_article(
        Article.objects.get(pk=secret[0].pk), ground=Erasure.Ground.COURT, reason="حكم", by=None
    )
    assert not ContextExport.objects.filter(pk=export.pk).exists()
    assert [row[0] for row in downloaded(client, lines)[1:]] == []


def test_only_its_reader_sees_and_deletes_an_export(client: Client, convoys: list[Article]) -> None:
    export = start(client)
    stranger = Client()
    for address in (f"/search/context/{export.pk}/", f"/search/context/{export.pk}/table.csv"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"/search/context/{export.pk}/delete/").status_code == 404
    listed = html.fromstring(stranger.get("/search/context/").content.decode())
    assert not listed.cssselect(".exports li")
    assert listed.cssselect(".view-empty")
    listed = html.fromstring(client.get("/search/context/").content.decode())
    assert len(listed.cssselect(".exports li")) == 1
    assert client.get(f"/search/context/{export.pk}/delete/").status_code == 405
    client.post(f"/search/context/{export.pk}/delete/")
    assert not ContextExport.objects.exists()


def test_a_form_of_another_site_starts_and_deletes_nothing(convoys: list[Article]) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/search/context/start/", {"state": "q=حمص&view=context"}).status_code == 403
    assert not ContextExport.objects.exists()


def test_the_number_of_exports_is_limited_and_the_page_says_what_to_do(
    client: Client, convoys: list[Article], settings: LazySettings
) -> None:
    settings.CONTEXT_EXPORTS_EACH = 1
    start(client)
    answer = client.post("/search/context/start/", {"state": "q=حمص&view=context"})
    assert answer.status_code == 429
    assert "احذف واحدة منها" in answer.content.decode()
    ContextExport.objects.update(made_at=timezone.now() - KEPT_FOR - timedelta(hours=1))
    start(client)


def test_what_strangers_let_fail_takes_no_room(
    client: Client, convoys: list[Article], settings: LazySettings
) -> None:
    settings.CONTEXT_EXPORTS_IN_ALL = 2
    for owner in ("session:x", "session:y"):
        ContextExport.objects.create(query="q=x", owner=owner, state=ContextExport.State.FAILED)
    assert start(client)


def test_a_worker_makes_it_and_a_lost_one_can_be_started_again(
    client: Client, convoys: list[Article]
) -> None:
    Worker.objects.create(name="w", seen_at=timezone.now())
    export = start(client)
    assert export.state == State.WAITING
    assert "ينتظر دوره" in client.get(f"/search/context/{export.pk}/").content.decode()
    assert client.get(f"/search/context/{export.pk}/table.csv").status_code == 404
    ContextExport.objects.update(changed_at=timezone.now() - LOST_AFTER - timedelta(seconds=1))
    assert "ابدأ من جديد" in client.get(f"/search/context/{export.pk}/").content.decode()
    run_context_export.func(export.pk)
    export.refresh_from_db()
    assert (export.state, export.read, export.total, export.size) == (State.DONE, 8, 8, 8)


def test_what_cannot_be_finished_says_why(
    client: Client, convoys: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    Worker.objects.create(name="w", seen_at=timezone.now())
    stopped, late, deleted = start(client), start(client), start(client)
    run_export(stopped.pk, stop=lambda: True)
    run_export(late.pk, seconds=-1)
    ContextExport.objects.filter(pk=deleted.pk).delete()
    run_export(deleted.pk)
    assert dict(ContextExport.objects.values_list("pk", "fault")) == {stopped.pk: "stopped", late.pk: "time"}
    text = client.get("/search/context/").content.decode()
    assert "أُعيد تشغيل الأرشيف" in text
    assert "ضيّق البحث" in text


def test_both_ways_give_the_same(client: Client, convoys: list[Article]) -> None:
    """The export of what a page can read whole is the table of the page."""
    table = client.get("/search/view.csv", {"q": "حمص", "view": "context"}).getvalue().decode()
    assert list(csv.reader(io.StringIO(table[1:]))) == downloaded(client, start(client))
    assert get_engine().name == "embedded"
