"""Uploads that somebody looked at and never confirmed do not stay for ever."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from articles.models import ImportBatch

State = ImportBatch.State
#: So long a preview waits for its confirmation; then its files are deleted as if it had been given up.
PREVIEW_KEPT = timedelta(days=30)


def give_up_forgotten() -> int:
    """Give up the previews whose time is over; returns how many. Their files are few rows and go at once."""
    old = ImportBatch.objects.filter(state=State.PREVIEW, created_at__lt=timezone.now() - PREVIEW_KEPT)
    given_up = 0
    for batch in old:
        if old.filter(pk=batch.pk).update(state=State.CANCELLED, finished_at=timezone.now(), preview=[]):
            for upload in batch.uploads.only("pk"):
                upload.delete()
            given_up += 1
    return given_up
