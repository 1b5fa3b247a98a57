"""The dates that an article speaks of, as its page shows them: each with the sentences that name it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from arabic.sentences import sentence_around
from articles.date_notes import note_words
from articles.models import Article, DateMention
from search.asking.request import SearchRequest
from search.presenting.labels import date_label
from search.presenting.page import search_url
from search.results import Segment

#: Sentences shown for a date; the others say it again.
SENTENCES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class SpokenDate:
    """A date or a period; its link finds all articles that speak of it. Each sentence is runs of text, of
    which those marked name the date."""

    label: str
    url: str
    sentences: tuple[tuple[Segment, ...], ...]
    notes: tuple[str, ...]


def spoken_dates(article: Article) -> list[SpokenDate]:
    """By time; what names the same period is one."""
    periods: dict[tuple[date, date, str], list[DateMention]] = {}
    for mention in article.date_mentions.order_by("first_day", "last_day", "-field", "start"):
        periods.setdefault((mention.first_day, mention.last_day, mention.precision), []).append(mention)
    return [_spoken(article, mentions) for mentions in periods.values()]


def _spoken(article: Article, mentions: list[DateMention]) -> SpokenDate:
    values = mentions[0].values
    chosen = {"events": values} if len(values) == 1 else {"event_from": values[0], "event_to": values[-1]}
    sentences = dict.fromkeys(_sentence(article, mention) for mention in mentions)
    return SpokenDate(
        label=" – ".join(map(date_label, values)),
        url=search_url(SearchRequest(), **chosen),
        sentences=tuple(sentences)[:SENTENCES_SHOWN],
        notes=tuple(
            dict.fromkeys(note_words(mention.note, date_label) for mention in mentions if mention.note)
        ),
    )


def _sentence(article: Article, mention: DateMention) -> tuple[Segment, ...]:
    text = article.title if mention.field == "title" else article.body
    if mention.end > len(text):  # changed by hand in the database
        return (Segment(mention.evidence),)
    first, last = sentence_around(text, mention.start, mention.end)
    runs: Iterable[Segment] = (
        Segment(text[first : mention.start]),
        Segment(text[mention.start : mention.end], marked=True),
        Segment(text[mention.end : last]),
    )
    return tuple(run for run in runs if run.text)
