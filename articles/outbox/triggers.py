"""Database triggers that write the outbox: every change of an article leaves a row in the same transaction.

See docs/decisions/0003-outbox-by-trigger.md and 0028. SQLite and PostgreSQL have the same rules:
* an article, a mention of a place or a date, or a membership in a cluster is written, moved or deleted: one
  row for the article, unless it belongs to a batch that readers cannot see (such articles are not in the
  index);
* a place moves to another country or governorate: one row for each article that mentions it;
* a batch becomes visible or invisible to readers (`ImportBatch.SHOWN`), or is deleted: one row for all its
  articles;
* a source, a place, an organisation or a former name is written or deleted: no row, but a new `NameChange`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.apps.config import AppConfig
from django.core.checks import CheckMessage, Warning, register
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from articles.models import (
    Article,
    DateMention,
    ImportBatch,
    MergedPlace,
    MergedSource,
    NameChange,
    Organisation,
    Outbox,
    Place,
    PlaceMention,
    Source,
    StoryMember,
)

ARTICLE, BATCH, OUTBOX, PLACE, PLACE_MENTION, NAME_CHANGE = (
    model._meta.db_table for model in (Article, ImportBatch, Outbox, Place, PlaceMention, NameChange)
)
#: Columns of a place that are part of the search documents of the articles that mention it.
REGIONS = ("country", "governorate")
#: Tables whose rows are part of an article's search document; each has a column `article_id`.
MENTIONS = tuple(model._meta.db_table for model in (PlaceMention, DateMention, StoryMember))
#: Tables whose names searches keep in memory (search/store/archive_names.py).
NAMES = tuple(model._meta.db_table for model in (Source, Place, Organisation, MergedSource, MergedPlace))
PREFIX, NAMES_PREFIX = "outbox_of_", "names_of_"
#: The states in which readers see a batch, as an SQL list.
SHOWN = f"({', '.join(repr(str(state.value)) for state in ImportBatch.SHOWN)})"


def missing_triggers(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the names of triggers that are absent or differ from this code; [] if all are installed."""
    connection = connections[using]
    wanted, present = _expected(connection), _installed(connection)
    return sorted(name for name, text in wanted.items() if present.get(name) != text)


def install_triggers(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Create or replace the triggers; return True if any was missing.

    Writes made while triggers were absent left no rows: if there are articles, one row for the whole
    archive is written instead. Names are taken for changed.
    """
    missing = missing_triggers(using)
    if not missing:
        return False
    connection = connections[using]
    statements = _sqlite_install() if connection.vendor == "sqlite" else _postgres_install()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    NameChange.objects.using(using).create(token=secrets.randbits(62))
    if any(name.startswith(PREFIX) for name in missing) and Article.objects.using(using).exists():
        Outbox.objects.using(using).create(kind=Outbox.Kind.FAN_OUT, interactive=False)
    return True


def remove_triggers(using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop the triggers, e.g. before a migration copies a table on SQLite."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name in _installed(connection):
            table = "" if connection.vendor == "sqlite" else f" ON {_table_of(name)}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{table}")


# -- Django's signals, connected in articles/apps.py -------------------------------------------------------


def before_migrations(sender: AppConfig, *, using: str, plan: list[tuple[Any, bool]], **_: Any) -> None:
    """Drop the triggers on SQLite, which copies a table to change it and refuses while triggers name it."""
    ours = any(migration.app_label == sender.label for migration, _backwards in plan)
    if ours and connections[using].vendor == "sqlite":
        remove_triggers(using)


def after_migrations(sender: AppConfig, *, using: str, **_: Any) -> None:
    """Install the triggers if all tables exist (receiver of `post_migrate`)."""
    if {ARTICLE, BATCH, OUTBOX, NAME_CHANGE, *NAMES, *MENTIONS} <= set(
        connections[using].introspection.table_names()
    ):
        install_triggers(using)


@register("database")
def check_triggers(
    app_configs: Sequence[AppConfig] | None = None, *, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Name missing triggers, for `manage.py check --database default`."""
    messages: list[CheckMessage] = []
    for using in databases or []:
        try:
            absent = missing_triggers(using)
        except DatabaseError:
            continue  # no database yet: `migrate` reports it
        if absent:
            hint = "Run `manage.py migrate`, which installs them."
            messages.append(
                Warning(f"Changes are not noticed, no trigger: {', '.join(absent)}", hint, id="articles.W001")
            )
    return messages


# -- installed triggers ----------------------------------------------------------------------------------


def _installed(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the installed triggers and their SQL (PostgreSQL: the body of the trigger's function)."""
    queries: Mapping[str, str] = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        " AND (name LIKE %s OR name LIKE %s)",
        "postgresql": "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgenabled IN ('O', 'A') AND"
        " c.relnamespace = current_schema()::regnamespace AND (t.tgname LIKE %s OR t.tgname LIKE %s)",
    }
    with connection.cursor() as cursor:
        cursor.execute(queries[connection.vendor], [PREFIX + "%", NAMES_PREFIX + "%"])
        return dict(cursor.fetchall())


def _expected(connection: BaseDatabaseWrapper) -> dict[str, str]:
    if connection.vendor == "sqlite":
        return _sqlite_triggers()
    return {name: body for _table, name, _events, body in _postgres_triggers()}


def _table_of(trigger: str) -> str:
    return trigger.removeprefix(PREFIX).removeprefix(NAMES_PREFIX)


# -- SQLite -----------------------------------------------------------------------------------------------


def _not_staged(batch: str) -> str:
    return f"({batch} IS NULL OR EXISTS (SELECT 1 FROM {BATCH} WHERE id = {batch} AND state IN {SHOWN}))"


def _row_for(article: str, condition: str) -> str:
    return f"INSERT INTO {OUTBOX} (article_id) SELECT {article} WHERE {condition};"


def _row_of_mention(mention: str, condition: str = "1") -> str:
    owner = f"SELECT 1 FROM {ARTICLE} a WHERE a.id = {mention}.article_id AND {_not_staged('a.batch_id')}"
    return _row_for(f"{mention}.article_id", f"{condition} AND EXISTS ({owner})")


def _fan_out(condition: str) -> str:
    return (
        f"INSERT INTO {OUTBOX} (kind, batch_id, interactive) SELECT 'fan-out', OLD.id, 0 WHERE {condition};"
    )


def _sqlite_triggers() -> dict[str, str]:
    """Return {name: CREATE TRIGGER …}, as in sqlite_master."""
    new, old = _not_staged("NEW.batch_id"), _not_staged("OLD.batch_id")
    bodies = {
        (ARTICLE, "insert"): _row_for("NEW.id", new),
        (ARTICLE, "update"): _row_for("NEW.id", f"{new} OR {old}") + _row_for("OLD.id", "OLD.id <> NEW.id"),
        (ARTICLE, "delete"): _row_for("OLD.id", old),
        (BATCH, "update"): _fan_out(f"(OLD.state IN {SHOWN}) <> (NEW.state IN {SHOWN})"),
        (BATCH, "delete"): _fan_out(f"OLD.state IN {SHOWN}"),
        (PLACE, "update"): (
            f"INSERT INTO {OUTBOX} (article_id, interactive) SELECT a.id, 0 FROM {ARTICLE} a"
            f" WHERE a.id IN (SELECT m.article_id FROM {PLACE_MENTION} m WHERE m.place_id = NEW.id)"
            f" AND {_not_staged('a.batch_id')};"
        ),
    }
    for table in MENTIONS:
        bodies[table, "insert"] = _row_of_mention("NEW")
        moved = _row_of_mention("OLD", "OLD.article_id <> NEW.article_id")
        bodies[table, "update"] = _row_of_mention("NEW") + moved
        bodies[table, "delete"] = _row_of_mention("OLD")
    triggers = {
        f"{PREFIX}{table}_{event}": f"AFTER {event.upper()} ON {table}{_when(table)} BEGIN {body} END"
        for (table, event), body in bodies.items()
    }
    renewed = f"DELETE FROM {NAME_CHANGE}; INSERT INTO {NAME_CHANGE} (token) VALUES (random());"
    triggers |= {
        f"{NAMES_PREFIX}{table}_{event}": f"AFTER {event.upper()} ON {table} BEGIN {renewed} END"
        for table in NAMES
        for event in ("insert", "update", "delete")
    }
    return {name: f"CREATE TRIGGER {name} {rest}" for name, rest in triggers.items()}


def _when(table: str) -> str:
    if table != PLACE:
        return ""
    return f" WHEN {' OR '.join(f'OLD.{column} <> NEW.{column}' for column in REGIONS)}"


def _sqlite_install() -> list[str]:
    made = _sqlite_triggers()
    return [f"DROP TRIGGER IF EXISTS {name}" for name in made] + list(made.values())


# -- PostgreSQL -------------------------------------------------------------------------------------------

#: FOR SHARE: if one transaction writes an article into a batch while another publishes the batch, one waits
#: for the other. Without it each could miss the other's change, and the article would never be indexed.
_NOT_STAGED = f"""
DECLARE batch_state text;
BEGIN
  IF batch IS NULL THEN RETURN true; END IF;
  SELECT state INTO batch_state FROM {BATCH} WHERE id = batch FOR SHARE;
  RETURN coalesce(batch_state IN {SHOWN}, false);
END
"""

_MENTION_BODY = f"""
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO {OUTBOX} (article_id)
      SELECT a.id FROM {ARTICLE} a WHERE a.id = OLD.article_id AND outbox_not_staged(a.batch_id);
  END IF;
  IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.article_id <> OLD.article_id) THEN
    INSERT INTO {OUTBOX} (article_id)
      SELECT a.id FROM {ARTICLE} a WHERE a.id = NEW.article_id AND outbox_not_staged(a.batch_id);
  END IF;
  RETURN NULL;
END
"""

_POSTGRES_BODIES = {
    **dict.fromkeys(MENTIONS, _MENTION_BODY),
    ARTICLE: f"""
BEGIN
  IF TG_OP <> 'INSERT' THEN
    IF outbox_not_staged(OLD.batch_id) OR (TG_OP = 'UPDATE' AND outbox_not_staged(NEW.batch_id)) THEN
      INSERT INTO {OUTBOX} (article_id) VALUES (OLD.id);
    END IF;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF outbox_not_staged(NEW.batch_id) THEN INSERT INTO {OUTBOX} (article_id) VALUES (NEW.id); END IF;
  ELSIF TG_OP = 'UPDATE' AND NEW.id <> OLD.id THEN
    INSERT INTO {OUTBOX} (article_id) VALUES (NEW.id);
  END IF;
  RETURN NULL;
END
""",
    BATCH: f"""
BEGIN
  IF OLD.state IN {SHOWN} AND (TG_OP = 'DELETE' OR NEW.state NOT IN {SHOWN})
     OR (TG_OP = 'UPDATE' AND OLD.state NOT IN {SHOWN} AND NEW.state IN {SHOWN}) THEN
    INSERT INTO {OUTBOX} (kind, batch_id, interactive) VALUES ('fan-out', OLD.id, false);
  END IF;
  RETURN NULL;
END
""",
    PLACE: f"""
BEGIN
  IF {" OR ".join(f"OLD.{column} <> NEW.{column}" for column in REGIONS)} THEN
    INSERT INTO {OUTBOX} (article_id, interactive)
      SELECT a.id, false FROM {ARTICLE} a WHERE outbox_not_staged(a.batch_id)
        AND a.id IN (SELECT m.article_id FROM {PLACE_MENTION} m WHERE m.place_id = NEW.id);
  END IF;
  RETURN NULL;
END
""",
}


#: SKIP LOCKED: transactions that change names at the same time do not wait for each other, so each may leave
#: its row beside the other's. The last of them to commit is the only one that can have seen the other's row,
#: so its own stays, and no combination of rows comes twice.
_NAMES_BODY = f"""
BEGIN
  DELETE FROM {NAME_CHANGE} WHERE token IN (SELECT token FROM {NAME_CHANGE} FOR UPDATE SKIP LOCKED);
  INSERT INTO {NAME_CHANGE} (token) VALUES ((random() * 9007199254740991)::bigint);
  RETURN NULL;
END
"""


def _postgres_triggers() -> Iterator[tuple[str, str, str, str]]:
    """Yield (table, name of the trigger and of its function, what it follows, body of the function)."""
    for table, body in _POSTGRES_BODIES.items():
        events = {BATCH: "UPDATE OR DELETE", PLACE: "UPDATE"}.get(table, "INSERT OR UPDATE OR DELETE")
        yield table, f"{PREFIX}{table}", f"{events} ON {table} FOR EACH ROW", body
    for table in NAMES:
        events = "INSERT OR UPDATE OR DELETE OR TRUNCATE"
        yield table, f"{NAMES_PREFIX}{table}", f"{events} ON {table} FOR EACH STATEMENT", _NAMES_BODY


def _postgres_install() -> list[str]:
    statements = [
        "CREATE OR REPLACE FUNCTION outbox_not_staged(batch bigint) RETURNS boolean"
        f" LANGUAGE plpgsql AS $body${_NOT_STAGED}$body$"
    ]
    for table, name, events, body in _postgres_triggers():
        statements += [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body${body}$body$",
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"CREATE TRIGGER {name} AFTER {events} EXECUTE FUNCTION {name}()",
        ]
    return statements
