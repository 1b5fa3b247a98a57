"""The facts of an article that were read from its text, as its page shows them: each with the words that
show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from articles.models import Article, Inference
from articles.reviewing import open_facts
from search.presenting.labels import date_label
from search.results import Segment


@dataclass(frozen=True, slots=True)
class InferredFact:
    """`field` is one of `Inference.Field`, `name` how the page calls it. The evidence is runs of text, of
    which the one marked is the value as the text has it; none where the text says this no longer."""

    field: str
    name: str
    value: str
    evidence: tuple[Segment, ...]


def inferred_facts(article: Article) -> list[InferredFact]:
    """Those that stand on the page and that nobody has confirmed, in the order of Inference.Field."""
    order = list(Inference.Field)
    facts = sorted(open_facts(article), key=lambda fact: order.index(Inference.Field(fact.field)))
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
