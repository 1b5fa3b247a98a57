"""Imports: a batch, the files it was given, and what became of each record."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.authorities import Source
from articles.text.problem_messages import describe


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
        """What a person asked of the process that works on the batch; it looks after every chunk."""

        PAUSE = "pause", _("pause")
        CANCEL = "cancel", _("cancel")

    #: States in which each article's own state says whether readers see it. In all others they see none of
    #: the batch, so that it comes and goes by one flip. The triggers (articles/outbox/triggers.py) know
    #: these too.
    SHOWN = (State.PUBLISHED, State.UNDONE)
    #: States of a batch that readers never saw anything of.
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
    #: read, created, updated, unchanged, duplicates, rejected; after an undo or redo also `turned` articles
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    #: What the preview found, a dictionary per file; see articles/ingest/preview.py.
    preview = models.JSONField(default=list, blank=True)
    #: How its tables are read: signature of a header → column → field; as they were remembered when the files
    #: came, and as was said of them since.
    columns = models.JSONField(default=dict, blank=True)
    #: Until when a process may work on it; one that was killed loses its claim by time.
    claimed_until = models.DateTimeField(null=True, blank=True)
    #: How long processes held it, in seconds.
    seconds = models.FloatField(_("time worked"), default=0.0)
    #: What the process that holds the claim was asked to do.
    wish = models.CharField(max_length=6, choices=Wish, blank=True, default="")
    #: Why it stopped, where it failed: the kind of fault and its words.
    fault = models.CharField(max_length=300, blank=True, default="")
    #: Undone (or done again) by whom, when and why; the same stands in a Revision of each article.
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


class ImportRow(models.Model):
    """What became of one record of a batch, in the order of the files."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("created")
        UPDATED = "updated", _("updated")
        UNCHANGED = "unchanged", _("unchanged")
        REJECTED = "rejected", _("rejected")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    file_name = models.CharField(_("file"), max_length=500)
    row = models.PositiveIntegerField(_("row"), default=0)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    duplicate = models.BooleanField(_("duplicate"), default=False)
    #: Why it was rejected: a code of articles/text/problem_messages.py, and the part of the record it is
    #: about.
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    #: What was noticed and did not stop it: [[code, detail], …].
    notes = models.JSONField(_("notes"), default=list, blank=True)
    article = models.ForeignKey("articles.Article", models.SET_NULL, null=True, blank=True)
    #: An update waits here until the batch is published: the new values, and the bytes they came from. Of a
    #: refused record the bytes stay, to be mended.
    pending = models.JSONField(null=True, blank=True)
    pending_original = models.BinaryField(null=True, blank=True)
    #: The Revision that holds what an undo (or, after it, a redo) of the batch gives the article back.
    revision = models.ForeignKey(
        "articles.Revision", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    #: The cities of the metadata that go with `revision`; null where the row changed none.
    cities = models.JSONField(null=True, blank=True)
    #: How far an undo (then a redo) of the batch has come: done with this row.
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
        """Why it was rejected and what was noticed, as sentences in the reader's language."""
        reason = [(self.reason, self.detail)] if self.reason else []
        return [describe(code, detail) for code, detail in [*reason, *self.notes]]


class Upload(models.Model):
    """A file given to a batch. One uploaded in the browser is kept in the database, so that any host of
    several can read it; of one that the command read there is only the name and the hash."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="uploads")
    name = models.CharField(_("file"), max_length=500)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    content = models.BinaryField(null=True)
    #: How many of its records have become an ImportRow: an interrupted import goes on after these.
    rows_done = models.PositiveIntegerField(default=0)
    complete = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")

    def __str__(self) -> str:
        return self.name


class Worker(models.Model):
    """A background worker (`db_worker`) and when it was last seen alive. Where none is, the page of an import
    goes on in steps by itself."""

    name = models.CharField(max_length=64, unique=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return self.name
