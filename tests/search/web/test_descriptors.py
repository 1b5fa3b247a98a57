"""What browsers and search engines are told: descriptor, suggestions, sitemap, canonical addresses."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import Client
from lxml import etree, html

from articles.models import Article
from tests.search.web.conftest import Write

pytestmark = pytest.mark.django_db
OPENSEARCH = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.mark.parametrize(("language", "short"), [("ar", "أرشيف الأخبار"), ("en", "News archive")])
def test_a_browser_learns_to_search_from_every_page(
    client: Client, archive: dict[str, Article], language: str, short: str
) -> None:
    client.cookies["django_language"] = language
    for address in ("/", "/search/?q=حمص", f"/articles/{archive['talks'].pk}/", "/help/"):
        [link] = html.fromstring(client.get(address).content.decode()).cssselect("link[rel=search]")
        assert link.get("title") == short
    answer = client.get(link.get("href"))
    assert answer.headers["Content-Type"] == f"{link.get('type')}; charset=utf-8"
    tree = etree.fromstring(answer.content)
    assert tree.tag == f"{{{OPENSEARCH['o']}}}OpenSearchDescription"
    assert tree.find("o:ShortName", OPENSEARCH).text == short
    assert {"أرشيف الأخبار", "News archive"} == {*tree.find("o:LongName", OPENSEARCH).text.split(" / ")}
    templates = {url.get("type"): url.get("template") for url in tree.iterfind("o:Url", OPENSEARCH)}
    results = client.get(templates["text/html"].replace("{searchTerms}", "حمص"))
    assert "قافلة مساعدات" in results.content.decode()
    assert client.get(templates["application/atom+xml"].replace("{searchTerms}", "حمص")).status_code == 200
    suggested = client.get(templates["application/x-suggestions+json"].replace("{searchTerms}", "افر"))
    assert suggested.headers["Content-Type"] == "application/x-suggestions+json"
    typed, completions, counts, addresses = suggested.json()
    assert (typed, completions[0], counts[0]) == ("افر", "أفران", "1")
    assert "أفران" in client.get(addresses[0]).content.decode()
    assert len(completions) == len(counts) == len(addresses)


def test_a_public_archive_lists_what_readers_may_see(
    client: Client, write: Write, settings: LazySettings
) -> None:
    shown, hidden = write("خبر"), write("مسودة", state="draft")
    settings.PUBLIC_ARCHIVE = True
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /\n" not in robots
    address = robots.rpartition("Sitemap: ")[2].strip()
    index = etree.fromstring(client.get(address).content)
    [part] = index.iterfind("s:sitemap/s:loc", SITEMAP)
    listed = [
        each.text for each in etree.fromstring(client.get(part.text).content).iterfind("s:url/s:loc", SITEMAP)
    ]
    assert listed == [f"http://testserver/articles/{shown.pk}/"]
    assert client.get(f"/articles/{hidden.pk}/").status_code == 404


def test_an_archive_is_private_unless_its_settings_say_otherwise(client: Client, write: Write) -> None:
    write("خبر")
    assert "Disallow: /\n" in client.get("/robots.txt").content.decode()
    assert client.get("/sitemap.xml").status_code == client.get("/sitemap-articles.xml").status_code == 404


def test_an_article_has_one_address_and_lists_are_not_indexed(
    client: Client, archive: dict[str, Article]
) -> None:
    number = archive["talks"].pk
    tree = html.fromstring(client.get(f"/articles/{number}/?q=حمص&page=2").content.decode())
    assert tree.cssselect("link[rel=canonical]")[0].get("href") == f"http://testserver/articles/{number}/"
    assert not tree.cssselect("meta[name=robots]")
    for address in (
        "/search/?q=حمص",
        "/search/?q=حمص&view=context",
        "/search/?q=حمص&view=time",
        "/search/?q=حمص&view=compare",
        "/facets/",
        "/facets/place/",
        f"/articles/{number}/why/",
    ):
        tree = html.fromstring(client.get(address).content.decode())
        assert [meta.get("content") for meta in tree.cssselect("meta[name=robots]")] == ["noindex"], address
    for address in ("/search/feed.atom?q=حمص", "/search/view.csv?q=حمص&view=time"):
        assert client.get(address).headers["X-Robots-Tag"] == "noindex", address
