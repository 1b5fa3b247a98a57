"""One view of a search: what the page shows in place of the list of hits, and its table to download."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import pgettext

from search.query.request import VIEWS, SearchRequest, View
from search.results import Complaint
from search.web.viewmodels.labels import kept_by_language
from search.web.viewmodels.result_list import Link, search_url


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table to download: the name of the file without its ending, the heads of the columns, the rows."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[object]]


@dataclass(frozen=True, slots=True)
class ResultView:
    """A template of `templates/search/views/` and the values that it shows."""

    template: str
    values: Mapping[str, Any]
    complaints: tuple[Complaint, ...] = field(default=())
    #: True if there is something to show even where the query finds nothing.
    stands_alone: bool = False


def view_tabs(request: SearchRequest) -> list[Link]:
    """Return the views of a search; each keeps query and filters."""
    labels = _view_labels()
    return [
        Link(labels[view], search_url(request, view=view), current=view == request.view) for view in VIEWS
    ]


@kept_by_language
def _view_labels() -> Mapping[View, str]:
    return {
        "list": pgettext("view of the results", "List"),
        "context": pgettext("view of the results", "Context"),
        "time": pgettext("view of the results", "Time"),
        "compare": pgettext("view of the results", "Comparison"),
    }


class ViewOptions:
    """The parameters of a view, read from a request; what is no choice of a parameter is complained of."""

    def __init__(self, request: SearchRequest) -> None:
        self.request = request
        self.complaints: list[Complaint] = []

    def several(self, key: str) -> tuple[str, ...]:
        """Return all values of a parameter."""
        return tuple(value for name, value in self.request.view_options if name == key)

    def choice(self, key: str, choices: Sequence[str], default: str) -> str:
        """Return the value of a parameter that has one of these."""
        value = (self.several(key) or (default,))[-1]
        if value in choices or value == default:
            return value
        self.complaints.append(Complaint("bad_view_option", value))
        return default

    def url(self, key: str, *values: str) -> str:
        """Return the address of the view with other values of one parameter, at its first page."""
        kept = tuple(pair for pair in self.request.view_options if pair[0] != key)
        return search_url(self.request, view_options=(*kept, *((key, value) for value in values)))

    def links(self, key: str, labels: Mapping[str, str], current: str, default: str) -> list[Link]:
        """Return a link for each value of a parameter."""
        return [
            Link(label, self.url(key, *([value] if value != default else [])), current=value == current)
            for value, label in labels.items()
        ]


def table_url(request: SearchRequest) -> str:
    """Return the address at which the table of a view is downloaded."""
    return f"{reverse('search:view_table')}?{request.query_string(page=1)}"
