"""Provenance records: articles erased by law, and articles exported as evidence."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.user_reference import user_reference


class Erasure(models.Model):
    """An erased article: its number, hash, ground, reason, user and time, without its text.

    Numbers of articles are never reused, so its URL always answers for this article.
    """

    class Ground(models.TextChoices):
        """Legal ground of an erasure, shown to readers."""

        COURT = "court", _("an order of a court or authority")
        PERSON = "person", _("a right of a person it speaks of")
        SAFETY = "safety", _("a danger to a person's safety")
        COPYRIGHT = "copyright", _("a right of its author or publisher")
        OTHER = "other", _("another legal duty")

    article_number = models.BigIntegerField(_("article"), unique=True)
    sha256 = models.CharField(_("SHA-256 of the original"), max_length=64, blank=True)
    ground = models.CharField(_("ground"), max_length=10, choices=Ground)
    #: For librarians only; not shown to readers.
    reason = models.CharField(_("why"), max_length=300)
    made_at = models.DateTimeField(_("when"), auto_now_add=True)
    made_by = user_reference(_("who"))
    #: Kept when the account is deleted.
    made_by_name = models.CharField(_("who"), max_length=150, blank=True)
    #: After this time the same record can be imported again.
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
    """Identifies a record of an erased article when it is imported again.

    `known_by` is its key (articles/identity/record_keys.py), or "sha:" and the SHA-256 of its bytes. The text
    cannot be recovered from these hashes.
    """

    erasure = models.ForeignKey(Erasure, models.CASCADE, related_name="records")
    known_by = models.CharField(max_length=80, db_index=True)

    class Meta:
        verbose_name = _("erased record")
        verbose_name_plural = _("erased records")

    def __str__(self) -> str:
        return self.known_by


class EvidenceExport(models.Model):
    """An export of an article as evidence, and the seal that identifies the exported file."""

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
