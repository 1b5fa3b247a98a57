"""The language and the digits of a page: Arabic with Western digits, unless the reader chose others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import escape_leading_slashes, urlencode
from django.utils.translation import gettext as _

from search.store.request_names import names_read_once
from search.web.digits import DIGIT_SYSTEMS, digit_system, digits_of_reader

Choice = TypeVar("Choice", bound=str)

# Every page links to itself in the other language, and in Arabic with the other digits.

LANGUAGE_PARAMETER = "lang"
DIGITS_PARAMETER = DIGITS_COOKIE = "digits"
#: The middleware takes them out of each request.
_OWN_PARAMETERS = (LANGUAGE_PARAMETER, DIGITS_PARAMETER)
#: What machines read has the same digits for everyone.
PROGRAM_PATHS = "/api/"
_YEAR_IN_SECONDS = 365 * 24 * 3600


def language_context(request: HttpRequest) -> dict[str, object]:
    """Return the other language and the systems of digits; the links keep the parameters of this page."""
    here = translation.get_language() or settings.LANGUAGE_CODE
    code, name = next(pair for pair in settings.LANGUAGES if pair[0] != here)
    here_with = _links_here(request)
    return {
        "other_language": {"code": code, "name": name, "url": here_with(LANGUAGE_PARAMETER, code)},
        "digit_choices": [
            {
                "name": name,
                "url": here_with(DIGITS_PARAMETER, system),
                "current": system == digit_system(),
            }
            for system, name in (("western", _("Western digits")), ("arabic", _("Arabic-Indic digits")))
            if here == "ar"
        ],
    }


def _links_here(request: HttpRequest) -> Callable[[str, str], str]:
    """Return a function from one of the two parameters to the address of this page with it."""
    kept = ((name, values) for name, values in request.GET.lists() if name not in _OWN_PARAMETERS)
    query = urlencode([*kept], doseq=True)
    here = f"{escape_leading_slashes(request.path)}?{query}{'&' if query else ''}"
    return lambda parameter, value: f"{here}{parameter}={value}"


class LanguageMiddleware:
    """`?lang=en|ar` and `?digits=western|arabic` on any page select these and store them in cookies.

    It replaces Django's LocaleMiddleware because the browser's Accept-Language must not decide: Arabic is the
    first language of the archive, whatever system the reader uses.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        languages = [code for code, _name in settings.LANGUAGES]
        language, new_language = _choice(
            request, LANGUAGE_PARAMETER, settings.LANGUAGE_COOKIE_NAME, languages
        )
        system, new_system = _choice(request, DIGITS_PARAMETER, DIGITS_COOKIE, DIGIT_SYSTEMS)
        request.LANGUAGE_CODE = language
        if language != "ar" or request.path.startswith(PROGRAM_PATHS):
            system = "western"
        with translation.override(language), digits_of_reader(system), names_read_once():
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        if new_language:
            _store(response, settings.LANGUAGE_COOKIE_NAME, new_language)
        if new_system:
            _store(response, DIGITS_COOKIE, new_system)
        return response


def _choice(request: HttpRequest, parameter: str, cookie: str, known: Sequence[Choice]) -> tuple[Choice, str]:
    """Return the chosen value, by default the first of `known`, and what was chosen just now or ""."""
    asked, kept = request.GET.get(parameter, ""), request.COOKIES.get(cookie, "")
    if asked:
        # The admin's lists take any other parameter for a filter and refuse unknown ones.
        parameters = request.GET.copy()
        del parameters[parameter]
        request.GET = parameters  # type: ignore[assignment]  # the stubs know the read-only kind alone
    chosen = next((value for given in (asked, kept) for value in known if value == given), known[0])
    return chosen, asked if asked == chosen else ""


def _store(response: HttpResponse, cookie: str, value: str) -> None:
    response.set_cookie(
        cookie,
        value,
        max_age=_YEAR_IN_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
