"""The template tag that writes the runs of a marked text.

A page has hundreds of them. Written by a template they take several times as long, and as they must stay on
one line the formatter of templates adds long indents, which would be sent with each. Archived text is escaped
here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from search.web.digits import digits
from search.web.viewmodels.article_text import TextRun

register = template.Library()


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
