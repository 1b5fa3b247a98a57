"""Hostile texts in every field and every parameter run nowhere: looked at in a real browser."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser

from articles.models import Article, MistakeReport, Organisation, Place, PlaceMention, Source
from search.indexing.outbox_consumer import drain_outbox
from search.models import SavedSearch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Each would set `pwned` in the page, load something or change what follows, in one context or another.
PAYLOADS = (
    "<script>window.pwned=1</script>",
    '"><img src=x onerror=window.pwned=1>',
    "' onmouseover='window.pwned=1' autofocus onfocus='window.pwned=1",
    "</title></textarea></style><svg onload=window.pwned=1>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "javascript:window.pwned=1",
    "{{ settings.SECRET_KEY }}{% debug %}${7*7}#{7*7}",
    "\u202e<mark onclick=window.pwned=1>\u202e",
    "--><base href=https://evil.example/><meta http-equiv=refresh content=0;url=https://evil.example/>",
    '=HYPERLINK("https://evil.example")\r\nSet-Cookie: pwned=1\r\n\r\n<b>',
    "../../../../etc/passwd",
)
READING = (
    *("/", "/search/?q=طعم", "/search/?q=طعم&view=context", "/search/?q=طعم&view=time", "/coverage/"),
    *("/facets/place/?q=طعم", "/facets/source/?q=طعم", "/facets/?q=طعم", "/coverage/?by=source"),
    *("/articles/{id}/?q=طعم", "/articles/{id}/why/?q=طعم", "/articles/{id}/?text=original"),
    *("/search/export/?q=طعم", "/saved/", "/articles/{id}/report/", "/selection/"),
)
TYPED = (
    *("/search/?q={payload}", "/search/?q=طعم&source={payload}&city={payload}&from={payload}"),
    *(
        "/search/?q=طعم&view=compare&vs={payload}",
        "/search/advanced/?q={payload}",
        "/facets/place/?q={payload}",
    ),
    *("/login/?next={payload}", "/{payload}/", "/articles/{id}/?q={payload}", "/search/export/?q={payload}"),
    *("/admin/articles/article/?q={payload}", "/admin/articles/source/?{payload}=1"),
)
DESK = (
    *("/admin/", "/admin/articles/article/", "/admin/articles/article/{id}/change/"),
    *("/admin/articles/article/{id}/places/", "/admin/articles/article/{id}/history/"),
    *("/admin/articles/source/", "/admin/articles/place/", "/admin/articles/organisation/"),
    *("/admin/articles/mistakereport/", "/admin/auth/user/"),
)
#: What ran or was built from a text, as HTML; Django's own forms have scripts with an address.
INJECTED = """[window.pwned, ...[...document.querySelectorAll(
    'main script:not([src^="/static/"]), img[src=x], iframe, base, svg[onload], [onerror], [onload],'
    + '[onfocus], [onclick], [onmouseover], meta[http-equiv=refresh], a[href^="javascript:" i], [src*=evil]'
)].map(each => each.outerHTML.slice(0, 200))].filter(each => each !== undefined)"""


@pytest.fixture
def hostile(index: None, db: None) -> Article:
    """Fill every field of an archive with hostile texts and return the article."""
    every = "\n".join(f"طعم {payload} نهاية" for payload in PAYLOADS)
    user = User.objects.create_superuser(
        "<b>librarian", "", "x", first_name=PAYLOADS[1], last_name=PAYLOADS[0]
    )
    article = Article.objects.create(
        title=f"طعم {''.join(PAYLOADS[:3])}"[:400],
        body=every,
        original=every.encode(),
        byline=PAYLOADS[1],
        external_id=PAYLOADS[2][:100],
        url="javascript:window.pwned=1",
        source=Source.objects.create(name=PAYLOADS[0]),
        date="2012-05-01",
        date_precision="day",
    )
    place = Place.objects.create(key="test-hostile", slug=PAYLOADS[1], name=PAYLOADS[1])
    PlaceMention.objects.create(article=article, place=place, field="metadata", about=True)
    Organisation.objects.create(name=PAYLOADS[3], other_names=list(PAYLOADS))
    SavedSearch.objects.create(user=user, name=PAYLOADS[0], query="q=" + quote(PAYLOADS[1]))
    MistakeReport.objects.create(article=article, text=every[:500], reporter="user:0")
    drain_outbox()
    return article


def test_no_hostile_text_runs_in_any_page(browser: Browser, live_server: Any, hostile: Article) -> None:
    client = Client()
    client.force_login(User.objects.get())
    context = browser.new_context()
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
    addresses = [address.format(id=hostile.pk) for address in (*READING, *DESK)]
    addresses += [
        address.format(id=hostile.pk, payload=quote(payload, safe=""))
        for address in TYPED
        for payload in PAYLOADS
        # Django's test server looks for files of its own there, and fails; see the next test.
        if not (address.startswith("/{payload}") and payload.startswith(".."))
    ]
    injected, failed = [], []
    for address in addresses:
        answer = page.goto(live_server.url + address)
        if answer is None or answer.status >= 500:
            failed.append(address)
        if found := page.evaluate(INJECTED):
            injected.append(f"{address}: {found}")
        if "pwned=1" in str(context.cookies()):
            injected.append(f"cookie at {address}")
    context.close()
    assert injected == []
    assert failed == []
    assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


def test_no_path_leads_to_a_file_beside_the_archive(client: Client, hostile: Article) -> None:
    for path in ("/..%2F..%2Fetc%2Fpasswd/", "/search/export/../../etc/passwd", "/static/../manage.py"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["csv", "xlsx", "jsonl", "bib", "ris", "txt"])
def test_exports_have_no_formula_and_no_forged_header(live_server: Any, hostile: Article, name: str) -> None:
    answer = Client().get(f"/search/export.{name}", {"q": f'طعم {PAYLOADS[9]}"\r\nX-Pwned: 1', "plain": "1"})
    assert answer.status_code == 200
    assert "X-Pwned" not in answer.headers
    assert "\n" not in str(answer.headers["Content-Disposition"])
    if name == "csv":
        cells = answer.getvalue().decode("utf-8-sig")
        assert ",=HYPERLINK" not in cells
        assert "\n=HYPERLINK" not in cells
