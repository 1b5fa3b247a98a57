"""Import and export of sources, places and organisations as tables (django-import-export).

An import shows a preview first. Exported cells are escaped so that no spreadsheet runs them as formulas.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, ClassVar

import tablib  # type: ignore[import-untyped]  # has no stubs of its own
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
from articles.readers.tables.xlsx import first_sheet_rows
from articles.text.sanitize import escape_formula, unescape_formula

#: More rows than there are sources, places or organisations in an archive.
MAX_TABLE_ROWS = 20_000
#: Separator of names in one cell.
NAME_SEPARATOR = " | "
_STYLE = re.compile(r'<(ins|del) style="[^"]*">')


class NameListWidget(Widget):
    """A list of names in one cell."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        """Return the names in order, each once."""
        names = (" ".join(name.split())[:200] for name in re.split(r"[|\n]", str(value or "")))
        return [name for name in dict.fromkeys(names) if name]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """Return the names as one cell."""
        return NAME_SEPARATOR.join(value or [])


class CspSafeDiff(Diff):
    """A diff of a row without inline styles, which the Content-Security-Policy forbids."""

    def as_html(self) -> list[SafeString]:
        """Return the diff as HTML; diff_match_patch escapes the words, and its inline styles are removed."""
        return [mark_safe(_STYLE.sub(r"<\1>", html)) for html in super().as_html()]  # noqa: S308  escaped there


class NamedModelResource(ModelResource):
    """A table whose rows are identified by name.

    New names are added, none is deleted, and the preview reports invalid cells.
    """

    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> Any:
        """Escape formulas."""
        value = super().export_field(field, instance, **kwargs)
        return escape_formula(value) if isinstance(value, str) else value

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """Remove the apostrophes that `escape_formula` added."""
        for name, value in row.items():
            if isinstance(value, str):
                row[name] = unescape_formula(value)

    @classmethod
    def get_diff_class(cls) -> type[Diff]:
        """Return `CspSafeDiff`."""
        return CspSafeDiff


class SourceResource(NamedModelResource):
    """Names and homepage of sources."""

    class Meta:
        model = Source
        fields = ("name", "latin_name", "homepage")
        import_id_fields = ("name",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False


class OrganisationResource(NamedModelResource):
    """Name and other names of organisations."""

    other_names = Field("other_names", "other_names", widget=NameListWidget())

    class Meta:
        model = Organisation
        fields = ("name", "other_names")
        import_id_fields = ("name",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = False


class PlaceResource(NamedModelResource):
    """Names and kind of places, identified by slug.

    Only existing places: a new place needs its own page, where it gets its key.
    """

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
        """Save, and request tagging again for changed names."""
        before = PlaceNames.of_place(Place.objects.get(pk=instance.pk)) if instance.pk else NO_NAMES
        super().save_instance(instance, is_create, row, **kwargs)
        if not self._is_dry_run(kwargs):
            request_retag_on_rename(before, instance)

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """Skip a place that does not exist."""
        if instance.pk is None:
            return True
        return bool(super().skip_row(instance, original, row, import_validation_errors))


class NamesXlsx(XLSX):
    """Excel without its blank rows: a file of 1 KB may have its only row below a million of them."""

    def create_dataset(self, in_stream: bytes) -> tablib.Dataset:
        """Return the rows below the header. Raises ValueError for too many of them."""
        header, *rows = [*islice(first_sheet_rows(in_stream), MAX_TABLE_ROWS + 1)] or [[]]
        if len(rows) >= MAX_TABLE_ROWS:
            raise ValueError("too many rows")
        width = len(header)
        return tablib.Dataset(*(([*row, *[""] * width])[:width] for row in rows), headers=header)


class NamesCsv(CSV):
    """CSV with a limit of rows."""

    def create_dataset(self, in_stream: str) -> tablib.Dataset:
        """Return the rows below the header. Raises ValueError for too many of them."""
        if max(map(in_stream.count, "\r\n")) > MAX_TABLE_ROWS:
            raise ValueError("too many rows")
        return super().create_dataset(in_stream)


class SpreadsheetExchangeAdmin(ImportExportModelAdmin):
    """Import for users who may change the rows, export for users who may see them."""

    export_form_class = ExportForm
    formats: ClassVar[list[type[Format]]] = [NamesXlsx, NamesCsv]

    def get_import_formats(self) -> list[type[Format]]:
        """Return xlsx and csv."""
        return self.formats

    def get_export_formats(self) -> list[type[Format]]:
        """Return xlsx and csv."""
        return self.formats

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Return True if the user may add and change rows."""
        return bool(self.has_change_permission(request) and self.has_add_permission(request))

    def has_export_permission(self, request: HttpRequest) -> bool:
        """Return True if the user may see rows."""
        return bool(self.has_view_permission(request))
