"""Template tags for selecting articles in a list; the templates that use them need nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from search.results import Hit
from search.web.selection.selected_articles import SelectedArticles

register = template.Library()


def _selected(context: Mapping[str, Any]) -> list[int]:
    """Return the selected articles of the reader; pages without a session, such as errors, have none."""
    request: HttpRequest | None = context.get("request")
    if request is None or not hasattr(request, "session"):
        return []
    return SelectedArticles(request.session).ids


@register.inclusion_tag("search/_selection_link.html", takes_context=True)
def selection_link(context: Mapping[str, Any]) -> dict[str, Any]:
    """Render the link to the selected articles; it is hidden while there are none."""
    return {"count": len(_selected(context))}


@register.simple_tag(takes_context=True)
def selection_box(context: Mapping[str, Any], hit: Hit) -> SafeString:
    """Render the box of a hit. It belongs to the form of `selection_form`, wherever that stands.

    Not a template: a page has up to a hundred of them.
    """
    return format_html(
        '<label class="select"><input type="checkbox" name="article" value="{}" form="selection"{}> {}'
        '<span class="visually-hidden">: {}</span></label>',
        hit.record.id,
        mark_safe(" checked") if hit.record.id in _selected(context) else "",
        _("Select"),
        hit.record.title,
    )


@register.inclusion_tag("search/_selection_form.html", takes_context=True)
def selection_form(context: Mapping[str, Any], *lists: Iterable[Hit]) -> dict[str, Any]:
    """Render the form that keeps the ticks of the hits that have boxes."""
    request: HttpRequest = context["request"]
    return {
        "count": len(_selected(context)),
        "shown": ",".join(str(hit.record.id) for hits in lists for hit in hits),
        "next": request.get_full_path(),
        "csrf_token": context.get("csrf_token"),
    }
