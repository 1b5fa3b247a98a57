"""Decisions of librarians on the places of articles, and requests to tag articles again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.authorities import Place
from articles.models.user_reference import user_reference


class PlaceVerdict(models.Model):
    """A decision that an article means a place, or not: in all of it, or by one name ("الباب" as a door).

    Tagging applies it (articles/geotagging/place_overrides.py); the latest one applies. One that was
    undone stays on record and no longer applies.
    """

    class Kind(models.TextChoices):
        MEANT = "meant", _("is meant")
        NOT_MEANT = "not-meant", _("is not meant")

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="place_verdicts", verbose_name=_("article")
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="verdicts", verbose_name=_("place"))
    kind = models.CharField(_("decision"), max_length=9, choices=Kind)
    #: As typed; compared normalized and without clitics. Empty: any name of the place.
    name = models.CharField(_("name in the text"), max_length=120, blank=True)
    reason = models.CharField(_("why"), max_length=300)
    made_at = models.DateTimeField(_("when"), auto_now_add=True)
    made_by = user_reference(_("who"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = user_reference(_("undone by"))
    #: True if the place comes from the file's metadata and the decision hides it until it is undone.
    hides_metadata = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("decision about a place")
        verbose_name_plural = _("decisions about places")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.subject} {self.decision}"

    @property
    def subject(self) -> str:
        """Return the name of the place."""
        return self.place.slug

    @property
    def decision(self) -> str:
        """Return what was decided about the place."""
        return str(self.get_kind_display())


class PlaceRetag(models.Model):
    """A request to tag articles again because the names of a place changed.

    It concerns the articles that mention the place and those whose text has one of `names`. A worker or the
    next request processes it (articles/backfill/retag_places.py); `last_article` is the last one done.
    """

    place = models.ForeignKey(Place, models.CASCADE, related_name="+", verbose_name=_("place"))
    #: Normalized by `arabic.tables.gazetteer.name_key`.
    names = models.JSONField(default=list)
    asked_at = models.DateTimeField(_("when"), auto_now_add=True)
    last_article = models.BigIntegerField(default=0)
    changed = models.PositiveIntegerField(_("articles changed"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("articles to tag again")
        verbose_name_plural = _("articles to tag again")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.place} > {self.last_article}"
