"""Boilerplate rules and the spans they removed from texts.

articles/text/boilerplate_rules.py matches the rules; `articles/boilerplate/text_cuts.py` stores the cuts.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.authorities import Source
from articles.models.user_reference import user_reference
from articles.text.boilerplate_rules import MAX_PATTERN, BoilerplateRule


class CleaningRule(models.Model):
    """A boilerplate rule. Only ACTIVE rules cut; PROPOSED ones can be tried, RETIRED ones stay on record."""

    class Kind(models.TextChoices):
        LINE = "line", _("a line that is this")
        BEGINS = "begins", _("a short line that begins with this")
        ENDS = "ends", _("a short line that ends with this")
        PREFIX = "prefix", _("only these words, where a line begins with them")
        SUFFIX = "suffix", _("only these words, where a line ends with them")
        TAIL = "tail", _("a line that is this, and the headlines under it")
        REST = "rest", _("a line that is this, and all that follows")

    class Origin(models.TextChoices):
        SHIPPED = "shipped", _("came with the program")
        WRITTEN = "written", _("written here")
        LEARNED = "learned", _("learned from the texts")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        ACTIVE = "active", _("in force")
        RETIRED = "retired", _("retired")

    source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("source"),
        help_text=_("Left empty, the rule is for every source."),
    )
    field = models.CharField(
        _("where"), max_length=8, choices=[("body", _("text")), ("title", _("title"))], default="body"
    )
    kind = models.CharField(_("what is cut"), max_length=6, choices=Kind, default=Kind.LINE)
    pattern = models.CharField(
        _("the words"),
        max_length=MAX_PATTERN,
        help_text=_(
            "As they stand on the page; hamzas, marks and bullets do not matter. # stands for any number."
        ),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    origin = models.CharField(
        _("origin"), max_length=7, choices=Origin, default=Origin.WRITTEN, editable=False
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PROPOSED, editable=False)
    #: Identifies a shipped rule across versions of the program; "" for other rules.
    key = models.CharField(max_length=160, blank=True, default="", editable=False)
    #: Evidence for a learned rule: {"articles", "of", "days"}.
    seen = models.JSONField(default=dict, blank=True, editable=False)
    made_by = user_reference(_("made by"), editable=False)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    accepted_by = user_reference(_("accepted by"), editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True, editable=False)
    retired_by = user_reference(_("retired by"), editable=False)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)
    retired_reason = models.CharField(_("why it was retired"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("cleaning rule")
        verbose_name_plural = _("cleaning rules")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(name="one_rule_of_a_key", fields=["key"], condition=~models.Q(key="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.pattern}"

    def frozen(self, names: frozenset[str] = frozenset()) -> BoilerplateRule:
        """Return the rule in the form that matching uses; `names` are the names of its source."""
        return BoilerplateRule(self.pk, self.kind, self.pattern, self.field, names)


class TextCut(models.Model):
    """A span that a rule removed from an article's text, and its position.

    `start` counts characters of the current title or body; `place` orders the cuts at one offset. When the
    text changes, the position is found again by the surrounding text (`before`, `after`); it is null if that
    is gone. `undone_at` is set when a librarian restored the span.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="cuts")
    field = models.CharField(max_length=8, choices=[("title", _("title")), ("body", _("text"))])
    start = models.PositiveIntegerField(null=True)
    place = models.PositiveIntegerField(default=0)
    text = models.TextField(_("text that was cut"))
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60, blank=True)
    #: SHA-256 of the original that the cut belongs to; another original has its own cuts.
    sha256 = models.CharField(max_length=64, blank=True)
    rule = models.ForeignKey(CleaningRule, models.SET_NULL, null=True, related_name="cuts")
    #: Wording of the rule when it cut.
    said = models.CharField(_("rule"), max_length=300)
    made_by = user_reference(_("who"), editable=False)
    made_at = models.DateTimeField(_("when"))
    undone_by = user_reference(_("put back by"), editable=False)
    undone_at = models.DateTimeField(_("put back"), null=True)

    class Meta:
        verbose_name = _("text that was cut")
        verbose_name_plural = _("texts that were cut")
        ordering = ["field", "start", "place", "id"]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.said}"

    @property
    def in_effect(self) -> bool:
        """Return True if the current text is without this span."""
        return self.undone_at is None and self.start is not None
