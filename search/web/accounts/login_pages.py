"""The login of readers. Their accounts need not be allowed into the desk, whose login page is its own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required

#: For what only readers with an account have.
with_account = login_required(login_url="search:login")


class ReaderLogin(auth_views.LoginView):
    """The form. It leads to `next` if that is an address of this site, else to the front page."""

    template_name = "search/login.html"
    next_page = "search:home"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether the archive shows strangers nothing."""
        return super().get_context_data(**kwargs) | {"private": settings.ARCHIVE_REQUIRES_LOGIN}


class ReaderLogout(auth_views.LogoutView):
    """Logs out, by POST only, and leads to the front page."""

    next_page = "search:home"
