"""A page of results as JSON: one format for `search --json` and /api/v1/search."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from search.results import (
    Complaint,
    FacetValue,
    Hit,
    PartDiagnosis,
    Record,
    ResultPage,
    Suggestion,
    UsedExpansion,
)
from search.web.viewmodels.complaints import complaint_message
from search.web.viewmodels.labels import date_label, date_value

#: Characters of a title, places and other versions of an article in a list; its own address has all of them.
MAX_TITLE, MAX_PLACES, MAX_VERSIONS = 500, 50, 50
#: Values of a facet, in its order.
MAX_FACET_ROWS = 2_000


def page_as_json(result: ResultPage, complaints: Iterable[Complaint] = ()) -> dict[str, Any]:
    """Return a page of results as JSON-compatible values.

    The keys are `{total, close_total, stories, page, pages, size, took_ms, hits, facets, suggestions,
    missing, ways_out, expansions, complaints}`. `complaints` are those about the parameters; they precede
    those about the query.
    """
    return {
        "total": result.total,
        "close_total": result.close_total,
        "stories": result.stories,
        "page": result.page,
        "pages": result.pages,
        "size": result.size,
        "took_ms": round(result.took_ms, 1),
        "hits": [_hit(hit) for hit in result.hits],
        "facets": {name: _facet_rows(values[:MAX_FACET_ROWS]) for name, values in result.facets.items()},
        "suggestions": [_suggestion(each) for each in result.suggestions],
        "missing": [_word_advice(each) for each in result.missing],
        "ways_out": [
            {"kind": each.kind, "query": each.query, "count": each.count} for each in result.ways_out
        ],
        "expansions": [_expansion(each) for each in result.expansions],
        "complaints": complaints_as_json(complaints, result.complaints),
    }


def complaints_as_json(*complaints: Iterable[Complaint]) -> list[dict[str, str]]:
    """Return complaints about a request, each once, with messages in the language of the request."""
    return [
        {"code": each.code, "detail": each.detail, "message": complaint_message(each)}
        for each in dict.fromkeys(chain(*complaints))
    ]


def _hit(hit: Hit) -> dict[str, Any]:
    record = hit.record
    return {
        "id": record.id,
        "external_id": record.external_id,
        "file": record.file,
        "title": record.title[:MAX_TITLE],
        "date": date_value(record.date, record.precision),
        "source": record.source,
        "cities": [value for value, _label in record.cities[:MAX_PLACES]],
        "about": [value for value, _label in record.about[:MAX_PLACES]],
        "url": record.url,
        "snippet": hit.snippet.plain,
        "marks": list(hit.snippet.marked),
        "score": round(hit.score, 6),
        "ocr_confidence": record.ocr_confidence,
        "strict": hit.strict,
        "approximate": hit.approximate,
        "also": [_version(other) for other in hit.also[:MAX_VERSIONS]],
        "changes": [{"kind": each.kind, "typed": each.typed, "became": each.became} for each in hit.changes],
        **({"words": {"found": hit.words.found, "asked": hit.words.asked}} if hit.words else {}),
    }


def _version(other: Record) -> dict[str, Any]:
    date = date_value(other.date, other.precision)
    return {"id": other.id, "title": other.title[:MAX_TITLE], "source": other.source, "date": date}


def _expansion(each: UsedExpansion) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "typed": each.typed,
        "shown": each.shown,
        "active": each.active,
        "count": each.count,
        "switch": "with" if each.is_offered else "without",
    }


def _suggestion(each: Suggestion) -> dict[str, Any]:
    return {"text": each.text, "query": each.query, "kind": each.kind, "count": each.count}


def _word_advice(advice: PartDiagnosis) -> dict[str, Any]:
    return {
        "word": advice.word,
        "count": advice.count,
        "dropped_count": advice.dropped_count,
        "dropped_query": advice.dropped_query,
        "alternatives": [_suggestion(each) for each in advice.alternatives],
    }


def _facet_rows(values: Iterable[FacetValue]) -> list[dict[str, Any]]:
    rows = []
    for value in values:
        label = date_label(value.value) if value.level else value.label
        row = {"value": value.value, "label": label, "count": value.count, "selected": value.selected}
        if value.about is not None:
            row["about"] = value.about
        if value.adds is not None:
            row["adds"] = value.adds
        if value.leaves is not None:
            row["leaves"] = value.leaves
        if any(value.within):
            row["within"] = value.within
        rows.append(row)
    return rows
