"""The Jinja2 templates: the parts of pages that are repeated or stand on each of them.

Django's templates take about five times as long (docs/decisions/0056). Both escape what they are given.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import Any, cast

from django import template
from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext
from jinja2 import ChainableUndefined, Environment, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.runtime import Context as PartContext

from articles.models import Article
from search.results import Hit, Record
from search.templatetags.accounts import login_address
from search.templatetags.archive import (
    dated,
    datetime_value,
    direction,
    escaped,
    facet_rows,
    marked,
    sentence,
    source_name,
    today,
)
from search.web.digits import digits
from search.web.selection.selected_articles import selected_ids
from search.web.viewmodels.result_list import page_address
from search.web.viewmodels.time_strip import TimeStrip

register = template.Library()
#: Stand for the numbers of articles in an address; in no other part of it.
_NUMBERS = ("987654321", "987654322")


@register.simple_tag(takes_context=True)
def jinja(context: template.Context, name: str, **variables: Any) -> SafeString:
    """Render a Jinja2 template with the variables of the page and those of the tag."""
    language = get_language() or ""
    page = cast("dict[str, Any]", context.flatten())
    texts = {"_": _translator(language), "texts": _texts(language), "language_in_use": language}
    shown = {**page, **texts, **variables}
    text = get_template(name, using="jinja2").render(shown)
    return mark_safe(text)  # noqa: S308  the template has escaped each value


class WithoutIndentation(Extension):
    """Leaves the indentation of templates out of pages; a list of hits would repeat it for each."""

    def preprocess(self, source: str, _name: str | None, _filename: str | None = None) -> str:
        """Return the source of a template, with as many lines."""
        return re.sub(r"\n[ \t]+", "\n", source)


class _LeanCode(CodeGenerator):
    """Writes templates whose values go through `escaped`: a page has a thousand of them."""

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


class PartEnvironment(Environment):
    """Jinja2 with `escaped` for what templates show."""

    code_generator_class = _LeanCode
    escaped = staticmethod(escaped)


def environment(**options: Any) -> Environment:
    """Return the environment of the Jinja2 templates, as settings.TEMPLATES names it."""
    made = PartEnvironment(
        autoescape=True,
        undefined=ChainableUndefined,  # as in Django's templates: error pages have fewer variables
        loader=options["loader"],
        extensions=[WithoutIndentation],
        auto_reload=options["auto_reload"],
    )
    # Filters, as a call of a function costs a microsecond more.
    made.filters.update(
        dated=dated_in_language,
        datetime_value=datetime_value,
        digits=digits,
        direction=direction,
        facet_rows=facet_rows,
        marked=marked,
        numbered=numbered,
        sentence=sentence,
        source_name=source_in_language,
    )
    made.globals.update(
        also_heading=also_heading,
        article_count=article_count,
        changes_of=changes_of,
        django_part=django_part,
        form_count=form_count,
        hit_addresses=hit_addresses,
        login_address=login_address,
        more_count=more_count,
        page_label=page_label,
        ocr_label=ocr_label,
        selected_ids=selected_ids,
        static=static_address,
        story_count=story_count,
        strip_peak=strip_peak,
        today=today,
        url=page_address,
    )
    return made


@cache
def _translator(language: str) -> Callable[[str], str]:
    """Return `gettext` for the language in use, without its lookup of that language for each text."""
    return lru_cache(500)(partial(_translated, language))


def _translated(_language: str, text: str) -> str:
    return gettext(text)


@cache
def _texts(_language: str) -> dict[str, str]:
    """Return the texts that have a context, in the language in use: makemessages reads them here only."""
    return {
        "address": pgettext("of a page", "Address"),
        "city": pgettext("suggestions", "Cities"),
        "export": pgettext("menu of a list", "Export"),
        "phrase": pgettext("suggestions", "Phrases"),
        "save": pgettext("search", "Save"),
        "search": pgettext("on a printed page", "Search"),
        "separator": pgettext("between names", ", "),
        "source": pgettext("suggestions", "Sources"),
        "word": pgettext("suggestions", "Words"),
    }


def hit_addresses(state: str) -> dict[str, str]:
    """Return the addresses of the pages that a hit leads to, for `numbered`.

    They keep the search, whose query string is `state`.
    """
    query = f"?{state}" if state else ""
    numbers = {"article": 1, "compare": 2, "story": 1, "why": 1}
    return {
        name: page_address(f"search:{name}", *_NUMBERS[:count]) + query for name, count in numbers.items()
    }


def numbered(address: str, *ids: int) -> str:
    """Put the ids of articles into one of `hit_addresses`."""
    for number, id in zip(_NUMBERS, ids, strict=False):
        address = address.replace(number, str(id), 1)  # once: it may stand in the query, which follows
    return address


def static_address(path: str) -> str:
    """Return the address of a static file; Django works it out anew for each link."""
    return _kept_static(path) if not settings.DEBUG else static(path)


_kept_static = lru_cache(100)(static)


@pass_context
def django_part(context: PartContext, name: str) -> SafeString:
    """Render one of Django's templates with the variables of the page, for what pages seldom have."""
    return render_to_string(name, context.get_all())


@pass_context
def dated_in_language(context: PartContext, record: Record | Article) -> str:
    """Format a date like `dated`, without a lookup of the language for each hit."""
    return dated(record, context["language_in_use"])


@pass_context
def source_in_language(context: PartContext, name: str) -> str:
    """Return the name of a source like `source_name`, at no cost in Arabic."""
    return name if context["language_in_use"] == "ar" else source_name(name)


def article_count(number: int) -> str:
    """Say how many articles a search finds."""
    return ngettext("%(n)s article", "%(n)s articles", number) % {"n": digits(number)}


def story_count(number: int) -> str:
    """Say how many stories these are."""
    return ngettext("%(n)s story", "%(n)s stories", number) % {"n": digits(number)}


def form_count(number: int) -> str:
    """Say how many other forms of the words are searched for."""
    return ngettext("+ %(n)s other form", "+ %(n)s other forms", number) % {"n": digits(number)}


def more_count(number: int) -> str:
    """Say how many more there are."""
    return ngettext("%(n)s more", "%(n)s more", number) % {"n": digits(number)}


def page_label(number: str) -> str:
    """Return the name of the link to a page of a list."""
    return gettext("Page %(number)s") % {"number": digits(number)}


def strip_peak(strip: TimeStrip) -> str:
    """Say how many articles the highest bar of a strip stands for, and when they were published."""
    return gettext("most: %(period)s (%(n)s)") % {"n": digits(strip.most), "period": strip.peak}


def ocr_label(percent: int) -> str:
    """Return that a text was read by OCR, and its OCR confidence."""
    return gettext("read by machine (OCR), %(percent)s%%") % {"percent": digits(percent)}


def also_heading(hit: Hit) -> str:
    """Say in how many other sources a report was published, or how many other versions it has."""
    if count := hit.other_sources:
        text = ngettext("Also published in %(n)s source", "Also published in %(n)s sources", count)
    else:
        count = len(hit.also)
        text = ngettext("%(n)s other version", "%(n)s other versions", count)
    return text % {"n": digits(count)}


def changes_of(hit: Hit) -> SafeString:
    """Render how a close hit differs from the query."""
    return render_to_string("search/_changes.html", {"changes": hit.changes})
