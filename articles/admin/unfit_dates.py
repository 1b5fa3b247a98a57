"""Articles whose dates do not fit, for who looks them over: a weekday that the date was not, 31 February."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.date_notes import KINDS
from articles.models import Article, DateMention

ANY = "any"


class UnfitDates(admin.SimpleListFilter):
    """By what does not fit about a date that the text names."""

    title = gettext_lazy("dates that do not fit")
    parameter_name = "unfit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Any, or one kind."""
        return [(ANY, _("any of them")), *((code, str(words)) for code, words in KINDS.items())]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        """Those with such a date."""
        chosen = self.value()
        if not chosen:
            return queryset
        noted = DateMention.objects.filter(article=OuterRef("pk")).exclude(note="")
        return queryset.filter(
            Exists(noted if chosen == ANY else noted.filter(note__startswith=f"{chosen}:"))
        )
