"""The other names of places and organisations as staff know them, for the expansions of a query."""

from __future__ import annotations

import json
from functools import lru_cache

from django.db.models import TextField
from django.db.models.functions import Cast

from arabic.aliases import Aliases, shipped_names
from articles.models import Organisation, Place

Rows = tuple[tuple[str, str], ...]


def archive_aliases() -> Aliases:
    """What the tables know of places, and what the database says of places and organisations now: its rows
    are read each time (a change holds from the next search on, in every process), and made into names when
    one of them changed."""
    places = Place.objects.exclude(aliases=[]).annotate(others=Cast("aliases", TextField())).order_by("pk")
    organisations = Organisation.objects.annotate(others=Cast("other_names", TextField())).order_by("pk")
    return _aliases(
        tuple(organisations.values_list("name", "others")), tuple(places.values_list("name", "others"))
    )


@lru_cache(4)
def _aliases(organisations: Rows, places: Rows) -> Aliases:
    return shipped_names() | Aliases(
        (name, *json.loads(others)) for name, others in (*organisations, *places)
    )
