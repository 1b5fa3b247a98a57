"""Bounds on the size of answers (docs/decisions/0063-size-of-answers.md).

A page repeats its search in each of its links, and a query of the greatest length is six thousand bytes long.
So there are fewer hits, values or periods on the page of such a query.
"""

from __future__ import annotations

from collections.abc import Sequence

from search.query.request import SearchRequest
from search.web.viewmodels.result_list import search_url

#: Bytes that the links of a list may take on a page.
MAX_LINK_BYTES = 600_000
#: Links of a hit with its versions of other sources, and hits that a page has in any case.
_LINKS_OF_A_HIT, _MIN_HITS = 3, 20
#: Links of a period: its bar and its row.
_LINKS_OF_A_PERIOD, _MIN_PERIODS = 2, 40
#: Characters of all texts together that a page compares word by word; they take half a second at most.
MAX_COMPARED_CHARACTERS = 120_000


def most_links(request: SearchRequest, links_of_a_value: int, at_least: int) -> int:
    """Return how many values fit on a page, each with so many links that repeat the search."""
    return max(at_least, MAX_LINK_BYTES // (links_of_a_value * len(search_url(request, page=1))))


def listed_hits(request: SearchRequest) -> int:
    """Return the number of hits on a page of this search: its size, or fewer for a very long query."""
    return min(request.size, most_links(request, _LINKS_OF_A_HIT, _MIN_HITS))


def shown_periods(request: SearchRequest) -> int:
    """Return how many periods of time may be shown as links."""
    return most_links(request, _LINKS_OF_A_PERIOD, _MIN_PERIODS)


def compared_parts(texts: Sequence[str]) -> tuple[list[str], int]:
    """Return the texts as a page compares them, and to how many characters they were cut (0: not at all)."""
    if sum(map(len, texts)) <= MAX_COMPARED_CHARACTERS:
        return [*texts], 0
    each = MAX_COMPARED_CHARACTERS // len(texts)
    return [text[:each] for text in texts], each
