"""Marks and explains the words of a search in one article. Needs no engine: it opens while one is down."""

from __future__ import annotations

from articles.models import Article, PlaceMention
from search.answering.explaining import Explainer, WordMatch, also_of
from search.answering.highlight import Highlighter
from search.answering.matching import CutText
from search.answering.service import query_tree, query_words
from search.asking.request import SearchRequest
from search.results import Snippet
from search.words.splitting import archive_splitter


def marks(request: SearchRequest, title: str, body: str) -> tuple[Snippet, Snippet]:
    """Title and body, whole, with what the query finds in them marked; unmarked without a query."""
    highlighter, splitter = Highlighter(query_tree(request)), archive_splitter()
    return (
        highlighter.mark(CutText(title, splitter), "title"),
        highlighter.mark(CutText(body, splitter), "body"),
    )


def explained(request: SearchRequest, article: Article) -> tuple[WordMatch, ...]:
    """What in an article answers each word of the query; () without words."""
    splitter = archive_splitter()
    title, body = CutText(article.title, splitter), CutText(article.body, splitter)
    places = PlaceMention.objects.filter(article=article).values_list("place_id", flat=True)
    return Explainer(query_words(request)).explain(title, body, also_of(article.source_id, places))
