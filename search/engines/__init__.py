"""The search engines, configured in settings by name as Django's caches are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from articles.source_scope import hidden_sources
from search.engines.contract import SearchEngine
from search.engines.restricted_engine import RestrictedEngine


def get_engine(name: str | None = None) -> SearchEngine:
    """Return the engine called `name` in SEARCH_ENGINES (default: SEARCH_ENGINE), one object per process.

    Where some sources are not for the reader of this context, its searches leave them out.
    Raises KeyError for an unknown name. No index is opened and no server is contacted yet.
    """
    options: Mapping[str, Any] = settings.SEARCH_ENGINES[name or settings.SEARCH_ENGINE]
    engine = _build_engine(tuple(sorted(options.items())))
    hidden = hidden_sources()
    return RestrictedEngine(engine, hidden) if hidden else engine


@cache
def _build_engine(options: tuple[tuple[str, Any], ...]) -> SearchEngine:
    """Return one engine per set of options, so that changed settings in a test give another engine."""
    values = dict(options)
    engine: SearchEngine = import_string(values["ENGINE"]).from_settings(values)
    return engine
