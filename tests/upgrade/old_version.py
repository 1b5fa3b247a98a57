"""Run in a process of its own: bring an empty database to the state in which an older version left it.

`python -m tests.upgrade.old_version articles.0006_stories search.0002_vocabulary` applies those migrations
by their own names, as if the squashed ones did not exist, and writes an article and a place with the models
of that version.
"""

from __future__ import annotations

import sys

import django
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

OUR_APPS = ("articles", "search")


class OldLoader(MigrationLoader):
    """The migrations of this project without the squashed ones."""

    def load_disk(self) -> None:
        super().load_disk()
        for app, name in list(self.disk_migrations):
            if app in OUR_APPS and "_squashed_" in name:
                del self.disk_migrations[app, name]


def main(*names: str) -> None:
    """Apply everything of the other apps, and ours up to `names`."""
    django.setup()
    executor = MigrationExecutor(connection)
    executor.loader = OldLoader(connection)
    targets = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] not in OUR_APPS]
    ours = [tuple(name.split(".")) for name in names]
    state = executor.migrate([*targets, *ours])
    article, place = (state.apps.get_model("articles", name) for name in ("Article", "Place"))
    article.objects.create(title="خبر قديم", body="نص الخبر", original=b"x")
    place.objects.create(key="own-1", slug="مكان", name="مكان")


if __name__ == "__main__":
    main(*sys.argv[1:])
