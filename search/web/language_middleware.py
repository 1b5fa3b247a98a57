"""The language of a page: Arabic, unless the reader chose English by a link."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

# Every page links to itself in the other language.


def language_context(request: HttpRequest) -> dict[str, object]:
    """Return `other_language` = (code, name, address); the address keeps all parameters of this page."""
    here = translation.get_language() or settings.LANGUAGE_CODE
    code, name = next(pair for pair in settings.LANGUAGES if pair[0] != here)
    parameters = request.GET.copy()
    parameters[LANGUAGE_PARAMETER] = code
    return {"other_language": {"code": code, "name": name, "url": f"{request.path}?{parameters.urlencode()}"}}


LANGUAGE_PARAMETER = "lang"
_YEAR_IN_SECONDS = 365 * 24 * 3600


class LanguageMiddleware:
    """`?lang=en|ar` on any page selects the language and stores it in a cookie.

    It replaces Django's LocaleMiddleware because the browser's Accept-Language must not decide: Arabic is the
    first language of the archive, whatever system the reader uses.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = {code for code, _name in settings.LANGUAGES}
        asked = request.GET.get(LANGUAGE_PARAMETER, "")
        kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = next((code for code in (asked, kept) if code in known), settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = language
        if asked:
            # The admin's lists take any other parameter for a filter and refuse unknown ones.
            parameters = request.GET.copy()
            del parameters[LANGUAGE_PARAMETER]
            request.GET = parameters  # type: ignore[assignment]  # the stubs know the read-only kind alone
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        if asked == language:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                language,
                max_age=_YEAR_IN_SECONDS,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response
