"""The sentence after a save: can readers find it now?"""

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
    """Say whether the last commit can be found already."""
    if searchable():
        messages.success(request, _("Readers find this in the search now."))
    else:
        messages.info(request, _("This is saved. Readers will find it in the search shortly."))
