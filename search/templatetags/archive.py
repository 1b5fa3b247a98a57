"""Template tags of the readers' pages. Archived text is escaped here before markup is added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.models import Article
from search.results import Complaint, Record, Snippet, TermChange
from search.web.viewmodels import complaints, labels

register = template.Library()
register.filter("date_label", labels.date_label)


@register.simple_tag
def marked(snippet: Snippet) -> SafeString:
    """Render a snippet as HTML: escaped text, highlights in <mark>, « … » where text was cut off."""
    runs = (
        (format_html("<mark>{}</mark>", run.text) if run.marked else run.text,) for run in snippet.segments
    )
    text = format_html_join("", "{}", runs)
    return format_html("{}{}{}", "… " if snippet.cut_before else "", text, " …" if snippet.cut_after else "")


@register.filter
def dated(record: Record | Article) -> str:
    """Format the date of an article in words, as precisely as it is known."""
    return labels.day_label(record.date, _precision(record))


@register.filter
def datetime_value(record: Record | Article) -> str:
    """Return the date for the `datetime` attribute of <time>."""
    return labels.date_value(record.date, _precision(record))


def _precision(record: Record | Article) -> str:
    return record.precision if isinstance(record, Record) else record.date_precision


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
    return complaints.complaint_message(
        replace(complaint, detail=f"{labels.FIRST_STRONG}{complaint.detail}{labels.POP}")
    )


@register.filter
def of_kind(changes: Iterable[TermChange], kind: str) -> list[TermChange]:
    """Return the changes of one kind, in order."""
    return [change for change in changes if change.kind == kind]
