"""The advanced form: fields in words that write the query line, filled from the search in the address.

The form leads to itself, which sends the reader on to the results, or shows what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from search.coverage.coverage_counts import cached_count, load_holdings
from search.query.request import SearchRequest
from search.store.database import DatabaseStore
from search.suggest.query_form import (
    QueryForm,
    read_query,
    write_query,
)
from search.web import views
from search.web.viewmodels.complaints import complaint_message
from search.web.viewmodels.labels import LEVEL_LABELS
from search.web.viewmodels.result_list import Link, search_url

#: The parameter that says that the form was sent.
_SENT = "find"
#: Sources offered in the form; an archive with more of them is typed into.
MAX_SOURCES = 300
_FILTERS = {"country": "countries", "governorate": "governorates", "city": "cities", "source": "sources"}
#: Parameters that the form has as fields; the others of the search pass through.
_SHOWN = ("q", "country", "governorate", "city", "source", "from", "to", "level", "page", "close")


@dataclass(frozen=True, slots=True)
class ChosenFilter:
    """A filter in force, as a ticked box."""

    parameter: str
    value: str
    label: str


@require_safe
def advanced(request: HttpRequest) -> HttpResponse:
    """Show the form filled with the search, or send the reader on to the results of what was filled in."""
    asked, complaints = SearchRequest.from_params(request.GET)
    store = DatabaseStore()
    problems = [str(complaint_message(each)) for each in complaints]
    typed = {name: request.GET.get(name, "").strip()[:200] for name in ("place_name", "source_name")}
    if _SENT in request.GET:
        form = QueryForm(**{
            each.name: request.GET.get(f"{each.name}_words", "").replace("\0", " ").strip()
            for each in fields(QueryForm)
        })  # fmt: skip
        query = write_query(form)
        search, unknown = _with_names(asked, typed, store)
        problems += unknown
        if len(query) > settings.QUERY_MAX_CHARACTERS:
            problems.append(_("The query is longer than the search can read. Please shorten it."))
        search = replace(search, q=query, page=1, close="")
        if not problems and search == SearchRequest(level=search.level):
            problems.append(_("Please fill in one of the fields at least."))
        if not problems:
            return HttpResponseRedirect(search_url(search, page=1))
        search = replace(asked, q=query)
    else:
        search, form = asked, read_query(asked.q)
    context = {
        "search": search,
        "form": form,
        "problems": problems,
        "typed": typed,
        "period": {name: request.GET.get(name, "").strip()[:40] for name in ("from", "to")},
        "chosen": list(_chosen(search)),
        "sources": _offered_sources(store),
        "levels": [Link(str(label), level, level == search.level) for level, label in LEVEL_LABELS.items()],
        "kept": views.hidden_fields(search, *_SHOWN),
        "query_form": views.hidden_fields(search, "q"),
        "sent": _SENT,
        "keeps_syntax": bool(form.every) and form != QueryForm(every=form.every) and _has_syntax(form.every),
    }
    return render(request, "search/advanced.html", context)


def _has_syntax(text: str) -> bool:
    return any(sign in text for sign in '":()*~')


def _chosen(search: SearchRequest) -> Iterator[ChosenFilter]:
    for parameter, field in _FILTERS.items():
        for value in getattr(search, field):
            label = _("%(name)s governorate") % {"name": value} if parameter == "governorate" else value
            yield ChosenFilter(parameter, value, label)


def _offered_sources(store: DatabaseStore) -> Sequence[str]:
    """Return the names of the sources with articles that readers may see."""
    names = [paper.name for paper in cached_count(("holdings", store.names_key), load_holdings).papers]
    return sorted(names) if len(names) <= MAX_SOURCES else ()


def _with_names(
    search: SearchRequest, typed: dict[str, str], store: DatabaseStore
) -> tuple[SearchRequest, list[str]]:
    """Return the search with the place and source that were typed as filters, and what nobody knows."""
    problems: list[str] = []
    place, source = typed["place_name"], typed["source_name"]
    if place:
        for field, find in (
            ("cities", store.cities_named),
            ("governorates", store.governorates_named),
            ("countries", store.countries_named),
        ):
            if find(place):
                changed: dict[str, Any] = {field: tuple(dict.fromkeys([*getattr(search, field), place]))}
                search = replace(search, **changed)
                break
        else:
            problems.append(_("No article mentions a place by the name “%(name)s”.") % {"name": place})
    if source:
        if store.sources_named(source):
            search = replace(search, sources=tuple(dict.fromkeys([*search.sources, source])))
        else:
            problems.append(_("No source is known by the name “%(name)s”.") % {"name": source})
    return search, problems
