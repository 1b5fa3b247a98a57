"""`reset_second_factor`: let somebody in again who lost the device and the recovery codes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from articles.management.argument_types import plain_text
from search.web.guard.second_factor import forget_devices


class Command(BaseCommand):
    help = "Deletes the second factor and the recovery codes of an account; its password stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", type=plain_text, help="the name of the account")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["name"]).first()
        if user is None:
            raise CommandError(f"no account is called {options['name']}")
        found = forget_devices(user)
        self.stdout.write("There was no second factor." if not found else "The second factor is removed.")
