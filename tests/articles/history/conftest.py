"""An article that is erased, and what the tests of erasure ask of the database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client

from articles.geotagging.geotagger import record_override
from articles.history.erasure import erase_article as erase_by_law
from articles.models import Article, Erasure, Place
from search.indexing.outbox_consumer import drain_outbox
from search.indexing.rebuild import rebuild_index
from tests.articles.conftest import Import

WORD, EARLIER = "زغردخيشوم", "كحظضبرطمان"
RECORD: dict[str, object] = {
    "id": "77", "title": f"خبر {WORD}", "body": f"قال {WORD} إن القافلة وصلت.", "source": "صحيفة الضفاف",
}  # fmt: skip
OTHER: dict[str, object] = {
    "id": "78", "title": "قافلة", "body": "وصلت قافلة إلى حمص.", "source": "صحيفة الضفاف",
}  # fmt: skip


@pytest.fixture
def index(tmp_path: Path, settings: LazySettings) -> None:
    settings.SEARCH_ENGINE = "embedded"
    settings.SEARCH_ENGINES = settings.SEARCH_ENGINES | {
        "embedded": settings.SEARCH_ENGINES["embedded"] | {"PATH": tmp_path / "index"}
    }


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("administrator", "", "x")


@pytest.fixture
def chair(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def article(index: None, import_lines: Import, administrator: User) -> Article:
    """Return an article that was imported, changed once and indexed."""
    import_lines({**RECORD, "body": f"قال {EARLIER} إن القافلة وصلت."}, OTHER)
    drain_outbox()
    import_lines(RECORD, name="again.jsonl")
    rebuild_index()
    rebuild_index()  # its words are part of the rebuilt vocabulary
    found: Article = Article.objects.get(external_id="77")
    assert found.revisions.exists()
    place = Place.objects.create(key="own-x", slug="مكان", name="مكان")
    record_override(found, place, "meant", by=administrator, reason=f"في {WORD}", name=WORD)
    return found


def erase(article: Article, by: User) -> Erasure:
    return erase_by_law(article, ground=Erasure.Ground.COURT, reason="حكم 12/2014", by=by)


def everything() -> str:
    """Return every row of every table as text."""
    rows = (values for model in apps.get_models() for values in model._default_manager.values_list())
    return "\n".join(" ".join(_told(value) for value in values) for values in rows)


def _told(value: Any) -> str:
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    return json.dumps(value, ensure_ascii=False, default=str)


def form(article: Article, **changes: str) -> dict[str, str]:
    return {"ground": "court", "reason": "حكم 12/2014", "number": str(article.pk), **changes}
