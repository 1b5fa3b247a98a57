"""The review queue: filters parsed from the URL, the predictions of a page, and the facets next to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from articles.history.inference_review import (
    MAX_ACCEPTED_AT_ONCE,
    reviewable_inferences,
    uncertain_inferences,
)
from articles.metadata.inference_rows import current_value
from articles.models import ImportBatch, Inference, Source

FACTS_PER_PAGE = 25
#: Number of values shown per filter, and of the latest decisions that can be undone on the page.
CHOICES_SHOWN, DECISIONS_SHOWN = 12, 5
#: Labels of the rules of articles/metadata/.
METHOD_LABELS: dict[str, Promise] = {
    "line": gettext_lazy("a line of its own"),
    "first-sentence": gettext_lazy("the first sentence"),
    "label": gettext_lazy("under a label"),
    "wrote": gettext_lazy("“wrote” before the text"),
    "reporter": gettext_lazy("the reporter before the text"),
    "office": gettext_lazy("a name beside a profession"),
    "opening": gettext_lazy("a name in the dateline"),
    "credits": gettext_lazy("the credits at the end"),
    "dateline": gettext_lazy("a date at the beginning"),
    "dateline-signed": gettext_lazy("a place beside an agency or a date"),
    "dateline-person": gettext_lazy("a place beside a name"),
    "dateline-credits": gettext_lazy("a place in a line of credits"),
    "dateline-place": gettext_lazy("a place before the text"),
    "signature-opening": gettext_lazy("an agency before the text"),
    "signature-end": gettext_lazy("an agency at the end"),
    "signatures-differ": gettext_lazy("beginning and end name different ones"),
    "paper-opening": gettext_lazy("a paper before the text"),
    "quoted": gettext_lazy("“quoted from” at the end"),
    "page-site": gettext_lazy("the site that the web page declares"),
    "page-title": gettext_lazy("a name in the title of the web page"),
}
_NAMES = ("batch", "source", "field", "method", "value")


def method_label(method: str) -> str:
    """Return the label of a rule; the stored name for a rule that no longer exists."""
    return str(METHOD_LABELS.get(method, method))


@dataclass(frozen=True, slots=True)
class ReviewFilters:
    """Filters of the review queue; "" if not set. `batch` and `source` are numbers or "none"."""

    batch: str = ""
    source: str = ""
    field: str = ""
    method: str = ""
    value: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> ReviewFilters:
        """Parse the parameters of a URL or form; ignore invalid ones."""
        values = {name: str(given.get(name, "") or "")[:300] for name in _NAMES}
        for name in ("batch", "source"):
            if not (values[name].isdecimal() and len(values[name]) < 15) and values[name] != "none":
                values[name] = ""
        return cls(**values)

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    def narrow(self, facts: QuerySet[Inference]) -> QuerySet[Inference]:
        """Return the predictions that match the filters."""
        for name, column in (("batch", "article__batch_id"), ("source", "article__source_id")):
            chosen = getattr(self, name)
            if chosen:
                facts = facts.filter(
                    **({f"{column}__isnull": True} if chosen == "none" else {column: chosen})
                )
        for name in ("field", "method", "value"):
            if chosen := getattr(self, name):
                facts = facts.filter(**{name: chosen})
        return facts

    def query(self, **changes: str) -> str:
        """Return the filters as a URL query, with changes."""
        return urlencode({name: value for name, value in {**asdict(self), **changes}.items() if value})

    @property
    def given(self) -> list[tuple[str, str]]:
        """Return the filters that are set, for hidden inputs."""
        return [(name, value) for name, value in asdict(self).items() if value]


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """A value of a filter: the number of its predictions, and the URL that selects or clears it."""

    label: Any
    count: int
    query: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A prediction in the list, with its evidence split into before, value and after.

    `alike` is the number of predictions in the list with the same value by the same rule.
    """

    fact: Inference
    method: Any
    percent: int
    before: str
    marked: str
    behind: str
    present: str
    alike: int = 0
    alike_query: str = ""


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """The context of the review page."""

    page: Page[Inference]
    rows: list[ReviewRow]
    total: int
    decided: int
    choices: list[tuple[Any, list[FilterChoice]]]
    last: list[ReviewRow]
    without_value: str = ""
    most: int = MAX_ACCEPTED_AT_ONCE

    @property
    def progress(self) -> str:
        """Return the progress as text."""
        return progress_text(self.total, self.decided)


def progress_text(total: int, decided: int) -> str:
    """Return how many predictions are left and how many are decided."""
    left = ngettext("%(n)s fact to review", "%(n)s facts to review", total) % {"n": intcomma(total)}
    done = ngettext("%(n)s decided", "%(n)s decided", decided) % {"n": intcomma(decided)}
    return f"{left} · {done}"


def build_review_queue(filters: ReviewFilters, page: str | None, by: User) -> ReviewQueue:
    """Build the page of the review queue for a librarian."""
    facts = filters.narrow(uncertain_inferences())
    ordered = facts.select_related("article", "article__batch", "article__source").defer(
        "article__original", "article__body"
    )
    ordered = ordered.order_by(F("article__batch_id").desc(nulls_last=True), "article_id", "pk")
    shown = Paginator(ordered, FACTS_PER_PAGE).get_page(page)
    rows = list(shown.object_list)
    alike = _alike(facts, rows)
    return ReviewQueue(
        page=shown,
        rows=[_row(fact, alike, filters) for fact in rows],
        total=shown.paginator.count,
        decided=decided_facts(filters).count(),
        choices=_choices(filters),
        last=[
            _row(fact, {}, filters)
            for fact in decided_facts(ReviewFilters()).filter(decided_by=by)[:DECISIONS_SHOWN]
        ],
        without_value=filters.query(value=""),
    )


def decided_facts(filters: ReviewFilters) -> QuerySet[Inference]:
    """Return the decisions of a review, the latest first."""
    decided = filters.narrow(reviewable_inferences()).exclude(state=Inference.State.PROPOSED)
    return decided.filter(undecided__isnull=False).select_related("article").order_by("-decided_at", "-pk")


def _row(fact: Inference, alike: Mapping[tuple[str, str, str], int], filters: ReviewFilters) -> ReviewRow:
    evidence = fact.evidence
    count = alike.get((fact.field, fact.method, fact.value), 0)
    return ReviewRow(
        fact=fact,
        method=method_label(fact.method),
        percent=round(fact.confidence * 100),
        before=evidence[: fact.start],
        marked=evidence[fact.start : fact.end],
        behind=evidence[fact.end :],
        present=current_value(fact.article, fact.field),
        alike=count if count > 1 else 0,
        alike_query=filters.query(field=fact.field, method=fact.method, value=fact.value),
    )


def _alike(facts: QuerySet[Inference], rows: Sequence[Inference]) -> dict[tuple[str, str, str], int]:
    """Return {(field, method, value): count} in the whole list, for the predictions of a page."""
    values = {fact.value for fact in rows if fact.field != Inference.Field.TITLE}
    counted = (
        facts.filter(value__in=values).values("field", "method", "value").annotate(n=Count("pk")).order_by()
    )
    return {(row["field"], row["method"], row["value"]): row["n"] for row in counted}


def _choices(filters: ReviewFilters) -> list[tuple[Any, list[FilterChoice]]]:
    """Return each filter's heading with its values, most frequent first.

    Counts are of the list without that filter.
    """
    batches = {batch.pk: str(batch) for batch in ImportBatch.objects.all()[:200]}
    sources = dict(Source.objects.values_list("pk", "name"))
    none = gettext_lazy("without")
    labels: list[tuple[str, str, Any, Any]] = [
        ("field", "field", gettext_lazy("Field"), lambda value: Inference.Field(value).label),
        ("batch", "article__batch_id", gettext_lazy("Import"), lambda value: batches.get(value, f"#{value}")),
        ("source", "article__source_id", gettext_lazy("Source"), lambda value: sources.get(value, "?")),
        ("method", "method", gettext_lazy("Read from"), method_label),
    ]
    found: list[tuple[Any, list[FilterChoice]]] = []
    for name, column, heading, label in labels:
        chosen = getattr(filters, name)
        others = ReviewFilters(**{**asdict(filters), name: ""})
        counted = (
            others.narrow(uncertain_inferences())
            .values_list(column)
            .annotate(n=Count("pk"))
            .order_by("-n", column)
        )
        choices = []
        for value, count in counted[:CHOICES_SHOWN]:
            text = "none" if value is None else str(value)
            is_chosen = chosen == text
            query = filters.query(**{name: "" if is_chosen else text})
            choices.append(FilterChoice(none if value is None else label(value), count, query, is_chosen))
        if choices:
            found.append((heading, choices))
    return found
