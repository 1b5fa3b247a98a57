"""The outbox: changes that the search index must still follow."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Outbox(models.Model):
    """A change of the archive that the search index must follow.

    Triggers write the rows (articles/outbox/triggers.py), so every column has a default in the database.
    `article` rows concern one article, by id, as it may have been deleted. `fan-out` rows concern all
    articles of batch `batch_id`, or of the whole archive if that is null; `cursor` is the last article that
    was sent. `done_at` is set when the serving index has the change; done rows stay while a rebuild needs to
    replay them. A row that the engine refused waits until `retry_at`; `attempts` and `last_error` say why.
    """

    class Kind(models.TextChoices):
        ARTICLE = "article"
        FAN_OUT = "fan-out"

    kind = models.CharField(max_length=8, choices=Kind, db_default=Kind.ARTICLE)
    article_id = models.BigIntegerField(null=True)
    batch_id = models.BigIntegerField(null=True)
    #: True for a change that a user waits for, False for batches.
    interactive = models.BooleanField(db_default=True)
    written_at = models.DateTimeField(db_default=Now())
    cursor = models.BigIntegerField(db_default=0)
    attempts = models.PositiveIntegerField(db_default=0)
    retry_at = models.DateTimeField(null=True)
    last_error = models.TextField(db_default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("outbox row")
        verbose_name_plural = _("outbox")
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["interactive", "id"], name="outbox_waiting", condition=models.Q(done_at__isnull=True)
            ),
            models.Index(
                fields=["article_id"], name="outbox_waiting_article", condition=models.Q(done_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.article_id or self.batch_id}"
