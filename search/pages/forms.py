"""The forms of the reader's pages: a search in the address, as fields. `SearchRequest` reads them back."""

from __future__ import annotations

from django.http import QueryDict

from search.asking.request import SearchRequest


def hidden_fields(request: SearchRequest, *without: str) -> list[tuple[str, str]]:
    """The state as (parameter, value), for a form that itself asks for the parameters in `without`; the list
    starts again at page 1."""
    state = QueryDict(request.query_string(page=1))
    return [(name, value) for name, values in state.lists() for value in values if name not in without]
