"""The files of an export: original, text, metadata, each change since the import, and a page to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from articles.history.evidence.container import (
    canonical_json,
    hash_chain,
    readable_json,
    seal_files,
)
from articles.history.revisions import snapshot
from articles.models import Article, DateVerdict, EvidenceExport, PlaceVerdict, Revision, TextCut
from articles.text.fingerprints import is_inside_upload, sha256_of

#: Who decided, and who withdrew that.
PEOPLE = ("made_by", "undone_by")
#: Languages of page.html in their order, with their directions.
LANGUAGES = (("ar", "rtl"), ("en", "ltr"))


def render_page(article: Article, metadata: Mapping[str, Any], chain: Sequence[Mapping[str, Any]]) -> str:
    """Return page.html, in Arabic and then in English; it loads nothing and can be printed."""
    parts = []
    for code, direction in LANGUAGES:
        with override(code):
            context = {
                "article": article, "metadata": metadata, "chain": chain, "code": code, "dir": direction,
                "date": metadata["state"]["date"] or "",
                "cuts": [cut for cut in article.cuts.all() if cut.in_effect],
                "inferred": article.inferences.filter(used=True).order_by("pk"),
            }  # fmt: skip
            parts.append(render_to_string("evidence/part.html", context))
    return render_to_string("evidence/page.html", {"parts": parts, "article": article})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A finished export."""

    article: int
    name: str
    data: bytes
    seal: str


def export_evidence(article: Article, *, by: str = "", query: str = "") -> Evidence:
    """Export an article and store its seal; `query` is the search that found it."""
    files, chain = build_dossier(article, query)
    data, seal = seal_files(article.pk, files, chain)
    EvidenceExport.objects.create(article_number=article.pk, seal=seal, made_by_name=by[:150])
    return Evidence(article.pk, f"evidence-{article.pk}.zip", data, seal)


def build_dossier(article: Article, query: str = "") -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    """Return (files by name, chain). They depend only on the article and the query, not on time or user."""
    original = bytes(article.original)
    state = _encodable(snapshot(article))
    revisions = list(article.revisions.select_related("made_by").order_by("pk"))
    files = {
        "original.bin": original,
        "text.txt": _encode(f"{article.title}\n\n{article.body}\n"),
    }
    for number, revision in enumerate(revisions, 1):
        files[f"revisions/{number:04}.json"] = readable_json(_encodable(revision.before))
        if revision.original_before is not None:
            files[f"revisions/{number:04}.original"] = bytes(revision.original_before)
    states = _states(state, revisions)
    steps = [_import_step(article, states[0], _first_original(revisions, original))]
    steps += [
        _revision_step(number, revision, after, files)
        for (number, revision), after in zip(enumerate(revisions, 1), states[1:], strict=True)
    ]
    chain = hash_chain(steps)
    files["cuts.json"] = readable_json(
        {"cuts": [_describe_cut(each) for each in article.cuts.select_related(*PEOPLE).order_by("pk")]}
    )
    metadata = _encodable(
        {
            "article": article.pk,
            "address": article.get_absolute_url(),
            "state": state,
            "source": article.source.name if article.source else "",
            "cities": sorted(set(article.mentions.values_list("place__slug", flat=True))),
            "place_decisions": [
                {"place": each.place.slug, "decision": each.kind, **_describe_decision(each)}
                for each in article.place_verdicts.select_related("place", *PEOPLE).order_by("pk")
            ],
            "date_decisions": [
                {"date": "/".join(each.values), "decision": "wrong", **_describe_decision(each)}
                for each in article.date_verdicts.select_related(*PEOPLE).order_by("pk")
            ],
            "original_sha256": sha256_of(original),
            "inferred": _describe_inferences(article),
            "search": query,
        }
    )
    files["metadata.json"] = readable_json(metadata)
    files["page.html"] = _encode(render_page(article, metadata, chain))
    return files, chain


def _describe_cut(cut: TextCut) -> dict[str, Any]:
    """Return a removed span: its place, rule, user and time, and whether it is still removed."""
    people = {"by": cut.made_by, "put_back_by": cut.undone_by}
    return _encodable(
        {
            "field": cut.field,
            "start": cut.start,
            "text": cut.text,
            "rule": cut.rule_id,
            "rule_said": cut.said,
            "original_sha256": cut.sha256,
            "at": cut.made_at.isoformat(),
            "put_back_at": cut.undone_at.isoformat() if cut.undone_at else "",
            "in_effect": cut.in_effect,
            **{name: person.get_username() if person else "" for name, person in people.items()},
        }
    )


def _describe_inferences(article: Article) -> list[dict[str, Any]]:
    """Return the metadata inferred from the text, with the decisions about it."""
    return [
        {
            "field": fact.field,
            "value": fact.value,
            "confidence": fact.confidence,
            "rule": fact.method,
            "evidence": fact.evidence,
            "used": fact.used,
            "state": fact.state,
            "decided_value": fact.decided_value,
            "decided_by": fact.decided_by.get_username() if fact.decided_by else "",
            "decided_at": fact.decided_at.isoformat() if fact.decided_at else "",
        }
        for fact in article.inferences.select_related("decided_by").order_by("pk")
    ]


def _import_step(article: Article, state: Mapping[str, Any], original: bytes) -> dict[str, Any]:
    batch = article.batch
    importer = batch.created_by if batch else article.added_by
    uploads = batch.uploads.values_list("name", "sha256", "size") if batch else []
    return _encodable(
        {
            "kind": "received",
            "at": article.created_at.isoformat(),
            "by": importer.get_username() if importer else "",
            "import": batch.pk if batch else None,
            "label": batch.label if batch else "",
            "file": state["file_name"],
            "uploads": [
                {"name": name, "sha256": sha256, "bytes": size}
                for name, sha256, size in uploads
                if is_inside_upload(state["file_name"], name)
            ],
            "original": sha256_of(original),
            "state": sha256_of(canonical_json(state)),
        }
    )


def _revision_step(
    number: int, revision: Revision, after: Mapping[str, Any], files: Mapping[str, bytes]
) -> dict[str, Any]:
    replaced = files.get(f"revisions/{number:04}.original")
    return _encodable(
        {
            "kind": "changed",
            "at": revision.made_at.isoformat(),
            "by": revision.made_by.get_username() if revision.made_by else "",
            "reason": revision.reason,
            "fields": sorted(revision.before),
            "before": sha256_of(files[f"revisions/{number:04}.json"]),
            "original_before": sha256_of(replaced) if replaced is not None else "",
            "state": sha256_of(canonical_json(after)),
        }
    )


def _describe_decision(verdict: PlaceVerdict | DateVerdict) -> dict[str, Any]:
    """Return who decided on a place or date, when and why, and whether it was withdrawn."""
    return {
        "name": verdict.name,
        "reason": verdict.reason,
        "at": verdict.made_at.isoformat(),
        "by": verdict.made_by.get_username() if verdict.made_by else "",
        "undone_at": verdict.undone_at.isoformat() if verdict.undone_at else "",
        "undone_by": verdict.undone_by.get_username() if verdict.undone_by else "",
    }


def _states(now: Mapping[str, Any], revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    """Return the state at the import and after each revision."""
    states = [dict(now)]
    for revision in reversed(revisions):
        states.append(states[-1] | _encodable(revision.before))
    return states[::-1]


def _first_original(revisions: Iterable[Revision], now: bytes) -> bytes:
    kept = (bytes(each.original_before) for each in revisions if each.original_before is not None)
    return next(kept, now)


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _encodable(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without lone surrogates, which UTF-8 cannot encode."""
    return {key: _encodable_value(each) for key, each in value.items()}


def _encodable_value(value: Any) -> Any:
    if isinstance(value, str):
        return _encode(value).decode()
    if isinstance(value, Mapping):
        return _encodable(value)
    if isinstance(value, (list, tuple)):
        return [_encodable_value(each) for each in value]
    return value
