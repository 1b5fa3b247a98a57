"""The tables of the first release, 0.1.0."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("search", "0001_initial"), ("search", "0002_vocabulary"), ("search", "0003_orphans_until")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="IndexState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.BigIntegerField(db_default=0)),
                ("building", models.CharField(blank=True, db_default="", max_length=200)),
                ("orphans_until", models.DateTimeField(blank=True, null=True)),
                ("serving", models.CharField(blank=True, db_default="", max_length=200)),
            ],
            options={
                "verbose_name": "index state",
                "verbose_name_plural": "index state",
            },
        ),
        migrations.CreateModel(
            name="VocabularyPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("base", "Base"), ("learned", "Learned"), ("frozen", "Frozen")], max_length=7
                    ),
                ),
                ("words", models.BinaryField()),
                ("size", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "part of the vocabulary",
                "verbose_name_plural": "parts of the vocabulary",
            },
        ),
    ]
