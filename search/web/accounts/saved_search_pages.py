"""Saved searches of a reader with an account: listed with what is new, opened, renamed, deleted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.history.findable_times import newest_findable
from articles.models import Article
from search.engines import get_engine
from search.engines.contract import EngineError, EngineRequest
from search.models import SavedSearch
from search.query.compiler import prepare_search
from search.query.request import SearchRequest
from search.store.database import DatabaseStore
from search.web.accounts.login_pages import with_account
from search.web.viewmodels.result_list import page_heading, search_url

#: Searches that one reader keeps; the page searches for each where something is new in the archive.
MAX_SAVED = 50
_MAX_NAME, _MAX_STATE = 80, 4000


@dataclass(frozen=True, slots=True)
class SavedSearchRow:
    """A saved search with the number of new articles; None if the engine does not answer."""

    saved: SavedSearch
    heading: str
    new: int | None


def _request(saved: SavedSearch) -> SearchRequest:
    return SearchRequest.from_params(QueryDict(saved.query))[0]


def _own(request: HttpRequest, number: int) -> SavedSearch:
    """Return a search of this reader; those of others do not exist for them."""
    return get_object_or_404(SavedSearch, pk=number, user=request.user.pk)


def findable_since(since: datetime) -> dict[int, datetime]:
    """Return the articles that became findable after `since`, with the time of it."""
    changed = Q(revisions__made_at__gt=since, revisions__before__has_key="state")
    came = Q(created_at__gt=since) | Q(batch__finished_at__gt=since) | changed
    ids = Article.objects.visible().filter(came).order_by().values_list("pk", flat=True).distinct()
    return dict(newest_findable(ids))


def list_saved(searches: Sequence[SavedSearch]) -> list[SavedSearchRow]:
    """Count the new articles of each search, which reads nothing if the archive has none."""
    since = min((each.seen_at for each in searches), default=None)
    recent = findable_since(since) if since else {}
    return [
        SavedSearchRow(each, page_heading(_request(each), ()), _count_new(each, recent)) for each in searches
    ]


def _count_new(saved: SavedSearch, recent: dict[int, datetime]) -> int | None:
    newer = {pk for pk, when in recent.items() if when > saved.seen_at}
    if not newer:
        return 0
    search = prepare_search(_request(saved), DatabaseStore())
    try:
        hits: Iterable[int] = get_engine().scan(
            EngineRequest(query=search.compiled.strict, filters=search.filters.nodes)
        )
        return len(newer.intersection(hits))
    except EngineError:
        return None


@never_cache
@require_safe
@with_account
def saved_list(request: HttpRequest) -> HttpResponse:
    """List the reader's searches by name."""
    searches = list(SavedSearch.objects.filter(user=request.user.pk).order_by("name"))
    context = {"search": SearchRequest(), "rows": list_saved(searches)}
    return render(request, "search/saved.html", context)


@require_POST
@with_account
def save_search(request: HttpRequest) -> HttpResponse:
    """Save the search in the field `state` under a name; one of the same name is replaced."""
    state = QueryDict(request.POST.get("state", "")[:_MAX_STATE])
    asked, _complaints = SearchRequest.from_params(state)
    name = _name(request) or page_heading(asked, ())[:_MAX_NAME]
    user = cast("User", request.user)
    others = SavedSearch.objects.filter(user=user).exclude(name=name)
    if others.count() >= MAX_SAVED:
        messages.error(request, _("You have saved as many searches as can be kept. Please delete one first."))
        return redirect("search:saved_searches")
    values = {"query": asked.query_string(page=1), "seen_at": timezone.now()}
    SavedSearch.objects.update_or_create(user=user, name=name, defaults=values)
    messages.success(request, _("The search is saved."))
    return redirect("search:saved_searches")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_account
def open_saved(request: HttpRequest, number: int) -> HttpResponse:
    """Lead to the results.

    POST, the button of what is new, leads to the newest ones, and what is findable by now is no longer new. A
    link changes nothing: a browser may follow one before it is clicked.
    """
    saved = _own(request, number)
    if request.method != "POST":
        return redirect(search_url(_request(saved)))
    SavedSearch.objects.filter(pk=saved.pk).update(seen_at=timezone.now())
    return redirect(search_url(_request(saved), sort="newest"))


@require_POST
@with_account
def rename_saved(request: HttpRequest, number: int) -> HttpResponse:
    """Give a search another name."""
    saved, name = _own(request, number), _name(request)
    try:
        with transaction.atomic():
            if name:
                SavedSearch.objects.filter(pk=saved.pk).update(name=name)
    except IntegrityError:
        messages.error(request, _("Another of your searches has this name."))
    return redirect("search:saved_searches")


@require_POST
@with_account
def delete_saved(request: HttpRequest, number: int) -> HttpResponse:
    """Delete a search."""
    _own(request, number).delete()
    messages.success(request, _("The search is deleted."))
    return redirect("search:saved_searches")


def _name(request: HttpRequest) -> str:
    return " ".join(request.POST.get("name", "").split())[:_MAX_NAME]
