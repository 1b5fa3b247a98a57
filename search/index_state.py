"""The version of a write to an index: of two writes to one article the later wins, whenever it arrives.

The version is taken before the articles are read, so a higher version has never seen an older state.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from articles.kept_queries import kept_rows
from search.models import IndexState

#: Stored instead of the serving index's name: the index was filled by a later state of this archive.
RESTORED_MARK = "restored backup"


def get_index_state() -> IndexState:
    """Return the shared row, created at its first use."""
    return IndexState.objects.get_or_create(pk=1)[0]


def current_version() -> int:
    """Return the version of the last write."""
    found = kept_rows(_versions)
    return int(found[0][0]) if found else get_index_state().version


def _versions(_ids: Sequence[int]) -> QuerySet[IndexState, Any]:
    return IndexState.objects.filter(pk=1).order_by().values_list("version")


def update_index_state(**values: object) -> None:
    """Set columns of the shared row, and only these: other processes write the others."""
    get_index_state()
    IndexState.objects.filter(pk=1).update(**values)


def mark_restored_backup(newest_in_index: int) -> bool:
    """Return True if the database is older than the index, because it was restored from a backup.

    The index may then hold articles that the database never had. This is stored until a rebuild, because the
    next version is above both.
    """
    known = get_index_state()
    if newest_in_index <= known.version:
        return known.serving == RESTORED_MARK
    update_index_state(serving=RESTORED_MARK)
    return True


def next_version() -> int:
    """Return a version above every earlier one: the clock in milliseconds, or the last one plus one.

    The clock is used because a restored backup resets the counter while the index kept newer versions.
    """
    get_index_state()
    now = time.time_ns() // 1_000_000
    with transaction.atomic():
        IndexState.objects.filter(pk=1).update(version=Greatest(F("version") + 1, now))
        return IndexState.objects.values_list("version", flat=True).get(pk=1)
