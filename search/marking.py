"""Marks the words of a search in a whole article. Needs no engine: an article opens while one is down."""

from __future__ import annotations

from search.highlight import Highlighter
from search.request import SearchRequest
from search.results import Snippet
from search.service import query_tree


def marks(request: SearchRequest, title: str, body: str) -> tuple[Snippet, Snippet]:
    """Title and body, whole, with what the query finds in them marked; unmarked without a query."""
    highlighter = Highlighter(query_tree(request))
    return highlighter.mark(title, "title"), highlighter.mark(body, "body")
