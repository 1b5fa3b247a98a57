"""The page where readers with an account make and revoke tokens for programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from search.models import ApiToken
from search.query.request import SearchRequest
from search.web.accounts.api_tokens import MAX_TOKENS, VALIDITIES, make_token, revoke_token
from search.web.accounts.login_pages import with_account
from search.web.viewmodels.labels import day_label


class TokenForm(forms.Form):
    """What a new token is for, what it may open, and for how long."""

    name = forms.CharField(max_length=80)
    scopes = forms.TypedMultipleChoiceField(
        choices=ApiToken.Scope.choices, coerce=ApiToken.Scope, widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(choices=lambda: [(days, _days(days)) for days in VALIDITIES], coerce=int)


def _days(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token in the list; `notes` say what became of it."""

    token: ApiToken
    usable: bool
    notes: tuple[str, ...]

    @classmethod
    def of(cls, token: ApiToken) -> TokenRow:
        """Return the row of a token as of now."""
        if token.revoked_at:
            return cls(token, False, (_("revoked on %(day)s") % {"day": _day(token.revoked_at)},))
        if token.expires_at <= timezone.now():
            return cls(token, False, (_("expired on %(day)s") % {"day": _day(token.expires_at)},))
        used = (
            _("last used on %(day)s") % {"day": _day(token.used_at)} if token.used_at else _("not used yet")
        )
        return cls(token, True, (_("valid until %(day)s") % {"day": _day(token.expires_at)}, used))


def _day(time: datetime) -> str:
    return day_label(timezone.localdate(time), "day")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@with_account
def token_list(request: HttpRequest) -> HttpResponse:
    """List the reader's tokens; POST makes one, whose secret is in the answer and nowhere else."""
    user, secret = cast("User", request.user), ""
    defaults = {"scopes": [ApiToken.Scope.SEARCH], "days": VALIDITIES[1]}
    form = TokenForm(request.POST or None, initial=defaults)
    if request.method == "POST" and form.is_valid():
        if _usable(user).count() >= MAX_TOKENS:
            form.add_error(None, _("You have as many tokens as an account may have. Revoke one first."))
        else:
            _token, secret = make_token(user, **form.cleaned_data)
            form = TokenForm(initial=defaults)
    context: dict[str, Any] = {
        "search": SearchRequest(),
        "form": form,
        "secret": secret,
        "rows": [TokenRow.of(token) for token in ApiToken.objects.filter(user=user).order_by("-pk")],
    }
    return render(request, "search/tokens.html", context)


@require_POST
@with_account
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Revoke one of the reader's tokens; those of others do not exist for them."""
    revoke_token(get_object_or_404(ApiToken, pk=number, user=request.user.pk))
    messages.success(request, _("The token is revoked: no program can use it any more."))
    return redirect("search:tokens")


def _usable(user: User) -> Any:
    return ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=timezone.now())
