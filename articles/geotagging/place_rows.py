"""Rows of places: found by their key, created where an article first names one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from arabic.tables.gazetteer import GazetteerEntry
from arabic.text.normalization import normalize
from articles.models import Place

_UNSAFE = re.compile(r"[\s/?#&%\"<>\\]+")
#: Characters of a slug before its number.
_MAX_SLUG = 110


def create_gazetteer_place(entry: GazetteerEntry) -> Place:
    """Create the row of a gazetteer entry that has none."""
    return _create_place(key=entry.key, slug=_free_slug(entry.slug), **_columns(entry))


def create_gazetteer_places(entries: Sequence[GazetteerEntry]) -> dict[str, int]:
    """Create the rows of entries that have none; return key → id.

    Returns {} and creates nothing where that fails: a slug is taken, or another process has just created one
    of them. `create_gazetteer_place` does each then.
    """
    if not entries:
        return {}
    rows = [Place(key=entry.key, slug=entry.slug[:_MAX_SLUG], **_columns(entry)) for entry in entries]
    try:
        with transaction.atomic():
            return {place.key: place.pk for place in Place.objects.bulk_create(rows)}
    except IntegrityError:
        return {}


def _columns(entry: GazetteerEntry) -> dict[str, Any]:
    return {
        "name": entry.name, "aliases": list(entry.aliases), "kind": entry.kind,
        "governorate": entry.governorate, "country": entry.country,
        "latitude": entry.latitude, "longitude": entry.longitude,
    }  # fmt: skip


def custom_place_key(name: str) -> str:
    """Return the key of a place that is not in the gazetteer; spelling variants have the same key."""
    slug = _UNSAFE.sub("-", normalize(name)).strip("-")
    if len(slug) > 30:  # the key has room for 40
        slug = f"{slug[:20]}-{hashlib.sha256(slug.encode()).hexdigest()[:8]}"
    return f"own-{slug}"


def custom_place(name: str) -> Place:
    """Return the row of a name that is not in the gazetteer, created if it is missing."""
    name = name[:120]
    key = custom_place_key(name)
    return find_place_by_key(key) or _create_place(
        key=key, slug=_free_slug(name), name=name, kind="city", in_texts=False
    )


def find_place_by_key(key: str) -> Place | None:
    """Return the place with the key, or the one it was merged into; None if there is none."""
    return Place.objects.filter(Q(key=key) | Q(merged_from__key=key)).first()


def _create_place(*, key: str, **values: object) -> Place:
    """Create a place, or return the one that another process has just created with the key."""
    try:
        with transaction.atomic():
            return Place.objects.create(key=key, **values)
    except IntegrityError:
        return Place.objects.get(key=key)


def _free_slug(slug: str) -> str:
    """Return the slug, with a number if another place has it."""
    slug, number = slug[:_MAX_SLUG], 1
    candidate = slug
    while Place.objects.filter(slug=candidate).exists():
        number += 1
        candidate = f"{slug} ({number})"
    return candidate


def get_or_create_place(place: Place | GazetteerEntry) -> Place:
    """Return the row of a place, or of the one it was merged into, created if it has none."""
    if isinstance(place, Place):
        return place
    return find_place_by_key(place.key) or create_gazetteer_place(place)
