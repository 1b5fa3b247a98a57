"""Where a reader was whose form is refused, so that the answer can lead back there."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

#: Parameter of a login page that is to say that a form was refused.
UNSAVED = "unsaved"


def way_back(request: HttpRequest) -> str:
    """Return the page that is asked for or, of a form, the page it was sent from; "" if not known.

    It is an address of this site, without scheme and host. Browsers name the page of a form in the header
    Referer (settings.SECURE_REFERRER_POLICY); the form itself is not read, as it may be a file of any size.
    """
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    named = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(named, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(named)
    address = f"{parts.path}?{parts.query}" if parts.query else parts.path
    # A path may begin with two slashes: as an address of its own it would name a host.
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""


def lead_to_login(request: HttpRequest, name: str = "search:login") -> HttpResponseRedirect:
    """Redirect to the login of this name, which leads back and says that a form was not saved."""
    back, page = way_back(request) or "/", reverse(name)
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(back, page)
    return HttpResponseRedirect(f"{page}?{urlencode({'next': back, UNSAVED: '1'})}")
