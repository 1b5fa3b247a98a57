"""An id for each request: in its log lines, in the header X-Request-ID, on the page of an error."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template import loader

from articles.storage_faults import storage_fault
from search.web.guard.log_records import TracedRequest, current_request

HEADER = "X-Request-ID"
_LOG = logging.getLogger("archive.request")
#: Parameters with a fixed set of values, which say nothing about what is looked for.
_CHOICES = frozenset(
    re.findall(
        r"\w+", "view sort level page size group by lang digits words order close plain texts all about p o e"
    )
)
_BARE_PAGE = "حدث خطأ في الخادم. / Something went wrong on our side.\n"
#: Shorter values would mask letters of the code.
_MIN_TYPED = 3


class RequestTraceMiddleware:
    """The outermost: it sees every answer, and what it notes is known to every log line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.monotonic()
        traced = TracedRequest(secrets.token_hex(6), typed_values(request))
        request.trace = traced  # type: ignore[attr-defined]  # for log lines that come after the answer
        token = current_request.set(traced)
        try:
            response = self.get_response(request)
            response.headers[HEADER] = traced.id
            _LOG.info(
                "%s %s",
                request.method,
                request.path,
                extra={"status": response.status_code, "ms": round((time.monotonic() - begun) * 1000)},
            )
        finally:
            current_request.reset(token)
        return response


def typed_values(request: HttpRequest) -> list[str]:
    """Return what the reader typed into the address, whole and word by word, longest first."""
    values = {value for name, each in request.GET.lists() if name not in _CHOICES for value in each}
    words = {word for value in values for word in value.split()}
    return sorted((each for each in values | words if len(each) >= _MIN_TYPED), key=len, reverse=True)


def request_id() -> str:
    """Return the id of the request that this thread works on; "" outside of one."""
    traced = current_request.get()
    return traced.id if traced else ""


class PlainParametersMiddleware:
    """Replaces NUL characters in parameters, which no database stores; refuses them in paths.

    Removes backslashes from cookies; none of ours has one. Python before 3.11.10 and 3.12.6 takes half a
    minute for 30,000 of them in quotation marks (CVE-2024-7592).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            raise BadRequest("NUL in the path")
        if "\\" in (cookies := request.META.get("HTTP_COOKIE", "")):
            request.META["HTTP_COOKIE"] = cookies.replace("\\", "")
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]  # stubs: the read-only kind alone
        return self.get_response(request)


class PlainFormsMiddleware:
    """Replaces NUL characters in the fields of forms that Django's protection against forgery has read.

    It must not read one itself: the page of uploads chooses before how files are received.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Replace them in what was read."""
        form = getattr(request, "_post", None)
        if form and any("\0" in value for values in form.lists() for value in (values[0], *values[1])):
            request._post = _without_nul(form)  # type: ignore[attr-defined]  # what `request.POST` returns


def _without_nul(fields: QueryDict) -> QueryDict:
    """Return a copy that every database stores; it is read-only as the original."""
    plain = QueryDict(mutable=True, encoding=fields.encoding)
    for name, values in fields.lists():
        plain.setlist(name.replace("\0", " "), [value.replace("\0", " ") for value in values])
    plain._mutable = False
    return plain


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with the id of the request, and without anything that may have caused it.

    If the disk or the database file is at fault, answer 503 and say so.
    """
    fault = storage_fault(sys.exc_info()[1])
    status = 503 if fault else 500
    if fault and request.path.startswith("/api/"):
        return JsonResponse({"detail": f"storage: {fault}"}, status=status)
    try:
        page = loader.get_template("storage.html" if fault else "500.html").render({"fault": fault})
    except Exception:  # anything: raised again, it would be logged once more by each middleware
        _LOG.exception("the page of errors cannot be drawn")
        return HttpResponse(_BARE_PAGE, status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(page, status=status)
