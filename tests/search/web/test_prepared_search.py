"""A request resolves its filters once and parses each text once, for any contents of the page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from search.query import compiler, lexer, parser
from search.query.filters import ResolvedFilters, resolve_filters
from search.query.request import SearchRequest
from search.store.database import DatabaseStore

pytestmark = pytest.mark.django_db


@dataclass
class Work:
    """Work of a request: texts by how often they were tokenized, parses, filters resolved, stores made."""

    tokenized: Counter[str] = field(default_factory=Counter)
    parses: int = 0
    resolved: list[SearchRequest] = field(default_factory=list)
    stores: int = 0

    @property
    def repeated(self) -> list[str]:
        """Texts that were tokenized twice, without the empty one of a search by filters alone."""
        return [text for text, times in self.tokenized.items() if times > 1 and text]

    @property
    def resolved_with_filters(self) -> int:
        return sum(bool(request.cities or request.sources) for request in self.resolved)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """Count the work done from here on."""
    work = Work()
    tokenize, parse = lexer._Lexer.run, parser._Parser.__init__

    def counted_tokenize(self: lexer._Lexer) -> list[lexer.QueryToken]:
        work.tokenized[self.text] += 1
        return tokenize(self)

    def counted_parse(self: parser._Parser, *arguments: Any) -> None:
        work.parses += 1
        parse(self, *arguments)

    def counted_resolve(request: SearchRequest, store: DatabaseStore) -> ResolvedFilters:
        work.resolved.append(request)
        return resolve_filters(request, store)

    def counted_store(self: DatabaseStore) -> None:
        work.stores += 1

    monkeypatch.setattr(lexer._Lexer, "run", counted_tokenize)
    monkeypatch.setattr(parser._Parser, "__init__", counted_parse)
    monkeypatch.setattr(compiler, "resolve_filters", counted_resolve)
    monkeypatch.setattr(DatabaseStore, "__init__", counted_store)
    return work


def test_a_page_with_hits_parses_its_query_once_and_resolves_its_filters_once(
    client: Client, archive: dict, work: Work
) -> None:
    answer = client.get("/search/", {"q": "حمص", "city": ["حمص", "حلب"], "source": "وكالة سنابل"})
    assert answer.context["result"].total == 2
    # The empty query is that of the line of the whole archive, asked once per state of the archive.
    assert work.tokenized == Counter(["حمص", ""])
    assert (work.parses - 1, work.resolved_with_filters, work.stores) == (1, 1, 1)


@pytest.mark.parametrize("query", ["زرافة قافلة", "title:«زرافة بيضاء» قافله", "القافله (زرافة", '"زرافة'])
def test_a_page_without_hits_parses_each_text_once_and_resolves_its_filters_once(
    client: Client, archive: dict, work: Work, query: str
) -> None:
    answer = client.get("/search/", {"q": query, "city": "حمص", "source": "وكالة سنابل", "from": "2011"})
    assert (answer.context["result"].total, answer.context["missing_parts"] != ()) == (0, True)
    assert work.repeated == []
    assert (sum(work.tokenized.values()), work.resolved_with_filters, work.stores) == (work.parses, 1, 1)


def test_the_api_and_an_explanation_parse_their_query_once(client: Client, archive: dict, work: Work) -> None:
    assert client.get("/api/v1/search", {"q": "قافلة", "city": "حمص"}).json()["total"] == 2
    assert (work.parses, len(work.resolved), work.stores) == (1, 1, 1)
    client.get(f"/articles/{archive['convoy'].pk}/why/", {"q": "حمص", "city": "حمص"})
    assert work.tokenized == Counter(["قافلة", "حمص"])
    assert (work.resolved_with_filters, work.stores) == (1, 2)
