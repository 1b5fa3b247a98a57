"""Selected articles: kept in the session by a plain form, cited and exported together."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
import rispy
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from lxml import html

from articles.models import Article
from search.web.selection import selected_articles, selection_views
from tests.search.web.conftest import text_of

pytestmark = pytest.mark.django_db
Archive = dict[str, Article]


def page(client: Client, address: str = "/selection/") -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def select(client: Client, *articles: Article, shown: list[Article] | None = None, **more: str) -> None:
    """Send the form of a list that shows these articles, with the first ones ticked."""
    numbers = ",".join(str(each.pk) for each in shown or articles)
    asked = {"article": [each.pk for each in articles], "shown": numbers, **more}
    assert client.post("/selection/", asked).status_code == 302


def selected(client: Client) -> list[str]:
    return [text_of(link) for link in page(client).cssselect(".selected-list a")]


def test_the_form_of_a_list_keeps_its_ticks(client: Client, archive: Archive) -> None:
    tree = page(client, f"/search/?{urlencode({'q': 'حمص'})}")
    [form] = tree.cssselect("form#selection")
    boxes = tree.cssselect("input[name=article][form=selection]")
    assert len(boxes) == 4
    assert form.fields["shown"].split(",") == [box.get("value") for box in boxes]
    fields = {name: form.fields[name] for name in ("shown", "next", "csrfmiddlewaretoken")}
    answer = client.post("/selection/", fields | {"article": boxes[1].get("value")})
    assert answer.headers["Location"] == form.fields["next"]
    again = page(client, answer.headers["Location"])
    ticks = [box.get("checked") is not None for box in again.cssselect("input[name=article]")]
    assert ticks == [False, True, False, False]
    link, _below = again.cssselect(".selection-link")
    assert text_of(link) == "المختار (1)"


def test_lists_add_up_and_a_tick_taken_away_is_gone(client: Client, archive: Archive) -> None:
    a, b, c = archive["bakeries"], archive["convoy"], archive["talks"]
    select(client, b)
    select(client, a, shown=[a, c])
    assert selected(client) == [b.title, a.title]
    select(client, c, shown=[a, c])
    assert selected(client) == [b.title, c.title]


def test_a_change_from_another_window_meanwhile_is_not_overwritten(
    client: Client, archive: Archive, rf: RequestFactory
) -> None:
    a, b, c = archive["bakeries"], archive["convoy"], archive["talks"]
    select(client, a)

    def answer(request: HttpRequest) -> HttpResponse:
        request.session.items()  # read at the start of a request, as for the name of who is logged in
        select(client, b)
        return selection_views.selection(request)

    late = rf.post("/selection/", {"article": [c.pk], "shown": str(c.pk)})
    late.COOKIES.update({name: morsel.value for name, morsel in client.cookies.items()})
    SessionMiddleware(answer)(late)
    assert selected(client) == [a.title, b.title, c.title]


def test_removing_clearing_and_undoing(client: Client, archive: Archive) -> None:
    a, b = archive["bakeries"], archive["convoy"]
    select(client, a, b)
    [button] = page(client).cssselect(f"button[name=remove][value='{a.pk}']")
    client.post("/selection/", {"remove": button.get("value")})
    assert selected(client) == [b.title]
    client.post("/selection/", {"undo": "1"})
    assert selected(client) == [a.title, b.title]
    client.post("/selection/", {"clear": "1"})
    assert selected(client) == []
    client.post("/selection/", {"undo": "1"})
    assert selected(client) == [a.title, b.title]


def test_an_empty_selection_says_how_to_fill_it(client: Client, archive: Archive) -> None:
    tree = page(client)
    assert "لم تختر شيئًا بعد" in text_of(tree)
    assert tree.cssselect("main a[href='/search/']")
    assert tree.cssselect(".selection-link[hidden]")
    assert client.get("/selection/export.ris").status_code == 404


def test_selected_articles_are_exported_in_every_format(client: Client, archive: Archive) -> None:
    select(client, archive["bakeries"], archive["market"])
    chosen = [archive["bakeries"].pk, archive["market"].pk]
    links = [link.get("href") for link in page(client).cssselect("a[data-bytes]")]
    assert len(links) == 7
    for address in links:
        answer = client.get(address)
        assert answer.status_code == 200
        assert b"".join(answer.streaming_content)
    records = rispy.loads(b"".join(client.get("/selection/export.ris").streaming_content).decode())
    assert [int(each["accession_number"]) for each in records] == chosen
    first, *lines = b"".join(client.get("/selection/export.jsonl").streaming_content).splitlines()
    assert json.loads(first)["selection"] == chosen
    assert [json.loads(line)["id"] for line in lines] == chosen
    cited = page(client).cssselect("#citations p")
    assert "«أفران تعود إلى العمل»" in cited[0].text_content()
    assert "أيار/مايو 2012" in cited[1].text_content()


def test_an_article_hidden_later_is_counted_and_not_named(client: Client, archive: Archive) -> None:
    select(client, archive["bakeries"], archive["convoy"])
    Article.objects.filter(pk=archive["convoy"].pk).update(state=Article.State.WITHDRAWN)
    assert selected(client) == [archive["bakeries"].title]
    assert "خبر واحد مما اخترته لم يعد في الأرشيف" in text_of(page(client))


def test_hidden_and_unknown_articles_cannot_be_selected(client: Client, archive: Archive) -> None:
    Article.objects.filter(pk=archive["convoy"].pk).update(state=Article.State.DRAFT)
    asked = {"article": [str(archive["convoy"].pk), "999999", "-1", "x", "9" * 40], "shown": ""}
    assert client.post("/selection/", asked).status_code == 302
    assert client.session.get(selected_articles.SELECTED, []) == []


def test_a_selection_has_a_limit(client: Client, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selected_articles, "MAX_SELECTED", 2)
    wanted = {"article": [each.pk for each in archive.values()], "shown": ""}
    answer = client.post("/selection/", wanted, headers={"Accept": "application/json"})
    assert answer.json() == {"count": 2, "shown": "2", "full": True}


def test_the_form_leads_to_no_other_site_and_needs_its_token(archive: Archive) -> None:
    client = Client()
    answer = client.post("/selection/", {"next": "https://elsewhere.example.org/"})
    assert answer.headers["Location"] == "/selection/"
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/selection/", {"article": archive["convoy"].pk}).status_code == 403


def test_readers_without_a_selection_get_no_session(client: Client, archive: Archive) -> None:
    client.get("/search/?q=حمص")
    client.get("/selection/")
    assert "sessionid" not in client.cookies
