"""Filters of the desk's pages."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def file_path(name: str) -> SafeString:
    """A path as it is read: folders from left to right, each name in its own direction."""
    parts = format_html_join("/", "<bdi>{}</bdi>", ((part,) for part in name.split("/")))
    return format_html('<bdi dir="ltr">{}</bdi>', parts)
