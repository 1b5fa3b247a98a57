"""Organisations with their other names, and those that a new archive starts with."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from arabic.expansion.synonyms import shipped_organisations


def add_shipped(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the rows of arabic/data/organisations.tsv."""
    organisations = apps.get_model("articles", "Organisation").objects.using(schema_editor.connection.alias)
    organisations.bulk_create(
        organisations.model(name=name, other_names=list(others)) for name, others in shipped_organisations()
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="name")),
                ("other_names", models.JSONField(blank=True, default=list, verbose_name="other names")),
            ],
            options={
                "verbose_name": "organisation",
                "verbose_name_plural": "organisations",
                "ordering": ["name"],
            },
        ),
        migrations.RunPython(add_shipped, migrations.RunPython.noop),
    ]
