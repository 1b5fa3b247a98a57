"""Near-duplicate clusters, called stories: articles that are versions of one report.

`articles/near_duplicates/clusters.py` writes all of these tables.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.user_reference import user_reference


class StoryBand(models.Model):
    """An LSH band of an article's MinHash sketch (articles/text/minhash.py).

    Articles that share a band are candidates for a link. A negative value is a hash of the whole text:
    articles that share it have the same text.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    value = models.BigIntegerField()

    class Meta:
        verbose_name = _("band of a text")
        verbose_name_plural = _("bands of texts")
        indexes = [models.Index(fields=["value", "article"], name="story_band")]

    def __str__(self) -> str:
        return f"{self.article_id} · {self.value}"


class StoryLink(models.Model):
    """Two articles that are near-duplicates; `first` is the older.

    `similarity` is the share of the shorter text that is also in the longer one, from 0 to 1.
    """

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
    """Membership of an article in a story; `story` is the number of the oldest article in it.

    An article that is in no story has no row. A change of a row reindexes the article
    (articles/outbox/triggers.py).
    """

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="membership")
    story = models.BigIntegerField(_("story"), db_index=True)

    class Meta:
        verbose_name = _("member of a story")
        verbose_name_plural = _("members of stories")

    def __str__(self) -> str:
        return f"{self.article_id} ∈ {self.story}"


class StoryVerdict(models.Model):
    """A decision of a librarian on the story of an article, kept when all stories are computed again.

    APART: the article is in no story. TOGETHER: it is in the story of `other`, unless one of the two was set
    apart later.
    """

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
