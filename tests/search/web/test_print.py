"""What a printed page says besides its content: query, filters, address and date of access."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from lxml import html

from search.web.viewmodels.labels import date_label
from tests.search.web.conftest import text_of

pytestmark = pytest.mark.django_db
CSS = Path(__file__).resolve().parents[3] / "static" / "css"


def printed(client: Client, path: str, **parameters: str) -> str:
    tree = html.fromstring(client.get(path, parameters or None).content.decode())
    (block,) = tree.cssselect(".printed")
    return text_of(block)


@pytest.mark.parametrize("view", ["list", "context"])
def test_a_printed_search_has_its_query_filters_address_and_date(
    client: Client, archive: dict, view: str
) -> None:
    text = printed(client, "/search/", q="القافلة", city="حمص", view=view)
    assert "القافلة" in text
    assert "حمص" in text
    assert "http://testserver/search/?q=" in text
    assert f"view={view}" in text
    assert date_label(date.today().isoformat()) in text


def test_a_printed_article_has_its_permanent_address_and_date(client: Client, archive: dict) -> None:
    article = archive["convoy"]
    text = printed(client, f"/articles/{article.pk}/", q="حمص", at="1")
    assert f"http://testserver/articles/{article.pk}/" in text
    assert "q=" not in text
    assert date_label(date.today().isoformat()) in text


def test_the_block_is_shown_in_print_only() -> None:
    assert "@media screen { .printed { display: none; } }" in (CSS / "site.css").read_text(encoding="utf-8")
