"""What librarians decided about the places of articles, and the articles that must be looked at again because
the names of a place changed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.authorities import Place
from articles.models.user_reference import user_reference


class PlaceVerdict(models.Model):
    """That a place is meant in an article, or is not: in all of it, or by one name in it ("الباب" here is a
    door). Whoever tags the article anew heeds it (articles/geotagging/place_overrides.py); of several the
    later counts.
    One that was undone stays on record and counts no more."""

    class Kind(models.TextChoices):
        MEANT = "meant", _("is meant")
        NOT_MEANT = "not-meant", _("is not meant")

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="place_verdicts", verbose_name=_("article")
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="verdicts", verbose_name=_("place"))
    kind = models.CharField(_("decision"), max_length=9, choices=Kind)
    #: As typed; compared folded, and seen through clitics. Empty: whatever the article calls the place.
    name = models.CharField(_("name in the text"), max_length=120, blank=True)
    reason = models.CharField(_("why"), max_length=300)
    made_at = models.DateTimeField(_("when"), auto_now_add=True)
    made_by = user_reference(_("who"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = user_reference(_("undone by"))
    #: The article's file gives the place and the verdict hides that, until it is undone.
    hides_metadata = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("decision about a place")
        verbose_name_plural = _("decisions about places")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.place} {self.get_kind_display()}"


class PlaceRetag(models.Model):
    """Articles that must be tagged again because of a change of a place's names: those that mention it, and
    those whose text has one of `names`. Worked on by whoever comes first (articles/backfill/retag_places.py);
    `last_article` is how far it is."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="+", verbose_name=_("place"))
    #: Folded (`arabic.tables.gazetteer.name_key`).
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
