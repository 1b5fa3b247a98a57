"""Django's admin classes with the parameters that its type stubs give them; at run time they take none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import admin

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, StackedInline
    from django.forms import ModelForm
else:

    class _Parametrised:
        def __class_getitem__(cls, parameter):
            return cls

    class ModelAdmin(_Parametrised, admin.ModelAdmin):
        """ModelAdmin[Model]."""

    class StackedInline(_Parametrised, admin.StackedInline):
        """StackedInline[Child, Parent]."""

    class ModelForm(_Parametrised, forms.ModelForm):
        """ModelForm[Model]."""


__all__ = ["ModelAdmin", "ModelForm", "StackedInline"]
