"""Template tags that write the many small parts of a list of hits and of a marked text.

A page has hundreds of them. Written by a template they take several times as long, and where they must
stay on one line the formatter of templates adds long indents, which would be sent with each. Archived text
is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.urls import get_script_prefix, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from search.results import Hit
from search.templatetags.archive import dated, datetime_value, source_name
from search.web.digits import digits
from search.web.viewmodels.article_text import TextRun
from search.web.viewmodels.time_strip import TimeStrip

register = template.Library()
#: Stand for the numbers of articles in an address; in no other part of it.
_NUMBERS = ("987654321", "987654322")


@register.simple_tag(takes_context=True)
def hit_url(context: Mapping[str, Any], name: str, *ids: int) -> str:
    """Return the address of a page of articles, which a search has led to."""
    address, state = _address(name, len(ids), get_script_prefix()), context.get("state")
    for number, id in zip(_NUMBERS, ids, strict=False):
        address = address.replace(number, str(id))
    return f"{address}?{state}" if state else address


@lru_cache(50)
def _address(name: str, numbers: int, _script_prefix: str) -> str:
    return reverse(f"search:{name}", args=_NUMBERS[:numbers])


@register.simple_tag(takes_context=True)
def other_versions(context: Mapping[str, Any], hit: Hit) -> SafeString:
    """Render the other versions of a hit's story as list items, with links that compare and lead to all."""
    compare, every = escape(_("compare")), escape(_("All versions of the story"))
    rows = []
    for other in hit.also:
        shown = hit_url(context, "article", other.id)
        compared = hit_url(context, "compare", hit.record.id, other.id)
        rows.append(
            f'<li><a href="{escape(shown)}">'
            f"<bdi>{escape(source_name(other.source) or other.title)}</bdi></a> "
            f'<time datetime="{escape(datetime_value(other))}">{escape(dated(other))}</time> '
            f'<a class="quiet" href="{escape(compared)}">{compare}</a></li>'
        )
    rows.append(f'<li><a href="{escape(hit_url(context, "story", hit.record.id))}">{every}</a></li>')
    return mark_safe("".join(rows))  # noqa: S308  each part is escaped


@register.simple_tag
def strip_bars(strip: TimeStrip) -> SafeString:
    """Render the bars of a time strip as links inside an SVG; numbers with a point, in every language."""
    selected = ' class="is-selected"'
    bars = (
        f'<a href="{escape(bar.url)}" tabindex="-1"{selected if bar.selected else ""}>'
        f"<title>{escape(bar.label)}: {escape(digits(bar.count))}</title>"
        f'<rect x="{bar.slot}" width="{strip.slot}" height="{strip.height}" />'
        f'<rect x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{bar.height}" /></a>'
        for bar in strip.bars
    )
    return mark_safe("".join(bars))  # noqa: S308  addresses and labels are escaped


@register.simple_tag
def text_runs(runs: Iterable[TextRun], hits: int) -> SafeString:
    """Render the runs of a text: numbered matches with links to those around, and named places and dates.

    `hits`: how many matches title and text have together.
    """
    return mark_safe("".join(_RunWriter(hits).items(runs)))  # noqa: S308  texts and labels are escaped


class _RunWriter:
    """Writes the runs of a text, with the words that they share in the reader's language."""

    def __init__(self, hits: int) -> None:
        self.hits = digits(hits)
        self.previous, self.next = escape(_("Previous")), escape(_("Next"))

    def items(self, runs: Iterable[TextRun]) -> Iterator[str]:
        for run in runs:
            text: str = escape(run.text)
            if run.spot:
                target, label = escape(run.spot.target), escape(run.spot.label)
                text = f'<a class="named" href="#{target}" title="{label}">{text}</a>'
            yield f'<mark id="hit-{run.hit}" tabindex="-1">{text}</mark>{self.bar(run)}' if run.hit else text

    def bar(self, run: TextRun) -> str:
        before = self.link(run.previous, "prev", "▲", self.previous) if run.previous else ""
        after = self.link(run.next, "next", "▼", self.next) if run.next else ""
        count = f"<bdi>{digits(run.hit)}/{self.hits}</bdi>"
        return f'<span class="hit-nav"><span class="hit-nav-bar">{before}{count}{after}</span></span>'

    def link(self, hit: int, relation: str, arrow: str, label: str) -> str:
        return (
            f'<a href="#hit-{hit}" rel="{relation}"><span aria-hidden="true">{arrow}</span>'
            f'<span class="visually-hidden">{label}</span></a>'
        )
