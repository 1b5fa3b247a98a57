"""The contract of a search in plain Python, which simply checks every document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import product

from search.engines.analyzed_text import TokenStreams, analyze_article_text
from search.engines.contract import EngineRequest, FacetCounts, FacetName, IndexDocument
from search.query_tree import (
    AllOf,
    AnyOf,
    MatchAll,
    Missing,
    MustNot,
    Node,
    Number,
    NumberRange,
    Pattern,
    Phrase,
    Term,
)


@lru_cache(None)
def _forms(text: str) -> TokenStreams:
    return analyze_article_text("", text).body


def tokens(document: IndexDocument, field: str, level: str) -> list[str]:
    return getattr(_forms(getattr(document, field)), level).split()


def numbers(document: IndexDocument, field: str) -> set[int]:
    several = {
        "city": "places",
        "governorate": "governorates",
        "country": "countries",
        "about_city": "about",
        "about_governorate": "about_governorates",
        "about_country": "about_countries",
    }
    if field in several or field.startswith("event"):
        return set(getattr(document, several.get(field, field)))
    value = getattr(document, field)
    return set() if value is None else {value}


def has_phrase(found: list[str], words: tuple[str, ...], slop: int) -> bool:
    places = [[at for at, token in enumerate(found) if token == word] for word in words]
    for chosen in product(*places):
        moves = [at - place for place, at in enumerate(chosen)]
        if len(set(chosen)) == len(chosen) and max(moves) - min(moves) <= slop:
            return True
    return False


def _has_pattern(found: list[str], node: Pattern) -> bool:
    test: Callable[[str], bool] = {
        (True, True): lambda token: node.value in token,
        (True, False): lambda token: token.endswith(node.value),
        (False, True): lambda token: token.startswith(node.value),
        (False, False): lambda token: token == node.value,
    }[node.open_start, node.open_end]
    behind = () if node.open_start else node.behind
    return any(
        test(token) or any(test(token.removeprefix(each)) for each in behind if token.startswith(each))
        for token in found
    )


def matches(node: Node, document: IndexDocument) -> bool:  # noqa: PLR0911  a case per kind of node
    match node:
        case Term(field, level, value):
            return value in tokens(document, field, level)
        case Phrase(field, level, values, slop):
            return has_phrase(tokens(document, field, level), values, slop)
        case Pattern(field=field):
            return _has_pattern(tokens(document, field, "exact"), node)
        case Number(field, value):
            return value in numbers(document, field)
        case NumberRange(field, low, high):
            found = numbers(document, field)
            return any((low is None or low <= one) and (high is None or one <= high) for one in found)
        case Missing(field):
            return not numbers(document, field)
        case AllOf(children):
            return all(matches(child, document) for child in children)
        case AnyOf(children, at_least):
            return bool(children) and sum(matches(child, document) for child in children) >= at_least
        case MustNot(child):
            return not matches(child, document)
        case MatchAll():
            return True


def hits(
    documents: Iterable[IndexDocument], request: EngineRequest, without: FacetName | None = None
) -> list[IndexDocument]:
    """Return the hits of `request`, without the filter of the facet `without`."""
    nodes = [node for facet, node in request.filters.items() if facet != without]
    return [
        document
        for document in documents
        if matches(request.query, document)
        and all(matches(node, document) for node in nodes)
        and not (request.exclude and matches(request.exclude, document))
    ]


def by_date(found: list[IndexDocument], sort: str) -> list[int]:
    """Return the ids in the order of a date sort."""

    def key(document: IndexDocument) -> tuple[bool, int, int]:
        day = document.first_day
        return day is None, (day or 0) * (-1 if sort == "newest" else 1), document.id

    return [document.id for document in sorted(found, key=key)]


def stories(found: list[IndexDocument]) -> int:
    """Return the number of clusters among these articles, where an article without others counts as one."""
    return len({("alone", one.id) if one.story is None else ("story", one.story) for one in found})


def facets(documents: list[IndexDocument], request: EngineRequest) -> FacetCounts:
    """Return all facet counts."""
    counts: dict[str, dict[int, int]] = {}
    undated = 0
    place_hits: dict[str, dict[int, int]] = {}
    places = ["country", "governorate", "city", "about_country", "about_governorate", "about_city"]
    for facet, columns in (
        ("place", places),
        ("source", ["source"]),
        ("date", ["year", "month", "day"]),
        ("event", ["event_year", "event_month", "event_day"]),
    ):
        if facet not in request.facets:
            continue
        found = hits(documents, request, without=facet)
        for column in columns:
            counts[column] = dict(Counter(value for one in found for value in numbers(one, column)))
            if facet == "place" and facet in request.filters:
                inside = hits(documents, request)
                place_hits[column] = dict(Counter(value for one in inside for value in numbers(one, column)))
        if facet == "date":
            undated = sum(one.year is None for one in found)
    return FacetCounts(undated=undated, place_hits=place_hits, **counts)
