"""Users in the admin, with one role each in place of Django's lists of permissions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from articles import permissions
from articles.admin.model_admin import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    UserAdmin,
    UserChangeForm,
)

admin.site.unregister(User)
admin.site.unregister(Group)
# Whoever sees the key of a device can take its owner's place; `reset_second_factor` is the way.
admin.site.unregister([TOTPDevice, StaticDevice])


#: What an account may be: without the desk, or with a role there.
_ACCOUNTS = {permissions.RESEARCHER: gettext_lazy("Researcher"), **permissions.ROLES}
_DESCRIPTIONS = {
    permissions.RESEARCHER: gettext_lazy("saves searches and exports on the readers' pages, has no desk"),
    **permissions.ROLE_DESCRIPTIONS,
}


def _role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=list(_ACCOUNTS.items()),
        initial=permissions.READER,
        help_text=format_html_join(
            "",
            "<b>{}</b>: {}. ",
            ((label, _DESCRIPTIONS[role]) for role, label in _ACCOUNTS.items()),
        ),
    )


class NewUserForm(AdminUserCreationForm[User]):
    """Name, password and role of a new user."""

    role = forms.ChoiceField()
    usable_password = None  # type: ignore[assignment]  # so a form drops a field it inherited

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = _role_field()


class EditUserForm(UserChangeForm[User]):
    """Name, password and role of an existing user."""

    role = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = _role_field()
        self.fields["role"].initial = permissions.user_role(self.instance) or permissions.READER


class NewPasswordForm(AdminPasswordChangeForm[User]):
    """A form for the password of another user. It cannot switch passwords off: there is no other login."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        for name in ("password1", "password2"):
            self.fields[name].required = True


class ArchiveUserAdmin(UserAdmin[User]):
    """Users of the admin."""

    add_form, form = NewUserForm, EditUserForm
    change_password_form = NewPasswordForm
    list_display = ["username", "role", "first_name", "last_name", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["username", "first_name", "last_name", "email"]
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = (
        (None, {"fields": ["username", "password"]}),
        (gettext_lazy("Role"), {"fields": ["role", "is_active"]}),
        (gettext_lazy("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (gettext_lazy("Dates"), {"fields": ["last_login", "date_joined"]}),
    )
    add_fieldsets = ((None, {"fields": ["username", "password1", "password2", "role"]}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Prefetch the groups, which give the role."""
        return super().get_queryset(request).prefetch_related("groups")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Return False for a superuser unless the user is one too."""
        return _may_edit_user(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Return False for one's own account."""
        return (
            _may_edit_user(request, obj)
            and obj != request.user
            and super().has_delete_permission(request, obj)
        )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Protect one's own role and status, so that no user locks themselves out."""
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "is_active"] if obj and obj.pk == request.user.pk else fields

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Let every role except researchers into the desk; leave the user's own account as it is."""
        if obj.pk != request.user.pk and not obj.is_superuser:
            obj.is_staff = form.cleaned_data.get("role") != permissions.RESEARCHER
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Set the role, except the user's own, so that an archive always has an administrator."""
        super().save_related(request, form, formsets, change)
        role, user = form.cleaned_data.get("role"), form.instance
        if role and user.pk != request.user.pk and not user.is_superuser:
            user.groups.remove(*Group.objects.filter(name__in=permissions.ROLES))
            if role != permissions.RESEARCHER:
                user.groups.add(Group.objects.get(name=role))

    @admin.display(description=gettext_lazy("Role"))
    def role(self, user: User) -> str:
        """Return the label of the role."""
        return str(_ACCOUNTS.get(permissions.user_role(user), _("none")))


def _may_edit_user(request: HttpRequest, user: User | None) -> bool:
    asking = request.user
    return user is None or not user.is_superuser or (isinstance(asking, User) and asking.is_superuser)


admin.site.register(User, ArchiveUserAdmin)
