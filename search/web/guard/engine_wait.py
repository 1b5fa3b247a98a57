"""Bounds how long a page waits for an engine that is slow, frozen or gone."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from search.engines.page_wait import limited_wait


class EngineWaitMiddleware:
    """Gives each request one time limit for all of its questions to the engine.

    What is sent while it is made, such as an export, comes after and has the limits of each question alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with limited_wait():
            return self.get_response(request)
