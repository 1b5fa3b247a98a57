"""Who may open what: strangers of a private archive, programs with tokens, readers of some sources only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLPattern, resolve
from django.utils import timezone
from lxml import html

from articles import permissions
from articles.models import Article, Audience, Source, StoryMember
from articles.models.audiences import audience_of, sources_hidden_from
from articles.source_scope import SourceScope
from search.concordance.context_exports import create_export, run_export
from search.engines.contract import SearchEngine, SearchView
from search.engines.restricted_engine import RestrictedEngine, RestrictedView
from search.models import AccessRecord, ApiToken, ContextExport
from search.query.request import SearchRequest
from search.store.request_names import restricted_sources
from search.urls import urlpatterns
from search.web.accounts import api_tokens
from search.web.accounts.access_log import ARTICLE_COUNT, delete_old_records
from search.web.accounts.api_tokens import SCOPE_OF_ADDRESS, VALIDITIES, Scope, make_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> User:
    return User.objects.create_user("باحث", password="x")


def member(role: str) -> User:
    """Make an account with a role of the desk."""
    user = User.objects.create(username=role, is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


@pytest.fixture
def private(settings: LazySettings) -> None:
    settings.ARCHIVE_REQUIRES_LOGIN = True


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def addresses() -> list[str]:
    """Return a path for every address of readers."""
    numbers = {"article_id": "1", "other_id": "2", "story_id": "1", "number": "1"}
    words = {"name": "place", "section": "articles"}
    paths = []
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        path = str(pattern.pattern)
        for name in pattern.pattern.converters:
            path = path.replace(
                next(part for part in path.split("<") if part.split(">")[0].endswith(name)).split(">")[0],
                name,
            ).replace(f"<{name}>", numbers.get(name) or words[name])
        paths.append("/" + path)
    return paths


OPEN = {"/login/", "/logout/", "/healthz", "/readyz", "/metrics", "/robots.txt", "/opensearch.xml"}


def test_a_stranger_opens_nothing_of_a_private_archive(
    client: Client, archive: dict[str, Article], private: None, subtests: pytest.Subtests
) -> None:
    for path in [*addresses(), "/api/v1/search", "/api/v1/search/all", "/api/v1/articles/1"]:
        with subtests.test(path):
            answer = client.get(path)
            if path in OPEN:
                assert answer.status_code in (200, 405)
            else:
                to_login = answer.headers.get("Location", "").startswith("/login/?next=")
                assert to_login or answer.status_code == 401


def test_a_reader_of_a_private_archive_logs_in_and_comes_back(
    client: Client, archive: dict[str, Article], private: None, reader: User
) -> None:
    to_login = client.get("/search/", {"q": "حمص"}).headers["Location"]
    page = client.get(to_login)
    assert "خاصّ" in html.fromstring(page.content.decode()).cssselect("main")[0].text_content()
    fields = {"username": "باحث", "password": "x", "next": page.context["next"]}
    back = client.post("/login/", fields).headers["Location"]
    assert client.get(back).context["result"].total == 4


def test_a_missing_page_leads_strangers_of_a_private_archive_to_the_login(
    client: Client, archive: dict[str, Article], private: None, reader: User, settings: LazySettings
) -> None:
    def form_or_login() -> tuple[bool, bool]:
        answer = client.get("/nowhere/")
        main = html.fromstring(answer.content.decode()).cssselect("main")[0]
        assert answer.status_code == 404
        return bool(main.cssselect("form[role=search]")), bool(main.cssselect("a[href='/login/']"))

    assert form_or_login() == (False, True)
    client.force_login(reader)
    assert form_or_login() == (True, False)
    client.logout()
    settings.ARCHIVE_REQUIRES_LOGIN = False
    assert form_or_login() == (True, False)


def test_a_token_opens_what_its_scopes_say_and_no_page(
    client: Client, archive: dict[str, Article], private: None, reader: User
) -> None:
    _token, secret = make_token(reader, "برنامج", [Scope.SEARCH], 30)
    assert client.get("/api/v1/search", {"q": "حمص"}, headers=bearer(secret)).json()["total"] == 4
    refused = client.get("/search/export.csv", {"q": "حمص"}, headers=bearer(secret))
    assert refused.status_code == 403
    assert "export" in refused.json()["detail"]
    for path in ("/search/", "/saved/", "/tokens/", "/admin/"):
        assert client.get(path, headers=bearer(secret)).status_code == 403
    assert client.post("/selection/", headers=bearer(secret)).status_code == 403
    _token, secret = make_token(reader, "تصدير", [Scope.EXPORT], 30)
    exported = client.get("/search/export.csv", {"q": "حمص", "plain": "1"}, headers=bearer(secret))
    assert exported.status_code == 200
    assert exported.headers[ARTICLE_COUNT] == "4"


def test_a_token_that_is_unknown_expired_revoked_or_of_a_closed_account_opens_nothing(
    client: Client, archive: dict[str, Article], reader: User
) -> None:
    def status(secret: str) -> int:
        return client.get("/api/v1/search", headers=bearer(secret)).status_code

    token, secret = make_token(reader, "x", [Scope.SEARCH], 30)
    assert (status(secret), status(secret + "x"), status(""), status("é\udce9")) == (200, 401, 401, 401)
    ApiToken.objects.update(expires_at=timezone.now())
    assert status(secret) == 401
    ApiToken.objects.update(expires_at=timezone.now() + timedelta(days=1))
    User.objects.update(is_active=False)
    assert status(secret) == 401
    User.objects.update(is_active=True)
    assert status(secret) == 200
    api_tokens.revoke_token(token)
    assert status(secret) == 401
    assert secret not in str(ApiToken.objects.values().get()), "the secret is kept nowhere"


def test_every_address_that_a_token_opens_exists() -> None:
    known = {f"search:{pattern.name}" for pattern in urlpatterns}
    paths = ("search", "search/all", "articles/1", "articles/1/why", "suggest", "openapi.json")
    known |= {resolve(f"/api/v1/{path}").view_name for path in paths}
    assert set(SCOPE_OF_ADDRESS) <= known


def test_a_reader_makes_and_revokes_a_token(client: Client, reader: User) -> None:
    assert client.get("/tokens/").headers["Location"] == "/login/?next=/tokens/"
    client.force_login(reader)
    assert client.post("/tokens/", {"name": "x", "days": "7", "scopes": "everything"}).context["form"].errors
    made = client.post("/tokens/", {"name": "برنامجي", "days": str(VALIDITIES[0]), "scopes": ["search"]})
    secret = made.context["secret"]
    assert Client().get("/api/v1/search", headers=bearer(secret)).status_code != 401
    page = client.get("/tokens/").content.decode()
    assert secret not in page
    token = ApiToken.objects.get()
    assert token.beginning in page
    assert "90 days" in client.get("/tokens/?lang=en").content.decode()
    stranger = Client()
    stranger.force_login(User.objects.create(username="other"))
    assert stranger.post(f"/tokens/{token.pk}/revoke/").status_code == 404
    assert client.post(f"/tokens/{token.pk}/revoke/", follow=True).status_code == 200
    assert Client().get("/api/v1/search", headers=bearer(secret)).status_code == 401


def test_the_command_makes_lists_and_revokes(reader: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("api_token", "باحث", "--scope", "search", "--scope", "export")
    secret = capsys.readouterr().out.strip()
    token = api_tokens.find_token(secret)
    assert token is not None
    assert token.scopes == ["export", "search"]
    call_command("api_token", "باحث", "--list")
    assert "export,search\tvalid until" in capsys.readouterr().out
    call_command("api_token", "باحث", "--revoke", token.beginning)
    assert api_tokens.find_token(secret) is None
    with pytest.raises(CommandError, match="no account"):
        call_command("api_token", "nobody")
    with pytest.raises(CommandError, match="no token"):
        call_command("api_token", "باحث", "--revoke", "zzz")


def test_who_opened_and_exported_what_is_on_record_in_a_private_archive_only(
    client: Client, archive: dict[str, Article], reader: User, settings: LazySettings
) -> None:
    article = archive["convoy"]
    client.force_login(reader)
    client.get(article.get_absolute_url())
    assert not AccessRecord.objects.exists()
    settings.ARCHIVE_REQUIRES_LOGIN = True
    client.get("/search/", {"q": "حمص"})
    assert not AccessRecord.objects.exists(), "what readers search for is theirs"
    client.get(article.get_absolute_url(), {"q": "حمص"})
    client.get("/search/export.csv", {"q": "حمص", "plain": "1"})
    client.get("/articles/999/")
    exported, opened = AccessRecord.objects.all()
    assert (opened.what, opened.article, opened.address) == ("search:article", article.pk, "")
    assert (opened.user, opened.user_name) == (reader, "باحث")
    assert (exported.what, exported.articles, exported.article) == ("search:export_file", 4, None)
    assert "q=%D8%AD" in exported.address
    _token, secret = make_token(reader, "برنامج", [Scope.SEARCH], 30)
    Client().get(f"/api/v1/articles/{article.pk}", headers=bearer(secret))
    assert "برنامج" in AccessRecord.objects.latest("pk").token
    reader.delete()
    assert AccessRecord.objects.filter(user=None, user_name="باحث").count() == 3


def test_both_articles_of_a_comparison_are_on_record(
    client: Client, archive: dict[str, Article], private: None, reader: User
) -> None:
    client.force_login(reader)
    first, second = archive["convoy"], archive["talks"]
    assert client.get(f"/articles/{first.pk}/compare/{second.pk}/").status_code == 200
    assert set(AccessRecord.objects.values_list("article", flat=True)) == {first.pk, second.pk}


def test_the_versions_of_a_story_are_on_record(
    client: Client, archive: dict[str, Article], private: None, reader: User
) -> None:
    client.force_login(reader)
    first, second = archive["convoy"], archive["talks"]
    StoryMember.objects.all().delete()
    StoryMember.objects.bulk_create(StoryMember(article=each, story=first.pk) for each in (first, second))
    assert client.get(f"/stories/{first.pk}/").status_code == 200
    assert set(AccessRecord.objects.values_list("what", "article")) == {
        ("search:story", first.pk),
        ("search:story", second.pk),
    }


@pytest.mark.parametrize(
    ("words", "found"), [("حمص", 1), ("حمص 2012", 1), ("حلب", 0), ("باحث", 2), ("export", 1)]
)
def test_accesses_are_found_by_the_words_of_their_address(
    admin_client: Client, reader: User, words: str, found: int
) -> None:
    address = "/search/export.csv?q=%D8%AD%D9%85%D8%B5+2012&sort=date"
    AccessRecord.objects.create(user=reader, user_name="باحث", what="search:export_file", address=address)
    AccessRecord.objects.create(user=reader, user_name="باحث", what="search:article", article=3)
    listed = admin_client.get("/admin/search/accessrecord/", {"q": words}).context["cl"]
    assert listed.result_count == found


def test_records_are_kept_for_as_long_as_the_setting_says(reader: User, settings: LazySettings) -> None:
    for days in (1, 40):
        at = timezone.now() - timedelta(days=days)
        AccessRecord.objects.create(user=reader, user_name="x", what="search:article", at=at)
    settings.ACCESS_LOG_DAYS = 30
    assert delete_old_records() == 1
    assert AccessRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "audience"),
    [
        (permissions.READER, Audience.DESK),
        (permissions.CONTRIBUTOR, Audience.DESK),
        (permissions.LIBRARIAN, Audience.LIBRARIANS),
        (permissions.ADMINISTRATOR, Audience.LIBRARIANS),
        (permissions.RESEARCHER, Audience.ACCOUNTS),
    ],
)
def test_a_role_belongs_to_an_audience(role: str, audience: Audience, reader: User) -> None:
    if role != permissions.RESEARCHER:
        reader.is_staff = True
        reader.groups.add(Group.objects.get_or_create(name=role)[0])
    assert audience_of(reader) == audience
    reader.is_active = False
    assert audience_of(reader) == Audience.EVERYONE


def test_a_source_is_shown_to_its_audience_and_those_above(archive: dict[str, Article], reader: User) -> None:
    """Strangers, accounts, readers of the desk and librarians are the four audiences, in order."""

    def seen_by(user: User | AnonymousUser) -> int:
        with SourceScope(lambda: sources_hidden_from(user, restricted_sources())).active():
            return Article.objects.visible().filter(source__name="وكالة سنابل").count()

    whole = Article.objects.filter(source__name="وكالة سنابل").count()
    readers = [AnonymousUser(), reader, member(permissions.READER), member(permissions.LIBRARIAN)]
    for number, shown_to in enumerate(Audience):
        Source.objects.filter(name="وكالة سنابل").update(audience=shown_to)
        seen = [seen_by(user) for user in readers]
        assert seen == [whole if place >= number else 0 for place in range(len(readers))]
    assert Article.objects.visible().filter(source__name="وكالة سنابل").count() == whole, "commands see all"


def test_a_change_of_audience_holds_from_the_next_request_on(
    client: Client, archive: dict[str, Article], reader: User
) -> None:
    everything = client.get("/api/v1/search").json()["total"]
    assert client.get("/api/v1/search", {"source": "وكالة سنابل"}).json()["total"] > 0
    Source.objects.filter(name="وكالة سنابل").update(audience=Audience.ACCOUNTS)
    assert client.get("/api/v1/search").json()["total"] < everything
    assert client.get("/api/v1/search", {"source": "وكالة سنابل"}).json()["total"] == 0
    client.force_login(reader)
    assert client.get("/api/v1/search").json()["total"] == everything


def test_an_export_in_the_background_reads_as_its_owner(archive: dict[str, Article], reader: User) -> None:
    def lines(owner: str) -> int:
        export = create_export(owner, SearchRequest(q="حمص", view="context"))
        run_export(export.pk)  # in a worker there is no request
        return ContextExport.objects.get(pk=export.pk).size

    whole = lines("session:x")
    Source.objects.filter(name="وكالة سنابل").update(audience=Audience.ACCOUNTS)
    assert 0 < lines("session:x") < whole
    assert lines(f"user:{reader.pk}") == whole


def test_the_restricted_engine_forwards_whatever_an_engine_can_do() -> None:
    for restricted, contract in ((RestrictedEngine, SearchEngine), (RestrictedView, SearchView)):
        public = {name for name in dir(contract) if not name.startswith("_")}
        assert public <= {*vars(restricted)}, "it would answer for itself"
