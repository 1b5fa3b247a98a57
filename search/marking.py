"""Marks and explains the words of a search in one article. Needs no engine: it opens while one is down."""

from __future__ import annotations

from search.explaining import Explainer, WordMatch
from search.highlight import Highlighter
from search.matching import CutText
from search.request import SearchRequest
from search.results import Snippet
from search.service import query_tree, query_words


def marks(request: SearchRequest, title: str, body: str) -> tuple[Snippet, Snippet]:
    """Title and body, whole, with what the query finds in them marked; unmarked without a query."""
    highlighter = Highlighter(query_tree(request))
    return highlighter.mark(title, "title"), highlighter.mark(body, "body")


def explained(request: SearchRequest, title: str, body: str) -> tuple[WordMatch, ...]:
    """What in an article answers each word of the query; () without words."""
    return Explainer(query_words(request)).explain(CutText(title), CutText(body))
