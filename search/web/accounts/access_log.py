"""Records who opened and who exported which articles of a private archive.

One row for each article, file, citation or export that was sent. Pages of results are not recorded: what
readers search for is theirs (docs/decisions/0047-private-archives.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from search.models import AccessRecord, ApiToken

#: Header of an export with the number of its articles.
ARTICLE_COUNT = "X-Article-Count"
#: Names of addresses that show one article, two, or the versions of a story.
OPENED = frozenset(
    (
        "search:article",
        "search:compare",
        "search:why",
        "search:original_file",
        "search:story",
        "search:cite",
        "api:article",
        "api:why",
    )
)
#: Names of addresses that give a file of many articles, or a page of the API of them.
EXPORTED = frozenset(
    (
        "search:export_file",
        "search:selection_file",
        "search:view_table",
        "search:context_export_table",
        "search:feed",
        "api:search_all",
    )
)


def note_shown(request: HttpRequest, articles: Iterable[int]) -> None:
    """Note which articles a page shows whose address does not name them."""
    vars(request)["shown_articles"] = list(articles)


def record_access(request: HttpRequest, response: HttpResponseBase, token: ApiToken | None) -> None:
    """Record a request if it succeeded, the archive is private, and the address is one of the above."""
    match = request.resolver_match
    if not settings.ARCHIVE_REQUIRES_LOGIN or match is None or response.status_code != 200:
        return
    what = match.view_name
    if request.method != "GET" or what not in OPENED | EXPORTED:
        return
    count = response.headers.get(ARTICLE_COUNT, "")
    user = request.user
    # A comparison shows two articles.
    named = [match.kwargs[name] for name in ("article_id", "other_id") if name in match.kwargs]
    shown = named or getattr(request, "shown_articles", [])
    AccessRecord.objects.bulk_create(
        AccessRecord(
            user_id=user.pk,
            user_name=user.get_username(),
            token=str(token) if token else "",
            what=what,
            article=article,
            articles=int(count) if count else None,
            address=request.get_full_path() if what in EXPORTED else "",
        )
        for article in dict.fromkeys(shown or [None])
    )


def delete_old_records() -> int:
    """Delete the records older than settings.ACCESS_LOG_DAYS; return how many those were."""
    before = timezone.now() - timedelta(days=settings.ACCESS_LOG_DAYS)
    return AccessRecord.objects.filter(at__lt=before).delete()[0]
