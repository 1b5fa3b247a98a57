"""Only addresses of the web are links; an imported article may have any text as its address."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.search.web.conftest import Write

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("url", "linked"),
    [("https://news.example/1", True), ("javascript:alert(1)", False), ("data:text/html,x", False)],
)
def test_only_addresses_of_the_web_are_links(client: Client, write: Write, url: str, linked: bool) -> None:
    article = write("خبر", "نص", url=url)
    page = client.get(f"/articles/{article.pk}/").content.decode()
    assert (f'href="{url}"' in page) is linked
    assert url in page
