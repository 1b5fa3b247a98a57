"""The login of readers. Their accounts need not be allowed into the desk, whose login page is its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from search.query.request import SearchRequest
from search.web.guard import second_factor
from search.web.guard.way_back import UNSAVED, lead_to_login


def with_account(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap a view for what only readers with an account have: strangers are led to the login, and back."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if request.user.is_authenticated else lead_to_login(request)

    return checked


class ReaderLogin(auth_views.LoginView):
    """The form. It leads to `next` if that is an address of this site, else to the front page."""

    template_name = "search/login.html"
    next_page = "search:home"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether the archive shows strangers nothing, and whether a form was refused."""
        asked = self.request.POST if self.request.method == "POST" else self.request.GET
        return super().get_context_data(**kwargs) | {
            "private": settings.ARCHIVE_REQUIRES_LOGIN,
            UNSAVED: bool(asked.get(UNSAVED)),
            "purpose": _purpose(self.get_redirect_url()),
        }

    def get_success_url(self) -> str:
        """Lead those who have a second factor to its page first."""
        address = super().get_success_url()
        user = self.request.user
        if getattr(user, "is_staff", False) and second_factor.has_device(user):
            return f"{reverse('search:login_code')}?{urlencode({'next': address})}"
        return address


def _purpose(address: str) -> str:
    """Return what the page behind the login needs an account for; "" if it is open without one."""
    try:
        name = resolve(urlsplit(address).path).url_name
    except Resolver404:
        return ""
    return {
        "report": _("Reporting a mistake needs an account of this archive."),
        "saved_searches": _("Saved searches need an account."),
        "tokens": _("API tokens need an account."),
    }.get(name or "", "")


class ReaderLogout(auth_views.LogoutView):
    """Logs out, by POST only, and leads to the front page."""

    next_page = "search:home"


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def login_code(request: HttpRequest) -> HttpResponse:
    """Ask who typed the right password for the code of their device, or for a recovery code."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    target = asked if safe else reverse("search:home")
    user = second_factor.session_user(request)
    if not getattr(request, "unverified_user", None):
        login = f"{reverse('search:login')}?{urlencode({'next': target})}"
        return HttpResponseRedirect(target if user.is_authenticated else login)
    wrong = ""
    if request.method == "POST":
        wrong = second_factor.check_code(request, user, request.POST.get("code", "")[:50])
        if not wrong:
            return HttpResponseRedirect(target)
    context = {"search": SearchRequest(), "next": target, "wrong": wrong}
    return render(request, "search/login_code.html", context)
