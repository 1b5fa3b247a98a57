"""What the archive holds. Every write to these tables is noticed by the triggers of `articles.triggers`,
which put an Outbox row into the same transaction; see docs/decisions/0003-outbox-by-trigger.md."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.intake.messages import describe


class Source(models.Model):
    """A newspaper, agency or site that published articles."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    homepage = models.URLField(_("homepage"), blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """A place of the gazetteer that an article mentions, or that staff added.

    `key` is the gazetteer's (a GeoNames number, or our own "sy-…"); `slug` is the unique Arabic name that
    URLs and the command line use (the name, with the country in brackets where two places share it)."""

    key = models.CharField(_("gazetteer key"), max_length=40, unique=True)
    slug = models.CharField(_("name in addresses"), max_length=120, unique=True)
    name = models.CharField(_("Arabic name"), max_length=120, db_index=True)
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    kind = models.CharField(_("kind"), max_length=20, default="city")
    governorate = models.CharField(_("governorate"), max_length=120, blank=True)
    country = models.CharField(_("country code"), max_length=2, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.slug


class MergedSource(models.Model):
    """A former name of a source, which was renamed or merged: the next import under it finds the source."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    source = models.ForeignKey(Source, models.CASCADE, related_name="merged_from", verbose_name=_("source"))

    def __str__(self) -> str:
        return f"{self.name} → {self.source}"


class MergedPlace(models.Model):
    """The gazetteer key of a place that was merged into another: the tagger goes on to the other."""

    key = models.CharField(_("gazetteer key"), max_length=40, unique=True)
    place = models.ForeignKey(Place, models.CASCADE, related_name="merged_from", verbose_name=_("place"))

    def __str__(self) -> str:
        return f"{self.key} → {self.place}"


class Precision(models.TextChoices):
    """How precisely a date is known."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class ImportBatch(models.Model):
    """One upload or one run of `import_articles`."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("preview")
        STAGING = "staging", _("being read")
        PUBLISHING = "publishing", _("being published")
        PUBLISHED = "published", _("published")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    state = models.CharField(_("state"), max_length=12, choices=State, default=State.STAGING)
    label = models.CharField(_("label"), max_length=200, blank=True)
    default_source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, verbose_name=_("source of files that name none")
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    #: read, created, updated, unchanged, duplicates, rejected, seconds
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    #: What the preview found, a dictionary per file; see articles/intake/preview.py.
    preview = models.JSONField(default=list, blank=True)
    #: Until when a process may work on it; one that was killed loses its claim by time.
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.label or f"#{self.pk}"


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles, with the one rule of what a reader may see."""

    def visible(self) -> ArticleQuerySet:
        """Published, and not staged: the batch that brought it in (if any) is published too."""
        return self.filter(
            models.Q(batch__isnull=True) | models.Q(batch__state=ImportBatch.State.PUBLISHED),
            state=Article.State.PUBLISHED,
        )


class Article(models.Model):
    """An article as published, cleaned for reading; the bytes it came from are kept in `original`."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    title = models.TextField(_("title"), blank=True)
    title_derived = models.BooleanField(_("title derived from the text"), default=False)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, verbose_name=_("source"))
    external_id = models.CharField(_("id at the source"), max_length=200, blank=True)
    url = models.URLField(_("address"), max_length=2000, blank=True)
    byline = models.CharField(_("byline"), max_length=300, blank=True)
    #: First day of the period the date names; null together with an empty precision = undated.
    date = models.DateField(_("date"), null=True, blank=True)
    date_precision = models.CharField(
        _("precision of the date"), max_length=5, choices=Precision, blank=True, default=""
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PUBLISHED)

    sha256 = models.CharField(
        _("SHA-256 of the original"),
        max_length=64,
        blank=True,
        editable=False,
        db_index=True,
        validators=[RegexValidator(r"^[0-9a-f]{64}$")],
    )
    file_name = models.CharField(_("file"), max_length=500, blank=True, editable=False)
    #: SHA-256 over folded title and body: equal text under another key is a duplicate.
    text_hash = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    duplicate_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="duplicates",
        editable=False,
        verbose_name=_("same text as"),
    )
    #: The identity of the record across imports (see articles/intake/identity.py); unique where not empty.
    record_key = models.CharField(max_length=80, blank=True, editable=False)
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("import")
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    #: The large columns stand last in the table: SQLite walks through all of a row that is before a column.
    body = models.TextField(_("text"), blank=True)
    original = models.BinaryField(_("original"), default=bytes, editable=False)
    places = models.ManyToManyField(Place, through="PlaceMention", verbose_name=_("places"))

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-date", "id"]
        constraints = [
            models.CheckConstraint(
                name="date_and_precision_together",
                condition=models.Q(date__isnull=True, date_precision="")
                | models.Q(date__isnull=False, date_precision__in=Precision.values),
            ),
            models.UniqueConstraint(
                name="record_key_unique", fields=["record_key"], condition=~models.Q(record_key="")
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"]),
            models.Index(fields=["source", "date"]),
            models.Index(fields=["date", "id"]),
        ]

    def __str__(self) -> str:
        return self.title or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        """Where readers find it; "search:article" is an address that the project promises."""
        return reverse("search:article", args=[self.pk])


class PlaceMention(models.Model):
    """A place named in an article, where, and the sentence that shows it. Offsets count characters of the
    title or body; a mention given by the file's own metadata has none."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="mentions")
    place = models.ForeignKey(Place, models.PROTECT, related_name="mentions")
    field = models.CharField(
        max_length=8, choices=[("title", _("title")), ("body", _("text")), ("metadata", _("metadata"))]
    )
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)

    class Meta:
        verbose_name = _("place mention")
        verbose_name_plural = _("place mentions")
        constraints = [
            models.UniqueConstraint(
                name="one_mention_per_spot",
                fields=["article", "place", "field", "start"],
                condition=models.Q(start__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_metadata_mention",
                fields=["article", "place", "field"],
                condition=models.Q(start__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["place", "article"])]

    def __str__(self) -> str:
        return f"{self.place} · {self.article_id}"


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
    #: Why it was rejected: a code of articles/intake/messages.py, and the part of the record it is about.
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    #: What was noticed and did not stop it: [[code, detail], …].
    notes = models.JSONField(_("notes"), default=list, blank=True)
    article = models.ForeignKey(Article, models.SET_NULL, null=True, blank=True)
    #: An update waits here until the batch is published: the new values, and the bytes they came from.
    pending = models.JSONField(null=True, blank=True)
    pending_original = models.BinaryField(null=True, blank=True)

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


class Revision(models.Model):
    """The state of an article before a change: who, when, why, and the values that were replaced."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    made_at = models.DateTimeField(_("when"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("who")
    )
    reason = models.CharField(_("why"), max_length=300, blank=True)
    #: {field: value before}
    before = models.JSONField(_("before"), default=dict)
    original_before = models.BinaryField(null=True, blank=True)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.made_at:%Y-%m-%d %H:%M}"


class Outbox(models.Model):
    """A change of the archive that the search index must hear of. Written by triggers, so every column
    has a default of the database's own (articles/triggers.py).

    `article`: one article (by number: it may be gone). `fan-out`: all articles of batch `batch_id`, or of
    the whole archive where that is null; `cursor` is the last article of it that was sent.
    `done_at` is set when the serving index has it; done rows stay while a rebuild needs to replay them.
    A row that the engine refused waits until `retry_at`; `attempts` and `last_error` say why."""

    class Kind(models.TextChoices):
        ARTICLE = "article"
        FAN_OUT = "fan-out"

    kind = models.CharField(max_length=8, choices=Kind, db_default=Kind.ARTICLE)
    article_id = models.BigIntegerField(null=True)
    batch_id = models.BigIntegerField(null=True)
    #: A person waits for it: not part of a batch.
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
