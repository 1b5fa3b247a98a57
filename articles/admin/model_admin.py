"""Django's admin classes with the parameters that its type stubs give them; at run time they take none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.contrib.auth import forms as auth_forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from articles.outbox.commit_hooks import searchable_now

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, StackedInline
    from django.contrib.auth.admin import UserAdmin
    from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
    from django.forms import ModelForm
else:

    class _Parametrised:
        def __class_getitem__(cls, parameter):
            return cls

    class ModelAdmin(_Parametrised, admin.ModelAdmin):
        """ModelAdmin[Model]."""

    class AdminUserCreationForm(_Parametrised, auth_forms.AdminUserCreationForm):
        """AdminUserCreationForm[User]."""

    class UserChangeForm(_Parametrised, auth_forms.UserChangeForm):
        """UserChangeForm[User]."""

    class UserAdmin(_Parametrised, auth_admin.UserAdmin):
        """UserAdmin[User]."""

    class StackedInline(_Parametrised, admin.StackedInline):
        """StackedInline[Child, Parent]."""

    class ModelForm(_Parametrised, forms.ModelForm):
        """ModelForm[Model]."""


# The sentence after a change: does the readers' search show it now?


def report_search_status_on_commit(request: HttpRequest) -> None:
    """Once what was saved is committed, and the index had its moment to follow, say whether it did."""
    transaction.on_commit(lambda: report_search_status(request))


def report_search_status(
    request: HttpRequest, searchable: Callable[[], bool | None] = searchable_now
) -> None:
    """Say whether the search follows the last commit already: shows what is new, hides what was withdrawn."""
    if searchable():
        messages.success(request, _("The readers’ search shows the change already."))
    else:
        messages.info(request, _("This is saved. The readers’ search will show the change shortly."))


__all__ = ["AdminUserCreationForm", "ModelAdmin", "ModelForm", "StackedInline", "UserAdmin", "UserChangeForm"]
