"""Mistakes in articles that readers report, for librarians to look at."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.user_reference import user_reference

MAX_REPORT_CHARACTERS = 500


class MistakeReport(models.Model):
    """A report about an article, open until a librarian closes it."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="mistake_reports", verbose_name=_("article")
    )
    text = models.CharField(_("what is wrong"), max_length=MAX_REPORT_CHARACTERS)
    #: "user:" and the number of an account, or "session:" and a random name kept in the session.
    reporter = models.CharField(max_length=64, db_index=True, editable=False)
    made_at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    made_by = user_reference(_("who"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = user_reference(_("closed by"))

    class Meta:
        verbose_name = _("reported mistake")
        verbose_name_plural = _("reported mistakes")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_report_per_reader",
                fields=["article", "reporter"],
                condition=models.Q(closed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.text[:40]}"
