"""Sources, places and organisations as tables, out and in again (django-import-export): a preview before
anything is changed, and no cell that a spreadsheet takes for a formula."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from import_export.admin import ImportExportModelAdmin
from import_export.fields import Field
from import_export.formats.base_formats import CSV, XLSX, Format
from import_export.forms import ExportForm
from import_export.resources import Diff, ModelResource
from import_export.widgets import Widget

from articles.backfill.retag_places import NO_NAMES, PlaceNames, request_retag_on_rename
from articles.models import Organisation, Place, Source
from articles.text.sanitize import escape_formula

#: Between names in one cell.
NAME_SEPARATOR = " | "
_STYLE = re.compile(r'<(ins|del) style="[^"]*">')


class NameListWidget(Widget):
    """A list of names in a cell."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        """Each once, in their order."""
        names = (" ".join(name.split())[:200] for name in re.split(r"[|\n]", str(value or "")))
        return [name for name in dict.fromkeys(names) if name]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """In one cell."""
        return NAME_SEPARATOR.join(value or [])


class CspSafeDiff(Diff):
    """What a row changes, marked without inline styles, which the site's policy forbids."""

    def as_html(self) -> list[SafeString]:
        """The words are escaped by diff_match_patch; only its styles are taken out."""
        return [mark_safe(_STYLE.sub(r"<\1>", html)) for html in super().as_html()]  # noqa: S308  escaped there


class NamedModelResource(ModelResource):
    """A row is known by its name; one that is new is made, none is deleted, and a cell that is no good is
    told in the preview."""

    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> Any:
        """No cell is a formula."""
        value = super().export_field(field, instance, **kwargs)
        return escape_formula(value) if isinstance(value, str) else value

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """What `neutral` put before a cell is taken away again."""
        for name, value in row.items():
            if isinstance(value, str) and value.startswith("'") and escape_formula(value[1:]) == value:
                row[name] = value[1:]

    @classmethod
    def get_diff_class(cls) -> type[Diff]:
        """See `MarkedDiff`."""
        return CspSafeDiff


class SourceResource(NamedModelResource):
    """Name and homepage."""

    class Meta:
        model = Source
        fields = ("name", "homepage")
        import_id_fields = ("name",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False


class OrganisationResource(NamedModelResource):
    """Name and other names."""

    other_names = Field("other_names", "other_names", widget=NameListWidget())

    class Meta:
        model = Organisation
        fields = ("name", "other_names")
        import_id_fields = ("name",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False


class PlaceResource(NamedModelResource):
    """Names and what kind of place it is, by the name in addresses. Only places that are there: a new one
    needs its page, where its key is given."""

    aliases = Field("aliases", "aliases", widget=NameListWidget())
    never_alone = Field("never_alone", "never_alone", widget=NameListWidget())

    class Meta:
        model = Place
        fields = ("slug", "name", "aliases", "never_alone", "kind", "governorate", "country")
        import_id_fields = ("slug",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        """And ask for what other names touch to be tagged again."""
        before = PlaceNames.of_place(Place.objects.get(pk=instance.pk)) if instance.pk else NO_NAMES
        super().save_instance(instance, is_create, row, **kwargs)
        if not self._is_dry_run(kwargs):
            request_retag_on_rename(before, instance)

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """One that is not there is passed over."""
        if instance.pk is None:
            return True
        return bool(super().skip_row(instance, original, row, import_validation_errors))


class SpreadsheetExchangeAdmin(ImportExportModelAdmin):
    """For the admin of such names. Who may change them may import, who sees them may export."""

    export_form_class = ExportForm
    formats: ClassVar[list[type[Format]]] = [XLSX, CSV]

    def get_import_formats(self) -> list[type[Format]]:
        """xlsx and csv."""
        return self.formats

    def get_export_formats(self) -> list[type[Format]]:
        """xlsx and csv."""
        return self.formats

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Import changes and adds."""
        return bool(self.has_change_permission(request) and self.has_add_permission(request))

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Export shows."""
        return bool(self.has_view_permission(request))
