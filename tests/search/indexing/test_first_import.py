"""An archive that has no index yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from articles.models import Article, ImportBatch, Outbox
from search.indexing.outbox_consumer import drain_outbox
from search.indexing.verify import verify_index

pytestmark = pytest.mark.django_db


def test_a_first_import_makes_the_index_and_is_sent_once(tmp_path: Path, settings: LazySettings) -> None:
    settings.SEARCH_ENGINE = "embedded"
    settings.SEARCH_ENGINES = settings.SEARCH_ENGINES | {
        "embedded": settings.SEARCH_ENGINES["embedded"] | {"PATH": tmp_path / "index"}
    }
    batch = ImportBatch.objects.create()
    Article.objects.bulk_create(Article(title=f"خبر {number}", batch=batch) for number in range(20))
    ImportBatch.objects.update(state="published")
    assert drain_outbox().sent == 20
    assert not Outbox.objects.filter(done_at__isnull=True).exists()
    assert verify_index().faults.ids() == []
