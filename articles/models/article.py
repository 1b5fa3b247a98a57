"""Articles, the places and dates they mention, and their revisions."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.models.authorities import Place, Source
from articles.models.batches import ImportBatch
from articles.models.user_reference import user_reference
from articles.source_scope import hidden_sources
from articles.text.problem_messages import describe_isolated


class Precision(models.TextChoices):
    """Precision of a date."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles, with the rule that says which of them readers may see."""

    def visible(self) -> ArticleQuerySet:
        """Return the published articles whose batch, if they have one, is in a state of `SHOWN`.

        Those of sources that are not for the reader of this context are left out (articles/source_scope.py).
        """
        shown = self.filter(
            models.Q(batch__isnull=True) | models.Q(batch__state__in=ImportBatch.SHOWN),
            state=Article.State.PUBLISHED,
        )
        hidden = hidden_sources()
        return shown.exclude(source__in=sorted(hidden)) if hidden else shown


class Article(models.Model):
    """An article with its cleaned text; `original` has the bytes that it was read from."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")
        #: Came in with a text that may be unreadable; a librarian publishes or refuses it.
        HELD = "held", _("held for review")

    title = models.TextField(_("title"), blank=True)
    title_derived = models.BooleanField(_("title derived from the text"), default=False)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, verbose_name=_("source"))
    external_id = models.CharField(_("id at the source"), max_length=200, blank=True)
    url = models.URLField(_("address"), max_length=2000, blank=True)
    byline = models.CharField(_("byline"), max_length=300, blank=True)
    #: First day of the period that the date names. An undated article has null and an empty precision.
    date = models.DateField(_("date"), null=True, blank=True)
    date_precision = models.CharField(
        _("precision of the date"), max_length=5, choices=Precision, blank=True, default=""
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PUBLISHED)
    #: Why the text was held: a code of problem_messages and its detail ("unread-lost: 31"). An article that
    #: was refused as unreadable keeps it, so that a later import of a good text publishes it; "" once it is
    #: published, or withdrawn for another reason.
    held_reason = models.CharField(_("held because"), max_length=300, blank=True, editable=False)

    sha256 = models.CharField(
        _("SHA-256 of the original"),
        max_length=64,
        blank=True,
        editable=False,
        db_index=True,
        validators=[RegexValidator(r"^[0-9a-f]{64}$")],
    )
    file_name = models.CharField(_("file"), max_length=500, blank=True, editable=False)
    #: SHA-256 of the normalized title and body. An article with the same hash is a duplicate.
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
    #: The identity of the record across imports (articles/identity/record_keys.py); unique where not empty.
    record_key = models.CharField(max_length=80, blank=True, editable=False)
    #: Earlier releases made several articles of one address that was written in several ways.
    same_address_as = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("same address as"),
    )
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("import")
    )
    #: The user who wrote the article in the admin; for an imported article see `batch.created_by`.
    added_by = user_reference(_("added by"), editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    #: Mean OCR confidence in percent of a text that OCR read; null for other texts.
    ocr_confidence = models.PositiveSmallIntegerField(_("OCR confidence (%)"), null=True, editable=False)
    #: Normalized words of it that were nowhere read with confidence: they tell no date and no place.
    low_confidence_words = models.TextField(
        _("low-confidence words (OCR)"), blank=True, default="", editable=False
    )
    #: Large columns come last in the table: to reach a column, SQLite reads the whole row before it.
    body = models.TextField(_("text"), blank=True)
    original = models.BinaryField(_("original"), default=bytes, editable=False)
    places = models.ManyToManyField(Place, through="PlaceMention", verbose_name=_("places"))

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-date", "id"]
        permissions: ClassVar = [
            ("publish_article", _("May publish and withdraw articles")),
            ("restore_article", _("May restore an earlier state of an article")),
            ("export_evidence", _("May export articles as evidence")),
        ]
        constraints = [
            models.CheckConstraint(
                name="date_and_precision_together",
                condition=models.Q(date__isnull=True, date_precision="")
                | models.Q(date__isnull=False, date_precision__in=Precision.values),
            ),
            models.CheckConstraint(
                name="ocr_confidence_is_percent",
                condition=models.Q(ocr_confidence__isnull=True) | models.Q(ocr_confidence__lte=100),
            ),
            models.UniqueConstraint(
                name="record_key_unique", fields=["record_key"], condition=~models.Q(record_key="")
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"]),
            models.Index(fields=["source", "date"]),
            models.Index(fields=["date", "id"]),
            #: Every search asks whether there is one.
            models.Index(
                fields=["ocr_confidence"],
                name="articles_read_by_ocr",
                condition=models.Q(ocr_confidence__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        """Return the URL of the article's page for readers."""
        return reverse("search:article", args=[self.pk])

    @property
    def held_text(self) -> str:
        """Return why the text was held, in the active language."""
        code, _, detail = self.held_reason.partition(": ")
        return describe_isolated(code, detail) if code else ""


class PlaceMention(models.Model):
    """A place mentioned in an article, its position, and the sentence that shows it.

    Offsets count characters of the title or body. They are null for a mention that comes from the file's
    metadata, or from a librarian (PlaceVerdict) where the text has none of the place's names.
    """

    #: Values of `field` for mentions without offsets.
    METADATA, DESK = "metadata", "desk"

    article = models.ForeignKey(Article, models.CASCADE, related_name="mentions")
    place = models.ForeignKey(Place, models.PROTECT, related_name="mentions")
    field = models.CharField(
        max_length=8,
        choices=[
            ("title", _("title")),
            ("body", _("text")),
            (METADATA, _("metadata")),
            (DESK, _("librarian")),
        ],
    )
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    #: True if the text names an institution at the place, not the place itself: جامعة دمشق, مطار بغداد.
    institution = models.BooleanField(_("institution"), default=False)
    #: True if the article is about the place: the same for all mentions of the place in the article.
    about = models.BooleanField(_("about"), default=False)

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


class Revision(models.Model):
    """A change of an article: user, time, reason, and the values that were replaced."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    made_at = models.DateTimeField(_("when"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("who")
    )
    reason = models.CharField(_("why"), max_length=300, blank=True)
    #: The import that made the change, or whose rollback made it.
    batch = models.ForeignKey(
        ImportBatch, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("import")
    )
    #: {field: value before}
    before = models.JSONField(_("before"), default=dict)
    original_before = models.BinaryField(null=True, blank=True)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.made_at:%Y-%m-%d %H:%M}"


class MentionedPeriod(models.Model):
    """A date or period: [first_day, last_day]; `precision` is that of the date as it is written."""

    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    precision = models.CharField(_("precision of the date"), max_length=5, choices=Precision)

    class Meta:
        abstract = True

    @property
    def value(self) -> str:
        """Return the first day as YYYY, YYYY-MM or YYYY-MM-DD, by precision."""
        return self.values[0]

    @property
    def values(self) -> tuple[str, ...]:
        """Return `value` of the first and of the last day, once if they are equal."""
        length = {"day": 10, "month": 7, "year": 4}[self.precision]
        return tuple(dict.fromkeys(day.isoformat()[:length] for day in (self.first_day, self.last_day)))

    @property
    def period(self) -> str:
        """Return the whole of it as one text, for the forms that name a period."""
        return f"{self.first_day}/{self.last_day}/{self.precision}"


class DateMention(MentionedPeriod):
    """A date mentioned in an article, its position, and the sentence that shows it.

    Offsets count characters of the title or body.
    """

    class Kind(models.TextChoices):
        ABSOLUTE = "absolute", _("written out")
        RELATIVE = "relative", _("told from the day of publication")
        HIJRI = "hijri", _("Hijri")
        RANGE = "range", _("a period")
        VAGUE = "vague", _("part of a period")

    article = models.ForeignKey(Article, models.CASCADE, related_name="date_mentions")
    field = models.CharField(max_length=8, choices=[("title", _("title")), ("body", _("text"))])
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    evidence = models.TextField(_("evidence"), blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    #: An inconsistency: a code of arabic/dates/tagger.py and its detail ("weekday:الأحد"); "" if none.
    note = models.CharField(_("note"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("date spoken of")
        verbose_name_plural = _("dates spoken of")
        constraints = [
            models.UniqueConstraint(name="one_date_per_spot", fields=["article", "field", "start"]),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} · {self.article_id}"
