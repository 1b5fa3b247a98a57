"""The page of the desk on which the staff set up their second factor."""

from __future__ import annotations

from base64 import b32encode
from binascii import unhexlify
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import login as remember_device
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from search.web.guard import second_factor

_KEY = "second_factor_key"


def second_factor_urls(site: AdminSite) -> list[URLPattern]:
    """Return the address of the page."""

    def view(request: HttpRequest) -> HttpResponse:
        return second_factor_page(request, site)

    return [path("second-factor/", site.admin_view(view), name="second_factor")]


@never_cache
@sensitive_post_parameters("code")
def second_factor_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Show how to set the factor up; with one, how many recovery codes are left, and how to remove it."""
    user = second_factor.session_user(request)
    act, code = request.POST.get("act", ""), request.POST.get("code", "")[:50]
    codes: list[str] | None = None
    wrong = ""
    enrolled = second_factor.has_device(user)
    if request.method == "POST" and not enrolled:
        codes = second_factor.enrol(user, request.session.get(_KEY) or random_hex(20), code)
        if codes:
            # This session has shown the factor by setting it up.
            remember_device(request, TOTPDevice.objects.get(user=user))
            request.session.pop(_KEY, None)
        wrong = "" if codes else _("This code is not right.")
    elif request.method == "POST":
        wrong = second_factor.check_code(request, user, code)
        if not wrong and act == "codes":
            codes = second_factor.new_recovery_codes(user)
        elif not wrong and act == "remove":
            second_factor.forget_devices(user)
            messages.success(request, _("Your second factor is removed."))
    enrolled = second_factor.has_device(user)
    asked = request.GET.get("next", "")
    context = {
        **site.each_context(request),
        "title": _("Second factor"),
        "enrolled": enrolled,
        "required": second_factor.is_required(user),
        "codes": codes,
        "left": second_factor.recovery_codes_left(user) if enrolled else 0,
        "wrong": wrong,
        "go_on": asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else "",
        **({} if enrolled else _new_key(request, user)),
    }
    return TemplateResponse(request, "admin/second_factor.html", context)


def _new_key(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return the key of a device to set up, the same until it is confirmed, as letters and as a picture."""
    key = request.session.setdefault(_KEY, random_hex(20))
    address = TOTPDevice(user=user, key=key).config_url
    letters = b32encode(unhexlify(key)).decode()
    return {
        "key": [letters[at : at + 4] for at in range(0, len(letters), 4)],
        "picture": segno.make(address, error="m").svg_data_uri(scale=5, border=3, light="white"),
        "issuer": settings.OTP_TOTP_ISSUER,
    }
