"""The history of an article as its page shows it."""

from __future__ import annotations

from typing import cast

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from articles.admin.generics import StackedInline
from articles.models import Article, Revision, Source


class RevisionInline(StackedInline[Revision, Article]):
    """The history, to read."""

    model = Revision
    fields = ["made_at", "made_by", "reason", "values_before"]
    readonly_fields = ["made_at", "made_by", "reason", "values_before"]
    extra = 0
    can_delete = False
    verbose_name_plural = gettext_lazy("History of changes")

    def has_add_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """History is written by what happens."""
        return False

    @admin.display(description=gettext_lazy("before"))
    def values_before(self, revision: Revision) -> SafeString:
        """The values that were replaced, a line each."""
        rows = ((field_label(name), value_label(name, value)) for name, value in revision.before.items())
        return format_html_join("", '<p><b>{}</b>: <bdi dir="auto">{}</bdi></p>', rows)


def field_label(name: str) -> str:
    """What a column of Article is called on the page."""
    column = _column(name)
    return str(column.verbose_name) if column else name


def value_label(name: str, value: object) -> str:
    """A value of that column as people read it."""
    if name == "source_id":
        return str((Source.objects.filter(pk=value).first() if isinstance(value, int) else None) or "—")
    column = _column(name)
    choices = dict(column.flatchoices) if column else {}
    return str(choices.get(value, value)) if value not in (None, "") else "—"


def _column(name: str) -> Field[object, object] | None:
    """None for a column that articles had once."""
    try:
        found = Article._meta.get_field("source" if name == "source_id" else name)
    except FieldDoesNotExist:
        return None
    return cast("Field[object, object]", found)
