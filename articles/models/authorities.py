"""Authority records: sources, places and organisations, with their other and former names."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models.user_reference import user_reference


class Audience(models.TextChoices):
    """Who may see something, from the most people to the fewest."""

    EVERYONE = "everyone", pgettext_lazy("audience", "everyone")
    ACCOUNTS = "accounts", pgettext_lazy("audience", "whoever has an account")
    DESK = "desk", pgettext_lazy("audience", "the desk: readers of the desk and above")
    LIBRARIANS = "librarians", pgettext_lazy("audience", "librarians and administrators")

    def hidden_audiences(self) -> list[Audience]:
        """Return the audiences that someone of this one does not belong to."""
        order = list(Audience)
        return order[order.index(self) + 1 :]


class Source(models.Model):
    """A newspaper, news agency or site that published articles."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    latin_name = models.CharField(
        _("name in Latin letters"),
        max_length=200,
        blank=True,
        help_text=_("The name that English pages show."),
    )
    homepage = models.URLField(_("homepage"), blank=True)
    audience = models.CharField(
        _("shown to"),
        max_length=14,
        choices=Audience,
        default=Audience.EVERYONE,
        db_default=Audience.EVERYONE.value,
        help_text=_("Others do not find its articles and cannot open them, in no list and no file."),
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """A place of the gazetteer that an article mentions, or a place that a librarian added.

    `key` is the gazetteer's (a GeoNames number, or our own "sy-…"). `slug` is the unique Arabic name in URLs
    and on the command line: the name, with the country in brackets where two places share it.
    """

    key = models.CharField(_("gazetteer key"), max_length=40, unique=True)
    slug = models.CharField(_("name in addresses"), max_length=120, unique=True)
    name = models.CharField(_("Arabic name"), max_length=120, db_index=True)
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    #: Names that count only after a word such as "town" or "village" (مدينة الباب).
    never_alone = models.JSONField(_("never a place alone"), default=list, blank=True)
    #: False for a name that the tagger always got wrong here, and for places known only from metadata.
    in_texts = models.BooleanField(_("looked for in texts"), default=True)
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


class Organisation(models.Model):
    """An organisation with several names; a search for one of them also finds the others.

    New archives start with those of arabic/data/organisations.tsv.
    """

    name = models.CharField(_("name"), max_length=200, unique=True)
    other_names = models.JSONField(_("other names"), default=list, blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MergedSource(models.Model):
    """A former name of a source that was renamed or merged; imports under this name use the source."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    source = models.ForeignKey(Source, models.CASCADE, related_name="merged_from", verbose_name=_("source"))

    def __str__(self) -> str:
        return f"{self.name} → {self.source}"


class MergedPlace(models.Model):
    """The gazetteer key of a place that was merged into another; the tagger uses the other place."""

    key = models.CharField(_("gazetteer key"), max_length=40, unique=True)
    place = models.ForeignKey(Place, models.CASCADE, related_name="merged_from", verbose_name=_("place"))

    def __str__(self) -> str:
        return f"{self.key} → {self.place}"


class NameChange(models.Model):
    """The last change of a source, a place, an organisation or a former name, as a random token.

    Triggers replace the row (articles/outbox/triggers.py), whichever code made the change. A process that
    keeps names reads the tokens and knows that its names are current if they are the same as before. On
    PostgreSQL there are several rows where transactions overlapped.
    """

    token = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return f"{self.token:x}"


class ColumnMapping(models.Model):
    """Assignment of the columns of a source's tables to fields, chosen by a librarian.

    It applies to every table of the source that has these columns, in any order. Without a source it applies
    to imports whose files name their sources themselves.
    """

    source = models.ForeignKey(Source, models.CASCADE, null=True, blank=True, verbose_name=_("source"))
    #: Hash of the normalized header; see articles/readers/column_mapper.py.
    signature = models.CharField(max_length=64, editable=False)
    #: Names of the columns as written in the file.
    header = models.JSONField(_("columns"), default=list, editable=False)
    #: Normalized column name → field of a record, "" for an ignored column.
    fields = models.JSONField(default=dict, editable=False)
    made_by = user_reference(_("made by"), editable=False, blank=False)
    made_at = models.DateTimeField(_("made"), auto_now=True)

    class Meta:
        verbose_name = _("remembered columns")
        verbose_name_plural = _("remembered columns")
        ordering = ["source__name", "id"]
        constraints = [
            models.UniqueConstraint(name="one_mapping_of_a_source", fields=["source", "signature"]),
            models.UniqueConstraint(
                name="one_mapping_without_source",
                fields=["signature"],
                condition=models.Q(source__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(self.header)[:120]
