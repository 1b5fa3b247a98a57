"""The examples of the help page; tests/search/web/test_site.py runs each as a query to keep it valid."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from search.query.request import SearchRequest
from search.web.viewmodels.result_list import search_url


@dataclass(frozen=True, slots=True)
class Example:
    """A query and what it finds."""

    query: str
    meaning: Promise

    @property
    def url(self) -> str:
        """Return the address of the query's results."""
        return search_url(SearchRequest(q=self.query))


EXAMPLES = (
    Example("حمص حلب", _("both words")),
    Example("حمص OR حلب", _("at least one of the two; أو does the same")),
    Example("حمص -دمشق", _("the first word and not the second; NOT does the same")),
    Example("(حمص OR حلب) قافلة", _("brackets keep words together")),
    Example('"دير الزور"', _("these words in a row, as they are spelt; «…» does the same")),
    Example('"قافلة حمص"~5', _("these words at most five places apart")),
    Example("صحف*", _("words that begin so")),
    Example("*حكوم*", _("words that have this inside")),
    Example("title:مساعدات", _("the word in the title; عنوان: does the same")),
    Example('city:"دير الزور"', _("articles that mention the city in any spelling; مدينة: does the same")),
    Example("source:سنابل", _("articles of the source; مصدر: does the same")),
)
