"""Django's admin classes with the parameters that its type stubs give them; at run time they take none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth import forms as auth_forms

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


__all__ = ["AdminUserCreationForm", "ModelAdmin", "ModelForm", "StackedInline", "UserAdmin", "UserChangeForm"]
