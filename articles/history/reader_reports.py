"""Readers' reports of mistakes: how many are taken, and how librarians close them."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles.models import Article, MistakeReport

#: The period that the limits are counted for.
_DAY = timedelta(days=1)


class ReportRefusedError(Exception):
    """A report was not taken; `reason` is "open" (one is open already) or "limit" (enough for a day)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def report_mistake(
    article: Article, text: str, *, reporter: str, by: AbstractBaseUser | None
) -> MistakeReport:
    """Store a report. Raises ReportRefusedError."""
    now = timezone.now()  # later ones are from before the clock was set back
    reports = MistakeReport.objects.filter(made_at__range=(now - _DAY, now))
    if reports.filter(reporter=reporter).count() >= settings.REPORTS_A_DAY:
        raise ReportRefusedError("limit")
    # Anybody gets as many sessions as they like, so strangers have a limit together.
    if by is None and reports.filter(made_by=None).count() >= settings.REPORTS_OF_STRANGERS_A_DAY:
        raise ReportRefusedError("limit")
    try:
        with transaction.atomic():
            return MistakeReport.objects.create(
                article=article,
                text=text,
                reporter=reporter,
                made_by=by,  # type: ignore[misc]  # any user model
            )
    except IntegrityError as error:
        raise ReportRefusedError("open") from error


def open_reports() -> QuerySet[MistakeReport]:
    """Return the reports that no librarian has closed, oldest first."""
    reports = MistakeReport.objects.filter(closed_at__isnull=True).select_related("made_by", "article")
    return reports.defer("article__body", "article__original").order_by("pk")


def close_report(report: MistakeReport, *, by: AbstractBaseUser) -> bool:
    """Close a report, which stays on record. Returns False if it was closed already."""
    mine = MistakeReport.objects.filter(pk=report.pk, closed_at__isnull=True)
    return bool(mine.update(closed_at=timezone.now(), closed_by=by))
