"""Lookup of sources by name, cached during one import."""

from __future__ import annotations

from django.db.models import Q

from articles.models import Source
from articles.text.publishers import latin_publisher


class SourceResolver:
    """Ids of sources by name; the name of a merged source gives the source it was merged into."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}

    def find(self, name: str) -> int | None:
        """Return the id, or None if there is no such source."""
        if name not in self.ids:
            source = Source.objects.filter(Q(name=name) | Q(merged_from__name=name)).first()
            if source is None:
                return None
            self.ids[name] = source.pk
        return self.ids[name]

    def source_id(self, name: str) -> int | None:
        """Return the id, of a new source if there is none yet; None for the empty name."""
        if not name:
            return None
        found = self.find(name)
        if found is None:
            source, _created = Source.objects.get_or_create(
                name=name, defaults={"latin_name": latin_publisher(name)}
            )
            found = self.ids[name] = source.pk
        return found

    def clear_cache(self) -> None:
        """Clear the cache."""
        self.ids.clear()


def fill_latin_names() -> None:
    """Give the known agencies and papers that have no name in Latin letters theirs, after an upgrade."""
    for source in Source.objects.filter(latin_name=""):
        if latin := latin_publisher(source.name):
            Source.objects.filter(pk=source.pk).update(latin_name=latin)
