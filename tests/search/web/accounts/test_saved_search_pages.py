"""A reader with an account saves searches and sees what is new; nobody else sees them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from lxml import html

from articles.models import Article
from search.engines.contract import SearchEngine
from search.models import SavedSearch
from search.retrieval import service
from search.web import views
from search.web.accounts import saved_search_pages
from tests.search.news import index_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(engine: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Return a client with an account, in English, whose pages use the engine."""
    for module in (service, views, saved_search_pages):
        monkeypatch.setattr(module, "get_engine", lambda: engine)
    client = Client()
    client.force_login(User.objects.create_user("باحث"))
    client.cookies["django_language"] = "en"
    return client


def save(client: Client, name: str = "قصف", state: str = "q=قصف&source=x") -> SavedSearch:
    client.post("/saved/save/", {"state": state, "name": name})
    return SavedSearch.objects.get(name=name)


def listed(client: Client) -> list[str]:
    tree = html.fromstring(client.get("/saved/").content.decode())
    for folded in tree.cssselect(".saved details"):
        folded.drop_tree()
    return [" ".join(row.text_content().split()) for row in tree.cssselect(".saved li")]


def test_new_articles_are_counted_until_the_search_is_opened(own: Client, engine: SearchEngine) -> None:
    Article.objects.create(title="قصف قديم")
    saved = save(own, "حرب", "q=قصف&page=7")
    assert saved.query == "q=%D9%82%D8%B5%D9%81"
    assert listed(own) == ["حرب قصف Nothing new since you opened it"]
    Article.objects.create(title="قصف جديد")
    Article.objects.create(title="سوق جديدة")
    Article.objects.create(title="قصف مخفي", state="draft")
    index_all(engine)
    assert listed(own) == ["حرب قصف Show 1 new article"]
    answer = own.get(f"/saved/{saved.pk}/")
    assert answer.headers["Location"] == f"/search/?{saved.query}"
    assert listed(own) == ["حرب قصف Show 1 new article"], "a link changes nothing"
    answer = own.post(f"/saved/{saved.pk}/")
    assert answer.headers["Location"] == f"/search/?{saved.query}&sort=newest"
    assert listed(own) == ["حرب قصف Nothing new since you opened it"]


def test_an_article_that_is_published_later_is_new(own: Client, engine: SearchEngine) -> None:
    article = Article.objects.create(title="قصف قديم", state="draft")
    Article.objects.update(created_at=timezone.now() - timedelta(days=9))
    save(own, "حرب", "q=قصف")
    article.revisions.create(before={"state": "draft"})
    Article.objects.update(state="published")
    index_all(engine)
    assert listed(own) == ["حرب قصف Show 1 new article"]


def test_the_menu_of_the_results_saves_for_those_with_an_account(
    own: Client, client: Client, engine: SearchEngine
) -> None:
    Article.objects.create(title="قصف قديم")
    index_all(engine)
    form = html.fromstring(own.get("/search/", {"q": "قصف"}).content.decode()).cssselect(".menu-save form")[0]
    own.post(form.get("action"), {each.get("name"): each.get("value") for each in form.cssselect("input")})
    saved = SavedSearch.objects.get()
    assert (saved.name, saved.query) == ("قصف", "q=%D9%82%D8%B5%D9%81")
    assert not html.fromstring(client.get("/search/", {"q": "قصف"}).content.decode()).cssselect(".menu-save")


def test_a_search_is_renamed_and_deleted(own: Client) -> None:
    first, second = save(own, "أول"), save(own, "ثان")
    own.post(f"/saved/{first.pk}/rename/", {"name": "  اسم   جديد "})
    first.refresh_from_db()
    assert first.name == "اسم جديد"
    page = own.post(f"/saved/{first.pk}/rename/", {"name": "ثان"}, follow=True)
    assert "Another of your searches has this name" in page.content.decode()
    own.post(f"/saved/{second.pk}/delete/")
    assert list(SavedSearch.objects.values_list("name", flat=True)) == ["اسم جديد"]


def test_the_same_name_is_replaced_and_there_is_a_limit(own: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_search_pages, "MAX_SAVED", 1)
    save(own, "أول", "q=قصف")
    assert save(own, "أول", "q=سوق").query == "q=%D8%B3%D9%88%D9%82"
    own.post("/saved/save/", {"state": "q=x", "name": "ثان"})
    assert SavedSearch.objects.count() == 1


def test_the_searches_of_others_do_not_exist(own: Client, admin_client: Client, client: Client) -> None:
    saved = save(own, "سرّي")
    for path in ("", "rename/", "delete/"):
        ask = "post" if path else "get"
        assert getattr(admin_client, ask)(f"/saved/{saved.pk}/{path}", {"name": "x"}).status_code == 404
        stranger = getattr(client, ask)(f"/saved/{saved.pk}/{path}", {"name": "x"})
        assert stranger.headers["Location"].startswith("/login/?next=" + ("%2F&" if path else "/saved/"))
    assert "سرّي" not in admin_client.get("/saved/").content.decode()
    assert client.get("/saved/").headers["Location"].startswith("/login/?next=/saved/")
    assert client.post("/saved/save/", {"state": "q=x", "name": "x"}).status_code == 302
    assert list(SavedSearch.objects.values_list("name", flat=True)) == ["سرّي"]


def test_saving_needs_the_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("باحث"))
    assert client.post("/saved/save/", {"state": "q=x", "name": "x"}).status_code == 403
