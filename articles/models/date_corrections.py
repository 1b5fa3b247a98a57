"""Decisions of librarians on the dates that articles mention."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article, MentionedPeriod
from articles.models.user_reference import user_reference


class DateVerdict(MentionedPeriod):
    """A decision that an article does not mention a date: in all of it, or where it is written in one way.

    Tagging applies it (articles/metadata/date_mentions.py). One that was undone stays on record and no longer
    applies.
    """

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="date_verdicts", verbose_name=_("article")
    )
    #: As typed; compared normalized. Empty: however the date is written.
    name = models.CharField(_("words in the text"), max_length=120, blank=True)
    reason = models.CharField(_("why"), max_length=300)
    made_at = models.DateTimeField(_("when"), auto_now_add=True)
    made_by = user_reference(_("who"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = user_reference(_("undone by"))

    class Meta:
        verbose_name = _("decision about a date")
        verbose_name_plural = _("decisions about dates")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.subject} {self.decision}"

    @property
    def subject(self) -> str:
        """Return the first and the last day, once if they are equal, or the month or year."""
        return " – ".join(self.values)

    @property
    def decision(self) -> str:
        """Return what was decided about the date."""
        return gettext("is a wrong date")
