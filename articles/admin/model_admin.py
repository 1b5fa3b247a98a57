"""Base classes of the admin pages, and the message about the search index after a change.

Django's admin classes take type parameters in the type stubs but not at run time; here they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.contrib.auth import forms as auth_forms
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.edit_conflicts import ConflictChecks
from articles.outbox.commit_hooks import searchable_now

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, StackedInline
    from django.contrib.admin.filters import _ListFilterChoices
    from django.contrib.auth.admin import UserAdmin
    from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
    from django.forms import ModelForm
else:

    class _Parametrised:
        def __class_getitem__(cls, parameter):
            return cls

    class ModelAdmin(_Parametrised, ConflictChecks, admin.ModelAdmin):
        """ModelAdmin[Model]."""

    class AdminUserCreationForm(_Parametrised, auth_forms.AdminUserCreationForm):
        """AdminUserCreationForm[User]."""

    class AdminPasswordChangeForm(_Parametrised, auth_forms.AdminPasswordChangeForm):
        """AdminPasswordChangeForm[User]."""

    class UserChangeForm(_Parametrised, auth_forms.UserChangeForm):
        """UserChangeForm[User]."""

    class UserAdmin(_Parametrised, ConflictChecks, auth_admin.UserAdmin):
        """UserAdmin[User]."""

    class StackedInline(_Parametrised, admin.StackedInline):
        """StackedInline[Child, Parent]."""

    class ModelForm(_Parametrised, forms.ModelForm):
        """ModelForm[Model]."""


AnyModel = TypeVar("AnyModel", bound=Model)


class ReadOnlyAdmin(ModelAdmin[AnyModel]):
    """Records that the program writes and that are never edited in the admin."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False."""
        return False


class WasDoneFilter(admin.EmptyFieldListFilter):
    """A filter by whether a time is set; Django calls its choices "Empty" and "Not empty"."""

    without_label, done_label = gettext_lazy("not yet"), gettext_lazy("done")

    def choices(self, changelist: Any) -> Iterator[_ListFilterChoices]:
        """Yield all, not yet done and done."""
        everything, without, done = super().choices(changelist)
        yield everything
        yield {**without, "display": self.without_label}
        yield {**done, "display": self.done_label}


def report_search_status_on_commit(request: HttpRequest) -> None:
    """Call `report_search_status` once the transaction is committed."""
    transaction.on_commit(lambda: report_search_status(request))


def report_search_status(
    request: HttpRequest, searchable: Callable[[], bool | None] = searchable_now
) -> None:
    """Add a message that says whether the search index has the last commit already."""
    if searchable():
        messages.success(request, _("The readers’ search shows the change already."))
    else:
        messages.info(request, _("This is saved. The readers’ search will show the change shortly."))


__all__ = [
    "AdminPasswordChangeForm",
    "AdminUserCreationForm",
    "ModelAdmin",
    "ModelForm",
    "ReadOnlyAdmin",
    "StackedInline",
    "UserAdmin",
    "UserChangeForm",
    "WasDoneFilter",
]
