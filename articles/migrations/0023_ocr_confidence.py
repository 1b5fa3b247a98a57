"""Name what is known of a text that OCR read by the words of the field."""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.functions import Cast

FIELDS = {"recognition": "ocr_confidence", "doubtful_words": "low_confidence_words"}
CODES = {
    "read-by-machine": "ocr-confidence",
    "ocr-unsure": "ocr-low-confidence",
    "ocr-pages-unsure": "ocr-pages-low-confidence",
}
CONSTRAINT = "recognition_is_percent"


class RenameColumn(migrations.RenameField):
    """Rename a field that keeps its place: columns behind the text of an article are slow to read."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Rename the field where it stands."""
        names = list(state.models[app_label, self.model_name_lower].fields)
        super().state_forwards(app_label, state)
        fields = state.models[app_label, self.model_name_lower].fields
        for name in names:
            kept = self.new_name if name == self.old_name else name
            fields[kept] = fields.pop(kept)
        state.reload_model(app_label, self.model_name_lower, delay=True)


class RenameConstraint(Operation):
    """Rename the constraint of the percentage, whose condition the database has renamed with the column.

    SQLite keeps the name that the constraint was made with: to change it would write the table anew.
    """

    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Put the new constraint in place of the old one."""
        condition = models.Q(ocr_confidence__isnull=True) | models.Q(ocr_confidence__lte=100)
        constraint = models.CheckConstraint(condition=condition, name="ocr_confidence_is_percent")
        state.remove_constraint(app_label, "article", CONSTRAINT)
        state.add_constraint(app_label, "article", constraint)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: ProjectState
    ) -> None:
        """Rename it on PostgreSQL."""
        self._rename(schema_editor, CONSTRAINT, "ocr_confidence_is_percent")

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: ProjectState
    ) -> None:
        """Give it its former name on PostgreSQL."""
        self._rename(schema_editor, "ocr_confidence_is_percent", CONSTRAINT)

    def _rename(self, schema_editor: BaseDatabaseSchemaEditor, old: str, new: str) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE articles_article RENAME CONSTRAINT {old} TO {new}")

    def describe(self) -> str:
        """Return what `migrate` prints."""
        return "Rename the constraint of the OCR confidence"


def renamed(old: dict[str, str], codes: dict[str, str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return a function that renames keys, and the code of a reason of holding."""

    def rename(values: dict[str, Any]) -> dict[str, Any]:
        new = {old.get(name, name): value for name, value in values.items()}
        if isinstance(reason := new.get("held_reason"), str):
            code, colon, detail = reason.partition(": ")
            new["held_reason"] = codes.get(code, code) + colon + detail
        return new

    return rename


def recoded(value: Any, codes: dict[str, str]) -> Any:
    """Return a JSON value with the codes in it renamed."""
    if isinstance(value, list):
        return [recoded(each, codes) for each in value]
    if isinstance(value, dict):
        return {name: recoded(each, codes) for name, each in value.items()}
    return codes.get(value, value) if isinstance(value, str) else value


def _batches(rows: Any, size: int = 500) -> Iterator[Any]:
    last = 0
    while found := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        last = found[-1].pk
        yield found


def rename_stored(apps: Apps, names: dict[str, str], codes: dict[str, str]) -> None:
    """Rename the keys of revisions and waiting updates, and the codes of notes, reasons and previews."""
    article, revision, row, batch = (
        apps.get_model("articles", name) for name in ("Article", "Revision", "ImportRow", "ImportBatch")
    )
    new_names, keys = renamed(names, codes), [*names, "held_reason"]
    for found in _batches(revision.objects.filter(before__has_any_keys=keys).only("before")):
        for each in found:
            each.before = new_names(each.before)
        revision.objects.bulk_update(found, ["before"])
    waiting = row.objects.filter(pending__values__has_any_keys=keys).only("pending")
    for found in _batches(waiting):
        for each in found:
            each.pending = {**each.pending, "values": new_names(each.pending["values"])}
        row.objects.bulk_update(found, ["pending"])
    for each in batch.objects.exclude(preview=[]).only("preview").iterator(chunk_size=100):
        if (preview := recoded(each.preview, codes)) != each.preview:
            batch.objects.filter(pk=each.pk).update(preview=preview)
    for old, new in codes.items():
        row.objects.filter(reason=old).update(reason=new)
        noted = row.objects.annotate(text=Cast("notes", models.TextField())).filter(text__contains=f'"{old}"')
        for found in _batches(noted.only("notes")):
            for each in found:
                each.notes = [[codes.get(code, code), detail] for code, detail in each.notes]
            row.objects.bulk_update(found, ["notes"])
        for found in _batches(article.objects.filter(held_reason__startswith=f"{old}: ").only("held_reason")):
            for each in found:
                each.held_reason = new + each.held_reason.removeprefix(old)
            article.objects.bulk_update(found, ["held_reason"])


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the new names."""
    rename_stored(apps, FIELDS, CODES)


def backwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the former names."""
    rename_stored(
        apps, {new: old for old, new in FIELDS.items()}, {new: old for old, new in CODES.items()}
    )


class Migration(migrations.Migration):
    """OCR confidence."""

    dependencies = [
        ('articles', '0022_recognition'),
    ]

    operations = [
        *(RenameColumn('article', old, new) for old, new in FIELDS.items()),
        RenameConstraint(),
        migrations.AlterField(
            model_name='article',
            name='ocr_confidence',
            field=models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='OCR confidence (%)'),
        ),
        migrations.AlterField(
            model_name='article',
            name='low_confidence_words',
            field=models.TextField(blank=True, default='', editable=False, verbose_name='low-confidence words (OCR)'),
        ),
        migrations.RunPython(forwards, backwards, elidable=True),
    ]
