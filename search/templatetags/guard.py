"""Template tags of the pages that say that something was refused or failed."""

from __future__ import annotations

from django import template

from search.web.guard import request_trace

register = template.Library()
register.simple_tag(request_trace.request_id, name="request_id")


@register.filter
def web_address(url: str) -> str:
    """Return an address that may be a link; "" for any other, as `javascript:` runs what it says."""
    return url if url.startswith(("https://", "http://")) else ""
