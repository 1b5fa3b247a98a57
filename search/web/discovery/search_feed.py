"""The Atom feed of a search: its articles by the time at which they became findable, the newest first.

Every article is an entry, also where the page shows each story once. Pages follow RFC 5005 (paged feeds).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from lxml import etree  # type: ignore[import-untyped]  # it has no types

from articles.history.findable_times import last_changes, newest_findable
from articles.source_scope import hidden_sources
from search.coverage.coverage_counts import archive_state_key
from search.engines import get_engine
from search.engines.contract import EngineError, EngineRequest
from search.query.compiler import PreparedSearch, prepare_search
from search.query.request import SearchRequest
from search.results import Hit, ResultPage
from search.retrieval.service import describe_hits
from search.store.database import DatabaseStore
from search.web.answer_size import listed_hits
from search.web.guard.answer_headers import READERS
from search.web.viewmodels.result_list import chips, feed_request, feed_url, page_heading, search_url
from search.web.views import engine_down

_ATOM = "http://www.w3.org/2005/Atom"
#: The year in which these identifiers were given out first (RFC 4151); it never changes.
_TAG_YEAR = "2026"
#: Characters that XML 1.0 cannot have.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


#: The labels of filters are their values where no facet was counted.
_NO_RESULT = ResultPage(hits=(), total=0, close_total=0, page=1, pages=1, size=1, took_ms=0)


@require_safe
def search_feed(request: HttpRequest) -> HttpResponse:
    """Answer a search as Atom; 304 if nothing changed, 404 behind the last page, 503 without an engine."""
    asked, _complaints = SearchRequest.from_params(request.GET)
    store = DatabaseStore()
    # Read before the search: a change that is made meanwhile makes another state.
    state = archive_state_key()
    reader = tuple(sorted(hidden_sources()))  # a kept answer is current for those only who may see the same
    key = (state, store.names_key, reader, get_language(), request.build_absolute_uri())
    etag = f'"{hashlib.sha256(repr(key).encode()).hexdigest()[:32]}"'
    # Without a time of the last change, on purpose: the same articles are another feed for another reader.
    response = get_conditional_response(request, etag)
    if response is None:
        prepared = prepare_search(feed_request(asked), store).with_canonical_names()
        try:
            content = _feed_xml(request, prepared.request, _read_page(prepared))
        except EngineError as error:
            return engine_down(request, prepared.request, error)
        response = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
    response.headers["ETag"] = etag
    # A feed reader asks each time whether an article of it was withdrawn since.
    response.headers["Cache-Control"] = READERS
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@dataclass(frozen=True, slots=True)
class _FeedEntry:
    hit: Hit
    #: When it became findable, and when it last changed.
    published: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class _FeedPage:
    entries: Sequence[_FeedEntry]
    pages: int
    #: The last change of an entry of this page, or None if it has none.
    updated: datetime | None


def _read_page(search: PreparedSearch) -> _FeedPage:
    """Find the articles of the page that is asked for. Raises Http404 behind the last one."""
    engine, request = get_engine(), search.request
    ids = engine.scan(EngineRequest(query=search.compiled.strict, filters=search.filters.nodes))
    found = newest_findable(ids)
    size = listed_hits(request)
    pages = max(1, -(-len(found) // size))
    if request.page > pages:
        raise Http404("the feed ends before this page")
    start = (request.page - 1) * size
    times = dict(islice(found, start, start + size))
    changed = last_changes([*times])
    entries = [
        _FeedEntry(hit, times[hit.record.id], max(times[hit.record.id], changed.get(hit.record.id, _START)))
        for hit in describe_hits(search, [*times], engine)
    ]
    return _FeedPage(entries, pages, max((entry.updated for entry in entries), default=None))


_START = datetime(1, 1, 1, tzinfo=UTC)


def _feed_xml(request: HttpRequest, search: SearchRequest, page: _FeedPage) -> bytes:
    authority = request.get_host().partition(":")[0].lower()
    feed = etree.Element("feed", nsmap={None: _ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", get_language() or "ar")
    _add(feed, "title", f"{page_heading(search, chips(search, _NO_RESULT))} — {_('News archive')}")
    _add(feed, "subtitle", _("Articles of a search, by the time at which they became findable"))
    whole = search.query_string(page=1)
    _add(feed, "id", f"tag:{authority},{_TAG_YEAR}:search{'?' if whole else ''}{whole}")
    # An empty feed has a time too, which must not change as long as it stays empty.
    _add(feed, "updated", (page.updated or datetime(int(_TAG_YEAR), 1, 1, tzinfo=UTC)).isoformat())
    _add(_add(feed, "author"), "name", _("News archive"))
    _link(feed, request, "self", feed_url(search, search.page), "application/atom+xml")
    _link(feed, request, "alternate", search_url(search, sort="newest"), "text/html")
    for rel, number in (
        ("first", 1),
        ("previous", search.page - 1),
        ("next", search.page + 1),
        ("last", page.pages),
    ):
        if 1 <= number <= page.pages:
            _link(feed, request, rel, feed_url(search, number), "application/atom+xml")
    for each in page.entries:
        _add_entry(feed, request, authority, each)
    content: bytes = etree.tostring(feed, xml_declaration=True, encoding="utf-8")
    return content


def _add_entry(feed: etree._Element, request: HttpRequest, authority: str, each: _FeedEntry) -> None:
    record = each.hit.record
    entry = _add(feed, "entry")
    _add(entry, "title", record.title or _("Untitled"))
    _add(entry, "id", f"tag:{authority},{_TAG_YEAR}:article/{record.id}")
    _add(entry, "published", each.published.isoformat())
    _add(entry, "updated", each.updated.isoformat())
    _add(_add(entry, "author"), "name", record.source or _("Unknown source"))
    _link(entry, request, "alternate", reverse("search:article", args=[record.id]), "text/html")
    dated = pgettext("source and date", "%(source)s, %(day)s") if record.source and record.date_value else ""
    line = dated % {"source": record.source, "day": record.date_value} if dated else record.date_value
    _add(entry, "summary", "\n".join(filter(None, (line, each.hit.snippet.plain))))
    for value, _label in record.cities:
        _add(entry, "category").set("term", _NOT_XML.sub("", value))


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    """Add an element with plain text, without what XML cannot hold."""
    child = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    child.text = _NOT_XML.sub("", text) or None
    return child


def _link(parent: etree._Element, request: HttpRequest, rel: str, address: str, kind: str) -> None:
    link = _add(parent, "link")
    for name, value in (("rel", rel), ("href", request.build_absolute_uri(address)), ("type", kind)):
        link.set(name, value)
