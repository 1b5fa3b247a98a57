"""Template tags for readers who are logged in."""

from __future__ import annotations

from django import template
from django.http import HttpRequest
from django.template import Context

from articles.models import Article
from search.web.accounts.report_pages import may_report
from search.web.accounts.staff_tools import StaffTools, build_staff_tools

register = template.Library()


@register.simple_tag(takes_context=True)
def staff_tools(context: Context, article: Article) -> StaffTools | None:
    """Return the tools of the desk for an article; None for those who may not correct it."""
    request: HttpRequest | None = context.get("request")
    return build_staff_tools(request, article) if request else None


@register.simple_tag(takes_context=True)
def can_report(context: Context) -> bool:
    """Return True if this reader may report mistakes."""
    request: HttpRequest | None = context.get("request")
    return request is not None and may_report(request)
