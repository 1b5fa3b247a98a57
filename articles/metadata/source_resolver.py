"""Lookup of sources by name, cached during one import."""

from __future__ import annotations

from django.db.models import Q

from articles.identity.written_names import name_as_read
from articles.models import MergedSource, Source
from articles.text.publishers import latin_publisher


class SourceResolver:
    """Ids of sources by name; the name of a merged source gives the source it was merged into.

    Names that look alike on the page are one: with other marks, vowels or forms of the letters.
    """

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}

    def find(self, name: str) -> int | None:
        """Return the id, or None if there is no such source."""
        if name not in self.ids:
            source = Source.objects.filter(Q(name=name) | Q(merged_from__name=name)).first()
            found = source.pk if source else self._read_alike(name)
            if found is None:
                return None
            self.ids[name] = found
        return self.ids[name]

    def _read_alike(self, name: str) -> int | None:
        """Return the oldest source whose name reads like this one."""
        wanted = name_as_read(name)
        names = [
            *Source.objects.order_by("pk").values_list("name", "pk"),
            *MergedSource.objects.order_by("pk").values_list("name", "source"),
        ]
        return next((pk for known, pk in names if name_as_read(known) == wanted), None)

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
