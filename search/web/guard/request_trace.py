"""An id for each request: in its log lines, in the header X-Request-ID, on the page of an error."""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
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
            parameters = request.GET.copy()
            for name, values in request.GET.lists():
                parameters.setlist(name, [value.replace("\0", " ") for value in values])
            request.GET = parameters  # type: ignore[assignment]  # the stubs know the read-only kind alone
        return self.get_response(request)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with the id of the request, and without anything that may have caused it.

    If the disk or the database file is at fault, answer 503 and say so.
    """
    fault = storage_fault(sys.exc_info()[1])
    status = 503 if fault else 500
    if fault and request.path.startswith("/api/"):
        return JsonResponse({"detail": f"storage: {fault}"}, status=status)
    page = loader.get_template("storage.html" if fault else "500.html").render({"fault": fault})
    return HttpResponse(page, status=status)
