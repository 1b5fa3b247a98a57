"""The triggers are installed, come back after a migration, and are reported when missing."""

from __future__ import annotations

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations import Migration

from articles.models import Article, Outbox
from articles.outbox import triggers


def plan_for(app_label: str) -> list[tuple[Migration, bool]]:
    return [(Migration("0002_something", app_label), False)]


@pytest.mark.django_db
def test_a_migrated_database_has_every_trigger() -> None:
    assert triggers.missing_triggers() == []
    assert triggers.install_triggers() is False


@pytest.mark.django_db
def test_a_missing_trigger_is_named_by_the_check_and_comes_back() -> None:
    triggers.remove_triggers()
    names = triggers.missing_triggers()
    assert names
    [message] = triggers.check_triggers(databases=["default"])
    assert all(name in message.msg for name in names)
    assert triggers.install_triggers() is True
    assert triggers.check_triggers(databases=["default"]) == []


@pytest.mark.django_db
def test_a_trigger_of_older_code_counts_as_missing_and_is_replaced() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER outbox_of_articles_article_insert")
            cursor.execute(
                "CREATE TRIGGER outbox_of_articles_article_insert AFTER INSERT ON articles_article"
                " BEGIN SELECT 1; END"
            )
        else:
            cursor.execute(
                "CREATE OR REPLACE FUNCTION outbox_of_articles_article() RETURNS trigger LANGUAGE plpgsql"
                " AS 'BEGIN RETURN NULL; END'"
            )
    assert len(triggers.missing_triggers()) == 1
    triggers.install_triggers()
    Article.objects.create(title="جديد")
    assert Outbox.objects.count() == 1


@pytest.mark.django_db
def test_writes_without_triggers_are_covered_by_one_row_for_the_whole_archive() -> None:
    triggers.remove_triggers()
    Article.objects.create(title="لم يلحظ")
    assert not Outbox.objects.exists()
    triggers.install_triggers()
    row = Outbox.objects.get()
    assert (row.kind, row.batch_id, row.article_id) == (Outbox.Kind.FAN_OUT, None, None)


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_copies_the_article_table_leaves_every_trigger() -> None:
    """SQLite alters a table by copying it, and drops the triggers of the old one."""
    config = apps.get_app_config("articles")
    triggers.before_migrations(config, using="default", plan=plan_for("articles"))
    byline = Article._meta.get_field("byline")
    longer = models.CharField(max_length=301, blank=True)
    longer.set_attributes_from_name("byline")
    try:
        with connection.schema_editor() as editor:
            editor.alter_field(Article, byline, longer)
        with connection.schema_editor() as editor:
            editor.alter_field(Article, longer, byline)
    finally:
        triggers.after_migrations(config, using="default")
    assert triggers.missing_triggers() == []
    Outbox.objects.all().delete()  # clearing the tables after the previous test may have left rows
    Article.objects.create(title="جديد")
    assert Outbox.objects.count() == 1


@pytest.mark.django_db
def test_a_migration_of_another_app_leaves_the_triggers_alone() -> None:
    triggers.before_migrations(apps.get_app_config("articles"), using="default", plan=plan_for("search"))
    assert triggers.missing_triggers() == []


@pytest.mark.django_db
def test_manage_py_check_runs_the_system_check() -> None:
    triggers.remove_triggers()
    out, err = StringIO(), StringIO()
    call_command("check", databases=["default"], stdout=out, stderr=err)
    assert "articles.W001" in err.getvalue()
    triggers.install_triggers()
