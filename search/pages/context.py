"""What every page needs: the link to itself in the other language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from search.pages.middleware import PARAMETER


def page(request: HttpRequest) -> dict[str, object]:
    """`other_language` = (code, name, address); the address keeps every parameter of this page."""
    here = translation.get_language() or settings.LANGUAGE_CODE
    code, name = next(pair for pair in settings.LANGUAGES if pair[0] != here)
    parameters = request.GET.copy()
    parameters[PARAMETER] = code
    return {"other_language": {"code": code, "name": name, "url": f"{request.path}?{parameters.urlencode()}"}}
