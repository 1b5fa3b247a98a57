"""Lookup of sources by name, cached during one import."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q

from articles.identity.written_names import name_as_read
from articles.models import Audience, ImportBatch, ImportRow, MergedSource, Revision, Source
from articles.text.publishers import latin_publisher


class SourceResolver:
    """Ids of sources by name; the name of a merged source gives the source it was merged into.

    Names that look alike on the page are one: with other marks, vowels or forms of the letters.
    """

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        #: Ids by `name_as_read`; None until an unknown name is looked up for the first time.
        self._read: dict[str, int] | None = None

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
        if self._read is None:
            names = [
                *Source.objects.order_by("pk").values_list("name", "pk"),
                *MergedSource.objects.order_by("pk").values_list("name", "source"),
            ]
            self._read = {name_as_read(known): pk for known, pk in reversed(names)}
        return self._read.get(name_as_read(name))

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
            if self._read is not None:
                self._read.setdefault(name_as_read(name), found)
        return found

    def clear_cache(self) -> None:
        """Clear the cache."""
        self.ids.clear()
        self._read = None


def drop_unused_sources(ids: Collection[int]) -> None:
    """Delete those of these sources that an import made and nothing refers to.

    A source that was added or changed on the desk is in its log, and stays.
    """
    by_hand = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Source))
    known = set(by_hand.filter(object_id__in=map(str, ids)).values_list("object_id", flat=True))
    known |= _waited_for(ids)
    for source in Source.objects.filter(pk__in=ids, homepage="", audience=Audience.EVERYONE):
        related = (
            each.related_model._default_manager.filter(**{each.field.name: source})
            for each in Source._meta.related_objects
        )
        if str(source.pk) in known or any(rows.exists() for rows in related):
            continue
        with suppress(ProtectedError, IntegrityError), transaction.atomic():  # used since
            source.delete()


def _waited_for(ids: Collection[int]) -> set[str]:
    """Return those of these sources that an update not yet published, or the undo of a change, will set."""
    rows = ImportRow.objects.exclude(batch__state=ImportBatch.State.CANCELLED).order_by()
    updates = rows.filter(pending__values__source_id__in=ids)
    changes = Revision.objects.filter(before__source_id__in=ids).order_by()
    return {
        *map(str, updates.values_list("pending__values__source_id", flat=True)),
        *map(str, changes.values_list("before__source_id", flat=True)),
    }


def fill_latin_names() -> None:
    """Give the known agencies and papers that have no name in Latin letters theirs, after an upgrade."""
    for source in Source.objects.filter(latin_name=""):
        if latin := latin_publisher(source.name):
            Source.objects.filter(pk=source.pk).update(latin_name=latin)
