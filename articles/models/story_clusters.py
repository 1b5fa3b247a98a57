"""Stories: articles that are versions of one report. What is known of each text, which pairs are alike, which
story each article is in, and what librarians decided about it. `articles/near_duplicates/clusters.py`
writes all of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.user_reference import user_reference


class StoryBand(models.Model):
    """A band of an article's sketch (articles/text/minhash.py): articles with an equal one may be alike.
    A negative value stands for the whole text: those with it are the same."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    value = models.BigIntegerField()

    class Meta:
        verbose_name = _("band of a text")
        verbose_name_plural = _("bands of texts")
        indexes = [models.Index(fields=["value", "article"], name="story_band")]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.value}"


class StoryLink(models.Model):
    """Two articles whose texts are versions of one report; `first` is the older. `similarity` is the share of
    the shorter text that the longer has."""

    first = models.ForeignKey(Article, models.CASCADE, related_name="+")
    second = models.ForeignKey(Article, models.CASCADE, related_name="+")
    similarity = models.FloatField(_("similarity"))

    class Meta:
        verbose_name = _("pair of versions")
        verbose_name_plural = _("pairs of versions")
        constraints = [models.UniqueConstraint(name="one_story_link", fields=["first", "second"])]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}"


class StoryMember(models.Model):
    """That an article is in a story: `story` is the number of its oldest article. One that is alone has no
    row. A row that comes, changes or goes makes the article's document anew (articles/outbox/triggers.py)."""

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="membership")
    story = models.BigIntegerField(_("story"), db_index=True)

    class Meta:
        verbose_name = _("member of a story")
        verbose_name_plural = _("members of stories")

    def __str__(self) -> str:
        return f"{self.article_id} ∈ {self.story}"


class StoryVerdict(models.Model):
    """What a librarian decided. APART: the article is alone, whatever its text; TOGETHER: it is in the story
    of `other`, unless one of them was set apart later. It counts also when everything is computed again."""

    class Kind(models.TextChoices):
        APART = "apart", _("separate from its story")
        TOGETHER = "together", _("in one story with")

    article = models.ForeignKey(Article, models.CASCADE, related_name="verdicts", verbose_name=_("article"))
    kind = models.CharField(_("decision"), max_length=8, choices=Kind)
    other = models.ForeignKey(
        Article, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("other article")
    )
    reason = models.CharField(_("why"), max_length=300)
    made_at = models.DateTimeField(_("when"), auto_now_add=True)
    made_by = user_reference(_("who"))

    class Meta:
        verbose_name = _("decision about a story")
        verbose_name_plural = _("decisions about stories")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.article_id} {self.kind} {self.other_id or ''}".strip()
