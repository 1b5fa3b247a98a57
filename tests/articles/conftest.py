"""Fixtures for tests of articles: files, the import command, users."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client

from articles import permissions
from articles.readers.blob import Blob
from articles.readers.dispatch import read
from articles.text.limits import Limits
from articles.text.records import RawRecord

Import = Callable[..., dict[str, Any]]
#: Roles by the letters of the tables.
LETTERS = {
    "R": permissions.READER,
    "C": permissions.CONTRIBUTOR,
    "L": permissions.LIBRARIAN,
    "A": permissions.ADMINISTRATOR,
}
LIMITS = Limits(file=1024**2, total=4 * 1024**2)


def records_of(name: str, data: bytes, limits: Limits = LIMITS) -> list[RawRecord]:
    """Return the records that the readers find in a file of these bytes."""
    return list(read(Blob(name, lambda: io.BytesIO(data), limits.file, len(data)), limits))


def jsonl_line(**fields: object) -> str:
    """Return a line of jsonl."""
    return json.dumps(fields, ensure_ascii=False)


@pytest.fixture
def import_lines(tmp_path: Path, db: None) -> Import:
    """Return a function that imports records as a jsonl file and returns the command's JSON."""

    def run(*records: dict[str, object], name: str = "news.jsonl", **options: Any) -> dict[str, Any]:
        path = tmp_path / name
        path.write_text("\n".join(jsonl_line(**record) for record in records), encoding="utf-8")
        return import_paths(path, **options)

    return run


def import_paths(*paths: Path, **options: Any) -> dict[str, Any]:
    """Run `import_articles --json` and return its report."""
    out = io.StringIO()
    call_command("import_articles", *map(str, paths), "--json", stdout=out, stderr=io.StringIO(), **options)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


@pytest.fixture
def librarian(db: None) -> User:
    """Return a staff user with all permissions on articles, sources, places and imports."""
    user = User.objects.create_user("librarian", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="articles"))
    return user


@pytest.fixture
def desk(librarian: User) -> Client:
    """Return a client in which the librarian is logged in, in English."""
    client = Client()
    client.force_login(librarian)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """Return a user of each role."""
    made = {}
    for letter, role in LETTERS.items():
        user = User.objects.create_user(role, password="x", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        made[letter] = user
    return made
