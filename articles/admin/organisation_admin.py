"""Organisations and their names in the admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from arabic.expansion.synonyms import MAX_NAME_WORDS
from arabic.tables.gazetteer import name_key
from articles.admin.model_admin import ModelAdmin, ModelForm
from articles.admin.name_admin import NameListField
from articles.admin.table_exchange import OrganisationResource, SpreadsheetExchangeAdmin
from articles.models import Organisation


class OrganisationForm(ModelForm[Organisation]):
    """A form for an organisation with its other names."""

    other_names = NameListField(
        label=gettext_lazy("other names"),
        help_text=gettext_lazy(
            "One on each line: abbreviations, short forms, other spellings. Whoever searches for one of the "
            "names is also shown the articles that use another, from the next search on; the page says so "
            "and lets the reader turn it off. Leave out what is also an ordinary word."
        ),
    )

    class Meta:
        model = Organisation
        fields = ["name", "other_names"]

    def clean_name(self) -> str:
        """Refuse a name without words or with too many."""
        return _validate_name(self.cleaned_data["name"])

    def clean_other_names(self) -> list[str]:
        """Refuse bad names; drop those equal to the name or to one another when normalized."""
        seen = {name_key(self.data.get("name", ""))}
        kept = []
        for name in map(_validate_name, self.cleaned_data["other_names"]):
            if name_key(name) not in seen:
                seen.add(name_key(name))
                kept.append(name)
        if not kept:
            raise forms.ValidationError(_("Write at least one other name."))
        return kept


def _validate_name(name: str) -> str:
    words = name_key(name).split()
    if not words:
        raise forms.ValidationError(_("“%(name)s” has no letters or digits.") % {"name": name})
    if len(words) > MAX_NAME_WORDS:
        text = _("“%(name)s” is too long for a name: at most %(count)d words.")
        raise forms.ValidationError(text % {"name": name, "count": MAX_NAME_WORDS})
    return name


@admin.register(Organisation)
class OrganisationAdmin(SpreadsheetExchangeAdmin, ModelAdmin[Organisation]):
    """Agencies, parties, armed groups, United Nations bodies, ministries."""

    resource_classes: ClassVar = [OrganisationResource]

    form = OrganisationForm
    when_empty = gettext_lazy(
        "There are no organisations yet. Add one with its other names: a search for one of them "
        "finds the others."
    )
    list_display = ["name", "other_names_in_a_row"]
    search_fields = ["name"]
    search_help_text = gettext_lazy("by any of their names")

    @admin.display(description=gettext_lazy("other names"))
    def other_names_in_a_row(self, organisation: Organisation) -> str:
        """Return the other names on one line, for the list."""
        return pgettext("between names", ", ").join(organisation.other_names)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Organisation], search_term: str
    ) -> tuple[QuerySet[Organisation], bool]:
        """Search all names in any spelling, in Python: JSON columns do not allow it. There are few rows."""
        wanted = name_key(search_term)
        if not wanted:
            return queryset, False
        rows = queryset.values_list("pk", "name", "other_names")
        found = [pk for pk, name, others in rows if any(wanted in name_key(each) for each in (name, *others))]
        return queryset.filter(pk__in=found), False

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        """Save; every search reads the current names."""
        super().save_model(request, obj, form, change)
        messages.success(request, _("Searches know these names from now on."))
