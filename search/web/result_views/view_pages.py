"""Chooses the view that a request asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from search.engines import get_engine
from search.engines.contract import SearchEngine
from search.query.compiler import PreparedSearch
from search.query.request import View
from search.web.result_views.context_page import ContextView
from search.web.result_views.result_view import ResultView, TableFile
from search.web.result_views.time_page import ComparisonView, SingleTimeView


class ViewPage(Protocol):
    """A view of a search."""

    def build(self) -> ResultView:
        """Return what the page shows."""
        ...

    def table(self) -> TableFile:
        """Return the same as a table."""
        ...


_VIEWS: Mapping[View, Callable[[PreparedSearch, SearchEngine], ViewPage]] = {
    "context": ContextView,
    "time": SingleTimeView,
    "compare": ComparisonView,
}


def make_view(search: PreparedSearch, engine: SearchEngine | None = None) -> ViewPage | None:
    """Return the view of a request, None for the list of hits. Raises the errors of the engine."""
    made = _VIEWS.get(search.request.view)
    return made(search, engine or get_engine()) if made else None


def build_view(search: PreparedSearch) -> ResultView | None:
    """Return what the page shows in place of the list of hits. Raises the errors of the engine."""
    view = make_view(search)
    return view.build() if view else None
