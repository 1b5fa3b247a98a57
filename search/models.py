"""What the index knows of itself, kept in the database: one row."""

from __future__ import annotations

from django.db import models


class IndexState(models.Model):
    """The one row (pk 1) that writers of the index share; see search/versions.py."""

    #: The version of the last write, to any index. Never falls, also after a backup was restored.
    version = models.BigIntegerField(db_default=0)
    #: Not empty while a rebuild runs, or when one was killed: done outbox rows are kept for its replay.
    building = models.CharField(max_length=200, db_default="", blank=True)
    #: The index this archive last filled, as "engine:index"; another one that serves is not ours.
    serving = models.CharField(max_length=200, db_default="", blank=True)

    class Meta:
        verbose_name = "index state"
        verbose_name_plural = "index state"

    def __str__(self) -> str:
        return f"version {self.version}"
