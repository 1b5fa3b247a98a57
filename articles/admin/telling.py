"""The sentence after a change: does the readers' search show it now?"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from articles.signals import searchable_now


def tell_after_commit(request: HttpRequest) -> None:
    """Once what was saved is committed, and the index had its moment to follow, say whether it did."""
    transaction.on_commit(lambda: tell(request))


def tell(request: HttpRequest, searchable: Callable[[], bool | None] = searchable_now) -> None:
    """Say whether the search follows the last commit already: shows what is new, hides what was withdrawn."""
    if searchable():
        messages.success(request, _("The readers’ search shows the change already."))
    else:
        messages.info(request, _("This is saved. The readers’ search will show the change shortly."))
