"""Commands refuse arguments that no database takes, in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError

pytestmark = pytest.mark.django_db
#: What Python makes of a byte that is no UTF-8.
HALF = "\udcff"
HUGE = str(10**30)


@pytest.mark.parametrize(
    "arguments",
    [
        ["cite", HUGE],
        ["cite", "-1"],
        ["export_evidence", HUGE, "--to", "evidence"],
        ["export_evidence", "1", "--to", "evidence", "--query", HALF],
        ["clean_articles", "--rule", HUGE],
        ["api_token", HALF],
        ["api_token", "reader", "--name", HALF],
        ["api_token", "reader", "--revoke", HALF],
        ["reset_second_factor", HALF],
    ],
    ids=lambda arguments: " ".join(arguments).encode("ascii", "replace").decode(),
)
def test_what_no_database_takes_is_refused(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    User.objects.create_user("reader")
    with pytest.raises(CommandError, match=r"is no number of an article|is not in the encoding"):
        call_command(*arguments)
    assert not list(tmp_path.iterdir())
