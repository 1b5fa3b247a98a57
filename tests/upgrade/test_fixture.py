"""Archives of earlier releases still work: they migrate without loss, are searched, rebuilt and read."""

from __future__ import annotations

import gzip
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.ops.archive import Archive

FIXTURES = sorted(Path(__file__).parent.glob("*.sqlite3.gz"))
OPEN = """
import io, json, django
django.setup()
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from articles.models import Article, Erasure
from articles.outbox.triggers import missing_triggers

def command(*words):
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()

def status(client, address, **parameters):
    return client.get(address, parameters, headers={"host": "localhost"}).status_code

def pages():
    client = Client()
    addresses = ["/", "/coverage/", "/help/", "/about/", "/api/v1/search?q=حلب", "/search/?q=حلب"]
    found = {address: status(client, address) for address in addresses}
    for article in Article.objects.visible():
        found[article.get_absolute_url()] = status(client, article.get_absolute_url())
    client.force_login(User.objects.filter(is_superuser=True)[0])
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found[name] = status(client, reverse(f"{name}_changelist"))
        entry = model._default_manager.order_by("pk")[:1]
        for row in entry:
            found[f"{name} {row.pk}"] = status(client, reverse(f"{name}_change", args=[row.pk]))
    return found

def searched():
    return json.loads(command("search", "حلب", "--json"))["total"]

call_command("migrate", verbosity=0)
call_command("rebuild_index", verbosity=0, stdout=io.StringIO())
before = searched()
call_command("drain_outbox", verbosity=0, stdout=io.StringIO())
call_command("check_index", stdout=io.StringIO())
call_command("rebuild_index", verbosity=0, stdout=io.StringIO())
print(json.dumps({
    "missing triggers": missing_triggers(),
    "found": [before, searched()],
    "erased": [status(Client(), f"/articles/{each.article_number}/") for each in Erasure.objects.all()],
    "pages": pages(),
}))
"""


def row_counts(database: Path) -> dict[str, int]:
    """Return the number of rows of each table of ours."""
    connection = sqlite3.connect(database)
    try:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            " AND (name LIKE 'articles\\_%' ESCAPE '\\' OR name LIKE 'search\\_%' ESCAPE '\\')"
        ).fetchall()
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608  our own tables
            for (name,) in names
        }
    finally:
        connection.close()


@pytest.fixture(params=FIXTURES, ids=lambda path: path.name.removesuffix(".sqlite3.gz"))
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    """Unpack the database of an earlier release into a data folder without an index."""
    (tmp_path / "archive.sqlite3").write_bytes(gzip.decompress(request.param.read_bytes()))
    made = Archive(tmp_path)
    made.environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"  # pages need no collected static files
    return made


def test_there_is_a_fixture_of_the_first_release() -> None:
    assert "0.1.0.sqlite3.gz" in [path.name for path in FIXTURES]
    assert all(path.stat().st_size < 300_000 for path in FIXTURES)


def test_an_archive_of_an_earlier_release_opens(archive: Archive) -> None:
    database = archive.folder / "archive.sqlite3"
    kept = row_counts(database)
    assert [name for name, rows in kept.items() if not rows] == [], "a table without a row shows nothing"
    opened: dict[str, Any] = json.loads(archive.run("-c", OPEN).splitlines()[-1])
    now = row_counts(database)
    passing = {"articles_outbox", "search_vocabularypart"}  # an index that is rebuilt replaces them
    assert {name: rows for name, rows in kept.items() if now[name] < rows and name not in passing} == {}
    assert opened["missing triggers"] == []
    assert opened["found"][0] == opened["found"][1] > 0
    assert opened["erased"] == [410]
    assert {page: code for page, code in opened["pages"].items() if code != 200} == {}
    assert len(opened["pages"]) > 80  # addresses of readers, of every article, and of the administration
