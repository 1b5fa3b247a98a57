"""The record of an export: the search as it was made, so that it can be repeated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from search.engines.contract import SearchEngine
from search.query.compiler import PreparedSearch
from search.query.request import SearchRequest
from search.results import Complaint
from search.suggest.used_expansions import UsedExpansions
from search.web.exports.export_data import COLUMNS, TEXT_COLUMN

#: Fields of a request that choose what of a search is shown, and are no part of it.
_SHOWN = ("page", "size", "close", "view", "view_options")


def search_record(
    search: PreparedSearch, engine: SearchEngine, hits: int, address: str, *, texts: bool
) -> dict[str, Any]:
    """Return the query, filters, level, expansions, time, version and counts of a search with `hits` hits.

    `address` is that of the results page. An expansion is listed if it was on and occurs in the archive.
    """
    request = search.request
    complaints = (*search.parsed.complaints, *search.compiled.complaints, *search.filters.complaints)
    expansions = UsedExpansions(search)
    used = expansions.counted(engine.counts(expansions.nodes, search.filters.nodes))
    return {
        **_beginning(hits, address, texts=texts),
        "query": request.q,
        "level": request.level,
        "sort": request.effective_sort,
        "group": request.group or "none",
        "filters": _filters(request),
        "without": list(request.without),
        "with": list(request.included),
        "expansions": [
            {"kind": each.kind, "typed": each.typed, "shown": each.shown, "count": each.count}
            for each in used
            if each.active
        ],
        "complaints": _complaints(complaints),
        "engine": engine.name,
        "analysis_version": engine.status().analysis_version,
    }


def selection_record(ids: Sequence[int], address: str, *, texts: bool) -> dict[str, Any]:
    """Return the record of an export of selected articles."""
    return {**_beginning(len(ids), address, texts=texts), "selection": list(ids)}


def _beginning(hits: int, address: str, *, texts: bool) -> dict[str, Any]:
    return {
        "kind": "export",
        "archive": _("News archive"),
        "address": address,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "hits": hits,
        "columns": [*COLUMNS, *(TEXT_COLUMN if texts else ())],
    }


def _filters(request: SearchRequest) -> dict[str, Any]:
    """Return the filters in force, by the names of the request's fields."""
    others = ("q", "level", "sort", "group", "without", "included", *_SHOWN)
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(request).items()
        if name not in others and value
    }


def _complaints(complaints: Iterable[Complaint]) -> list[dict[str, str]]:
    return [{"code": each.code, "detail": each.detail} for each in dict.fromkeys(complaints)]
