"""Column mappings: chosen in the preview of an import, remembered for the source, and listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.import_pages.import_buttons import ImportActionViews
from articles.admin.model_admin import ModelAdmin
from articles.ingest.preview import preview
from articles.ingest.upload_store import iter_stored_files
from articles.metadata.column_mappings import save_column_mapping
from articles.models import ColumnMapping, ImportBatch
from articles.readers.column_mapper import normalize_column_name
from articles.text.limits import upload_limits

#: Field of a record → its label.
FIELD_LABELS = {
    "": gettext_lazy("— left out —"),
    "title": gettext_lazy("title"),
    "body": gettext_lazy("text"),
    "date": gettext_lazy("date"),
    "source": gettext_lazy("source"),
    "url": gettext_lazy("address"),
    "byline": gettext_lazy("byline"),
    "cities": gettext_lazy("cities"),
    "external_id": gettext_lazy("number (id)"),
}


class ColumnChoicesForm(forms.Form):
    """A choice of field for each column of a header; columns of one name share it."""

    def __init__(self, header: Sequence[str], chosen: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = number_columns(header)
        self.fields |= choice_fields(header, chosen)

    def clean(self) -> dict[str, Any]:
        """Refuse a mapping that imports nothing, or two columns for one field."""
        validate_choices({name: self.cleaned_data.get(key, "") for key, name in self.names.items()})
        return self.cleaned_data

    def mapping(self) -> dict[str, str]:
        """Return {normalized column name: field}."""
        return build_mapping(self.names, self.cleaned_data)


def number_columns(header: Sequence[str]) -> dict[str, str]:
    """Return {name of the form's field: column}, each column once."""
    first: dict[str, str] = {}
    for number, name in enumerate(header):
        if normalize_column_name(name) not in map(normalize_column_name, first.values()):
            first[f"column_{number}"] = name
    return first


def choice_fields(header: Sequence[str], chosen: Sequence[str]) -> dict[str, forms.Field]:
    """Return a select for each column."""
    at = dict(zip(map(normalize_column_name, header), chosen, strict=False))
    return {
        key: forms.ChoiceField(
            label=name or _("(without a name)"),
            choices=list(FIELD_LABELS.items()),
            required=False,
            initial=at.get(normalize_column_name(name), ""),
        )
        for key, name in number_columns(header).items()
    }


def validate_choices(chosen: Mapping[str, str]) -> None:
    """Validate `chosen`, {column: field}. Raises ValidationError."""
    if not {"title", "body"} & set(chosen.values()):
        raise forms.ValidationError(_("Say which column is the title or the text; an article needs one."))
    for field in filter(None, dict.fromkeys(chosen.values())):
        columns = [name for name, each in chosen.items() if each == field]
        if len(columns) > 1:
            raise forms.ValidationError(
                _("“%(field)s” can be one column only, not %(columns)s.")
                % {"field": FIELD_LABELS[field], "columns": " · ".join(columns)}
            )


def build_mapping(names: Mapping[str, str], data: Mapping[str, Any]) -> dict[str, str]:
    """Return {normalized column name: field} from the data of a form."""
    return {normalize_column_name(name): str(data.get(key) or "") for key, name in names.items()}


class TablePreview:
    """A table layout of a preview, with its form."""

    def __init__(
        self, batch: ImportBatch, table: Mapping[str, Any], bound: ColumnChoicesForm | None = None
    ) -> None:
        self.file: str = table["file"]
        self.signature: str = table["signature"]
        self.header: list[str] = table["header"]
        self._rows: list[list[str]] = table["rows"]
        self.said = self.signature in batch.columns
        self.readable = bool({"title", "body"} & set(table["fields"]))
        #: Fields of the columns in the table's order, without ignored columns.
        self.read = [FIELD_LABELS.get(field, field) for field in table["fields"] if field]
        #: Columns that are left out, though nobody said so.
        self.unmapped = (
            []
            if self.said
            else [
                name or _("(without a name)")
                for name, field in zip(self.header, table["fields"], strict=False)
                if not field
            ]
        )
        self.form = bound or ColumnChoicesForm(self.header, table["fields"])
        #: True if someone has to say, or could say better, what the columns are.
        self.asked = bool(bound or self.unmapped) or not self.readable
        self.open = self.asked

    @property
    def columns(self) -> Iterator[tuple[BoundField, list[str]]]:
        """Return each choice with the first values of its column."""
        for key in self.form.names:
            number = int(key.removeprefix("column_"))
            yield self.form[key], [row[number] for row in self._rows if number < len(row) and row[number]]


def refresh_preview(batch: ImportBatch) -> None:
    """Create or renew the preview of a batch."""
    source = batch.default_source.name if batch.default_source else ""
    batch.preview = preview(iter_stored_files(batch), upload_limits(), source)
    batch.save(update_fields=["preview"])


class ColumnChoiceViews(ImportActionViews):
    """Views of ImportBatchAdmin.

    Users who may upload choose the mapping; those who may add mappings have it remembered.
    """

    def column_urls(self) -> list[URLPattern]:
        """Return the URL of the column choices."""
        view = self.admin_site.admin_view(self.columns_view)
        return [path("<int:pk>/columns/", view, name="articles_importbatch_columns")]

    def columns_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Read the tables of a preview with the chosen mapping and preview the files again."""
        batch = self._batch(request, pk)
        mark = request.POST.get("signature", "")
        tables = [table for file in batch.preview for table in file.get("tables", ())]
        table = next((table for table in tables if table["signature"] == mark), None)
        if table is None or batch.state != ImportBatch.State.PREVIEW:
            return self._begun(request, pk)
        form = ColumnChoicesForm(table["header"], table["fields"], request.POST)
        if not form.is_valid():
            return self.page(request, batch, {mark: form})
        fields = form.mapping()
        batch.columns = {**batch.columns, mark: fields}
        unread = ImportBatch.objects.filter(pk=pk, state=ImportBatch.State.PREVIEW)
        if not unread.update(columns=batch.columns):
            return self._begun(request, pk)
        if request.user.has_perm("articles.add_columnmapping"):
            save_column_mapping(batch.default_source, table["header"], fields, request.user)  # type: ignore[arg-type]  # logged in
            text = _("The columns are read so, and are remembered for the next files.")
        else:
            text = _("The columns are read so in this import.")
        refresh_preview(batch)
        messages.success(request, text)
        return self._to(pk)

    def _begun(self, request: HttpRequest, pk: int) -> HttpResponse:
        messages.error(request, _("This import was begun, or its preview is another by now."))
        return self._to(pk)

    def page(
        self, request: HttpRequest, batch: ImportBatch, bound: Mapping[str, ColumnChoicesForm] | None = None
    ) -> HttpResponse:
        """Render the page of an import; `bound`: {signature: invalid form}."""
        raise NotImplementedError


@admin.register(ColumnMapping)
class ColumnMappingAdmin(ModelAdmin[ColumnMapping]):
    """Remembered column mappings. New ones are made in the preview of an import, next to the values."""

    when_empty = gettext_lazy(
        "No columns were assigned yet. Upload a table: its preview asks about columns whose names it "
        "does not know."
    )
    list_display = ["__str__", "of_source", "read_as", "made_at", "made_by"]
    list_filter = ["source"]
    list_select_related = ["source", "made_by"]
    readonly_fields = ["of_source"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False."""
        return False

    def get_fieldsets(self, request: HttpRequest, obj: ColumnMapping | None = None) -> Any:
        """Return the source and the choices."""
        return [(None, {"fields": ["of_source", *number_columns(obj.header if obj else [])]})]

    def get_form(
        self, request: HttpRequest, obj: ColumnMapping | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[ColumnMapping]]:
        """Add a choice for each column of this header."""
        header = obj.header if obj else []
        chosen = [obj.fields.get(normalize_column_name(name), "") for name in header] if obj else []
        form = type("ColumnMappingForm", (_MappingForm,), choice_fields(header, chosen))
        return super().get_form(request, obj, change, **{**kwargs, "form": form})

    @admin.display(description=gettext_lazy("source"), ordering="source__name")
    def of_source(self, mapping: ColumnMapping) -> str:
        """Return the source."""
        return str(mapping.source or _("files that name their sources themselves"))

    @admin.display(description=gettext_lazy("read as"))
    def read_as(self, mapping: ColumnMapping) -> str:
        """Return the mapped columns with their fields."""
        pairs = ((name, mapping.fields.get(normalize_column_name(name), "")) for name in mapping.header)
        return " · ".join(f"{name}: {FIELD_LABELS[field]}" for name, field in pairs if field)


class _MappingForm(forms.ModelForm):  # type: ignore[type-arg]  # at run time it takes no parameter
    class Meta:
        model = ColumnMapping
        fields: list[str] = []

    def clean(self) -> dict[str, Any]:
        """Validate as in the preview."""
        names = number_columns(self.instance.header)
        validate_choices({name: self.cleaned_data.get(key, "") for key, name in names.items()})
        self.instance.fields = build_mapping(names, self.cleaned_data)
        return self.cleaned_data
