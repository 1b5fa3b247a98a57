"""Filters of the desk's pages."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from articles.models import CleaningRule

register = template.Library()


@register.filter
def file_path(name: str) -> SafeString:
    """A path as it is read: folders from left to right, each name in its own direction."""
    parts = format_html_join("/", "<bdi>{}</bdi>", ((part,) for part in name.split("/")))
    return format_html('<bdi dir="ltr">{}</bdi>', parts)


@register.filter
def minute(when: datetime) -> SafeString:
    """A moment, in digits that stay in their order behind Arabic letters too."""
    return format_html('<bdi dir="ltr">{}</bdi>', date_format(localtime(when), "Y-m-d H:i"))


@register.filter
def rule_label(said: str) -> SafeString:
    """What a rule said when it cut ("line: words", of `furniture_rules.Rule.said`), in words."""
    kind, colon, pattern = said.partition(": ")
    if not colon or kind not in CleaningRule.Kind.values:
        return format_html("<bdi>{}</bdi>", said)
    return format_html("{}: <bdi>{}</bdi>", CleaningRule.Kind(kind).label, pattern)
