"""`search_index`: names `rebuild_index` to people who know the command of django-elasticsearch-dsl.

`search` precedes django_elasticsearch_dsl in INSTALLED_APPS, so that this command hides the other.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

ANSWER = (
    "استعمل rebuild_index: فهو يبني فهرسًا جديدًا إلى جانب القائم لأي محرّك،"
    " أما search_index فيكتب في Elasticsearch وحده من وراء صندوق الصادر.\n"
    "Use rebuild_index: it builds a new index beside the serving one for either engine,"
    " where search_index would write to Elasticsearch alone, past the outbox."
)


class Command(BaseCommand):
    help = "Not used here: see rebuild_index."
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        """Answer without reading the options, which are those of the other command."""
        super().run_from_argv(argv[:2])

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(ANSWER, returncode=2)
