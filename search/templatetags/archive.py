"""Template tags of the readers' pages. Archived text is escaped here before markup is added."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup, escape

from arabic.text.direction import isolated, text_direction
from articles.models import Article
from search.results import Complaint, Record, Segment, Snippet, TermChange
from search.store.display_names import display_name
from search.web.digits import digits, shown_digits
from search.web.viewmodels import complaints, labels
from search.web.viewmodels.facet_lists import FacetEntry

register = template.Library()
#: <title> holds no elements, so the direction of a part of it is set by characters.
_LEFT_TO_RIGHT_ISOLATE, _RIGHT_TO_LEFT_ISOLATE, _END_OF_ISOLATE = "\u2066", "\u2067", "\u2069"
register.filter("date_label", labels.date_label)
register.filter("digits", digits)


def escaped(value: Any) -> str:
    """Return a value for HTML as markupsafe's `escape` does, which takes ten times as long for plain text."""
    kind = type(value)
    if kind is str:
        text: str = value
        special = "<" in text or "&" in text or '"' in text or "'" in text or ">" in text
        return html.escape(text) if special else text
    if kind is SafeString or kind is Markup:
        finished: str = value
        return finished
    return str(value) if kind is int or kind is float else escape(value)


@register.simple_tag
def marked(snippet: Snippet) -> SafeString:
    """Render a snippet as HTML: escaped text, highlights in <mark>, « … » where text was cut off."""
    runs = [
        f"<mark>{escaped(run.text)}</mark>" if run.marked else escaped(run.text) for run in snippet.segments
    ]
    before, after = "… " if snippet.cut_before else "", " …" if snippet.cut_after else ""
    return SafeString(f"{before}{''.join(runs)}{after}")  # each run is escaped


@register.filter
def direction(text: str | Snippet | Iterable[Segment]) -> str:
    """Return "rtl" or "ltr", the direction of most letters; «BBC: …» in Arabic runs from right to left."""
    if isinstance(text, Snippet):
        text = text.segments
    return text_direction(text if isinstance(text, str) else "".join([run.text for run in text]))


@register.filter
def tab_title(text: str) -> str:
    """Isolate a text in the title of a page: a browser's tab takes the direction of the first letter."""
    mark = _RIGHT_TO_LEFT_ISOLATE if text_direction(text) == "rtl" else _LEFT_TO_RIGHT_ISOLATE
    return f"{mark}{text}{_END_OF_ISOLATE}"


@register.simple_tag
def facet_rows(rows: Iterable[FacetEntry], opened: bool = False) -> SafeString:
    """Render the rows of a facet as list items; `opened`: a row with others below it shows them at once.

    A page has hundreds of rows, and a template that includes itself takes five times as long for them.
    """
    return mark_safe("\n".join(_RowWriter().items(rows, opened=opened)))  # noqa: S308  labels and addresses are escaped


class _RowTexts(NamedTuple):
    """The texts that the rows of facets share."""

    remove: str
    about: str
    mentioned: str
    added: str
    inside: str
    except_for: str


@labels.kept_by_language
def _row_texts() -> _RowTexts:
    return _RowTexts(
        remove=_hidden_text(_("(selected; follow to remove)")),
        about=_hidden_text(f"{_('about it')} "),
        mentioned=_hidden_text(f"{_('mention it')} "),
        added=_hidden_text(f"{_('would add')} "),
        inside=_("Inside %(period)s"),
        except_for=_("Everything except %(name)s"),
    )


class _RowWriter:
    """Writes rows of facets."""

    def __init__(self) -> None:
        self.texts = _row_texts()

    def items(self, rows: Iterable[FacetEntry], *, opened: bool = False) -> Iterator[str]:
        for row in rows:
            inside = self.below(row, opened=opened) if row.children else ""
            yield f"<li>{inside}{self.link(row)}{self.exclusion(row) if row.exclude_url else ''}</li>"

    def exclusion(self, row: FacetEntry) -> str:
        text = _hidden_text(self.texts.except_for % {"name": row.label})
        return (
            f'<a class="exclude" href="{escaped(row.exclude_url)}" rel="nofollow">'
            f'<span aria-hidden="true">⊘</span>{text}</a>'
        )

    def below(self, row: FacetEntry, *, opened: bool) -> str:
        more = ""
        if row.more:
            count = len(row.more)
            text = escape(ngettext("%(n)s more", "%(n)s more", count) % {"n": digits(count)})
            more = f'<details class="more"><summary>{text}</summary>{self.list(row.more)}</details>'
        shown = " open" if row.open or row.unfolded or opened else ""
        summary = _hidden_text(self.texts.inside % {"period": row.label})
        return (
            f'<details class="branch"{shown}><summary>{summary}</summary>'
            f"{self.list(row.children)}{more}</details>\n"
        )

    def list(self, rows: Iterable[FacetEntry]) -> str:
        return f'<ul class="rows">{"".join(self.items(rows))}</ul>'

    def link(self, row: FacetEntry) -> str:
        label = f'<bdi class="row-label">{escaped(row.label)}</bdi>'
        if row.heading:
            return f'<span class="row is-empty">{label}</span>'
        if not row.url:
            tick = '<span class="tick" aria-hidden="true"></span>'
            return f'<span class="row is-empty">{tick}{label}{self.counts(row)}</span>'
        chosen, tick, remove = "", "", ""
        if row.selected:
            chosen, tick, remove = ' aria-current="true"', "✓", self.texts.remove
        return (
            f'<a class="row{" is-selected" if row.selected else ""}" href="{escaped(row.url)}" rel="nofollow"'
            f'{chosen}><span class="tick" aria-hidden="true">{tick}</span>'
            f"{label}{self.counts(row)}{remove}</a>"
        )

    def counts(self, row: FacetEntry) -> str:
        about, count = "", shown_digits(row.count)
        if row.about is not None:
            about = f'<span class="row-about">{self.texts.about}{shown_digits(row.about)}</span>'
            count = f"{self.texts.mentioned}{count}"
        if row.adds is not None:
            count = f'{self.texts.added}<bdi dir="ltr">+{shown_digits(row.adds)}</bdi>'
        return f'{about}<span class="row-count">{count}</span>'


def _hidden_text(text: str) -> str:
    return f'<span class="visually-hidden">{escaped(text)}</span>'


@register.filter
def isolating(text: str, part: str) -> SafeString:
    """Render a text in which `part`, an address, keeps its own direction: its last slash stays at its end."""
    before, found, after = text.partition(part)
    return format_html('{}<bdi dir="ltr">{}</bdi>{}', before, found, after)


@register.filter
def dated(record: Record | Article, language: str | None = None) -> str:
    """Format the date of an article, as precisely as it is known, in `language` or the reader's."""
    return labels.day_label(record.date, _precision(record), language)


def today() -> str:
    """Return the current day in words, the date of access of a printed page."""
    return labels.day_label(timezone.localdate(), "day")


@register.filter
def datetime_value(record: Record | Article) -> str:
    """Return the date for the `datetime` attribute of <time>."""
    return labels.date_value(record.date, _precision(record))


def _precision(record: Record | Article) -> str:
    return record.precision if isinstance(record, Record) else record.date_precision


@register.filter
def source_name(name: str) -> str:
    """Return the name of a source in the reader's language."""
    return display_name("source", name)


@register.filter
def month_label(day: date) -> str:
    """Return the month of a day in words."""
    return labels.day_label(day, "month")


@register.filter
def sentence(complaint: Complaint) -> str:
    """Format a complaint; the part of the query that it names keeps its own direction.

    A lone bracket has no direction: it must follow the sentence, as it does in the search box.
    """
    if not any(letter.isalpha() for letter in complaint.detail):
        return complaints.complaint_message(complaint)
    return complaints.complaint_message(replace(complaint, detail=isolated(complaint.detail)))


@register.filter
def of_kind(changes: Iterable[TermChange], kind: str) -> list[TermChange]:
    """Return the changes of one kind, in order."""
    return [change for change in changes if change.kind == kind]
