"""Facts of an article for its page, each with the sentences of the text that show it.

These are the places and the dates that the text mentions, and the metadata that was inferred from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from arabic.text.sentences import sentence_around
from articles.history.inference_review import unconfirmed_inferences
from articles.metadata.date_mentions import describe_date_note
from articles.models import Article, DateMention, Inference, PlaceMention
from search.engines.region_values import country_label, country_number
from search.query.request import SearchRequest
from search.results import Segment
from search.store.display_names import NameKind, display_name
from search.web.viewmodels.article_text import NamedSpot
from search.web.viewmodels.labels import date_label
from search.web.viewmodels.result_list import search_url


@dataclass(frozen=True, slots=True)
class InferredFact:
    """A value inferred from the text. `field` is one of `Inference.Field`, `name` its label on the page.

    The evidence is text in runs, of which the marked one is the value as written; it is empty if the text no
    longer has it.
    """

    field: str
    name: str
    value: str
    evidence: tuple[Segment, ...]


def inferred_facts(article: Article) -> list[InferredFact]:
    """Return the values shown on the page that are not confirmed yet, in the order of Inference.Field."""
    order = list(Inference.Field)
    facts = sorted(unconfirmed_inferences(article), key=lambda fact: order.index(Inference.Field(fact.field)))
    return [
        InferredFact(
            field=fact.field,
            name=str(Inference.Field(fact.field).label),
            value=date_label(fact.value) if fact.field == Inference.Field.DATE else fact.value,
            evidence=tuple(_evidence(fact)) if fact.evidence in article.body else (),
        )
        for fact in facts
    ]


def _evidence(fact: Inference) -> Iterable[Segment]:
    text, start, end = fact.evidence, fact.start, fact.end
    runs = (Segment(text[:start]), Segment(text[start:end], marked=True), Segment(text[end:]))
    return (run for run in runs if run.text)


@dataclass(frozen=True, slots=True)
class MentionedDate:
    """A date or period with a link to all articles that mention it.

    Each sentence is text in runs, of which the marked ones name the date.
    """

    label: str
    url: str
    sentences: tuple[tuple[Segment, ...], ...]
    notes: tuple[str, ...]
    #: What the form of "not this date" sends.
    period: str = ""
    #: (field, start, end) of each mention.
    spots: tuple[tuple[str, int, int], ...] = ()


def mentioned_dates(article: Article) -> list[MentionedDate]:
    """Return the mentioned dates in order of time; mentions of the same period are one."""
    periods: dict[tuple[date, date, str], list[DateMention]] = {}
    for mention in article.date_mentions.order_by("first_day", "last_day", "-field", "start"):
        periods.setdefault((mention.first_day, mention.last_day, mention.precision), []).append(mention)
    return [_spoken(article, mentions) for mentions in periods.values()]


def _spoken(article: Article, mentions: list[DateMention]) -> MentionedDate:
    values = mentions[0].values
    chosen = {"events": values} if len(values) == 1 else {"event_from": values[0], "event_to": values[-1]}
    sentences = dict.fromkeys(_date_sentence(article, mention) for mention in mentions)
    return MentionedDate(
        label=" – ".join(map(date_label, values)),
        url=search_url(SearchRequest(), **chosen),
        sentences=tuple(sentences)[:SENTENCES_SHOWN],
        notes=tuple(
            dict.fromkeys(
                describe_date_note(mention.note, date_label) for mention in mentions if mention.note
            )
        ),
        period=mentions[0].period,
        spots=tuple((mention.field, mention.start, mention.end) for mention in mentions),
    )


def _date_sentence(article: Article, mention: DateMention) -> tuple[Segment, ...]:
    text = article.title if mention.field == "title" else article.body
    if mention.end > len(text):  # the text was changed directly in the database
        return (Segment(mention.evidence),)
    first, last = sentence_around(text, mention.start, mention.end)
    runs: Iterable[Segment] = (
        Segment(text[first : mention.start]),
        Segment(text[mention.start : mention.end], marked=True),
        Segment(text[mention.end : last]),
    )
    return tuple(run for run in runs if run.text)


#: Sentences shown per city or date; further ones repeat it.
SENTENCES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class MentionedPlace:
    """A city with a link to all articles that mention it.

    Each sentence is text in runs, of which the marked ones name the city. `region` is its governorate and
    country, if known.
    """

    slug: str
    label: str
    url: str
    region: tuple[str, ...]
    count: int
    sentences: tuple[tuple[Segment, ...], ...]
    #: Given by the file or by a librarian; then the text need not name it.
    by_file: bool
    by_librarian: bool
    #: True if the text names only institutions at the city: جامعة دمشق.
    by_institution: bool
    #: True if the article is about the city, which is more than a mention.
    in_focus: bool
    #: (field, start, end) of each mention in the text.
    spots: tuple[tuple[str, int, int], ...] = ()


def mentioned_places(article: Article) -> list[MentionedPlace]:
    """Return the mentioned cities, most mentioned first."""
    mentions: dict[str, list[PlaceMention]] = {}
    for mention in article.mentions.select_related("place").order_by("-field", "start", "pk"):
        mentions.setdefault(mention.place.slug, []).append(mention)
    ordered = sorted(mentions.items(), key=lambda item: (-len(item[1]), item[0]))
    return [_named(article, slug, found) for slug, found in ordered]


def _named(article: Article, slug: str, mentions: list[PlaceMention]) -> MentionedPlace:
    place = mentions[0].place
    country = country_number(place.country)
    region: tuple[tuple[NameKind, str], ...] = (
        ("governorate", place.governorate),
        ("country", country_label(country) if country else ""),
    )
    spots = [mention for mention in mentions if mention.start is not None]
    sentences = dict.fromkeys(_sentence(article, mention) for mention in spots)
    fields = {mention.field for mention in mentions}
    return MentionedPlace(
        slug=slug,
        label=display_name("city", slug),
        url=search_url(SearchRequest(cities=(slug,))),
        region=tuple(display_name(kind, name) for kind, name in region if name and name != slug),
        count=len(spots),
        sentences=tuple(sentences)[:SENTENCES_SHOWN],
        by_file=PlaceMention.METADATA in fields,
        by_librarian=PlaceMention.DESK in fields,
        by_institution=all(mention.institution for mention in mentions),
        in_focus=any(mention.about for mention in mentions),
        spots=tuple((mention.field, mention.start or 0, mention.end or 0) for mention in spots),
    )


def _sentence(article: Article, mention: PlaceMention) -> tuple[Segment, ...]:
    text = article.title if mention.field == "title" else article.body
    start, end = mention.start or 0, mention.end or 0
    if not start < end <= len(text):  # the text was changed directly in the database
        return (Segment(mention.evidence),)
    first, last = sentence_around(text, start, end)
    runs = (
        Segment(text[first:start]),
        Segment(text[start:end], marked=True),
        Segment(text[end:last]),
    )
    return tuple(run for run in runs if run.text)


def named_spots(places: Iterable[MentionedPlace], dates: Iterable[MentionedDate]) -> Iterator[NamedSpot]:
    """Yield where the text names places and dates; the targets are numbered as their lists are."""
    yield from _spots("place", places)
    yield from _spots("date", dates)


def _spots(kind: str, facts: Iterable[MentionedPlace | MentionedDate]) -> Iterator[NamedSpot]:
    for number, fact in enumerate(facts, start=1):
        for field, start, end in fact.spots:
            yield NamedSpot(field, start, end, f"{kind}-{number}", fact.label)
