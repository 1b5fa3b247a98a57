"""Answers with an export as a file, or with a page that says why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from search.query.request import SearchRequest
from search.web.accounts.access_log import ARTICLE_COUNT
from search.web.exports.export_data import Export
from search.web.exports.export_formats import ExportFormat, find_format
from search.web.exports.export_limits import article_limit, may_export_texts
from search.web.viewmodels.permalinks import permalink_by


class ExportRefusedError(Exception):
    """There is no such file for this reader; a page with `status` says `problem` and `advice`.

    `login_helps` is True if an account would get the file.
    """

    def __init__(self, status: int, problem: str, advice: str, *, login_helps: bool = False) -> None:
        super().__init__(problem)
        self.login_helps = login_helps
        self.status, self.problem, self.advice = status, problem, advice


@dataclass(frozen=True)
class WantedFile:
    """What the address asks for: the format, and whether whole texts are wanted."""

    form: ExportFormat
    texts: bool

    @classmethod
    def from_request(cls, request: HttpRequest, name: str) -> WantedFile:
        """Read an address. Raises ExportRefusedError."""
        form = find_format(name, plain=request.GET.get("plain", "") == "1")
        if form is None:
            raise ExportRefusedError(
                404,
                _("There is no export as “%(format)s”") % {"format": name[:20]},
                _("Choose one of the formats that the page of exports lists."),
            )
        texts = request.GET.get("texts", "") == "1" and form.with_texts
        if texts and not may_export_texts(request.user):
            helps = settings.EXPORT_TEXTS != "nobody" and not request.user.is_authenticated
            raise ExportRefusedError(
                403,
                _("Whole texts are not exported for everyone"),
                _("Log in to export them, or export the list without texts.")
                if helps
                else _("They are not exported for you. Export the list without texts."),
                login_helps=helps,
            )
        return cls(form, texts)

    def check_count(self, request: HttpRequest, count: int) -> None:
        """Raise ExportRefusedError if the file would be empty or hold more than the reader may have."""
        if not count:
            raise ExportRefusedError(
                404,
                _("There is nothing to export"),
                _("No article has all of this. Change the search first."),
            )
        limit = article_limit(request.user)
        if limit is not None and count > limit:
            raise ExportRefusedError(
                403,
                _("These are too many articles for one export"),
                too_many_message(count, limit) + " " + _("Narrow the search, or log in."),
                login_helps=True,
            )
        if self.form.max_rows is not None and count > self.form.max_rows:
            raise ExportRefusedError(
                400,
                _("These are too many articles for one worksheet"),
                too_many_message(count, self.form.max_rows) + " " + _("Choose another format."),
            )


def too_many_message(count: int, limit: int) -> str:
    """Return the sentence that compares the number of articles with a limit."""
    return _("The search finds %(count)s articles; at most %(limit)s are possible.") % {
        "count": localize(count), "limit": localize(limit),
    }  # fmt: skip


def answer_with_file(
    request: HttpRequest,
    wanted: WantedFile,
    name: str,
    list_ids: Callable[[], Sequence[int]],
    record: Callable[[Sequence[int]], Mapping[str, Any]],
) -> HttpResponseBase:
    """Answer with the file as it is written. A request for the headers alone lists nothing."""
    form, today = wanted.form, timezone.localdate()
    headers = {
        "Content-Disposition": f'attachment; filename="{name}-{today.isoformat()}.{form.ending}"',
        "X-Robots-Tag": "noindex",
        "Cache-Control": "private, no-store",
    }
    if request.method == "HEAD":
        return HttpResponse(content_type=form.content_type, headers=headers)
    ids = list_ids()
    headers[ARTICLE_COUNT] = str(len(ids))
    export = Export(
        ids,
        record(ids),
        partial(permalink_by, request),
        accessed=today,
        language=get_language() or "ar",
        texts=wanted.texts,
    )
    return StreamingHttpResponse(form.write(export), content_type=form.content_type, headers=headers)


def refusal(
    request: HttpRequest, error: ExportRefusedError, search: SearchRequest, back: str
) -> HttpResponse:
    """Answer with a page in the reader's language: what is not possible, and what to do; `back` is a link."""
    context = {
        "search": search,
        "problem": error.problem,
        "advice": error.advice,
        "back": back,
        "login_helps": error.login_helps,
    }
    return render(request, "search/export_problem.html", context, status=error.status)
