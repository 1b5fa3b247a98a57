"""Headers of every answer: who may keep a copy of it, and what a page may ask of the browser."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

#: Nothing of this is used by any page; a script that got in could not use it either.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "bluetooth", "browsing-topics", "camera", "display-capture", "geolocation",
        "gyroscope", "hid", "identity-credentials-get", "idle-detection", "local-fonts", "magnetometer",
        "microphone", "midi", "otp-credentials", "payment", "publickey-credentials-get", "screen-wake-lock",
        "serial", "storage-access", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip
#: A shared cache keeps nothing; a browser asks whether its copy is current, and Back shows it at once.
READERS = "private, no-cache"
#: Nothing stays on a disk: pages of the desk, and all pages of a private archive.
NOT_KEPT = "no-store"


class AnswerHeadersMiddleware:
    """Adds what a view did not set itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if request.path.startswith(reverse("admin:index")) or getattr(
            settings, "ARCHIVE_REQUIRES_LOGIN", False
        ):
            response.headers["Cache-Control"] = NOT_KEPT
        else:
            response.headers.setdefault("Cache-Control", READERS)
        return response
