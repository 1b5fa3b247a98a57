"""Exclusion on the page, in the API and on the command line."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.test import Client
from lxml import html

from tests.search.web.conftest import Write


@pytest.mark.django_db
def test_page_api_and_command_exclude_alike(
    client: Client, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write("أولى", "قافلة", source="أ", cities=("حمص",), day="2014-01-27")
    kept = write("ثانية", "قافلة", source="ب", cities=("حلب",), day="2014-01-28")
    query = {"q": "قافلة", "not_place": "حمص", "not_source": "أ", "not_date": "undated"}
    tree = html.fromstring(client.get("/search/", query).content.decode())
    chips = {name.text_content(): name.getparent().get("href") for name in tree.cssselect("a.chip bdi")}
    assert {"ليس حمص", "ليس أ", "ليس دون تاريخ"} <= set(chips)
    assert "not_place" not in chips["ليس حمص"]
    assert "not_source" in chips["ليس حمص"]
    assert [hit["id"] for hit in client.get("/api/v1/search", query).json()["hits"]] == [kept.pk]
    call_command(
        "search", "قافلة", "--not-place", "حمص", "--not-source", "أ", "--not-date", "undated", "--json"
    )
    assert [hit["id"] for hit in json.loads(capsys.readouterr().out)["hits"]] == [kept.pk]
