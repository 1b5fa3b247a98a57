"""What the index knows of itself, kept in the database: one row."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class IndexState(models.Model):
    """The one row (pk 1) that writers of the index share; see search/index_state.py."""

    #: The version of the last write, to any index. Never falls, also after a backup was restored.
    version = models.BigIntegerField(db_default=0)
    #: Not empty while a rebuild runs, or when one was killed: done outbox rows are kept for its replay.
    building = models.CharField(max_length=200, db_default="", blank=True)
    #: Who made an index may have been killed, and what he had asked the engine for may still be done: see
    #: `draining.clear_up`.
    orphans_until = models.DateTimeField(null=True, blank=True)
    #: The index this archive last filled, as "engine:index"; another one that serves is not ours.
    serving = models.CharField(max_length=200, db_default="", blank=True)

    class Meta:
        verbose_name = "index state"
        verbose_name_plural = "index state"

    def __str__(self) -> str:
        return f"version {self.version}"


class VocabularyPart(models.Model):
    """Words of published articles, packed (arabic/vocabulary/vocabulary.py); see
    search/vocabulary/vocabulary_store.py. Rows are
    made and deleted, never changed, so that the newest one tells whether there is news."""

    class Kind(models.TextChoices):
        #: What the last rebuild counted, and what was merged into it since: one row.
        BASE = "base"
        #: What was drained since and is not in the base, in the order of the rows; 0 takes a word away.
        LEARNED = "learned"
        #: All that was known when the last rebuild began: what its documents were split by. One row; while a
        #: rebuild runs also the one before, which holds again if it fails.
        FROZEN = "frozen"

    kind = models.CharField(max_length=7, choices=Kind)
    words = models.BinaryField()
    #: Number of words in `words`, those taken away not counted.
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "part of the vocabulary"
        verbose_name_plural = "parts of the vocabulary"

    def __str__(self) -> str:
        return f"{self.size} words, {self.kind}"
