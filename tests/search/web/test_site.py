"""Front page, help, about, errors, health and headers."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.conf import settings as project
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import resolve
from django.views.defaults import permission_denied
from lxml import html

from articles.outbox import triggers
from search.indexing.outbox_consumer import drain_outbox
from search.query.parser import parse_query
from search.web.exports.export_formats import FORMATS
from search.web.viewmodels.help_examples import STATIC_EXAMPLES
from tests.search.web.conftest import Write, text_of

pytestmark = pytest.mark.django_db
ROOT = Path(project.BASE_DIR)


@pytest.fixture
def engine_down(settings: LazySettings) -> None:
    """Point the engine to a port where nothing listens."""
    options = settings.SEARCH_ENGINES["elasticsearch"] | {"URL": "http://127.0.0.1:9"}
    settings.SEARCH_ENGINES = settings.SEARCH_ENGINES | {"elasticsearch": options}
    settings.SEARCH_ENGINE = "elasticsearch"


def test_the_front_page_counts_visible_articles_and_its_examples_find_something(
    client: Client, archive: dict
) -> None:
    tree = html.fromstring(client.get("/").content.decode())
    assert [text_of(figure) for figure in tree.cssselect(".figures li")][:3] == [
        "6 أخبار",
        "مصدران",
        "3 مدن",
    ]
    examples = tree.cssselect(".examples .chip")
    assert len(examples) >= 4
    for example in examples:
        found = html.fromstring(client.get(example.get("href")).content.decode())
        assert found.cssselect(".hit"), example.get("href")


def test_who_may_upload_is_led_there_by_the_front_page_of_an_empty_archive(
    client: Client, admin_client: Client, index: None
) -> None:
    to_upload = "main a[href='/admin/articles/importbatch/upload/']"
    found = [
        html.fromstring(each.get("/").content.decode()).cssselect(to_upload)
        for each in (client, admin_client)
    ]
    assert [len(links) for links in found] == [0, 1]


def test_the_front_page_of_an_empty_archive_says_so(client: Client, index: None) -> None:
    tree = html.fromstring(client.get("/").content.decode())
    assert tree.cssselect(".holds p")
    assert not tree.cssselect(".figures, .examples")


def test_every_example_of_the_help_page_is_understood_without_complaint(client: Client, index: None) -> None:
    tree = html.fromstring(client.get("/help/").content.decode())
    assert len(tree.cssselect(".help-table a")) == len(STATIC_EXAMPLES)
    assert [each.query for each in STATIC_EXAMPLES if parse_query(each.query).complaints] == []


def test_the_about_page_credits_tables_and_fonts(client: Client) -> None:
    tree = html.fromstring(client.get("/about/").content.decode())
    links = {link.get("href") for link in tree.cssselect("main a")}
    assert links >= {
        "https://www.geonames.org/",
        "https://creativecommons.org/licenses/by/4.0/",
        "https://github.com/rspeer/wordfreq",
        "https://creativecommons.org/licenses/by-sa/4.0/",
        "https://openfontlicense.org/",
    }
    assert len(list((ROOT / "LICENSES").glob("OFL-1.1-*"))) == 2


def test_with_the_engine_down_searches_answer_503_and_other_pages_work(
    client: Client, admin_client: Client, engine_down: None
) -> None:
    answer = client.get("/search/", {"q": "حمص", "city": "حلب"})
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    tree = html.fromstring(answer.content.decode())
    assert tree.cssselect(f'a[href="{answer.request["PATH_INFO"]}?{answer.request["QUERY_STRING"]}"]'), (
        "try again"
    )
    assert tree.cssselect("#q")[0].get("value") == "حمص", "the query is not lost"
    assert client.get("/").status_code == 200
    assert admin_client.get("/admin/").status_code == 200
    api = client.get("/api/v1/search", {"q": "حمص"})
    assert api.status_code == 503
    assert api["Retry-After"]
    assert api.json()["detail"]


def test_liveness_needs_nothing_and_readiness_names_missing_parts(client: Client, engine_down: None) -> None:
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["checks"] == {"database": "ok", "triggers": "ok", "engine": "EngineUnavailable"}


def test_readiness_fails_without_the_triggers(client: Client, archive: dict) -> None:
    assert client.get("/readyz").json()["ready"] is True
    triggers.remove_triggers(connection.alias)
    try:
        answer = client.get("/readyz")
    finally:
        triggers.install_triggers(connection.alias)
    assert answer.status_code == 503
    assert answer.json()["checks"]["triggers"] != "ok"


def test_an_unknown_address_gets_a_page_with_the_search_form(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert html.fromstring(answer.content.decode()).cssselect("form[role=search]")


@pytest.mark.parametrize("code", ["400", "403", "500"])
def test_error_pages_render_without_any_context(code: str) -> None:
    from django.template.loader import render_to_string  # noqa: PLC0415  only here

    assert "<h1>" in render_to_string(f"{code}.html")


def test_a_search_in_an_empty_archive_says_so_instead_of_advice(client: Client, write: Write) -> None:
    write("مسودة", "وصلت القافلة إلى حمص.", state="draft")
    page = html.fromstring(
        client.get("/search/", {"q": "حمص القديمة", "city": "حمص", "lang": "en"}).content.decode()
    )
    said = text_of(page.cssselect("main")[0])
    assert "The archive is still empty" in said
    assert "general words" not in said
    assert "No article" not in said
    assert not page.cssselect("main a[href*='/admin/']"), "strangers cannot upload"


def test_an_empty_archive_leads_staff_to_the_upload(admin_client: Client, write: Write) -> None:
    write("مسودة", state="draft")
    page = html.fromstring(admin_client.get("/search/", {"q": "حمص"}).content.decode())
    assert page.cssselect(".nothing a.button[href='/admin/articles/importbatch/upload/']")


def test_a_search_without_hits_in_an_archive_with_articles_gives_advice(client: Client, write: Write) -> None:
    write("خبر", "وصلت القافلة إلى حمص.")
    said = client.get("/search/", {"q": "zzzzqqq", "lang": "en"}).content.decode()
    assert "general words" in said
    assert "still empty" not in said


@pytest.mark.parametrize("accounts", [True, False])
def test_who_is_refused_on_a_readers_page_logs_in_there_and_comes_back(
    rf: RequestFactory, settings: LazySettings, *, accounts: bool
) -> None:
    settings.READER_ACCOUNTS = accounts
    request = rf.get("/articles/7/?q=Homs")
    request.user = AnonymousUser()
    request.resolver_match = resolve("/articles/7/")
    page = html.fromstring(permission_denied(request, PermissionDenied()).content.decode())
    back = urlencode({"next": "/articles/7/?q=Homs"})
    assert page.cssselect("main a.button")[0].get("href") == (f"/login/?{back}" if accounts else "/admin/")


@pytest.mark.parametrize(
    "url", ["/", "/search/", "/about/", "/help/", "/nowhere/", "/admin/login/", "/api/v1/openapi.json"]
)
def test_every_page_has_a_strict_content_security_policy(client: Client, index: None, url: str) -> None:
    policy = client.get(url)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("url", ["/", "/search/?q=حمص", "/about/", "/help/", "/nowhere/", "/admin/login/"])
def test_no_page_violates_the_content_security_policy(client: Client, archive: dict, url: str) -> None:
    tree = html.fromstring(client.get(url).content.decode())
    assert not tree.cssselect("style, [style], script:not([src])")
    handlers = [name for element in tree.iter() for name in element.attrib if name.startswith("on")]
    assert handlers == []
    away = [src for src in tree.xpath("//@src | //link[not(@rel='canonical')]/@href") if "//" in src]
    assert away == []


def test_an_unknown_language_is_the_default(client: Client) -> None:
    tree = html.fromstring(client.get("/about/?lang=xx").content.decode())
    assert tree.get("lang") == "ar"


def test_readers_pages_accept_only_get_and_head(client: Client) -> None:
    assert client.post("/search/").status_code == 405


def test_admin_lists_change_their_language_too(admin_client: Client) -> None:
    page = admin_client.get("/admin/articles/article/", {"lang": "en", "state__exact": "draft"})
    tree = html.fromstring(page.content.decode())
    assert (page.status_code, tree.get("lang"), tree.get("dir")) == (200, "en", "ltr")
    assert "lang=ar" in tree.cssselect("#user-tools a[lang=ar]")[0].get("href")


def test_language_names_are_isolated_from_the_other_direction(client: Client) -> None:
    tree = html.fromstring(client.get("/about/").content.decode())
    assert tree.cssselect(".masthead-links a[lang=en] bdi")[0].text == "English"


def test_the_context_of_a_page_needs_no_database(django_assert_num_queries: object, client: Client) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # a fixture without a type
        client.get("/about/")


def test_the_examples_of_the_help_page_find_something_here(client: Client, index: None) -> None:
    for folder in ("difaf", "sanabel"):
        call_command("import_articles", f"articles/samples/{folder}", verbosity=0)
    drain_outbox()
    for language, operator in (("ar", "أو"), ("en", "OR")):
        client.cookies["django_language"] = language
        page = html.fromstring(client.get("/help/").content.decode())
        rows = [[text_of(cell) for cell in row] for row in page.cssselect(".help-table tbody tr")]
        assert len(rows) == len(STATIC_EXAMPLES)
        assert all(int(count) > 0 for _query, _meaning, count in rows), rows
        assert f" {operator} " in rows[1][0]
        for query, _meaning, count in rows:
            assert client.get("/api/v1/search", {"q": query}).json()["total"] == int(count), query


def test_the_help_names_the_feed_the_advanced_form_and_every_export(client: Client, index: None) -> None:
    tree = html.fromstring(client.get("/help/").content.decode())
    text = tree.cssselect("article")[0].text_content()
    assert "Atom" in text
    assert tree.cssselect("article a[href='/search/advanced/']")
    assert [form.label for form in FORMATS.values() if str(form.label) not in text] == []


def test_a_form_with_an_old_token_is_refused_on_a_page_of_the_archive() -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/selection/", {"shown": "1"})
    assert answer.status_code == 403
    tree = html.fromstring(answer.content.decode())
    assert text_of(tree.cssselect("h1")[0]) == "لم يُقبل النموذج"
    assert tree.cssselect(".masthead, .footer")
