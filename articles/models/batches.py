"""Imports: batches, their files, the outcome of each record, and the background workers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.authorities import Source
from articles.text.problem_messages import describe_isolated


class ImportBatch(models.Model):
    """One upload or one run of `import_articles`."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("preview")
        STAGING = "staging", _("being read")
        PAUSED = "paused", _("paused")
        PUBLISHING = "publishing", _("being published")
        PUBLISHED = "published", _("published")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        REDOING = "redoing", _("being redone")

    class Wish(models.TextChoices):
        """An action requested of the process that holds the lease; it checks after every chunk."""

        PAUSE = "pause", _("pause")
        CANCEL = "cancel", _("cancel")

    #: States in which an article's own state decides whether readers see it. In all others readers see no
    #: article of the batch, so one change of state shows or hides it whole. The triggers
    #: (articles/outbox/triggers.py) use these states too.
    SHOWN = (State.PUBLISHED, State.UNDONE)
    #: States before publication: readers have not seen any article of the batch.
    NEVER_SHOWN = (
        State.PREVIEW,
        State.STAGING,
        State.PAUSED,
        State.PUBLISHING,
        State.FAILED,
        State.CANCELLED,
    )

    state = models.CharField(_("state"), max_length=12, choices=State, default=State.STAGING)
    label = models.CharField(_("label"), max_length=200, blank=True)
    default_source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, verbose_name=_("source of files that name none")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    #: read, created, updated, unchanged, held, duplicates, rejected; after a rollback or redo also `turned`.
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    #: Result of the preview, one dictionary per file; see articles/ingest/preview.py.
    preview = models.JSONField(default=list, blank=True)
    #: Column mappings of its tables: header signature → column → field. They start as the remembered ones
    #: and can be changed on the page of the import.
    columns = models.JSONField(default=dict, blank=True)
    #: End of the lease. The lease of a process that was killed expires.
    claimed_until = models.DateTimeField(null=True, blank=True)
    #: Total time that processes held the lease, in seconds.
    seconds = models.FloatField(_("time worked"), default=0.0)
    #: The action requested of the process that holds the lease.
    wish = models.CharField(max_length=6, choices=Wish, blank=True, default="")
    #: How many processes ended in the midst of it since a chunk was last saved.
    deaths = models.PositiveSmallIntegerField(default=0)
    #: Why a failed import stopped: class and message of an error, or a code of problem_messages and its
    #: detail ("import-set-aside: name of a file").
    fault = models.CharField(max_length=300, blank=True, default="")
    #: User, time and reason of the last rollback or redo; a Revision of each article has them too.
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.label or f"#{self.pk}"

    @property
    def fault_text(self) -> str:
        """Return why it stopped, in the active language if that is known."""
        code, _, detail = self.fault.partition(": ")
        return describe_isolated(code, detail) if code.startswith("import-") else self.fault


class ImportRow(models.Model):
    """The outcome of one record of a batch, in the order of the files."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("created")
        UPDATED = "updated", _("updated")
        UNCHANGED = "unchanged", _("unchanged")
        HELD = "held", _("held for review")
        REJECTED = "rejected", _("rejected")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    file_name = models.CharField(_("file"), max_length=500)
    row = models.PositiveIntegerField(_("row"), default=0)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    duplicate = models.BooleanField(_("duplicate"), default=False)
    #: Why the record was rejected or held: a code of articles/text/problem_messages.py, and the part of the
    #: record that it concerns.
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    #: Problems that did not reject the record: [[code, detail], …].
    notes = models.JSONField(_("notes"), default=list, blank=True)
    article = models.ForeignKey("articles.Article", models.SET_NULL, null=True, blank=True)
    #: Update to apply when the batch is published: the new values, and the bytes they came from. One with
    #: `review` has a text that may be unreadable and is only kept (docs/decisions/0065-held-texts.md). For a
    #: rejected record the bytes are kept for download.
    pending = models.JSONField(null=True, blank=True)
    pending_original = models.BinaryField(null=True, blank=True)
    #: The Revision with the values that a rollback (or, after it, a redo) restores.
    revision = models.ForeignKey(
        "articles.Revision", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: The cities of the metadata that belong to `revision`; null if the row did not change them.
    cities = models.JSONField(null=True, blank=True)
    #: True if the current rollback or redo has processed this row.
    turned = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("imported record")
        verbose_name_plural = _("imported records")
        ordering = ["id"]
        indexes = [models.Index(fields=["batch", "outcome"])]

    def __str__(self) -> str:
        return f"{self.file_name}:{self.row} {self.outcome}"

    @property
    def remarks(self) -> list[str]:
        """Return the problems of the record as sentences in the active language.

        What they quote of the record is isolated: «3 أيار 2014» keeps its order in an English sentence.
        """
        reason = [(self.reason, self.detail)] if self.reason else []
        noted = [*reason, *self.notes]
        return [describe_isolated(code, detail) for code, detail in noted]


class Upload(models.Model):
    """A file of a batch.

    The content of a file uploaded in the browser is stored in the database, so that any host can read it. For
    a file read by `import_articles` only name and hash are stored.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="uploads")
    name = models.CharField(_("file"), max_length=500)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    content = models.BinaryField(null=True)
    #: Number of its records that have an ImportRow; an interrupted import resumes after them.
    rows_done = models.PositiveIntegerField(default=0)
    complete = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")

    def __str__(self) -> str:
        return self.name


class Worker(models.Model):
    """A background worker (`db_worker`) and the time of its last heartbeat.

    Without a live worker the page of an import does the work itself, in steps.
    """

    name = models.CharField(max_length=64, unique=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return self.name
