"""The Jinja2 templates: the parts of pages that are repeated or stand on each of them.

Django's templates take about five times as long (docs/decisions/0056). Both escape what they are given.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple, cast

from django import template
from django.conf import settings
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, override, pgettext
from jinja2 import ChainableUndefined, Environment, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.runtime import Context as PartContext
from jinja2.visitor import NodeTransformer

from search.results import Hit, TermChange
from search.templatetags.accounts import login_address
from search.templatetags.archive import (
    dated,
    datetime_value,
    direction,
    escaped,
    facet_rows,
    marked,
    of_kind,
    sentence,
    source_name,
    today,
)
from search.web.digits import digits, shown_digits
from search.web.selection.selected_articles import selected_ids
from search.web.viewmodels.result_list import page_address
from search.web.viewmodels.time_strip import TimeStrip

register = template.Library()
#: Stand for the numbers of articles in an address; in no other part of it.
_NUMBERS = ("987654321", "987654322")


@register.simple_tag(takes_context=True)
def jinja(context: template.Context, name: str, **variables: Any) -> SafeString:
    """Render a Jinja2 template with the variables of the page and those of the tag."""
    parts = parts_in(get_language() or settings.LANGUAGE_CODE)
    part = parts.get_template(name)
    page = cast("dict[str, Any]", context.flatten())
    # As `part.render` does, which copies the variables three times.
    shown = part.new_context(parts.globals | page | variables, shared=True)
    try:
        text = "".join(part.root_render_func(shown))
    except Exception:
        parts.handle_exception()
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

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802  Jinja2's name
        """Take an included template in as one text; its pieces would pass through each template around it."""
        self.writeline("template = environment.get_template(", node)
        self.visit(node.template, frame)
        self.write(")")
        part = f"template.new_context(context.get_all(), True, {self.dump_local_context(frame)})"
        self.simple_write(f"concat(template.root_render_func({part}))", frame)


class _TextWriter(NodeTransformer):
    """Puts the texts of the language in use in place of `_("…")` and `texts.name`."""

    def __init__(self) -> None:
        self._texts = _texts_with_context()

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  Jinja2's name
        """Translate `_("…")`."""
        if isinstance(node.node, nodes.Name) and node.node.name == "_":
            return nodes.Const(gettext(node.args[0].as_const()), lineno=node.lineno)
        return self.generic_visit(node)

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802  Jinja2's name
        """Translate `texts.name`."""
        if isinstance(node.node, nodes.Name) and node.node.name == "texts":
            return nodes.Const(self._texts[node.attr], lineno=node.lineno)
        return self.generic_visit(node)


class PartEnvironment(Environment):
    """Jinja2 with `escaped` for what templates show, whose texts are those of one `language`."""

    code_generator_class = _LeanCode
    escaped = staticmethod(escaped)
    language = ""

    def _generate(self, source: nodes.Template, *names: Any, **options: Any) -> str:
        """Write the code of a template: a page has ninety texts, and none is looked up when it is drawn."""
        with override(self.language):
            return super()._generate(_TextWriter().visit(source), *names, **options)


@cache
def parts_in(language: str) -> PartEnvironment:
    """Return the environment of a language."""
    backend = cast("Jinja2", engines["jinja2"])
    made = cast("PartEnvironment", backend.env).overlay()
    made.language = language
    made.filters = made.filters | {
        "dated": partial(dated, language=language),
        "source_name": str if language == "ar" else source_name,
    }
    return made


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
        dated=dated,
        datetime_value=datetime_value,
        digits=shown_digits,
        direction=direction,
        enumerate=enumerate,
        facet_rows=facet_rows,
        marked=marked,
        numbered=numbered,
        of_kind=of_kind,
        replaced_word=replaced_word,
        sentence=sentence,
        source_name=source_name,
    )
    made.globals.update(
        also_heading=also_heading,
        article_count=article_count,
        close_heading=close_heading,
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


def _texts_with_context() -> dict[str, str]:
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


class HitAddresses(NamedTuple):
    """The addresses of the pages that a hit leads to, for `numbered`; behind `hit` its place follows."""

    hit: str
    article: str
    compare: str
    story: str
    why: str


def hit_addresses(state: str) -> HitAddresses:
    """Return the addresses for the hits of a search, which keep it; its query string is `state`."""
    query, place = (f"?{state}", "&at=") if state else ("", "?at=")

    def address(name: str, numbers: int, more: str = "") -> str:
        path = page_address(f"search:{name}", *_NUMBERS[:numbers]).replace("%", "%%")
        for number in _NUMBERS:
            path = path.replace(number, "%d")
        return path + escaped(query + more).replace("%", "%%")

    return HitAddresses(
        address("article", 1, place),
        address("article", 1),
        address("compare", 2),
        address("story", 1),
        address("why", 1),
    )


def numbered(address: str, *ids: int) -> SafeString:
    """Put the ids of articles into one of `hit_addresses`."""
    return SafeString(address % ids)  # escaped there


@register.simple_tag
def static_address(path: str) -> str:
    """Return the address of a static file; Django works it out anew for each link."""
    return _kept_static(path) if not settings.DEBUG else static(path)


_kept_static = lru_cache(100)(static)


@pass_context
def django_part(context: PartContext, name: str) -> SafeString:
    """Render one of Django's templates with the variables of the page, for what pages seldom have."""
    return render_to_string(name, context.get_all())


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


def close_heading(number: int) -> str:
    """Return the heading of the close hits."""
    return gettext("Articles that lack some of the words (%(n)s)") % {"n": digits(number)}


def replaced_word(change: TermChange) -> SafeString:
    """Say which word a close hit has instead of one of the query."""
    words = {"typed": escaped(change.typed), "became": escaped(change.became)}
    return SafeString(gettext("Instead of <bdi>“%(typed)s”</bdi>: <bdi>“%(became)s”</bdi>") % words)
