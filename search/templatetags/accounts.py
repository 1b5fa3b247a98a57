"""Template tags for readers who are logged in."""

from __future__ import annotations

from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse

from articles.models import Article
from search.web.accounts.report_pages import may_report
from search.web.accounts.staff_tools import StaffTools, build_staff_tools
from search.web.guard.way_back import way_back
from search.web.viewmodels.result_list import page_address

register = template.Library()


@register.simple_tag(takes_context=True)
def staff_tools(context: Context, article: Article) -> StaffTools | None:
    """Return the tools of the desk for an article; None for those who may not correct it."""
    request: HttpRequest | None = context.get("request")
    return build_staff_tools(request, article) if request else None


#: Pages that are no place to come back to.
_NO_WAY_BACK = frozenset(("login", "login_code", "logout"))


@register.simple_tag
def login_address(request: HttpRequest | None) -> str:
    """Return the address of the login, which leads back to this page.

    "" on the login itself, on error pages, and where settings.READER_ACCOUNTS says that readers have none.
    """
    match = request.resolver_match if request else None
    if request is None or match is None or match.url_name in _NO_WAY_BACK or not settings.READER_ACCOUNTS:
        return ""
    address = page_address("search:login")
    back = way_back(request) or "/"
    return address if back == "/" else f"{address}?{urlencode({'next': back})}"


@register.simple_tag
def refused_form_page(request: HttpRequest | None) -> str:
    """Return the page that a refused form was on; "" if it is not known, and where no form was sent."""
    return way_back(request) if request and request.method == "POST" else ""


@register.simple_tag(takes_context=True)
def report_url(context: Context, article: Article, here: str) -> str:
    """Return the address of the report of a mistake in an article, for strangers by way of the login.

    "" where only accounts may report and readers have none. It keeps the search of `here`, the address of the
    article, for the way back.
    """
    request: HttpRequest | None = context.get("request")
    if request is None:
        return ""
    address, query = reverse("search:report", args=[article.pk]), here.partition("?")[2]
    address = f"{address}?{query}" if query else address
    if may_report(request):
        return address
    return f"{reverse('search:login')}?{urlencode({'next': address})}" if settings.READER_ACCOUNTS else ""
