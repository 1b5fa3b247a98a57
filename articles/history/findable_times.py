"""When each article became findable, and when its text last changed: the times of a feed.

An article of an import becomes findable when the import is published; one that was a draft, withdrawn, or
undone and redone with its import, when its state last changed. Each such change of state has a Revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import itemgetter

from django.db.models import Max

from articles.batching import MAX_SQL_PARAMETERS, chunks
from articles.models import Article, Revision


def newest_findable(ids: Iterable[int]) -> list[tuple[int, datetime]]:
    """Return the visible ones of these articles with the time since which each is findable, newest first."""
    found: list[tuple[int, datetime]] = []
    for some in chunks(ids, MAX_SQL_PARAMETERS):
        rows = Article.objects.visible().filter(pk__in=some).order_by()
        changed = dict(
            Revision.objects.filter(article__in=some, before__has_key="state")
            .order_by()
            .values_list("article")
            .annotate(Max("made_at"))
        )
        found += [
            (pk, max(filter(None, (created, published, changed.get(pk)))))
            for pk, created, published in rows.values_list("pk", "created_at", "batch__finished_at")
        ]
    return sorted(found, key=itemgetter(1, 0), reverse=True)


def last_changes(ids: Sequence[int]) -> dict[int, datetime]:
    """Return the time of the last recorded change of each article that has one."""
    rows = Revision.objects.filter(article__in=ids).order_by().values_list("article")
    return dict(rows.annotate(Max("made_at")))
