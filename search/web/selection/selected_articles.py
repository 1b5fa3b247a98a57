"""The selected articles of a session."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from articles.models import Article

#: Enough for a bibliography; more than that is an export of the search.
MAX_SELECTED = 500
SELECTED, _BEFORE = "selected_articles", "selected_articles_before"


@contextmanager
def changed_selection(request: HttpRequest) -> Iterator[SelectedArticles]:
    """Yield the selection of a session to change it; others that change it at the same time wait.

    A session is read at the start of a request and written at its end: of ticks from two windows one would
    be lost. It is read again here under a lock, and written before that is given up.
    """
    if not request.session.session_key:
        yield SelectedArticles(request.session)  # a new session has one window
        return
    with transaction.atomic():
        # A PostgreSQL locks the row; SQLite has one writer at a time (settings.py).
        Session.objects.select_for_update().filter(pk=request.session.session_key).first()
        request.session = type(request.session)(request.session.session_key)
        yield SelectedArticles(request.session)
        if request.session.modified:
            request.session.save()
            request.session.modified = False


class SelectedArticles:
    """Ids in the order of selection, and those before the last change, to undo it."""

    def __init__(self, session: SessionBase) -> None:
        self._session = session

    @property
    def ids(self) -> list[int]:
        """The selected articles; a session without any is not written."""
        return list(self._session.get(SELECTED, ()))

    @property
    def before(self) -> list[int] | None:
        """The articles before the last change, if it can be undone."""
        return self._session.get(_BEFORE)

    def update(self, *, ticked: Iterable[int], shown: Iterable[int]) -> bool:
        """Select the ticked ones of the shown articles, and no other of these; the rest stays.

        Return False if there was no room for all of them. Articles that readers may not see are ignored.
        """
        ticked, held = set(ticked), self.ids
        dropped = set(shown) - ticked
        kept = [id for id in held if id not in dropped]
        new = ticked - set(kept)
        found = Article.objects.visible().filter(pk__in=new) if new else Article.objects.none()
        visible = set(found.values_list("pk", flat=True))
        wanted = [*kept, *sorted(visible)]
        self._replace(wanted[:MAX_SELECTED])
        return len(wanted) <= MAX_SELECTED

    def remove(self, ids: Iterable[int]) -> None:
        """Take articles out of the selection."""
        self.update(ticked=(), shown=ids)

    def clear(self) -> None:
        """Select nothing."""
        self._replace([])

    def undo(self) -> None:
        """Return to the selection before the last change; doing so again returns to that change."""
        if self.before is not None:
            self._replace(self.before)

    def _replace(self, ids: list[int]) -> None:
        held = self.ids
        if ids != held:
            self._session[SELECTED], self._session[_BEFORE] = ids, held


def selected_ids(request: HttpRequest | None) -> list[int]:
    """Return the selected articles of the reader; pages without a session, such as errors, have none."""
    if request is None or not hasattr(request, "session"):
        return []
    return SelectedArticles(request.session).ids
