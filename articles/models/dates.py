"""The dates that an article speaks of, which are not the day it was published."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article, Precision


class DateMention(models.Model):
    """A date named in an article, where, and the sentence that shows it. Offsets count characters of the
    title or the text. The period is [first_day, last_day]; `precision` says how much of it is certain."""

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
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    precision = models.CharField(_("precision of the date"), max_length=5, choices=Precision)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    #: What does not fit: a code of arabic/dates.py and its detail ("weekday:الأحد"); "" = nothing.
    note = models.CharField(_("note"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("date spoken of")
        verbose_name_plural = _("dates spoken of")
        constraints = [
            models.UniqueConstraint(name="one_date_per_spot", fields=["article", "field", "start"]),
        ]

    def __str__(self) -> str:
        return f"{self.first_day} · {self.article_id}"

    @property
    def value(self) -> str:
        """YYYY, YYYY-MM or YYYY-MM-DD of the first day, by precision."""
        return self.values[0]

    @property
    def values(self) -> tuple[str, ...]:
        """The same of its first and its last day, where these differ."""
        length = {"day": 10, "month": 7, "year": 4}[self.precision]
        return tuple(dict.fromkeys(day.isoformat()[:length] for day in (self.first_day, self.last_day)))
