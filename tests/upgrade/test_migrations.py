"""A database with none, some or all of the migrations from before 0.1.0 migrates from its current state.

The squashed migrations replace the old ones. The old files stay, so that Django can apply the rest of them
where only some were applied (docs/decisions/0021-names-and-layers.md).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from arabic.expansion.synonyms import shipped_organisations
from articles.boilerplate.rule_store import iter_shipped_rules
from tests.ops.archive import Archive, new_database
from tests.upgrade.schema import postgres_schema, sqlite_schema

#: Migrations that an older version had applied.
OLD_STATES = {
    "the first": ["articles.0001_initial"],
    "half": ["articles.0006_stories", "search.0002_vocabulary"],
    "all": ["articles.0011_tail_rule_label", "search.0003_orphans_until"],
}
MIGRATE = """
import json, django
django.setup()
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder
from articles.models import Article, CleaningRule, Organisation, Place
from articles.outbox import triggers
call_command("migrate", verbosity=0)
call_command("migrate", check_unapplied=True, verbosity=0)
applied = MigrationRecorder.Migration.objects.filter(app__in=("articles", "search"))
print(json.dumps({
    "articles": list(Article.objects.values_list("title", "added_by")),
    "places": list(Place.objects.values_list("slug", "in_texts")),
    "organisations": Organisation.objects.count(),
    "rules": CleaningRule.objects.count(),
    "missing triggers": triggers.missing_triggers(),
    "squashed": sorted(applied.filter(name__contains="_squashed_").values_list("name", flat=True)),
}))
"""


def migrated(archive: Archive, *applied: str) -> dict[str, Any]:
    """Migrate a database that an older version left with `applied`; return what is in it then."""
    if applied:
        archive.run("-c", f"from tests.upgrade.old_version import main; main(*{applied!r})")
    return dict(json.loads(archive.run("-c", MIGRATE)))


def expected(*, old: bool) -> dict[str, Any]:
    """Return what every migrated archive has, and what an old one had before."""
    return {
        "articles": [["خبر قديم", None]] if old else [],
        "places": [["مكان", True]] if old else [],
        "organisations": len(list(shipped_organisations())),
        "rules": len(list(iter_shipped_rules())),
        "missing triggers": [],
        "squashed": ["0001_squashed_0003_orphans_until", "0001_squashed_0011_tail_rule_label"],
    }


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Make one archive for all tests: its processes are forked from one that has Django set up."""
    return Archive(tmp_path_factory.mktemp("archive"))


@pytest.fixture
def database(archive: Archive) -> Path:
    """Return the path of the database after deleting the file."""
    path = archive.folder / "archive.sqlite3"
    for file in archive.folder.glob(f"{path.name}*"):
        file.unlink()
    return path


@pytest.fixture(scope="module")
def new_schema(archive: Archive) -> list[str]:
    """Return the schema of an archive that starts with 0.1.0."""
    assert migrated(archive) == expected(old=False)
    archive.manage("makemigrations", "--check", "--dry-run", "-v0")
    return sqlite_schema(archive.folder / "archive.sqlite3")


@pytest.mark.parametrize("applied", OLD_STATES.values(), ids=OLD_STATES)
def test_an_older_database_goes_on(
    new_schema: list[str], archive: Archive, database: Path, applied: list[str]
) -> None:
    found = migrated(archive, *applied)
    before_place_overrides = applied[0] < "articles.0007"
    assert found == expected(old=True) | {"places": [["مكان", not before_place_overrides]]}
    assert sqlite_schema(database) == new_schema


@pytest.mark.postgres
def test_an_older_database_goes_on_in_postgres(postgres_url: str, tmp_path: Path) -> None:
    new = Archive(tmp_path, database_url=new_database(postgres_url))
    assert migrated(new) == expected(old=False)
    schema = postgres_schema(new.environment["DATABASE_URL"])
    for name in ("half", "all"):
        old = Archive(tmp_path, database_url=new_database(postgres_url))
        assert migrated(old, *OLD_STATES[name])["squashed"] == expected(old=True)["squashed"]
        assert postgres_schema(old.environment["DATABASE_URL"]) == schema
