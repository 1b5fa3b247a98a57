"""Metadata inferred from the text of an article, and the decision of a librarian on it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.user_reference import user_reference


class Inference(models.Model):
    """A predicted value for an empty field of an article, with its confidence, rule and evidence.

    The value is at [start, end) of `evidence`. If `used`, the value is already in the field. A dateline is
    not a field of articles; readers are shown it from here.
    """

    class Field(models.TextChoices):
        TITLE = "title", _("title")
        BYLINE = "byline", _("byline")
        SOURCE = "source", _("source")
        DATELINE = "dateline", _("dateline")
        DATE = "date", _("date")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("not decided")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")
        CORRECTED = "corrected", _("corrected")

    article = models.ForeignKey(Article, models.CASCADE, related_name="inferences", verbose_name=_("article"))
    field = models.CharField(_("field"), max_length=8, choices=Field)
    value = models.CharField(_("value"), max_length=300)
    confidence = models.FloatField(_("confidence"))
    #: A rule of articles/metadata/.
    method = models.CharField(_("rule"), max_length=30)
    evidence = models.TextField(_("evidence"), blank=True)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    used = models.BooleanField(_("in use"), default=False)
    #: Values of the article before it was used: {column: value}, as in `history.revisions.snapshot`.
    before = models.JSONField(_("before"), default=dict, blank=True)
    made_at = models.DateTimeField(_("when"), auto_now_add=True)

    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PROPOSED)
    #: Value of the field after the decision; "" if the field was emptied.
    decided_value = models.CharField(_("decided value"), max_length=300, blank=True, default="")
    decided_by = user_reference(_("decided by"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    #: Values of the article before the decision, to undo it: {column: value} and "used".
    undecided = models.JSONField(null=True, blank=True)

    class Meta:
        verbose_name = _("inferred fact")
        verbose_name_plural = _("inferred facts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_inference", fields=["article", "field"], condition=models.Q(state="proposed")
            ),
        ]
        indexes = [models.Index(fields=["state", "field", "confidence"], name="open_inferences")]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.get_field_display()}"
