"""Makes, lists and revokes the tokens with which programs read as an account does."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from articles.management.argument_types import plain_text
from search.models import ApiToken
from search.web.accounts.api_tokens import VALIDITIES, make_token, revoke_token


class Command(BaseCommand):
    """`api_token NAME` makes a token, `--list` shows those of an account, `--revoke` ends one."""

    help = "Make, list or revoke the tokens of an account; the secret of a new one is printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("user", type=plain_text, help="name of the account")
        parser.add_argument("--name", type=plain_text, default="command line", help="what the token is for")
        parser.add_argument(
            "--scope",
            action="append",
            choices=ApiToken.Scope.values,
            help="what it may open; may be repeated (default: search)",
        )
        parser.add_argument("--days", type=int, choices=VALIDITIES, default=VALIDITIES[1])
        parser.add_argument("--list", action="store_true", help="list the tokens of the account")
        parser.add_argument(
            "--revoke", type=plain_text, metavar="BEGINNING", help="revoke the token that begins so"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raises CommandError for an unknown account or token."""
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"there is no account {options['user']!r}")
        if options["list"]:
            for token in user.api_tokens.order_by("pk"):
                self.stdout.write(f"{token}\t{','.join(token.scopes)}\t{_state(token)}")
        elif options["revoke"]:
            found = user.api_tokens.filter(beginning=options["revoke"].removesuffix("…")).first()
            if found is None:
                raise CommandError(f"the account has no token that begins {options['revoke']!r}")
            revoke_token(found)
            self.stdout.write(f"revoked: {found}")
        else:
            scopes = [ApiToken.Scope(scope) for scope in options["scope"] or ["search"]]
            _token, secret = make_token(user, options["name"][:80], scopes, options["days"])
            self.stdout.write(secret)


def _state(token: ApiToken) -> str:
    if token.revoked_at:
        return f"revoked {token.revoked_at:%Y-%m-%d}"
    word = "expired" if token.expires_at <= timezone.now() else "valid until"
    return f"{word} {token.expires_at:%Y-%m-%d}"
