"""Names of places and sources in the reader's language.

A facet value, and so the address of a search, is always the Arabic name. English pages show one name in
Latin letters in its place: of a place the shipped table's (arabic/data/labels/latin_labels.tsv), of a source
the one that staff gave it. Names without one are shown in Arabic.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Literal

from django.utils.translation import get_language

from arabic.spelling.latin_names import latin_labels
from arabic.tables.gazetteer import governorates
from search.engines.region_values import (
    countries_named,
    country_code,
    governorate_country,
    governorate_number,
)
from search.store.archive_names import ArchiveNames
from search.store.request_names import current_names

NameKind = Literal["country", "governorate", "city", "source"]


def display_name(kind: NameKind, value: str, names: ArchiveNames | None = None) -> str:
    """Return the name that a page shows for a facet value; `names`: those of this request, if at hand."""
    if in_arabic():
        return value
    if kind == "country":
        return _country(value) or value
    names = names or current_names()
    if kind == "source":
        return names.latin_source_name(value) or value
    return (_governorate(value, names) if kind == "governorate" else _place(value, names)) or value


def display_names(kind: NameKind) -> Callable[[str], str]:
    """Return `display_name` for many values of one kind; in Arabic it costs nothing."""
    return str if in_arabic() else partial(display_name, kind, names=current_names())


def in_arabic() -> bool:
    """Return True if the reader's language is Arabic, or none is chosen."""
    return (get_language() or "ar").startswith("ar")


def _country(value: str) -> str:
    numbers = countries_named(value) or ()
    return latin_labels().get(f"country-{country_code(numbers[0])}", "") if numbers else ""


def _place(slug: str, names: ArchiveNames) -> str:
    """Return the name of a place, with its country where the Arabic name needs it."""
    key, country = names.place_keys.get(slug, ("", ""))
    name = latin_labels().get(key, "")
    within = latin_labels().get(f"country-{country}", "")
    return f"{name} ({within})" if name and within and slug.endswith(")") else name


def _governorate(value: str, names: ArchiveNames) -> str:
    numbers = names.governorates.named(value) or ()
    name = next((_governorate_labels()[one] for one in numbers if one in _governorate_labels()), "")
    within = latin_labels().get(f"country-{country_code(governorate_country(numbers[0]))}") if name else ""
    return f"{name} ({within})" if within and value.endswith(")") else name


@cache
def _governorate_labels() -> dict[int, str]:
    """Map the numbers of the governorates to their names in Latin letters."""
    labels = latin_labels()
    return {
        number: labels[key]
        for key, one in governorates().items()
        if key in labels and (number := governorate_number(one.country, one.name)) is not None
    }
