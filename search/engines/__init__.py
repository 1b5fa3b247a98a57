"""The engines that can answer a search, named in settings as Django names its caches."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from search.engines.contract import SearchEngine


def get_engine(name: str | None = None) -> SearchEngine:
    """The engine of that name in SEARCH_ENGINES (default: the one SEARCH_ENGINE names), made once a process.

    Raises KeyError for a name that settings do not know. Nothing is opened or reached yet."""
    options: Mapping[str, Any] = settings.SEARCH_ENGINES[name or settings.SEARCH_ENGINE]
    return _build_engine(tuple(sorted(options.items())))


@cache
def _build_engine(options: tuple[tuple[str, Any], ...]) -> SearchEngine:
    """One object per set of options, so that settings changed in a test give another engine."""
    values = dict(options)
    engine: SearchEngine = import_string(values["ENGINE"]).from_settings(values)
    return engine
