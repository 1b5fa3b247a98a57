"""Serves the desk's guide to everyone who may enter the desk."""

from __future__ import annotations

import re

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from articles.admin.guide_texts import PAGES
from articles.readers.registry import formats

#: The name of a button in a text, and its context.
BUTTON = re.compile(r"\[\[([^\[\]|]+)(?:\|([^\[\]]+))?\]\]")
#: That, or what is typed as it stands, such as the name of a file.
_MARKED = re.compile(rf"{BUTTON.pattern}|`([^`]+)`")


def button_label(name: str, context: str = "") -> str:
    """Return the text of a button in the language of the page."""
    return pgettext(context, name) if context else gettext(name)


def with_buttons(text: str) -> SafeString:
    """Return a text as HTML with the names of its buttons as they are on the page."""
    parts, end = [], 0
    for found in _MARKED.finditer(text):
        parts.append(format_html("{}", text[end : found.start()]))
        if found[3]:
            parts.append(format_html('<code class="guide-typed" dir="ltr">{}</code>', found[3]))
        else:
            label = button_label(found[1], found[2] or "")
            parts.append(format_html('<b class="guide-button">{}</b>', label))
        end = found.end()
    parts.append(format_html("{}", text[end:]))
    return format_html_join("", "{}", ((part,) for part in parts))


def guide_urls(site: AdminSite) -> list[URLPattern]:
    """Return the addresses of the guide in this admin."""

    def view(request: HttpRequest, page: str = PAGES[0].name) -> HttpResponse:
        return guide_page(request, site, page)

    return [
        path("guide/", site.admin_view(view), name="guide"),
        path("guide/<slug:page>/", site.admin_view(view), name="guide_page"),
    ]


def guide_page(request: HttpRequest, site: AdminSite, name: str) -> HttpResponse:
    """Show a page of the guide; 404 for an unknown one."""
    number = next((number for number, page in enumerate(PAGES) if page.name == name), None)
    if number is None:
        raise Http404(name)
    page, language = PAGES[number], "ar" if get_language() == "ar" else "en"
    steps = [
        {
            "text": with_buttons(str(step.text)),
            "command": step.command,
            "picture": f"admin-archive/guide/{step.picture.name}.{language}.webp" if step.picture else "",
            "caption": step.picture.caption if step.picture else "",
        }
        for step in page.steps
    ]
    context = {
        **site.each_context(request),
        "title": page.title,
        "pages": PAGES,
        "page": page,
        "steps": steps,
        "read_formats": list(formats().by_key.values()) if page.name == "upload" else [],
        "next": PAGES[number + 1] if number + 1 < len(PAGES) else None,
    }
    return TemplateResponse(request, "admin/guide.html", context)
