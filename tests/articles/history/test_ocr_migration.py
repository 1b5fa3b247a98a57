"""Migration 0023 renames what revisions, waiting updates, notes and reasons say of OCR."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps

from articles.models import Article, ImportBatch, ImportRow, Revision

pytestmark = pytest.mark.django_db
migration = import_module("articles.migrations.0023_ocr_confidence")


def test_stored_names_and_codes_are_renamed() -> None:
    article = Article.objects.create(title="مسح", state=Article.State.HELD, held_reason="ocr-unsure: 40")
    batch = ImportBatch.objects.create(preview=[{"holds": [["a.pdf", 1, "ocr-unsure", "40"]], "found": 2}])
    revision = Revision.objects.create(article=article, before={"recognition": 80, "title": "مسحة"})
    held = Revision.objects.create(article=article, before={"held_reason": "ocr-pages-unsure: 2"})
    row = ImportRow.objects.create(
        batch=batch,
        reason="ocr-unsure",
        notes=[["read-by-machine", "86%"], ["pdf-turned", ""]],
        pending={"values": {"doubtful_words": "حماه", "body": "حماة"}, "cities": None},
    )
    migration.forwards(apps, None)
    for each in (article, revision, held, row, batch):
        each.refresh_from_db()
    assert article.held_reason == "ocr-low-confidence: 40"
    assert held.before == {"held_reason": "ocr-pages-low-confidence: 2"}
    assert batch.preview == [{"holds": [["a.pdf", 1, "ocr-low-confidence", "40"]], "found": 2}]
    assert revision.before == {"ocr_confidence": 80, "title": "مسحة"}
    assert (row.reason, row.notes[0]) == ("ocr-low-confidence", ["ocr-confidence", "86%"])
    assert row.pending == {"values": {"low_confidence_words": "حماه", "body": "حماة"}, "cities": None}
