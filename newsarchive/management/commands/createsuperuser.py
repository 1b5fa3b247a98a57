"""`createsuperuser`: Django's command, which takes any password of the environment, made to check it."""

from __future__ import annotations

import os
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.management.commands import createsuperuser
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError


class Command(createsuperuser.Command):
    """Refuses what the pages refuse."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Check $DJANGO_SUPERUSER_PASSWORD, then do what Django does."""
        given = os.environ.get("DJANGO_SUPERUSER_PASSWORD")
        if given is not None and not options["interactive"]:
            try:
                validate_password(given, get_user_model()(username=options.get("username") or ""))
            except ValidationError as unfit:
                raise CommandError(f"the password is refused: {' '.join(unfit.messages)}") from unfit
        super().handle(*args, **options)
