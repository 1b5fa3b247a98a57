"""The place of an article in the list that led to it: «2 of 3119», with links to its neighbours and back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse

from search.engines.contract import EngineError
from search.query.request import Group, Params, SearchRequest
from search.retrieval.list_neighbours import Neighbour, place_in_list
from search.web.answer_size import listed_hits
from search.web.viewmodels.result_list import Link, search_url

#: The page of results shows one article per cluster of near-duplicates unless asked otherwise, so that a
#: report of an agency does not fill it five times. Its counts, in the heading and the facets, remain counts
#: of articles.
DEFAULT_GROUP: Group = "story"
#: The parameter of an article's address with its position in the list, from 1.
POSITION = "at"
#: A position has at most so many digits.
_MAX_DIGITS = 7


@dataclass(frozen=True, slots=True)
class ListPlace:
    """The position of an article in its list; `previous` and `next` are None at the ends."""

    position: int
    total: int
    previous: Link | None
    next: Link | None


def read_position(params: Params) -> int:
    """Return the position in the address; 0 if there is none."""
    text = (params.getlist(POSITION) or [""])[-1]
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS else 0


def article_url(article: int, search: SearchRequest, position: int = 0) -> str:
    """Return the address of an article as it is opened from the list of a search."""
    parts = [search.query_string(page=search.page), f"{POSITION}={position}" if position else ""]
    address, query = reverse("search:article", args=[article]), "&".join(filter(None, parts))
    return f"{address}?{query}" if query else address


def list_place(search: SearchRequest, article: int, position: int) -> ListPlace | None:
    """Return the place of an article in the list of a search; None without a list, or without an engine."""
    if not position:
        return None
    try:
        found = place_in_list(replace(search, group=search.group or DEFAULT_GROUP), article, position)
    except EngineError:
        return None
    if found is None:
        return None

    def link(near: Neighbour | None) -> Link | None:
        if near is None:
            return None
        return Link(near.title, article_url(near.article, _at_page_of(search, near.position), near.position))

    return ListPlace(found.position, found.total, link(found.previous), link(found.next))


def results_url(search: SearchRequest, position: int = 0) -> str:
    """Return the results that led to an article, at its hit; "" for a reader of the permanent address."""
    if position:
        here = _at_page_of(search, position)
        return f"{search_url(here, page=here.page)}#hit-{position}"
    return search_url(search, page=search.page) if search != SearchRequest() else ""


def _at_page_of(search: SearchRequest, position: int) -> SearchRequest:
    """Return the search at the page of its list that has this position."""
    if search.view != "list":
        return search
    return replace(search, page=(position - 1) // listed_hits(search) + 1)
