"""Readers are told that a text was read by machine, and how sure the machine was."""

from __future__ import annotations

import pytest
from django.test import Client

from search.engines.contract import SearchEngine
from tests.search.news import index_all
from tests.search.web.conftest import Write

pytestmark = pytest.mark.django_db


def test_hits_article_and_api_say_how_sure_the_machine_was(
    client: Client, write: Write, engine: SearchEngine
) -> None:
    scan = write("مسح", "وصلت القافلة إلى حمص", recognition=86, doubtful_words="القافلة")
    write("نص", "وصلت القافلة إلى حمص")
    index_all(engine)
    hits = client.get("/search/", {"q": "القافلة", "lang": "en"}).content.decode()
    assert hits.count("read by machine, 86%") == 1
    assert hits.count("read by machine") == 1
    page = client.get(f"/articles/{scan.pk}/", {"lang": "en"}).content.decode()
    assert "read by machine from a picture, 86% sure" in page
    found = client.get("/api/v1/search", {"q": "القافلة"}).json()
    assert sorted(str(hit["recognition"]) for hit in found["hits"]) == ["86", "None"]
    assert client.get(f"/api/v1/articles/{scan.pk}").json()["recognition"] == 86
