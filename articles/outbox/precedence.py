"""Precedence of saves over imports: an import pauses while a person waits for a change to be indexed.

A save writes to the database several times until it can be found. On SQLite only one process can write, so
that each of these would wait for a chunk of the import; on every database the engine has the processors for
itself meanwhile.
"""

from __future__ import annotations

import time

from django.conf import settings

from articles.models import Outbox

#: How long an import waits for the same changes.
LONGEST_SECONDS = 2.0
_LOOK_SECONDS = 0.01


class SavesFirst:
    """Lets an import give way between two chunks. Use one for a whole import."""

    def __init__(self) -> None:
        #: The newest row that was still unsent when a wait ended; rows up to it are not waited for again.
        self._given_up = 0

    def give_way(self) -> None:
        """Wait until what people saved is sent, for LONGEST_SECONDS at most.

        Changes that were not sent in that time, because the engine is down for example, are not waited for
        again. Where saves do not wait for the index, nor does an import wait for them.
        """
        if not settings.INDEX_ON_COMMIT:
            return
        deadline = time.monotonic() + LONGEST_SECONDS
        while newest := self._newest_waiting():
            if time.monotonic() >= deadline:
                self._given_up = newest
                return
            time.sleep(_LOOK_SECONDS)

    def _newest_waiting(self) -> int:
        waiting = Outbox.objects.filter(
            done_at__isnull=True, interactive=True, retry_at__isnull=True, pk__gt=self._given_up
        )
        return waiting.order_by("-pk").values_list("pk", flat=True).first() or 0
