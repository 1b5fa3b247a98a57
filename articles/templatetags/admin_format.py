"""Template filters of the admin pages."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from arabic.text.direction import text_direction
from articles.history import step_labels
from articles.models import CleaningRule
from articles.text.sanitize import sanitize_file_name

register = template.Library()
register.filter("field_label", step_labels.field_label)
register.filter("reason_label", step_labels.translate_reason)


@register.filter
def file_path(name: str) -> SafeString:
    """Isolate the parts of a path: folders run from left to right, each name in its own direction."""
    names = sanitize_file_name(name).split("/")  # those of older imports are stored as they came
    parts = format_html_join("/", "<bdi>{}</bdi>", ((part,) for part in names))
    return format_html('<bdi dir="ltr">{}</bdi>', parts)


@register.filter
def reading_direction(text: object) -> str:
    """Return "rtl" or "ltr", the direction of most letters of a text or of the parts of one."""
    parts = text if isinstance(text, list | tuple) else [text]
    return text_direction("".join(str(part) for part in parts if part is not None))


@register.filter
def minute(when: datetime) -> SafeString:
    """Format a time to the minute, isolated so that its digits keep their order in Arabic text."""
    return format_html('<bdi dir="ltr">{}</bdi>', date_format(localtime(when), "Y-m-d H:i"))


@register.filter
def rule_label(said: str) -> SafeString:
    """Format the stored wording of a rule ("line: words", from `BoilerplateRule`) with its label."""
    kind, colon, pattern = said.partition(": ")
    if not colon or kind not in CleaningRule.Kind.values:
        return format_html("<bdi>{}</bdi>", said)
    return format_html("{}: <bdi>{}</bdi>", CleaningRule.Kind(kind).label, pattern)
