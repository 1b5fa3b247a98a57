"""The chain of custody beside the articles: what was erased by law, and what was handed out as evidence."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.user_reference import user_reference


class Erasure(models.Model):
    """An article that was erased: its number, hash, ground, reason, who and when; nothing of its text.

    The numbers of articles are never given twice, so its address answers for this one for ever."""

    class Ground(models.TextChoices):
        """On what ground; readers see it."""

        COURT = "court", _("an order of a court or authority")
        PERSON = "person", _("a right of a person it speaks of")
        SAFETY = "safety", _("a danger to a person's safety")
        COPYRIGHT = "copyright", _("a right of its author or publisher")
        OTHER = "other", _("another legal duty")

    article_number = models.BigIntegerField(_("article"), unique=True)
    sha256 = models.CharField(_("SHA-256 of the original"), max_length=64, blank=True)
    ground = models.CharField(_("ground"), max_length=10, choices=Ground)
    #: For the archive's own record; readers do not see it.
    reason = models.CharField(_("why"), max_length=300)
    made_at = models.DateTimeField(_("when"), auto_now_add=True)
    made_by = user_reference(_("who"))
    #: Stays when the account is gone.
    made_by_name = models.CharField(_("who"), max_length=150, blank=True)
    #: From then on the same record may come in again.
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by_name = models.CharField(_("lifted by"), max_length=150, blank=True)
    lifted_reason = models.CharField(_("why it was lifted"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"#{self.article_number}"


class ErasedRecord(models.Model):
    """By what a record of an erased article is known again: its key (`identity.record_key`), or "sha:" and
    the SHA-256 of the bytes it came from. Hashes, from which no text can be made."""

    erasure = models.ForeignKey(Erasure, models.CASCADE, related_name="records")
    known_by = models.CharField(max_length=80, db_index=True)

    class Meta:
        verbose_name = _("erased record")
        verbose_name_plural = _("erased records")

    def __str__(self) -> str:
        return self.known_by


class EvidenceExport(models.Model):
    """That an article was handed out as evidence, and the seal by which that very file is known."""

    article_number = models.BigIntegerField(_("article"), db_index=True)
    seal = models.CharField(_("seal"), max_length=64)
    made_at = models.DateTimeField(_("when"), auto_now_add=True)
    made_by_name = models.CharField(_("who"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("evidence export")
        verbose_name_plural = _("evidence exports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"#{self.article_number} · {self.seal[:12]}"
